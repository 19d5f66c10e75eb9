/// The ohmic porous electrode against its closed form, a published optimum and independently computed optima.
#include "solver/figures/ohmic.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "solver/base/constants.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

/// The reference numbers were computed with F = 96487 C/mol and R = 8.314 J/mol/K. Only RT/F enters, so a temperature
/// that gives the same RT/F gives the same problem.
const double T_of_the_references = 298.15 * (8.314 / gas_constant) * (faraday / 96487);

OhmicElectrode thin_electrode() {
  OhmicElectrode e;
  e.L = 80e-6, e.T = T_of_the_references, e.eps = 0.4, e.filler = 0.05, e.s0 = 100, e.k0 = 0.2, e.b = 1.5;
  e.i0 = 1, e.R_p = 5e-6;
  return e;
}

/// Parameters inferred so that they give the pair of Y. Qi, T. Jang, V. Ramadesigan, D. T. Schwartz and
/// V. R. Subramanian, J. Electrochem. Soc. 164 (2017) A3196: 5.3510 and 5.1164 ohm cm2.
OhmicElectrode qi_electrode() {
  OhmicElectrode e;
  e.L = 80e-6, e.T = T_of_the_references, e.filler = 0.025, e.s0 = 100, e.k0 = 2, e.b = 4;
  e.i0 = 3.2255461840278232, e.R_p = 5e-6;
  return e;
}

Profile equal_layers(const std::vector<double>& eps) {
  std::vector<double> edges;
  for (std::size_t i = 0; i <= eps.size(); ++i) edges.push_back(double(i) / eps.size());
  return Profile::layers(edges, eps);
}

constexpr int slices = 400;

/// [ohm cm2]
double layered_resistance(OhmicElectrode e, const std::vector<double>& eps) {
  e.eps = equal_layers(eps);
  return 1e4 * solve_ohmic(ohmic_medium(e, slices)).R;
}

/// dR/d eps of each layer [ohm cm2]
Eigen::VectorXd layered_slope(OhmicElectrode e, const Eigen::VectorXd& eps) {
  const int layers = int(eps.size());
  e.eps = equal_layers({eps.begin(), eps.end()});
  const auto slope = resistance_slope(e, solve_ohmic(ohmic_medium(e, slices)));
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(layers);
  for (int i = 0; i < slices; ++i) sum[i * layers / slices] += 1e4 * slope[i];
  return sum;
}

struct Optimum {
  std::vector<double> eps;
  double R;  ///< [ohm cm2]
};

/// Layers thinner in pores than this are not asked for. The computed optimum of 20 layers at mean 0.4 has its two
/// layers next to the collector there; without a bound they would close altogether, as mere extensions of the
/// collector.
constexpr double least_porosity = 0.02;

/// A step of Newton's method on the slope for the layers in `open`, damped, their sum held if asked (Lagrange).
Eigen::VectorXd newton_step(const OhmicElectrode& e, const Eigen::VectorXd& eps, const std::vector<int>& open,
                            double damping, bool mean_held) {
  const int free = int(open.size()), n = free + (mean_held ? 1 : 0);
  const Eigen::VectorXd slope = layered_slope(e, eps);
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(n, n);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(n);
  for (int k = 0; k < free; ++k) {
    Eigen::VectorXd beside = eps;
    beside[open[k]] += 1e-5;
    const Eigen::VectorXd curvature = (layered_slope(e, beside) - slope) / 1e-5;
    for (int i = 0; i < free; ++i) matrix(i, k) = curvature[open[i]];
    matrix(k, k) += damping;
    right[k] = -slope[open[k]];
    if (mean_held) matrix(free, k) = matrix(k, free) = 1;
  }
  const Eigen::VectorXd solution = matrix.fullPivLu().solve(right);
  Eigen::VectorXd step = Eigen::VectorXd::Zero(eps.size());
  for (int k = 0; k < free; ++k) step[open[k]] = solution[k];
  return step;
}

/// The best porosities of equal layers: damped Newton steps, each as long as no layer passes `least_porosity`; a layer
/// that reaches it stays there.
Optimum best_layers(const OhmicElectrode& e, int layers, double start, bool mean_held) {
  Eigen::VectorXd eps = Eigen::VectorXd::Constant(layers, start);
  const auto resistance = [&](const Eigen::VectorXd& at) { return layered_resistance(e, {at.begin(), at.end()}); };
  std::vector<int> open(layers);
  std::iota(open.begin(), open.end(), 0);
  double R = resistance(eps), damping = 1;
  for (int iteration = 0; iteration < 300; ++iteration) {
    Eigen::VectorXd step = newton_step(e, eps, open, damping, mean_held);
    if (step.cwiseAbs().maxCoeff() < 1e-8) break;
    double length = 1;
    int closing = -1;
    for (int k : open)
      if (eps[k] + length * step[k] < least_porosity) length = (least_porosity - eps[k]) / step[k], closing = k;
    const double trial = resistance(eps + length * step);
    if (trial > R + 1e-12) {
      damping *= 4;
      continue;
    }
    eps += length * step, R = trial, damping /= 4;
    if (closing >= 0) open.erase(std::find(open.begin(), open.end(), closing));
  }
  return {{eps.begin(), eps.end()}, R};
}

