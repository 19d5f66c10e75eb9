/// Gaussian processes with slopes, and the descent that finds their lengths.
#include "surrogate/process/process.hpp"

#include <Eigen/LU>
#include <cmath>

#include "solver/base/random.hpp"
#include "surrogate/network/lbfgs.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

double truth(const Eigen::VectorXd& u) { return std::sin(1.3 * u[0]) + 0.4 * u[0] * u[1] - 0.3 * u[1] * u[1]; }
Eigen::VectorXd true_slope(const Eigen::VectorXd& u) {
  return Eigen::Vector2d(1.3 * std::cos(1.3 * u[0]) + 0.4 * u[1], 0.4 * u[0] - 0.6 * u[1]);
}

struct Known {
  Points points;
  Eigen::MatrixXd Y;
};

/// Values at n points, slopes at every `every`-th.
Known known(long n, long every) {
  Known it{{Eigen::MatrixXd(2, n), {}}, {}};
  Random random(5);
  for (double& u : it.points.X.reshaped()) u = random.uniform(-1, 1);
  for (long k = 0; every > 0 && k < n; k += every) it.points.sloped.push_back(k);
  it.Y.resize(it.points.rows(), 1);
  for (long k = 0; k < n; ++k) it.Y(k, 0) = truth(it.points.X.col(k));
  for (std::size_t k = 0; k < it.points.sloped.size(); ++k)
    it.Y.col(0).segment(n + 2 * static_cast<long>(k), 2) = true_slope(it.points.X.col(it.points.sloped[k]));
  return it;
}

double matern(double r) { return (1 + std::sqrt(5) * r + 5 * r * r / 3) * std::exp(-std::sqrt(5) * r); }

const Habits usual{Eigen::Vector2d(0.9, 1.7), 1e-6, 1e-6};

}  // namespace

TEST_CASE("a descent finds Rosenbrock's valley and its end") {
  const Smooth rosenbrock = [](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
    const double a = 1 - x[0], b = x[1] - x[0] * x[0];
    gradient = Eigen::Vector2d(-2 * a - 400 * b * x[0], 200 * b);
    return a * a + 100 * b * b;
  };
  Eigen::VectorXd x = Eigen::Vector2d(-1.2, 1);
  const auto values = descend(rosenbrock, x, {200, 1e-9, 0});
  CHECK((x - Eigen::Vector2d(1, 1)).norm() < 1e-6);
  CHECK(values.size() < 60);
  for (std::size_t k = 1; k < values.size(); ++k) CHECK(values[k] <= values[k - 1]);
}

TEST_CASE("covariances with slopes are the derivatives of those with values") {
  const Known it = known(4, 2);
  const Eigen::Vector2d u(0.3, -0.2);
  constexpr double h = 1e-6;
  for (long k = 0; k < 4; ++k) {
    const double r = (it.points.X.col(k) - u).cwiseQuotient(usual.length).norm();
    CHECK(covariances(it.points, usual.length, u)[k] == Approx(matern(r)).epsilon(1e-12));
  }
  const Eigen::MatrixXd slopes = covariance_slopes(it.points, usual.length, u);
  for (long m = 0; m < 2; ++m) {
    const Eigen::Vector2d step = h * Eigen::Vector2d::Unit(m);
    const Eigen::VectorXd numeric =
        (covariances(it.points, usual.length, u + step) - covariances(it.points, usual.length, u - step)) / (2 * h);
    CHECK((slopes.col(m) - numeric).norm() < 1e-8);
  }
  const Eigen::MatrixXd C = covariance(it.points, usual.length);
  CHECK((C - C.transpose()).norm() < 1e-14);
  Points moved{it.points.X, {}};
  for (long m = 0; m < 2; ++m) {  // the slope at a known point, by moving the point
    const Eigen::Vector2d step = h * Eigen::Vector2d::Unit(m);
    const double numeric =
        (matern((it.points.X.col(2) + step - it.points.X.col(1)).cwiseQuotient(usual.length).norm()) -
         matern((it.points.X.col(2) - step - it.points.X.col(1)).cwiseQuotient(usual.length).norm())) /
        (2 * h);
    CHECK(C(1, 4 + 2 + m) == Approx(numeric).epsilon(1e-6));
  }
}

TEST_CASE("a process is what the textbook's formulas say of a small case") {
  const Known it = known(3, 0);
  const Process process(it.points, it.Y, usual);
  Eigen::Matrix3d C;
  Eigen::Vector3d c;
  const Eigen::Vector2d u(0.1, 0.4);
  for (int i = 0; i < 3; ++i) {
    c[i] = matern((it.points.X.col(i) - u).cwiseQuotient(usual.length).norm());
    for (int k = 0; k < 3; ++k)
      C(i, k) =
          matern((it.points.X.col(i) - it.points.X.col(k)).cwiseQuotient(usual.length).norm()) + (i == k ? 1e-6 : 0);
  }
  // The best linear unbiased prediction by its own equations: [C h; h' 0] [w; m] = [c; 1].
  Eigen::Matrix4d system = Eigen::Matrix4d::Ones();
  system.topLeftCorner(3, 3) = C;
  system(3, 3) = 0;
  Eigen::Vector4d right;
  right << c, 1;
  const Eigen::Vector4d w = system.inverse() * right;
  CHECK(process.mean(u)[0] == Approx(w.head(3).dot(it.Y.col(0))).epsilon(1e-9));
  CHECK(process.doubt(u) == Approx(1 - w.dot(right)).epsilon(1e-7));
}

