/// Numbers with slopes against closed forms.
#include "solver/base/dual.hpp"

#include "tests/support/catch.hpp"

using namespace porelith;

TEST_CASE("a dual number carries value and every slope through arithmetic and functions") {
  const Dual<2> x(0.7, {1, 0}), y(1.9, {0, 1});
  const auto holds = [](const Dual<2>& f, double value, double by_x, double by_y) {
    CHECK(value_of(f) == Approx(value).epsilon(1e-15));
    CHECK(f.slope[0] == Approx(by_x).epsilon(1e-15));
    CHECK(f.slope[1] == Approx(by_y).epsilon(1e-15));
  };
  holds(2 - x + 3 * y, 2 - 0.7 + 5.7, -1, 3);
  holds(x * y, 1.33, 1.9, 0.7);
  holds(x / y, 0.7 / 1.9, 1 / 1.9, -0.7 / (1.9 * 1.9));
  holds(-1 / x, -1 / 0.7, 1 / 0.49, 0);
  holds(sqrt(x * x + y), std::sqrt(2.39), 0.7 / std::sqrt(2.39), 0.5 / std::sqrt(2.39));
  holds(log(x * y), std::log(1.33), 1 / 0.7, 1 / 1.9);
  holds(asinh(x / y), std::asinh(0.7 / 1.9), 1 / std::hypot(0.7, 1.9), -0.7 / 1.9 / std::hypot(0.7, 1.9));
  holds(chained(x, 5, 3), 5, 3, 0);
  Dual<2> sum(1);
  sum += x;
  sum -= y;
  holds(sum, 1 + 0.7 - 1.9, 1, -1);
  CHECK(x < y);
  CHECK(y > 1.5);
}
