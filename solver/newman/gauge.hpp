#pragma once
/// What stops and curves ask of a state.
#include <vector>

#include "solver/newman/model.hpp"

namespace porelith {

/// Quantities of a state that stops and curves ask for, over all ranks. Collective.
class Gauge {
 public:
  Gauge(const Model& model, double soc_start);

  double soc(const State& state) const { return soc_start_ - state[model_.layout().charge] / charge_capacity_; }
  /// min (phi_s - phi_e) over the negative electrode, its faces to separator and channels included [V]
  double plating_margin(const State& state) const;
  double c_e_min(const State& state) const;
  double c_e_max(const State& state) const;
  /// Volume mean of |F a j| over its maximum, 1 = uniform [1]; 0 where nothing reacts
  double uniformity(const State& state, Region electrode) const;
  const Layout& layout() const { return model_.layout(); }
  /// Lithium between the stoichiometry limits of the negative electrode, whole cell [A s]
  double charge_capacity() const { return charge_capacity_; }

 private:
  struct Interface {
    int electrode, other;
    double d_electrode, d_other;
  };
  const Model& model_;
  double soc_start_, charge_capacity_ = 0;
  std::vector<int> negative_cells_;
  std::vector<Interface> interfaces_;
  mutable HaloExchange exchange_;
  mutable std::vector<double> c_e_, phi_e_, rate_;
};

}  // namespace porelith
