#pragma once
/// The state that an assembly is at, in own cells and ghosts, with what the faces need of it.
#include <optional>
#include <vector>

#include "meshes/halo.hpp"
#include "solver/newman/skew.hpp"

namespace porelith {

struct FaceFields {
  FaceFields(const Mesh& mesh, const Team& team) : exchange(mesh.halo, team) {
    for (auto* v : {&c_e, &phi_e, &phi_s, &D_e, &dD_e, &kappa, &dkappa, &ln_c_e}) v->assign(mesh.with_ghosts(), 0.0);
  }

  HaloExchange exchange;
  std::vector<double> c_e, phi_e, phi_s;
  std::vector<double> D_e, dD_e, kappa, dkappa;  ///< of the bulk electrolyte, by c_e; then their inverses
  std::vector<double> ln_c_e;                    ///< where chi does not vary
  std::vector<double> X, chi;                    ///< its integral over ln c_e, and chi, where it does
  std::optional<SkewCorrection> skew;            ///< none where no rank's mesh has skew faces
};

}  // namespace porelith
