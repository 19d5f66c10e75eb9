/// Ensembles, their calibration and the distance to the data.
#include "surrogate/network/ensemble.hpp"

#include <cmath>

#include "surrogate/gate/calibration.hpp"
#include "surrogate/gate/neighbourhood.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

/// y = sin(3 x), in folds 0, 1, 2, ...
Samples sine(long n, int folds, std::vector<int>& fold) {
  Samples samples{Eigen::MatrixXd(1, n), Eigen::MatrixXd(1, n)};
  Random random(7);
  fold.clear();
  for (long i = 0; i < n; ++i) {
    samples.X(0, i) = random.uniform(-1, 1);
    samples.Y(0, i) = std::sin(3 * samples.X(0, i));
    fold.push_back(static_cast<int>(i) % folds);
  }
  return samples;
}

Ensemble trained(int threads, unsigned seed) {
  std::vector<int> fold;
  const Samples samples = sine(60, 3, fold);
  Ensemble ensemble(3, {1, 8, 1}, Activation::tanh, seed);
  Training training;
  training.epochs = 60;
  ensemble.train(samples, fold, {0, 1, 2}, Eigen::VectorXd::Ones(1), training, seed, threads);
  return ensemble;
}

}  // namespace

TEST_CASE("training is the same bit for bit from its seed, on one thread or on three") {
  const Ensemble one = trained(1, 4), again = trained(1, 4), three = trained(3, 4), other = trained(1, 5);
  for (int k = 0; k < 3; ++k) {
    CHECK(one.member(k).weights() == again.member(k).weights());
    CHECK(one.member(k).weights() == three.member(k).weights());
    CHECK(one.member(k).weights() != other.member(k).weights());
  }
  CHECK(one.member(0).weights() != one.member(1).weights());
}

TEST_CASE("a member does not see its own fold, and sees all where it has none") {
  std::vector<int> fold;
  Samples samples = sine(60, 3, fold);
  Training training;
  training.epochs = 5;
  const auto weights = [&](const Samples& from, int own = 1) {
    Ensemble ensemble(1, {1, 8, 1}, Activation::tanh, 2);
    ensemble.train(from, fold, {own}, Eigen::VectorXd::Ones(1), training, 2, 1);
    return ensemble.member(0).weights();
  };
  const Eigen::VectorXd clean = weights(samples);
  Samples unseen = samples, seen = samples;
  unseen.Y(0, 1) += 1e-3;  // fold 1
  seen.Y(0, 0) += 1e-3;    // fold 0
  CHECK(weights(unseen) == clean);
  CHECK(weights(seen) != clean);
  CHECK(weights(unseen, -1) != weights(samples, -1));
}

TEST_CASE("mean and variance over the members are those of what they say") {
  const Ensemble ensemble = trained(1, 4);
  const Eigen::MatrixXd X = Eigen::RowVector3d(-0.5, 0.1, 0.9);
  Eigen::MatrixXd said(3, 3);
  for (int k = 0; k < 3; ++k) said.row(k) = ensemble.member(k).forward(X);
  const Eigen::RowVectorXd mean = said.colwise().mean();
  CHECK((ensemble.mean(X) - mean).norm() < 1e-14);
  CHECK((ensemble.variance(X) - (said.rowwise() - mean).cwiseAbs2().colwise().mean()).norm() < 1e-14);
}

TEST_CASE("calibrated intervals hold 90 % of fresh errors, evenly and unevenly spread") {
  Random random(17);
  const long n = 400, fresh = 20000;
  for (const double unevenness : {0.0, 1.0}) {
    const auto draw = [&](long count, Eigen::MatrixXd& error, Eigen::MatrixXd& variance) {
      error.resize(1, count);
      variance.resize(1, count);
      for (long i = 0; i < count; ++i) {
        const double deviation = std::exp(unevenness * random.normal());
        error(0, i) = 3 * deviation * random.normal();  // three times what the members' spread says
        variance(0, i) = deviation * deviation;
      }
    };
    Eigen::MatrixXd error, variance;
    draw(n, error, variance);
    const Calibration calibration =
        calibrate(error, {variance, 0 * variance, Eigen::VectorXd::Zero(n), Eigen::VectorXd::Zero(n)});
    draw(fresh, error, variance);
    long inside = 0;
    for (long i = 0; i < fresh; ++i)
      inside += std::abs(error(0, i)) <= calibration.half_width(variance.col(i), Eigen::VectorXd::Zero(1), 0, 0)[0];
    INFO("unevenness " << unevenness);
    CHECK(static_cast<double>(inside) / fresh == Approx(0.9).margin(0.04));
  }
}

TEST_CASE("with few samples an interval is as wide as the largest error") {
  Eigen::MatrixXd error(1, 5);
  error << 0.1, -0.2, 0.3, -0.4, 0.5;
  const Eigen::MatrixXd variance = Eigen::MatrixXd::Zero(1, 5);
  const Eigen::VectorXd none = Eigen::VectorXd::Zero(5);
  CHECK(calibrate(error, {variance, variance, none, none})
            .half_width(Eigen::VectorXd::Zero(1), Eigen::VectorXd::Zero(1), 0, 0)[0] ==
        Approx(0.5));  // 0.9 (5 + 1) > 5
}

TEST_CASE("the distance is 0 at a sample, under 1 between samples and far above 1 away from them") {
  Eigen::MatrixXd grid(2, 121);
  for (int i = 0; i < 11; ++i) {
    for (int k = 0; k < 11; ++k) grid.col(11 * i + k) << -1 + 0.2 * i, -1 + 0.2 * k;
  }
  const Neighbourhood neighbourhood(grid);
  CHECK(neighbourhood.distance(grid.col(60)) == 0);
  CHECK(neighbourhood.distance(Eigen::Vector2d(0.1, 0.1)) == Approx(std::sqrt(2) * 0.1 / 0.2));
  CHECK(neighbourhood.distance(Eigen::Vector2d(2, 0)) == Approx(1 / 0.2));
}

TEST_CASE("noise is told from what inputs decide, whatever its distribution") {
  Random random(23);
  Eigen::MatrixXd X(4, 300);
  Eigen::VectorXd smooth(300), noise(300), heavy(300);
  for (long i = 0; i < 300; ++i) {
    for (long d = 0; d < 4; ++d) X(d, i) = random.uniform(-1, 1);
    smooth[i] = std::exp(X(0, i)) + X(1, i) * X(2, i);
    noise[i] = 1e-12 * random.uniform();
    heavy[i] = std::pow(random.normal(), 9);
  }
  const Neighbourhood neighbourhood(X);
  CHECK(neighbourhood.roughness(smooth) < 0.5);
  CHECK(neighbourhood.roughness(noise) > 0.8);
  CHECK(neighbourhood.roughness(heavy) > 0.8);
  CHECK(neighbourhood.roughness(Eigen::VectorXd::Constant(300, 4.2)) == 0);
}