double percent(double R, double than) { return 100 * (R / than - 1); }

}  // namespace

TEST_CASE("a uniform electrode has Newman and Tobias' resistance, and finite volumes reach it at second order") {
  const OhmicElectrode e = thin_electrode();
  const OhmicMedium one = ohmic_medium(e, 1);
  const double exact = uniform_resistance(e.L, one.s[0], one.k[0], one.g[0]);
  CHECK(exact == Approx(1.45145826e-3).epsilon(0).margin(0.5e-11));

  // Computed independently. At N = 50 that computation and ours differ by 1.6e-10; at the others, by no printed digit.
  struct Row {
    int slices;
    double R, margin;
  };
  double coarser = 0;
  for (const Row& row : {Row{50, 1.45147548e-3, 2e-10},
                         {100, 1.45146236e-3, 6e-12},
                         {200, 1.45145926e-3, 6e-12},
                         {400, 1.45145850e-3, 6e-12}}) {
    const double R = solve_ohmic(ohmic_medium(e, row.slices)).R;
    const double error = R - exact;
    fmt::print("  N {:4}  R {:.9e} ohm m2  error {:.3e}", row.slices, R, error);
    CHECK(R == Approx(row.R).epsilon(0).margin(row.margin));
    if (coarser != 0) {
      const double order = std::log2(coarser / error);
      fmt::print("  order {:.3f}", order);
      CHECK(order == Approx(2).margin(0.06));
    }
    fmt::print("\n");
    coarser = error;
  }
}

TEST_CASE("the reaction in a uniform electrode has the closed form's cosh profile") {
  // eta(x) = L/nu [cosh(nu x/L)/k + cosh(nu (1 - x/L))/s]/sinh nu solves eta'' = (nu/L)^2 eta, eta'(0) = -1/s, eta'(L)
  // = 1/k.
  const double L = 100e-6, s = 2, k = 0.3, g = 2e8;
  const double nu = penetration_number(L, s, k, g);
  const int n = 1000;
  const std::vector<double> same(n, 1.0);
  OhmicMedium medium;
  medium.h.assign(n, L / n), medium.s.assign(n, s), medium.k.assign(n, k), medium.g.assign(n, g);
  const OhmicSolution solution = solve_ohmic(medium);
  for (int i = 0; i < n; i += 111) {
    const double x = (i + 0.5) / n;
    const double eta = L / nu * (std::cosh(nu * x) / k + std::cosh(nu * (1 - x)) / s) / std::sinh(nu);
    CHECK(solution.reaction[i] == Approx(L * g * eta).epsilon(2e-5));
  }
  CHECK(std::accumulate(solution.reaction.begin(), solution.reaction.end(), 0.0) / n == Approx(1).epsilon(1e-12));
}

TEST_CASE("given porosities have the computed resistances, two layers the published one of Qi et al.") {
  const OhmicElectrode e = qi_electrode();
  CHECK(layered_resistance(e, {0.54246}) == Approx(5.35100).epsilon(0).margin(0.6e-5));
  CHECK(layered_resistance(e, {0.4500, 0.5960}) == Approx(5.11670).epsilon(0).margin(0.6e-5));
  CHECK(layered_resistance(e, {0.3408, 0.4654, 0.5382, 0.5894, 0.6277}) == Approx(5.00860).epsilon(0).margin(0.6e-5));
  CHECK(layered_resistance(e, {0.4}) == Approx(6.88012).epsilon(0).margin(0.6e-5));
  CHECK(layered_resistance(e, {0.54246}) == Approx(5.3510).epsilon(0).margin(5e-5));         // Qi et al.
  CHECK(layered_resistance(e, {0.4500, 0.5960}) == Approx(5.1164).epsilon(1e-4).margin(0));  // Qi et al.
}

