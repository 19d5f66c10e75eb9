#include <algorithm>
#include <cmath>
#include <cstdio>

#include "solver/cell/cell.hpp"
#include "solver/march/bdf.hpp"
#include "solver/newman/particles.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

constexpr double R = 5e-6, D = 2e-14, c_s_max = 30000, pi = 3.14159265358979323846;

MaterialAt law_with(const Function& D_s) {
  ActiveMaterial m;
  m.U = 0.1;
  m.D_s = D_s;
  m.c_s_max = c_s_max;
  return MaterialLaw(m, 298.15).at(298.15);
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

/// The same particle by shells and time steps that grow with t: BDF4 from an Euler start on tiny steps.
double surface_by_shells(const MaterialAt& law, int shells, double grading, int steps_a_decade, double t_end, double c0,
                         double j) {
  Particles particles(law, ShellGeometry(shells, grading), {R});
  std::vector<double> times{0};
  std::vector<std::vector<double>> history{std::vector<double>(shells, c0)};
  const double ratio = std::pow(10.0, 1.0 / steps_a_decade), first = 1e-6 * t_end;
  double c_ss = c0;
  for (double t = first;; t *= ratio) {
    t = std::min(t, t_end);
    const int order = std::min<int>(4, history.size());
    const BdfFormula bdf = bdf_formula(order, t, times.data());
    std::vector<double> hat(shells, 0.0), now = history[0];
    for (int i = 0; i < order; ++i)
      for (int k = 0; k < shells; ++k) hat[k] += bdf.hat[i] * history[i][k];
    for (int i = 0; i < (particles.nonlinear() ? 20 : 1); ++i) {
      particles.condense(bdf.gamma, hat.data(), now.data());
      if (i > 0 && particles.imbalance(&j, hat.data(), now.data()) < 1e-13) break;
      particles.expand(&j, hat.data(), now.data());
    }
    particles.surface(&j, &c_ss);
    times.insert(times.begin(), t);
    history.insert(history.begin(), now);
    times.resize(std::min<std::size_t>(times.size(), 6));
    history.resize(times.size());
    if (t >= t_end) return c_ss;
  }
}

/// Finite differences of our own for D_s(c/c_s_max) under constant flux: n + 1 evenly spaced points from centre to
/// surface, two-stage L-stable Runge-Kutta (Alexander 1977), so many equal steps. No shells, no closure, no integral.
template <typename Diffusivity>
double surface_by_points(const Diffusivity& D_s, int n, int steps, double t_end, double c0, double j) {
  const double h = R / n, dt = t_end / steps, part = 1 - std::sqrt(0.5);
  std::vector<double> volume(n + 1), face(n + 1, 0.0), c(n + 1, c0);
  for (int i = 0; i <= n; ++i) {
    const double in = i > 0 ? (i - 0.5) * h : 0, out = i < n ? (i + 0.5) * h : R;
    volume[i] = (out * out * out - in * in * in) / 3;
    face[i] = in * in / h;  // between points i - 1 and i
  }
  const auto flux = [&](const std::vector<double>& y, int i) {  // inward, through the face below point i
    return face[i] * D_s((y[i] + y[i - 1]) / 2 / c_s_max) * (y[i] - y[i - 1]);
  };
  const auto change = [&](const std::vector<double>& y, int i) {  // volume dc/dt
    return (i < n ? flux(y, i + 1) : -R * R * j) - (i > 0 ? flux(y, i) : 0);
  };
  const auto stage = [&](const std::vector<double>& from, std::vector<double> y) {  // y = from + part dt dy/dt
    for (int newton = 0; newton < 8; ++newton) {
      std::vector<double> below(n + 1, 0.0), at(volume), above(n + 1, 0.0), rest(n + 1);
      for (int i = 0; i <= n; ++i) rest[i] = volume[i] * (from[i] - y[i]) + part * dt * change(y, i);
      for (int i = 1; i <= n; ++i) {
        const double e = 1e-6, m = (y[i] + y[i - 1]) / 2 / c_s_max, D = D_s(m);
        const double bend = (D_s(m + e) - D_s(m - e)) / (2 * e) / 2 / c_s_max * (y[i] - y[i - 1]);
        const double by_out = part * dt * face[i] * (D + bend), by_in = part * dt * face[i] * (bend - D);
        at[i] += by_out, below[i] += by_in, at[i - 1] -= by_in, above[i - 1] -= by_out;
      }
      for (int i = 1; i <= n; ++i) {
        const double m = below[i] / at[i - 1];
        at[i] -= m * above[i - 1], rest[i] -= m * rest[i - 1];
      }
      double largest = 0;
      for (int i = n; i >= 0; --i) {
        rest[i] = (rest[i] - (i < n ? above[i] * rest[i + 1] : 0)) / at[i];
        y[i] += rest[i];
        largest = std::max(largest, std::abs(rest[i]));
      }
      if (largest < 1e-10 * c_s_max) break;
    }
    return y;
  };
  for (int k = 0; k < steps; ++k) {
    const std::vector<double> first = stage(c, c);
    std::vector<double> from(n + 1);
    for (int i = 0; i <= n; ++i) from[i] = c[i] + (1 - part) / part * (first[i] - c[i]);
    c = stage(from, first);
  }
  return c[n];
}

}  // namespace

