#pragma once
/// One bed's part of a step's inverse: particles and surfaces eliminated cell by cell, so that fields alone are left.
#include <optional>
#include <vector>

#include "solver/linear/block_system.hpp"
#include "solver/newman/model.hpp"
#include "solver/newman/particle_inverse.hpp"

namespace porelith {

/// Of a cell's surface the unknowns u are those of SurfaceRows: j, the reactions' fluxes, their states; most beds have
/// j alone. With the particles eliminated M u + m_c dc_e + m_phi (dphi_s - dphi_e) = r.
class BedInverse {
 public:
  BedInverse(const Model& model, std::size_t bed);

  /// Linearises at exactly this state. @return how the fluxes follow the fields
  const SurfaceResponse& take(double gamma, const State& hat, const State& state);
  const SurfaceResponse& total() const { return total_; }

  /// First half of a solve in a whole state: right sides of particles and surfaces are eliminated, those of this bed's
  /// cells' fields are what is left to solve for the fields.
  void eliminate(State& column, Form form);
  /// Second half, with the fields as found.
  void substitute(State& column, Form form);

 private:
  void take_law();
  void invert_kinetics();
  void invert_surface(double gamma, const State& hat);
  void respond(const State& state);
  double surface(int i) const { return model_.mesh().volume[bed_.cells[i]] * bed_.a[i]; }
  /// Where unknown q of a cell's surface stands in a state, cell 0's.
  int place(int q) const;
  int fluxes() const { return 1 + block_.reactions; }
  int unknowns() const { return fluxes() + block_.states; }
  double salt_weight(int q) const;
  /// values_ <- M^-1, or its transpose, times the unknowns' places in `column`.
  void multiply(const State& column, Form form);

  const Model& model_;
  const ModelBed& bed_;
  const Layout::BedBlock& block_;
  int n_;
  double T_;  ///< of the laws in kinetics and surface
  ParticleInverse particles_;
  Kinetics kinetics_;
  KineticsSlopes kinetics_slopes_;
  std::optional<Surface> surface_;
  std::vector<double> c_e_, phi_, at_;   ///< gathered fields; the unknowns' values [unknown][cell]
  std::vector<double> inverse_;          ///< of M [unknown][row][cell]
  std::vector<double> by_c_e_, by_phi_;  ///< -M^-1 m_c, -M^-1 m_phi: the unknowns by the fields [unknown][cell]
  std::vector<double> values_;           ///< [unknown][cell]
  SurfaceResponse total_;
};

}  // namespace porelith