TEST_CASE("the given porosities are optimal to their last digit") {
  const OhmicElectrode e = qi_electrode();
  const std::vector<std::vector<double>> designs{{0.54246}, {0.4500, 0.5960}, {0.3408, 0.4654, 0.5382, 0.5894, 0.6277}};
  for (const auto& eps : designs) {
    const double resolution = eps.size() == 1 ? 1e-5 : 1e-4;
    const double R = layered_resistance(e, eps);
    for (std::size_t k = 0; k < eps.size(); ++k) {
      for (const double step : {-2 * resolution, 2 * resolution}) {
        auto beside = eps;
        beside[k] += step;
        CHECK(layered_resistance(e, beside) > R);
      }
    }
  }
}

TEST_CASE(
    "optimised layers gain 4 to 7 % on the best uniform electrode, and 15 to 22 % on an arbitrary one at its mean "
    "porosity") {
  const OhmicElectrode e = qi_electrode();
  const Optimum uniform = best_layers(e, 1, 0.5, false);
  const double arbitrary = layered_resistance(e, {0.4});
  CHECK(uniform.eps[0] == Approx(0.54246).epsilon(0).margin(0.6e-5));

  struct Row {
    int layers;
    double R, change, R_mean_held, change_mean_held;
  };
  const Row rows[] = {{2, 5.11670, -4.379, 5.86674, -14.73},
                      {5, 5.00860, -6.399, 5.51146, -19.89},
                      {20, 4.97152, -7.092, 5.37261, -21.91}};
  fmt::print("  layers  R free   against best uniform   R at mean 0.4   against uniform 0.4\n");
  for (const Row& row : rows) {
    const Optimum free = best_layers(e, row.layers, uniform.eps[0], false);
    const Optimum held = best_layers(e, row.layers, 0.4, true);
    const double gain = percent(free.R, uniform.R), gain_held = percent(held.R, arbitrary);
    fmt::print("  {:6}  {:.5f}  {:15.3f} %  {:18.5f}  {:17.2f} %\n", row.layers, free.R, gain, held.R, gain_held);
    CHECK(free.R == Approx(row.R).epsilon(0).margin(0.6e-5));
    CHECK(gain == Approx(row.change).epsilon(0).margin(0.6e-3));
    CHECK(held.R == Approx(row.R_mean_held).epsilon(0).margin(0.6e-5));
    CHECK(gain_held == Approx(row.change_mean_held).epsilon(0).margin(0.6e-2));
    CHECK(std::accumulate(held.eps.begin(), held.eps.end(), 0.0) / row.layers == Approx(0.4).epsilon(1e-12));
    CHECK(std::is_sorted(free.eps.begin(), free.eps.end()));  // porosity rises toward the separator
    if (row.layers == 20) CHECK(held.eps[1] == Approx(least_porosity).epsilon(1e-12));
    if (row.layers == 5) {
      const double published[] = {0.3408, 0.4654, 0.5382, 0.5894, 0.6277};
      for (int k = 0; k < 5; ++k) CHECK(free.eps[k] == Approx(published[k]).epsilon(0).margin(0.6e-4));
    }
  }
}

TEST_CASE("the slope of the resistance from the dissipation is its derivative") {
  OhmicElectrode e = qi_electrode();
  const Eigen::VectorXd eps = (Eigen::VectorXd(4) << 0.3, 0.5, 0.45, 0.6).finished();
  const Eigen::VectorXd slope = layered_slope(e, eps);
  for (int k = 0; k < 4; ++k) {
    std::vector<double> up(eps.begin(), eps.end()), down = up;
    up[k] += 1e-5;
    down[k] -= 1e-5;
    const double difference = (layered_resistance(e, up) - layered_resistance(e, down)) / 2e-5;
    CHECK(slope[k] == Approx(difference).epsilon(1e-4).margin(0));  // equal as slices^-2
  }
}

TEST_CASE("at equal mean porosity, the sign of the best gradient turns with the depth that reacts") {
  // Deep reaction in a dense electrode: the current in the pores is largest at the separator, so pores belong there.
  // Shallow reaction (nu >> 1, k << s): R = 1/sqrt(g k) of the medium at the separator, g k ~ (1 - eps) eps^b, largest
  // at eps = b/(1 + b); beyond that, the separator's side wants more surface, not more pore. Equal mean porosity is
  // equal active mass.
  OhmicElectrode e;
  e.L = 80e-6, e.s0 = 1e6, e.k0 = 1, e.b = 1.5, e.R_p = 5e-6;
  const auto rising_over_falling = [&](double mean, double i0) {
    e.i0 = i0;
    return layered_resistance(e, {mean - 0.1, mean + 0.1}) / layered_resistance(e, {mean + 0.1, mean - 0.1});
  };
  const double slow = 1e-3, fast = 1e4;
  CHECK(rising_over_falling(0.4, slow) < 1);
  CHECK(rising_over_falling(0.4, fast) < 1);
  CHECK(rising_over_falling(0.7, fast) > 1);
  const auto local = [](double eps) { return 1 / std::sqrt((1 - eps) * std::pow(eps, 1.5)); };
  CHECK(rising_over_falling(0.7, fast) == Approx(local(0.8) / local(0.6)).epsilon(2e-3));
}