TEST_CASE("a particle under constant flux follows the analytic series") {
  const double c0 = 20000, j = 2e-5;
  for (double t : {10.0, 100.0, 1000.0}) {
    const double exact = surface_after(t, c0, j), ours = surface_by_shells(law_with(D), 200, 40, 400, t, c0, j);
    std::printf("  t = %6.0f s: series %.6f, shells %.6f, relative %.1e\n", t, exact, ours, (ours - exact) / exact);
    CHECK(std::abs(ours - exact) <= 1e-6 * exact);
  }
}

TEST_CASE("the surface concentration converges with more than order 2.4 in compact shells") {
  const double c0 = 20000, j = 2e-5, t = 60, exact = surface_after(t, c0, j);
  double before = 0;
  for (int n : {12, 24, 48}) {
    const double error = std::abs(surface_by_shells(law_with(D), n, 3, 300, t, c0, j) - exact);
    std::printf("  %2d shells: error %.3e mol/m3", n, error);
    if (before > 0) {
      std::printf(", observed order %.2f", std::log2(before / error));
      CHECK(std::log2(before / error) > 2.4);
    }
    std::printf("\n");
    before = error;
  }
}

TEST_CASE("fifteen shells of the default grading know what a jump of flux does at once") {
  const double c0 = 20000, j = 2e-5;
  for (double tau : {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3}) {
    const double t = tau * R * R / D, drop = j * R / D;
    const double exact = tau < 1e-4 ? c0 - drop * (2 * std::sqrt(tau / pi) + tau) : surface_after(t, c0, j);
    const double error = (surface_by_shells(law_with(D), 15, 300, 200, t, c0, j) - exact) / drop;
    std::printf("  D t/R^2 = %7.0e: error %8.1e j R/D\n", tau, error);
    CHECK(std::abs(error) < 6e-5);
  }
}

TEST_CASE("where D_s varies smoothly, by a decade over 0.2 of stoichiometry, shells converge with order 2") {
  const double c0 = 9000, t = 600;
  for (double decades : {5.0, -5.0})
    for (double j : {-1e-5, 1e-5}) {
      const auto D_s = [&](double sto) { return 1e-14 * std::pow(10, decades * (sto - 0.3)); };
      const double coarse = surface_by_points(D_s, 400, 400, t, c0, j),
                   fine = surface_by_points(D_s, 800, 800, t, c0, j);
      const double exact = fine + (fine - coarse) / 3;
      const MaterialAt law =
          law_with(Function::expression(decades > 0 ? "1e-14*10**(5*(x - 0.3))" : "1e-14*10**(-5*(x - 0.3))"));
      std::printf("  D_s %s, j = %+.0e: points give %.4f (%.1e from 400 to 800)\n", decades > 0 ? "rises" : "falls", j,
                  exact, fine - coarse);
      double before = 0;
      for (int n : {20, 40, 80}) {
        const double error = std::abs(surface_by_shells(law, n, 20, 200, t, c0, j) - exact);
        std::printf("    %2d shells: error %.3e mol/m3", n, error);
        if (before > 0) {
          std::printf(", observed order %.2f", std::log2(before / error));
          CHECK(std::log2(before / error) > 1.8);
        }
        std::printf("\n");
        before = error;
      }
      CHECK(before < 3e-4 * std::abs(exact - c0));
    }
}

