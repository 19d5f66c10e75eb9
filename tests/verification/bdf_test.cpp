#include "solver/march/bdf.hpp"

#include <cmath>
#include <cstdio>
#include <vector>

#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

/// y' = -(y - cos t) - sin t from the exact y = cos t, on steps that alternate in length; error at t = 2.
double error_with(int order, int steps) {
  const double h = 2.0 / steps;
  std::vector<double> times, values;  // latest first
  for (int i = 0; i < order; ++i) {
    times.push_back(-i * h);
    values.push_back(std::cos(-i * h));
  }
  for (int n = 0; n < steps; ++n) {
    const double t = n + 1 == steps ? 2.0 : times[0] + h * (n % 2 ? 1.25 : 0.75);
    const BdfFormula bdf = bdf_formula(order, t, times.data());
    double hat = 0;
    for (int i = 0; i < order; ++i) hat += bdf.hat[i] * values[i];
    const double y = (hat + bdf.gamma * (std::cos(t) - std::sin(t))) / (1 + bdf.gamma);
    times.insert(times.begin(), t);
    values.insert(values.begin(), y);
  }
  return std::abs(values[0] - std::cos(2.0));
}

}  // namespace

TEST_CASE("BDF of order k converges with order k on uneven steps") {
  for (int order = 1; order <= max_bdf_order; ++order) {
    const double coarse = error_with(order, 80), fine = error_with(order, 160);
    const double observed = std::log2(coarse / fine);
    std::printf("  order %d: error %.3e -> %.3e, observed order %.3f\n", order, coarse, fine, observed);
    CHECK(observed == Approx(order).margin(0.15));
  }
}

TEST_CASE("on even steps BDF has its textbook coefficients") {
  // E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, III.1: BDF2 3/2 -2 1/2; BDF3 11/6 -3 3/2 -1/3
  const double past[] = {-1, -2, -3};
  const BdfFormula two = bdf_formula(2, 0, past), three = bdf_formula(3, 0, past);
  CHECK(two.gamma == Approx(2.0 / 3));
  CHECK(two.hat[0] == Approx(4.0 / 3));
  CHECK(two.hat[1] == Approx(-1.0 / 3));
  CHECK(three.gamma == Approx(6.0 / 11));
  CHECK(three.hat[0] == Approx(18.0 / 11));
  CHECK(three.hat[1] == Approx(-9.0 / 11));
  CHECK(three.hat[2] == Approx(2.0 / 11));
}

TEST_CASE("the error weights give the leading error of a step, exact for the next power of t") {
  const double past[] = {0.9, 0.7, 0.4, 0.1, -0.3, -0.8, -1.0}, t = 1.2;
  for (int q = 1; q <= max_bdf_order; ++q) {
    const auto power = [&](double s) { return std::pow(s - 0.2, q + 1); };
    const BdfFormula bdf = bdf_formula(q, t, past);
    // One exact step of y' = d/dt (t - 0.2)^(q+1): what the formula misses is the local error.
    double y = bdf.gamma * (q + 1) * std::pow(t - 0.2, q);
    for (int i = 0; i < q; ++i) y += bdf.hat[i] * power(past[i]);
    const Weights w = error_weights(q, t, past);
    double estimate = w[0] * power(t);
    for (int i = 0; i <= q; ++i) estimate += w[i + 1] * power(past[i]);
    CHECK(std::abs(y - power(t)) == Approx(std::abs(estimate)).epsilon(1e-9));
  }
}

TEST_CASE("interpolation is exact for polynomials and reproduces the nodes") {
  const double nodes[] = {2.0, 1.1, 0.3, -0.4};
  const auto cubic = [](double t) { return 1 - 2 * t + 0.5 * t * t * t; };
  for (double t : {-0.4, 0.0, 1.1, 1.9, 2.5}) {
    const Weights w = interpolation_weights(4, t, nodes);
    double value = 0;
    for (int i = 0; i < 4; ++i) value += w[i] * cubic(nodes[i]);
    CHECK(value == Approx(cubic(t)).margin(1e-13));
  }
}
