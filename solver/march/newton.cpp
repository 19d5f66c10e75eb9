/// Newton's method of one implicit step (T4): exact Jacobian, the collector potential as a border.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/march/stepper.hpp"
#include "solver/march/trouble.hpp"

namespace porelith {

using at = Isothermal;

namespace {
/// Of rtol: the change of a shell's stoichiometry that may be left, which the step's last expansion still makes.
constexpr double shell_balance = 0.1;
/// A careful iteration takes less of a correction while corrections do not fall as they should, and at least this part.
constexpr double least_part = 0.125;
/// A correction of this part of what may be left is good enough, whatever Newton's method makes of the next.
constexpr double surely = 0.02;
/// Of rtol: what moves less is rounding.
constexpr double still = 0.01;
}  // namespace

bool Stepper::newton(double gamma, State& x, int most_iterations, double phi_limit, bool careful) {
  const Layout& l = model_.layout();
  const double c_scale = options_.rtol * model_.electrolyte().c_e0(), phi_scale = options_.rtol;
  const double leaves = options_.newton_leaves();
  double previous = 0, most_before = HUGE_VAL, damping = 1, limit = phi_limit;
  int iteration = 1;
  for (; iteration <= most_iterations; ++iteration) {
    ++counts_.newton;
    if (!model_.assemble(gamma, hat_, x, system_, careful)) {
      last_trouble_ = model_.complaint();
      return false;
    }
    if (!bordered_solve(x)) return false;
    const auto [part, settled, largest] = model_.update(update_.cells, limit, x);
    x[l.voltage] += part * update_.borders[0];
    // What the drive fixes is exact; a current summed over stiff collector ties would carry their rounding.
    const bool carries_current = part == 1 && drive_.control == Control::current;
    x[l.current] = carries_current ? drive_.at(t_new_) : model_.current(x, x[l.voltage]);
    const double imbalance = model_.nonlinear_particles() ? model_.relinearise(gamma, hat_, x) : 0;

    const double norm = std::max({model_.kinetics_residual() / phi_scale, largest[at::c_e] / c_scale,
                                  largest[at::phi_e] / phi_scale, largest[at::phi_s] / phi_scale});
    if (!std::isfinite(norm)) break;
    if (iteration > 1 && previous > 1e-2) contraction_ = std::max(norm / (previous * previous), 0.7 * contraction_);
    if (settled && imbalance < shell_balance * options_.rtol &&
        (norm < surely * leaves || contraction_ * norm * norm < leaves))
      return true;
    previous = norm;
    if (careful) {
      const double most = std::max(largest[at::phi_e], largest[at::phi_s]);
      const bool falls = most <= (1 - damping / 4) * most_before || most < still * phi_scale;
      damping = falls ? std::min(1.0, 2 * damping) : std::max(damping / 2, least_part);
      limit = damping < 1 ? std::min(phi_limit, damping * most) : phi_limit;
      most_before = most;
    }
  }
  last_trouble_ = fmt::format("Newton did not converge in {} iterations: {}", std::min(iteration, most_iterations),
                              largest_correction(model_, update_.cells, c_scale, phi_scale));
  return false;
}

bool Stepper::bordered_solve(const State& x) {
  const Layout& l = model_.layout();
  const double V = x[l.voltage], I = model_.current(x, V), target = drive_.at(t_new_);
  const double conductance = model_.collector_conductance();  // dI/dV < 0; dI/dphi_s sums to -conductance
  Border& terminals = system_.borders[0];
  double& by_V = system_.corner[0];
  terminals.row.clear();
  const auto row = [&](double factor) {
    for (const Border::Entry& t : model_.terminals()) terminals.row.push_back({t.cell, t.unknown, factor * t.by});
  };
  switch (drive_.control) {
    case Control::voltage:
      terminals.residual = V - target, by_V = 1;
      break;
    case Control::power:
      terminals.residual = V * I - target, by_V = I + V * conductance, row(V);
      break;
    default:
      terminals.residual = I - target, by_V = conductance, row(1);
  }
  const LinearOutcome outcome = linear_->solve(system_, update_);
  ++counts_.linear_solves;
  counts_.linear_iterations += outcome.iterations;
  counts_.preconditioners += outcome.prepared;
  if (!outcome.solved) last_trouble_ = outcome.trouble;
  const bool finite = outcome.solved && std::isfinite(update_.borders[0]);
  if (outcome.solved && !finite) last_trouble_ = "no terminal voltage gives what the drive asks for";
  return finite;
}

}  // namespace porelith
