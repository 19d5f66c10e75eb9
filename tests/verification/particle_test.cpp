#include <cmath>
#include <cstdio>

#include "solver/march/bdf.hpp"
#include "solver/newman/particles.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

constexpr double R = 5e-6, D = 2e-14, c_s_max = 30000, pi = 3.14159265358979323846;

MaterialLaw law_with(const Function& D_s) {
  ActiveMaterial m;
  m.U = 0.1;
  m.D_s = D_s;
  m.c_s_max = c_s_max;
  return MaterialLaw(m, 298.15, 298.15);
}

/// Constant flux j into a sphere at c0, surface value at time t (J. Crank, The Mathematics of Diffusion, 2nd ed.,
/// eq. 6.45).
double surface_after(double t, double c0, double j) {
  const double tau = D * t / (R * R);
  double series = 0;
  for (int n = 1; n < 200; ++n) {
    double x = (n + 0.5) * pi;  // tan x = x
    for (int i = 0; i < 50; ++i) x = n * pi + std::atan(x);
    series += std::exp(-x * x * tau) / (x * x);
  }
  return c0 - j * R / D * (3 * tau + 0.2 - 2 * series);
}

/// The same particle by shells and time steps that grow with t: BDF5 from an Euler start on tiny steps.
double surface_by_shells(int shells, double grading, int steps_a_decade, double t_end, double c0, double j) {
  Particles particles(law_with(D), ShellGeometry(shells, grading), {R});
  std::vector<double> times{0};
  std::vector<std::vector<double>> history{std::vector<double>(shells, c0)};
  const double ratio = std::pow(10.0, 1.0 / steps_a_decade), first = 1e-5;
  double c_ss = c0;
  for (double t = first;; t *= ratio) {
    t = std::min(t, t_end);
    const int order = std::min<int>(4, history.size());
    const BdfFormula bdf = bdf_formula(order, t, times.data());
    std::vector<double> hat(shells, 0.0), now(shells);
    for (int i = 0; i < order; ++i)
      for (int k = 0; k < shells; ++k) hat[k] += bdf.hat[i] * history[i][k];
    particles.condense(bdf.gamma, hat.data(), history[0].data());
    particles.expand(&j, hat.data(), now.data());
    c_ss = particles.alpha()[0] + particles.beta()[0] * j;
    times.insert(times.begin(), t);
    history.insert(history.begin(), now);
    if (t >= t_end) return c_ss;
  }
}

}  // namespace

TEST_CASE("a particle under constant flux follows the analytic series") {
  const double c0 = 20000, j = 2e-5;
  for (double t : {10.0, 100.0, 1000.0}) {
    const double exact = surface_after(t, c0, j), ours = surface_by_shells(200, 40, 400, t, c0, j);
    std::printf("  t = %6.0f s: series %.6f, shells %.6f, relative %.1e\n", t, exact, ours, (ours - exact) / exact);
    CHECK(std::abs(ours - exact) <= 1e-6 * exact);
  }
}

TEST_CASE("the surface concentration converges with order 2 in the shells") {
  const double c0 = 20000, j = 2e-5, t = 60, exact = surface_after(t, c0, j);
  double before = 0;
  for (int n : {10, 20, 40, 80}) {
    const double error = std::abs(surface_by_shells(n, 3, 200, t, c0, j) - exact);
    std::printf("  %2d shells: error %.3e mol/m3", n, error);
    if (before > 0) {
      std::printf(", observed order %.2f", std::log2(before / error));
      CHECK(std::log2(before / error) > 1.9);
    }
    std::printf("\n");
    before = error;
  }
}

TEST_CASE("under constant flux and after the start, five shells are as good as a thousand") {
  // c_ss = c_mean - j R/(5 D): the parabola is exact on any shells.
  const double c0 = 20000, j = 1e-5, t = 4000, mean = c0 - 3 * j * t / R;
  const double exact = mean - j * R / (5 * D);
  CHECK(surface_by_shells(5, 7, 100, t, c0, j) == Approx(exact).epsilon(1e-7));
}

TEST_CASE("shells lose no lithium, whatever the diffusivity does") {
  const Function D_s = Function::expression("2e-14*(0.1 + x**2)");
  Particles particles(law_with(D_s), ShellGeometry(12, 10), {R, 2 * R});
  const double gamma = 7, j[2] = {3e-5, -1e-5};
  std::vector<double> hat(24), now(24), linearised(24);
  for (int k = 0; k < 24; ++k) {
    hat[k] = 12000 + 300 * k;
    linearised[k] = hat[k] * (1 + 0.02 * std::sin(k));
  }
  particles.condense(gamma, hat.data(), linearised.data());
  particles.expand(j, hat.data(), now.data());
  const double radius[2] = {R, 2 * R};
  for (int i = 0; i < 2; ++i) {
    const double gained = particles.mean(now.data(), i) - particles.mean(hat.data(), i);
    CHECK(gained == Approx(-3 * gamma * j[i] / radius[i]).epsilon(1e-11));
  }
}

TEST_CASE("a diffusivity that depends on concentration has its exact tangent in alpha, beta") {
  const MaterialLaw law = law_with(Function::expression("2e-14*(0.1 + x**2)"));
  Particles particles(law, ShellGeometry(8, 5), {R});
  const double gamma = 20;
  std::vector<double> hat(8), c(8);
  for (int k = 0; k < 8; ++k) c[k] = hat[k] = 15000 + 500 * k;
  // Newton on the shells for three fluxes; the converged tangent is the slope of c_ss(j).
  const auto solve = [&](double j, double& slope) {
    double c_ss = c[7];
    for (int i = 0; i < 30; ++i) {
      particles.condense(gamma, hat.data(), c.data());
      particles.expand(&j, hat.data(), c.data());
      particles.surface(&j, &c_ss);
    }
    slope = particles.beta()[0] / particles.potential()->slope(c_ss / c_s_max);
    return c_ss;
  };
  const double j = 1e-5, h = 1e-8;
  double slope, ignored;
  solve(j, slope);
  const double difference = (solve(j + h, ignored) - solve(j - h, ignored)) / (2 * h);
  CHECK(slope == Approx(difference).epsilon(1e-6));
}
