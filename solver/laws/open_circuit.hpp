#pragma once
/// An electrode without current: the materials of a blend share its lithium at one potential (F4).
#include <vector>

#include "solver/laws/material.hpp"

namespace porelith {

struct Electrode;

/// Open-circuit state of an electrode.
struct Equilibrium {
  double U;                 ///< potential [V]
  std::vector<double> sto;  ///< stoichiometry of each material [1]
};

class OpenCircuit {
 public:
  /// The electrode's materials at the temperature T; active fractions are means through the depth.
  OpenCircuit(const Electrode& electrode, double T_ref, double T);

  const std::vector<MaterialAt>& laws() const { return laws_; }
  /// Capacity of each material from stoichiometry 0 to 1 [A s m-2]
  const std::vector<double>& hosts() const { return hosts_; }
  /// Of all materials between their stoichiometry limits (F1) [A s m-2]
  double capacity() const { return capacity_; }

  /// The lithium that these stoichiometries, one a material, hold together, shared at one potential. A material whose
  /// potentials do not reach that of the others stays 1e-6 from empty or full.
  Equilibrium shared(const std::vector<double>& sto) const;
  /// With the share `filled` of the lithium between the stoichiometry limits in it. The limits of a blend's materials
  /// need not be of one potential; what they hold together counts.
  Equilibrium filled(double filled) const;
  /// The share of the lithium between the limits that these stoichiometries hold: inverse of filled() [1]
  double share(const std::vector<double>& sto) const;

 private:
  double sto_at(std::size_t m, double U) const;

  std::vector<MaterialAt> laws_;
  std::vector<double> hosts_, sto_min_, sto_max_;
  std::vector<double> U_empty_, U_full_;  ///< 1e-6 from empty and full [V]
  double capacity_ = 0;
};

}  // namespace porelith