TEST_CASE("the penetration depth is a1 sqrt(1/(1 - eps)) where the conductivities do not follow the porosity") {
  const double L = 60e-6, s = 3, k = 0.4, i0 = 2, R_p = 4e-6, T = 298.15;
  const double a1 = std::sqrt(k * s / (k + s) * thermal_voltage(T) * R_p / (3 * i0));
  for (const double eps : {0.2, 0.35, 0.5}) {
    const double g = 3 * (1 - eps) / R_p * i0 / thermal_voltage(T);
    const double depth = a1 * std::sqrt(1 / (1 - eps));
    CHECK(L / penetration_number(L, s, k, g) == Approx(depth).epsilon(1e-14));
  }
  OhmicElectrode e;  // and the electrode's own law says the same with b = 0 and no filler
  e.L = L, e.T = T, e.eps = 0.35, e.s0 = s, e.k0 = k, e.b = 0, e.i0 = i0, e.R_p = R_p;
  const OhmicMedium m = ohmic_medium(e, 1);
  CHECK(L / penetration_number(L, m.s[0], m.k[0], m.g[0]) == Approx(a1 / std::sqrt(0.65)).epsilon(1e-14));
}

TEST_CASE("limits: slow kinetics give 1/(g L) plus a third of each resistance, fast kinetics the parallel conductors") {
  const double L = 50e-6, s = 2, k = 0.5;
  const double slow = 1e-2 / (L * L * (1 / s + 1 / k));  // nu = 0.1
  // (O8) in powers of nu, to nu^0: 2/(nu sinh nu) = 2/nu^2 - 1/3, coth(nu)/nu = 1/nu^2 + 1/3
  const double first = 1 / (slow * L) + L / (k + s) * (1 + (s / k + k / s) / 3 - 1.0 / 3);
  CHECK(uniform_resistance(L, s, k, slow) == Approx(first).epsilon(1e-5));
  CHECK(uniform_resistance(L, s, k, 1e30) == Approx(L / (k + s)).epsilon(1e-6));
  OhmicMedium m{std::vector<double>(400, L / 400), std::vector<double>(400, s), std::vector<double>(400, k),
                std::vector<double>(400, 1e30)};
  CHECK(solve_ohmic(m).R == Approx(L / (k + s)).epsilon(2e-2));  // 400 slices see a boundary layer of none
}

TEST_CASE("a layer where nothing reacts is a plain resistance in front of the rest") {
  const double L = 50e-6, s = 2, k = 0.5, g = 1e9;
  const int n = 400;
  OhmicMedium rest{std::vector<double>(n, L / n), std::vector<double>(n, s), std::vector<double>(n, k),
                   std::vector<double>(n, g)};
  const double R = solve_ohmic(rest).R;
  OhmicMedium both = rest;  // one inert slice at either end
  both.h.insert(both.h.begin(), 7e-6), both.s.insert(both.s.begin(), 3), both.k.insert(both.k.begin(), 0.1);
  both.g.insert(both.g.begin(), 0);
  both.h.push_back(9e-6), both.s.push_back(1), both.k.push_back(0.2), both.g.push_back(0);
  const OhmicSolution solution = solve_ohmic(both);
  CHECK(solution.R == Approx(R + 7e-6 / 3 + 9e-6 / 0.2).epsilon(1e-4));
  CHECK(solution.reaction.front() == 0);
  CHECK(solution.reaction.back() == 0);
}

TEST_CASE("a medium that cannot be solved is refused with its slice and value") {
  const OhmicMedium good{{1e-6, 1e-6}, {1, 1}, {1, 1}, {1e9, 1e9}};
  OhmicMedium bad = good;
  bad.k[1] = -2;
  CHECK_THROWS_WITH(solve_ohmic(bad), "ohmic electrode: k = -2 in slice 2 of 2 must be > 0 and finite");
  bad = good;
  bad.g = {0, 0};
  CHECK_THROWS_WITH(solve_ohmic(bad),
                    "ohmic electrode: nothing reacts, so no current can pass from solid to electrolyte");
  bad = good;
  bad.s.pop_back();
  CHECK_THROWS_WITH(solve_ohmic(bad), "ohmic electrode: 2 thicknesses, 1 s, 2 k and 2 g must be equally many");
}