TEST_CASE("a process reproduces values and slopes where it knows them, and doubts little there") {
  const Known it = known(8, 2);
  const Process process(it.points, it.Y, {usual.length, 1e-8, 1e-8});
  for (long k = 0; k < 8; ++k) {
    const Eigen::VectorXd u = it.points.X.col(k);
    CHECK(process.mean(u)[0] == Approx(truth(u)).margin(1e-6));
    CHECK(process.doubt(u) < 1e-7);
  }
  for (const long k : it.points.sloped) {
    const Eigen::VectorXd u = it.points.X.col(k);
    CHECK((process.slope(u).transpose() - true_slope(u)).norm() < 1e-5);
    CHECK(process.slope_doubt(u).maxCoeff() < 1e-6);
  }
  CHECK(process.slope_doubt(it.points.X.col(1)).maxCoeff() > 1e-6);
}

TEST_CASE("slopes of mean and doubt equal central differences") {
  const Known it = known(7, 3);
  const Process process(it.points, it.Y, usual);
  const Eigen::Vector2d u(0.15, -0.35);
  constexpr double h = 1e-5;
  for (long m = 0; m < 2; ++m) {
    const Eigen::Vector2d step = h * Eigen::Vector2d::Unit(m);
    CHECK(process.slope(u)(0, m) ==
          Approx((process.mean(u + step)[0] - process.mean(u - step)[0]) / (2 * h)).epsilon(1e-7));
    CHECK(process.doubt_slope(u)[m] ==
          Approx((process.doubt(u + step) - process.doubt(u - step)) / (2 * h)).epsilon(1e-6));
  }
}

TEST_CASE("the slope of the likelihood equals central differences, with slopes among the data and without") {
  for (const long every : {0L, 2L}) {
    Known it = known(9, every);
    it.Y.conservativeResize(Eigen::NoChange, 2);
    Random random(8);
    for (long row = 0; row < it.Y.rows(); ++row) it.Y(row, 1) = it.Y(row, 0) + 0.1 * random.normal();
    Eigen::VectorXd x(4), gradient, unused;
    x << -0.3, 0.4, -4, -3;
    surprise(it.points, it.Y, x, gradient);
    for (long k = 0; k < 4; ++k) {
      const Eigen::VectorXd step = 1e-5 * Eigen::VectorXd::Unit(4, k);
      const double numeric =
          (surprise(it.points, it.Y, x + step, unused) - surprise(it.points, it.Y, x - step, unused)) / 2e-5;
      INFO(every << ' ' << k);
      CHECK(gradient[k] == Approx(numeric).epsilon(1e-6).margin(1e-7));
    }
  }
}

TEST_CASE("what a process says of samples left out is what it says without them") {
  const Known it = known(8, 2);
  const BlindErrors left = Process(it.points, it.Y, usual).left_out({{2, 5}, {1}});
  Known rest{{Eigen::MatrixXd(2, 6), {}}, {}};
  std::vector<long> rows;
  for (const long k : {0, 1, 3, 4, 6, 7}) {
    rest.points.X.col(static_cast<long>(rows.size())) = it.points.X.col(k);
    rows.push_back(k);
  }
  rest.points.sloped = {0, 3, 4};                                     // 0, 4 and 6
  for (const long row : {8, 9, 12, 13, 14, 15}) rows.push_back(row);  // their slopes; 10 and 11 are sample 2's
  rest.Y = it.Y(rows, Eigen::all);
  const Process fewer(rest.points, rest.Y, usual);
  for (const long k : {2L, 5L}) {
    const Eigen::VectorXd u = it.points.X.col(k);
    CHECK(left.error(0, k) == Approx(fewer.mean(u)[0] - truth(u)).epsilon(1e-7));
    CHECK(left.variance(0, k) > 0);
  }
  CHECK(left.error(0, 0) == 0);
}

TEST_CASE("the likeliest lengths tell which input counts, and its noise what is noise") {
  Known it = known(40, 0);
  for (long k = 0; k < 40; ++k) it.Y(k, 0) = std::sin(2 * it.points.X(0, k));
  const Habits found = likeliest(it.points, it.Y);
  CHECK(found.length[1] > 5 * found.length[0]);
  CHECK(found.noise < 1e-4);
  Random random(4);
  for (double& y : it.Y.reshaped()) y = random.normal();
  CHECK(with_likeliest_noise(it.points, it.Y, found).front().noise >= 1e-2);
}
