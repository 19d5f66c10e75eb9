#include "solver/laws/open_circuit.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/constants.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

namespace {

constexpr double edge = 1e-6;  ///< how near to empty and full a blend's materials come

ValueAndSlope potential(const MaterialAt& law, double sto) {
  ValueAndSlope at{};
  law.potential(1, &sto, &at.value, &at.slope);
  return at;
}

/// The root of a decreasing function in [low, high] to rounding: Newton's method, the middle where that leads out.
template <class F>
double root(F f, double low, double high) {
  double x = 0.5 * (low + high);
  for (int i = 0; i < 100; ++i) {
    const ValueAndSlope at = f(x);
    if (at.value == 0) return x;
    (at.value > 0 ? low : high) = x;
    double next = x - at.value / at.slope;
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    if (std::abs(next - x) < 1e-14) return next;
    x = next;
  }
  return x;
}

}  // namespace

OpenCircuit::OpenCircuit(const Electrode& electrode, double T_ref, double T) {
  for (std::size_t m = 0; m < electrode.materials.size(); ++m) {
    const ActiveMaterial& material = electrode.materials[m];
    laws_.push_back(MaterialLaw(material, T_ref).at(T));
    hosts_.push_back(faraday * material.c_s_max * electrode.eps_s(m, 0, 1) * electrode.thickness *
                     (1 - electrode.channel_fraction));
    sto_min_.push_back(material.sto_min);
    sto_max_.push_back(material.sto_max);
    capacity_ += hosts_[m] * (material.sto_max - material.sto_min);
    U_empty_.push_back(laws_[m].potential(edge));
    U_full_.push_back(laws_[m].potential(1 - edge));
  }
}

double OpenCircuit::sto_at(std::size_t m, double U) const {
  if (U >= U_empty_[m]) return edge;
  if (U <= U_full_[m]) return 1 - edge;
  const auto above = [&](double sto) {
    const ValueAndSlope at = potential(laws_[m], sto);
    return ValueAndSlope{at.value - U, at.slope};
  };
  return root(above, edge, 1 - edge);
}

Equilibrium OpenCircuit::shared(const std::vector<double>& sto) const {
  if (sto.size() == 1) return {laws_[0].potential(sto[0]), sto};
  double lithium = 0;
  for (std::size_t m = 0; m < sto.size(); ++m) lithium += hosts_[m] * sto[m];
  const auto too_full = [&](double U) {  // falls with U
    ValueAndSlope sum{-lithium, 0};
    for (std::size_t m = 0; m < laws_.size(); ++m) {
      const double sto_m = sto_at(m, U);
      sum.value += hosts_[m] * sto_m;
      if (sto_m > edge && sto_m < 1 - edge) sum.slope += hosts_[m] / potential(laws_[m], sto_m).slope;
    }
    return sum;
  };
  const double U_low = *std::min_element(U_full_.begin(), U_full_.end());
  const double U_high = *std::max_element(U_empty_.begin(), U_empty_.end());
  Equilibrium state{root(too_full, U_low, U_high), {}};
  for (std::size_t m = 0; m < laws_.size(); ++m) state.sto.push_back(sto_at(m, state.U));
  return state;
}

Equilibrium OpenCircuit::filled(double filled) const {
  std::vector<double> sto;
  for (std::size_t m = 0; m < laws_.size(); ++m) sto.push_back(sto_min_[m] + filled * (sto_max_[m] - sto_min_[m]));
  return shared(sto);
}

double OpenCircuit::share(const std::vector<double>& sto) const {
  double held = 0;
  for (std::size_t m = 0; m < laws_.size(); ++m) held += hosts_[m] * (sto[m] - sto_min_[m]);
  return held / capacity_;
}

}  // namespace porelith
