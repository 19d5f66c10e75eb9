/// The integral of D_s over stoichiometry, against closed forms.
#include "solver/laws/diffusion_potential.hpp"

#include <cmath>
#include <cstdio>

#include "solver/cell/cell.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

MaterialAt law_with(const Function& D_s) {
  ActiveMaterial m;
  m.D_s = D_s;
  m.c_s_max = 30000;
  return MaterialLaw(m, 298.15).at(298.15);
}

/// Largest relative errors of int D_s and of D_s on a grid that no piece knows, and of the way back.
void check(const char* name, const DiffusionPotential& ours, double (*integral)(double), double (*D_s)(double)) {
  double of_integral = 0, of_D = 0, back = 0;
  const double whole = integral(1) - integral(0);
  for (int k = 0; k <= 7919; ++k) {
    const double sto = k / 7919.0, Phi = ours.at(sto);
    of_integral = std::max(of_integral, std::abs(Phi * ours.mean() - (integral(sto) - integral(0))) / whole);
    of_D = std::max(of_D, std::abs(ours.slope(sto) * ours.mean() / D_s(sto) - 1));
    back = std::max(back, std::abs(ours.sto_at(Phi, 0.4) - sto));
  }
  std::printf("  %-28s %5d pieces: integral %.1e, D_s %.1e, back %.1e\n", name, ours.pieces(), of_integral, of_D, back);
  CHECK(of_integral < 1e-7);
  CHECK(of_D < 2e-7);
  CHECK(back < 1e-11);
  CHECK(ours.mean() == Approx(whole).epsilon(1e-7));
  CHECK(ours.positive());
}

}  // namespace

TEST_CASE("the integral of D_s meets closed forms, and stoichiometries are found again") {
  const auto expression = [](const char* text) { return DiffusionPotential(law_with(Function::expression(text))); };
  check(
      "a decade over 0.2", expression("1e-14*exp(-11.512925464970229*x)"),
      [](double x) { return -1e-14 / (5 * std::log(10)) * std::exp(-5 * std::log(10) * x); },
      [](double x) { return 1e-14 * std::exp(-5 * std::log(10) * x); });
  check(
      "a dip 0.002 wide", expression("1e-14*(1 - 0.99/(1 + ((x - 0.4321)/0.001)**2))"),
      [](double x) { return 1e-14 * (x - 0.99e-3 * std::atan((x - 0.4321) / 1e-3)); },
      [](double x) { return 1e-14 * (1 - 0.99 / (1 + std::pow((x - 0.4321) / 1e-3, 2))); });
  check(
      "a corner", expression("1e-14*(0.1 + max(0, x - 0.37))"),
      [](double x) { return 1e-14 * (0.1 * x + std::pow(std::max(0.0, x - 0.37), 2) / 2); },
      [](double x) { return 1e-14 * (0.1 + std::max(0.0, x - 0.37)); });
}

TEST_CASE("a table's integral is exact, with as many pieces as the table has") {
  const DiffusionPotential ours(law_with(Function::table({0.1, 0.3, 0.301, 0.8}, {4e-14, 4e-14, 1e-16, 3e-15})));
  CHECK(ours.pieces() == 5);
  const double whole = 0.3 * 4e-14 + 0.001 * (4e-14 + 1e-16) / 2 + 0.499 * (1e-16 + 3e-15) / 2 + 0.2 * 3e-15;
  CHECK(ours.mean() == Approx(whole).epsilon(1e-14));
  CHECK(ours.at(0.3) == Approx(0.3 * 4e-14 / whole).epsilon(1e-14));
  CHECK(ours.slope(0.3005) == Approx((4e-14 + 1e-16) / 2 / whole).epsilon(1e-10));
  CHECK(ours.at(1) == Approx(1).epsilon(1e-14));
  CHECK(ours.sto_at(ours.at(0.77), 0.1) == Approx(0.77).epsilon(1e-13));
}

TEST_CASE("beyond empty and full D_s goes on as it ends, and the way back too") {
  const DiffusionPotential ours(law_with(Function::expression("1e-14*(0.2 + x)")));
  CHECK(ours.at(0) == 0);
  CHECK(ours.at(-0.1) == Approx(-0.1 * 0.2 / 0.7));
  CHECK(ours.at(1.1) == Approx(1 + 0.1 * 1.2 / 0.7));
  CHECK(ours.sto_at(ours.at(-0.1), 0.5) == Approx(-0.1));
  CHECK(ours.sto_at(ours.at(1.1), 0.5) == Approx(1.1));
}

TEST_CASE("a jump of D_s is a ramp that nobody sees") {
  const DiffusionPotential ours(law_with(Function::expression("1e-14*(1.01 + 0.99*(x - 0.5)/abs(x - 0.5))")));
  CHECK(ours.pieces() < 100);
  CHECK(ours.at(0.5) * ours.mean() == Approx(0.5 * 2e-16).epsilon(1e-6));
  CHECK(ours.mean() == Approx(0.5 * (2e-16 + 2e-14)).epsilon(1e-8));
}

TEST_CASE("where D_s is not positive its potential rises all the same, and says so") {
  const DiffusionPotential ours(law_with(Function::table({0.5, 0.6, 1}, {1e-14, -1e-15, -1e-15})));
  CHECK_FALSE(ours.positive());
  CHECK(ours.at(0.9) > ours.at(0.7));
  CHECK(ours.at(0.9) == Approx(1).epsilon(1e-9));
  CHECK(ours.pieces() < 200);
}
