#include "surrogate/process/covariance.hpp"

#include <cmath>

namespace porelith {
namespace {

/// Matern's function f of the squared distance s and its derivatives by s, with q = sqrt(5 s). f''' is singular at 0;
/// it is only ever multiplied by fourth powers of the distance.
struct Matern {
  double f1, f2, f3;  // f', f'', f'''

  explicit Matern(double s) {
    const double q = std::sqrt(5 * s), e = std::exp(-q);
    f1 = -5.0 / 6.0 * (1 + q) * e;
    f2 = 25.0 / 12.0 * e;
    f3 = q > 0 ? -125.0 / 24.0 * e / q : 0;
  }
};

/// Distances to the points over the lengths, d x n.
Eigen::ArrayXXd differences(const Points& points, const Eigen::VectorXd& length, const Eigen::VectorXd& u) {
  return length.cwiseInverse().asDiagonal() * ((-points.X).colwise() + u);
}

long row_of(const Points& points, std::size_t place) { return points.n() + points.d() * static_cast<long>(place); }

}  // namespace

Eigen::VectorXd covariances(const Points& points, const Eigen::VectorXd& length, const Eigen::VectorXd& u) {
  const Eigen::ArrayXXd delta = differences(points, length, u);
  const Eigen::ArrayXd q = (5 * delta.square().colwise().sum().transpose()).sqrt(), e = (-q).exp();
  Eigen::VectorXd c(points.rows());
  c.head(points.n()) = (1 + q + q.square() / 3) * e;
  for (std::size_t k = 0; k < points.sloped.size(); ++k) {
    const long a = points.sloped[k];
    c.segment(row_of(points, k), points.d()) = 5.0 / 3.0 * (1 + q[a]) * e[a] * delta.col(a) / length.array();
  }
  return c;
}

Eigen::MatrixXd covariance_slopes(const Points& points, const Eigen::VectorXd& length, const Eigen::VectorXd& u) {
  const Eigen::ArrayXXd delta = differences(points, length, u);
  const Eigen::ArrayXd q = (5 * delta.square().colwise().sum().transpose()).sqrt(), e = (-q).exp();
  const Eigen::ArrayXd twice_f1 = -5.0 / 3.0 * (1 + q) * e;
  Eigen::MatrixXd c(points.rows(), points.d());
  c.topRows(points.n()) = ((delta.rowwise() * twice_f1.transpose()).colwise() / length.array()).matrix().transpose();
  for (std::size_t k = 0; k < points.sloped.size(); ++k) {
    const long a = points.sloped[k];
    const Eigen::VectorXd scaled = delta.col(a) / length.array();
    auto block = c.middleRows(row_of(points, k), points.d());
    block.noalias() = (-25.0 / 3.0 * e[a]) * scaled * scaled.transpose();
    block.diagonal().array() -= twice_f1[a] / length.array().square();
  }
  return c;
}

Eigen::MatrixXd covariance(const Points& points, const Eigen::VectorXd& length) {
  Eigen::MatrixXd C(points.rows(), points.rows());
  for (long k = 0; k < points.n(); ++k) C.col(k) = covariances(points, length, points.X.col(k));
  for (std::size_t k = 0; k < points.sloped.size(); ++k)
    C.middleCols(row_of(points, k), points.d()) = covariance_slopes(points, length, points.X.col(points.sloped[k]));
  return C;
}

Eigen::VectorXd slope_variance(const Eigen::VectorXd& length) { return (5.0 / 3.0 / length.array().square()).matrix(); }

Eigen::VectorXd by_length(const Points& points, const Eigen::VectorXd& length, const Eigen::MatrixXd& W,
                          const Eigen::MatrixXd& C) {
  const long d = points.d(), n = points.n();
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(d);
  for (long b = 0; b < n; ++b) {  // values with values
    const Eigen::ArrayXXd delta = differences(points, length, points.X.col(b));
    const Eigen::ArrayXd q = (5 * delta.square().colwise().sum().transpose()).sqrt();
    sum += delta.square().matrix() * (5.0 / 3.0 * (1 + q) * (-q).exp() * W.col(b).head(n).array()).matrix();
  }
  for (std::size_t k = 0; k < points.sloped.size(); ++k) {  // slopes at y with values and slopes at x
    const Eigen::VectorXd y = points.X.col(points.sloped[k]);
    const Eigen::MatrixXd delta = -differences(points, length, y).matrix();  // (x - y)/length
    const auto columns = W.middleCols(row_of(points, k), d);
    for (long a = 0; a < n; ++a) {
      const Matern f(delta.col(a).squaredNorm());
      const Eigen::ArrayXd e = delta.col(a).array();
      const Eigen::ArrayXd w = columns.row(a).transpose().array() / length.array();
      sum.array() += 2 * (4 * f.f2 * (w * e).sum() * e.square() + 2 * f.f1 * w * e);  // twice: W and C are symmetric
    }
    for (std::size_t i = 0; i < points.sloped.size(); ++i) {
      const Eigen::VectorXd e = delta.col(points.sloped[i]);
      const Matern f(e.squaredNorm());
      const Eigen::MatrixXd w = length.cwiseInverse().asDiagonal() * columns.middleRows(row_of(points, i), d) *
                                length.cwiseInverse().asDiagonal();
      const Eigen::VectorXd we = w * e + w.transpose() * e;
      sum.array() +=
          (4 * f.f3 * we.dot(e) + 4 * f.f2 * w.trace()) * e.array().square() + 4 * f.f2 * we.array() * e.array();
    }
  }
  // Slopes are by u, not by u over the length.
  for (std::size_t k = 0; k < points.sloped.size(); ++k)
    for (long m = 0; m < d; ++m) sum[m] -= 2 * W.col(row_of(points, k) + m).dot(C.col(row_of(points, k) + m));
  return sum;
}

}  // namespace porelith
