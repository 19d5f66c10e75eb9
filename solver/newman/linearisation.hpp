#pragma once
/// The equations of one implicit step at exactly one state: residuals and derivatives, with which sensitivities and
/// adjoints are solved.
#include <memory>
#include <string>
#include <vector>

#include "solver/linear/block_system.hpp"
#include "solver/newman/face_fields.hpp"
#include "solver/newman/surface.hpp"

namespace porelith {

/// The kinetics of one bed at the state's own fluxes, one entry a cell:
/// residual + by_c_e dc_e + dphi_s - dphi_e + by_j dj, what is left of (E3) with the particle condensed [V].
struct KineticsRow {
  std::vector<double> residual;  ///< [V]
  std::vector<double> by_c_e;    ///< [V m3 mol-1]
  std::vector<double> by_j;      ///< [V m2 s mol-1], not zero
};

struct Linearisation {
  /// Residual of (E1), (E2), (E5) at the fields, V and fluxes of the state. Its derivatives are those in which the
  /// fluxes follow the fields so that the kinetics' residuals stay as they are: dj = -(by_c_e dc_e + dphi_s -
  /// dphi_e)/by_j. The terminals' equation is the caller's.
  BlockSystem system;
  std::vector<KineticsRow> kinetics;  ///< one a bed; empty where more than intercalation happens
  /// One a bed, the same for all unknowns of its surfaces, which follow the fields as the fluxes do; empty where there
  /// is intercalation alone.
  std::vector<SurfaceRows> surfaces;
  std::string trouble;  ///< why there is none, as a clause: a transport law is not positive

  std::unique_ptr<FaceFields> fields;  ///< what the system's far part refers to
};

}  // namespace porelith
