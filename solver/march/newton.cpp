/// Newton's method of one implicit step (T4): exact Jacobian, the collector potential as a border.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/march/stepper.hpp"
#include "solver/march/trouble.hpp"

namespace porelith {

bool Stepper::newton(double gamma, State& x, int most_iterations, double phi_limit) {
  const Layout& l = model_.layout();
  const double c_scale = options_.rtol * model_.electrolyte().c_e0(), phi_scale = options_.rtol;
  double previous = 0;
  int iteration = 1;
  for (; iteration <= most_iterations; ++iteration) {
    ++counts_.newton;
    if (!model_.assemble(gamma, hat_, x, system_)) {
      last_trouble_ = model_.complaint();
      return false;
    }
    double dV;
    if (!bordered_solve(x, dV)) return false;
    const auto [part, settled] = model_.update(delta_, phi_limit, x);
    x[l.voltage] += part * dV;
    // What the drive fixes is exact; a current summed over stiff collector ties would carry their rounding.
    const bool carries_current = part == 1 && drive_.control == Control::current;
    x[l.current] = carries_current ? drive_.at(t_new_) : model_.current(x, x[l.voltage]);
    if (model_.nonlinear_particles()) {
      model_.expand(hat_, x, true);
      model_.condense(gamma, hat_, x);
    }

    double norm = model_.kinetics_residual() / phi_scale;
    for (const auto& d : delta_)
      norm = std::max({norm, std::abs(d[0]) / c_scale, std::abs(d[1]) / phi_scale, std::abs(d[2]) / phi_scale});
    if (!std::isfinite(norm)) break;
    if (iteration > 1 && previous > 1e-2) contraction_ = std::max(norm / (previous * previous), 0.7 * contraction_);
    if (settled && (norm < 1e-3 || contraction_ * norm * norm < 0.05)) return true;
    previous = norm;
  }
  last_trouble_ = fmt::format("Newton did not converge in {} iterations: {}", std::min(iteration, most_iterations),
                              largest_correction(model_, delta_, c_scale, phi_scale));
  return false;
}

bool Stepper::bordered_solve(const State& x, double& dV) {
  const Layout& l = model_.layout();
  ++counts_.linear_solves;
  if (!linear_->solve(system_, delta_, border_response_)) {
    last_trouble_ = linear_->trouble();
    return false;
  }
  // Border row: the drive; columns are the collector's phi_s and V.
  const double V = x[l.voltage], I = model_.current(x, V), target = drive_.at(t_new_);
  const double conductance = model_.collector_conductance();  // dI/dV < 0; dI/dphi_s sums to -conductance
  double I_x = 0, I_y = 0;                                    // the row applied to both solutions
  const auto& faces = model_.mesh().positive_collector;
  for (const auto& f : faces) {
    const double share = model_.medium().sigma[f.cell] * f.area / f.distance * model_.cells_in_parallel();
    I_x += share * delta_[f.cell][2];
    I_y += share * border_response_[f.cell][2];
  }
  double residual = 0, row_x = 0, row_y = 0, row_V = 0;
  switch (drive_.control) {
    case Control::voltage:
      residual = V - target, row_V = 1;
      break;
    case Control::power:
      residual = V * I - target, row_x = V * I_x, row_y = V * I_y, row_V = I + V * conductance;
      break;
    default:
      residual = I - target, row_x = I_x, row_y = I_y, row_V = conductance;
  }
  dV = (-residual + row_x) / (row_V - row_y);  // delta_ still holds J^-1 residual: the update is its negative
  for (std::size_t i = 0; i < delta_.size(); ++i)
    for (int q = 0; q < 3; ++q) delta_[i][q] = -delta_[i][q] - dV * border_response_[i][q];
  if (!std::isfinite(dV)) last_trouble_ = "no terminal voltage gives what the drive asks for";
  return std::isfinite(dV);
}

}  // namespace porelith
