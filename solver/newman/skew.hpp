#pragma once
/// Fluxes through faces that do not stand square on the line between their centres (S4): on the skew faces of Gmsh
/// meshes the fall between two centres is completed by the gradients of both cells. Grids have none of this.
#include <array>
#include <vector>

#include "meshes/halo.hpp"
#include "solver/linear/block_system.hpp"
#include "solver/newman/skew_gradients.hpp"

namespace porelith {

class SkewCorrection : public FarCoupling {
 public:
  using Vector = std::array<double, 3>;

  /// @param B,sigma conduct ions and electrons; of own cells and ghosts; 0 where nothing passes. Only their jumps from
  /// cell to cell count.
  SkewCorrection(const Mesh& mesh, const std::vector<double>& B, const std::vector<double>& sigma, const Team& team);

  /// From c_e, psi = phi_e - X(c_e) and phi_s of own cells and ghosts and the positive terminal's potential: what
  /// owner less neighbour lacks of the fall along each face's normal. Collective.
  void find_jumps(const double* c_e, const double* psi, const double* phi_s, double V);
  const Triple& jump(std::size_t face) const { return jumps_[face]; }

  /// What the derivative of the jumps counts with: each face's conductances for c_e, psi, phi_s, and dX/dc_e of
  /// own cells.
  void linearise(std::size_t face, double G, double K, double S) { conductance_[face] = {G, K, S}; }
  void linearise_at(std::vector<double> dX_dc_e) { dX_dc_e_ = std::move(dX_dc_e); }

  void add(const std::vector<Triple>& x, double V, std::vector<Triple>& y) override;
  double add_transposed(const std::vector<Triple>& x, std::vector<Triple>& y) override;
  FarRows rows() override;

 private:
  /// What a gradient is made of: one cell's part of it.
  struct Share {
    double number, by_c_e;  ///< the cell's among all ranks'; d psi/d c_e of it
    Vector ionic, electronic;
  };
  std::vector<std::vector<Share>> gradients();

  const Mesh& mesh_;
  SkewWeights<double> ionic_, electronic_;
  std::vector<Triple> jumps_, conductance_;
  std::vector<double> dX_dc_e_;
  std::array<std::vector<double>, 9> gradient_;  ///< of c_e, psi, phi_s; own cells and ghosts
  std::array<std::vector<double>, 3> change_;    ///< of the same, in add() and back in add_transposed()
  HaloExchange exchange_;
};

}  // namespace porelith
