/// Intervals from errors that nobody foresaw, and how proposals of a search widen them.
#include "surrogate/gate/calibration.hpp"

#include <array>
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
  const Eigen::VectorXd none = Eigen::VectorXd::Zero(n / 2);
  const Calibration it =
      calibrate(error.leftCols(n / 2), {variance.leftCols(n / 2), Eigen::MatrixXd::Zero(2, n / 2), none, none});
  for (int j = 0; j < 2; ++j) {
    long held = 0;
    for (long i = n / 2; i < n; ++i)
      held += std::abs(error(j, i)) <= it.half_width(variance.col(i), Eigen::Vector2d::Zero(), 0, 0)[j];
    INFO("output " << j);
    CHECK(static_cast<double>(held) / (n / 2) == Approx(0.9).margin(0.03));
  }
}

namespace {

/// Errors that grow with the distance to the data, with inputs near a bound, and where little is promised.
struct Uneven {
  Eigen::MatrixXd error;
  Places at;
};

Uneven uneven(long n, unsigned seed) {
  Random random(seed);
  Uneven it{Eigen::MatrixXd(1, n),
            {Eigen::MatrixXd::Zero(1, n), Eigen::MatrixXd(1, n), Eigen::VectorXd(n), Eigen::VectorXd(n)}};
  for (long i = 0; i < n; ++i) {
    it.at.distance[i] = random.uniform(0.2, 1);
    it.at.bounds[i] = std::floor(4 * random.uniform());
    it.at.mean(0, i) = random.normal();
    const double size = 0.1 * std::pow(it.at.distance[i], 1.5) * std::exp(0.4 * it.at.bounds[i]) *
                        (1 + std::max(0.0, -it.at.mean(0, i)));
    it.error(0, i) = size * random.normal();
  }
  return it;
}

/// The least share that the law holds of errors in any quarter of distances, bounds or promises.
double least_held(const Calibration& law, const Uneven& fresh, bool knows) {
  std::array<std::array<double, 4>, 3> held{}, all{};
  for (long i = 0; i < fresh.error.cols(); ++i) {
    const double width = knows ? law.half_width(fresh.at.variance.col(i), fresh.at.mean.col(i), fresh.at.distance[i],
                                                fresh.at.bounds[i])[0]
                               : law.half_width(fresh.at.variance.col(i), Eigen::VectorXd::Zero(1), 0, 0)[0];
    const double promise = fresh.at.mean(0, i);
    const std::array<std::size_t, 3> quarter{static_cast<std::size_t>((fresh.at.distance[i] - 0.2) / 0.2),
                                             static_cast<std::size_t>(fresh.at.bounds[i]),
                                             std::size_t(promise > -0.674) + (promise > 0) + (promise > 0.674)};
    for (std::size_t k = 0; k < 3; ++k) {
      all[k][quarter[k]] += 1;
      held[k][quarter[k]] += std::abs(fresh.error(0, i)) <= width;
    }
  }
  double least = 1;
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t q = 0; q < 4; ++q) least = std::min(least, held[k][q] / all[k][q]);
  return least;
}

}  // namespace

TEST_CASE("an interval knows its place: every quarter of distances, corners and promises is held at 85 %") {
  const Uneven seen = uneven(1000, 5), fresh = uneven(8000, 6);
  CHECK(least_held(calibrate(seen.error, seen.at), fresh, true) > 0.85);
  const Eigen::VectorXd none = Eigen::VectorXd::Zero(1000);
  const Calibration blind = calibrate(seen.error, {seen.at.variance, 0 * seen.at.mean, none, none});
  CHECK(least_held(blind, fresh, false) < 0.8);  // one width for all places
}

TEST_CASE("points nearer, and corners farther, than all that calibrated count as the nearest and farthest of these") {
  const Uneven seen = uneven(400, 5);
  const Calibration law = calibrate(seen.error, seen.at);
  const Eigen::VectorXd none = Eigen::VectorXd::Zero(1);
  CHECK(law.half_width(none, none, 1, 3)[0] > 1.3 * law.half_width(none, none, 1, 2)[0]);
  CHECK(law.half_width(none, none, 1, 9)[0] == law.half_width(none, none, 1, 3)[0]);
  CHECK(law.half_width(none, none, 0, 3)[0] == law.half_width(none, none, law.least_distance, 3)[0]);
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
