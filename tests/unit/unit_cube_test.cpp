/// The one map between designs and the unit cube: there and back, its slope, and what surrogates make of it.
#include "surrogate/dataset/unit_cube.hpp"

#include <cmath>

#include "solver/base/random.hpp"
#include "surrogate/gate/axis.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

UnitCube cube() {
  return UnitCube({{"a", -2, 3, false, false, 0}, {"b", 1e-6, 1e-3, true, false, 1e-5}, {"n", 2, 5, false, true, 2}});
}

}  // namespace

TEST_CASE("a design goes to the cube and comes back, logarithmic ones too") {
  Random random(4);
  for (int k = 0; k < 100; ++k) {
    const Eigen::Vector3d u(random.uniform(), random.uniform(), random.uniform());
    const std::vector<double> x = cube().point(u);
    CHECK((cube().unit(x) - u).lpNorm<Eigen::Infinity>() < 1e-14);
    CHECK(x[0] == Approx(-2 + 5 * u[0]).margin(1e-14));
    CHECK(std::log10(x[1]) == Approx(-6 + 3 * u[1]).margin(1e-13));
  }
  CHECK(cube().point(Eigen::Vector3d(0, 0, 0)) == std::vector<double>{-2, 1e-6, 2});
  CHECK(cube().unit({9, 1, 9}) == Eigen::Vector3d(1, 1, 1));
}

TEST_CASE("the map's slope equals central differences") {
  constexpr double h = 1e-6;
  const Eigen::Vector3d u(0.3, 0.6, 0.4);
  const Eigen::VectorXd slope = cube().slope(cube().point(u));
  for (int k = 0; k < 3; ++k) {
    const Eigen::Vector3d step = h * Eigen::Vector3d::Unit(k);
    const double numeric = (cube().point(u + step)[k] - cube().point(u - step)[k]) / (2 * h);
    CHECK(slope[k] == Approx(numeric).epsilon(1e-8));
  }
}

TEST_CASE("every whole number has the same share of the cube, and rounding keeps within the bounds") {
  int count[4] = {};
  for (int k = 0; k < 4000; ++k) ++count[static_cast<int>(cube().design({0, 0, (k + 0.5) / 4000})[2]) - 2];
  for (const int n : count) CHECK(n == 1000);
  CHECK(cube().rounded({0.4, 1e-5, 4.6}) == std::vector<double>{0.4, 1e-5, 5});
  CHECK(cube().rounded({0, 1e-5, 7})[2] == 5);
}