TEST_CASE("across dips and steps of D_s shells come to the truth with order 1 and more") {
  // The orders seen, for EQUATIONS.md (S2): they depend on where the feature lies between shells.
  struct Feature {
    const char *name, *law;
    double (*D_s)(double);
  };
  const Feature features[] = {
      {"dip", "1e-14*10**(-1*exp(-((x - 0.4)/0.05)**2))",
       [](double x) { return 1e-14 * std::pow(10, -std::exp(-std::pow((x - 0.4) / 0.05, 2))); }},
      {"step", "1e-14*10**(-0.5*tanh((x - 0.4)/0.02))",
       [](double x) { return 1e-14 * std::pow(10, -0.5 * std::tanh((x - 0.4) / 0.02)); }},
  };
  const double c0 = 9000, t = 600, j = -1e-5;
  for (const Feature& f : features) {
    const double coarse = surface_by_points(f.D_s, 300, 300, t, c0, j),
                 fine = surface_by_points(f.D_s, 600, 600, t, c0, j);
    const double exact = fine + (fine - coarse) / 3;
    std::printf("  %s: points give %.3f (%.1e from 300 to 600)\n", f.name, exact, fine - coarse);
    double before = 0, first = 0;
    for (int n : {15, 30, 60, 120}) {
      const double error =
          std::abs(surface_by_shells(law_with(Function::expression(f.law)), n, 40, 200, t, c0, j) - exact);
      std::printf("    %3d shells: error %.3e mol/m3", n, error);
      if (before > 0) std::printf(", observed order %.2f", std::log2(before / error));
      std::printf("\n");
      if (before == 0) first = error;
      before = error;
    }
    CHECK(std::log2(first / before) / 3 > 1);
  }
}

TEST_CASE("one surface value belongs to every flux: beta is negative whatever D_s does from shell to shell") {
  const MaterialAt law = law_with(Function::expression("1e-14*10**(2*tanh((x - 0.5)/0.01))"));
  unsigned state = 1;
  const auto dice = [&state] { return (state = state * 1664525u + 1013904223u) / 4294967296.0; };
  double largest = -HUGE_VAL;
  for (int n : {2, 3, 5, 10, 15, 40})
    for (double grading : {1.0, 20.0, 40.0, 300.0}) {
      Particles particles(law, ShellGeometry(n, grading), {R});
      for (int trial = 0; trial < 200; ++trial) {
        std::vector<double> hat(n), c(n);
        for (int k = 0; k < n; ++k) c[k] = hat[k] = c_s_max * (0.45 + 0.1 * dice());
        particles.condense(std::pow(10, -10 + 15 * dice()), hat.data(), c.data());
        largest = std::max(largest, particles.beta()[0] * particles.potential()->mean() / R);
      }
    }
  std::printf("  least |beta| <D_s>/R: %.2e\n", -largest);
  CHECK(largest < 0);
}

TEST_CASE("under constant flux and after the start, five shells are as good as a thousand") {
  // c_ss = c_mean - j R/(5 D): the parabola is exact on any shells.
  const double c0 = 20000, j = 1e-5, t = 4000, mean = c0 - 3 * j * t / R;
  const double exact = mean - j * R / (5 * D);
  CHECK(surface_by_shells(law_with(D), 5, 7, 100, t, c0, j) == Approx(exact).epsilon(1e-7));
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
  const MaterialAt law = law_with(Function::expression("2e-14*(0.1 + x**2)"));
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
