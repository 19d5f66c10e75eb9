/// Intervals from errors that nobody foresaw, and how proposals of a search widen them.
#include "surrogate/gate/calibration.hpp"

#include <cmath>

#include "solver/base/random.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

TEST_CASE("calibrated intervals hold 90 % of further errors, whatever their spread tells") {
  Random random(3);
  const long n = 4000;
  Eigen::MatrixXd error(2, n), variance(2, n);
  for (long i = 0; i < n; ++i) {
    const double deviation = std::exp(random.normal());
    error(0, i) = deviation * random.normal();  // its spread foretells the error
    error(1, i) = random.normal();              // its spread says nothing
    variance(0, i) = variance(1, i) = deviation * deviation;
  }
  const Calibration it = calibrate(error.leftCols(n / 2), variance.leftCols(n / 2));
  for (int j = 0; j < 2; ++j) {
    long held = 0;
    for (long i = n / 2; i < n; ++i) held += std::abs(error(j, i)) <= it.half_width(variance.col(i))[j];
    INFO("output " << j);
    CHECK(static_cast<double>(held) / (n / 2) == Approx(0.9).margin(0.03));
  }
}

TEST_CASE("intervals of proposals are widened by what their answers show, never narrowed, and forget") {
  Widening widening;
  CHECK_FALSE(widening.known());
  CHECK(widening.factor() == 1);
  for (const double ratio : {0.2, 3.0, 0.4, 2.0, 0.1, 1.5, 0.3}) widening.add(ratio);
  CHECK_FALSE(widening.known());  // seven answers do not tell
  widening.add(0.5);
  CHECK(widening.known());
  CHECK(widening.factor() == 3);  // of eight answers the largest
  for (int k = 0; k < 24; ++k) widening.add(0.05 * k);
  CHECK(widening.factor() == Approx(1.15));  // of the last sixteen the largest
  for (int k = 0; k < 24; ++k) widening.add(0.3);
  CHECK(widening.factor() == 1);
  widening.forget();
  CHECK_FALSE(widening.known());
}

TEST_CASE("widened intervals hold 90 % of the answers to proposals whose errors are three times as large") {
  Random random(7);
  Widening widening;
  long held = 0, asked = 0;
  for (int k = 0; k < 2000; ++k) {
    const double ratio = 3 * std::abs(random.normal()) / 1.645;  // 1.645: the normal's 90 % half width
    if (widening.known()) ++asked, held += ratio <= widening.factor();
    widening.add(ratio);
  }
  CHECK(static_cast<double>(held) / asked == Approx(0.94).margin(0.02));  // the largest of 16 holds 16 of 17
}
