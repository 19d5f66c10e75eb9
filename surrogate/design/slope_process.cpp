#include "surrogate/design/slope_process.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlopt.hpp>

namespace porelith {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Rows = std::vector<std::pair<Index, Index>>;

const double root5 = std::sqrt(5.0);
constexpr double usual_length = 1.5;   // of a smooth result, of the cube's edge
constexpr double length_spread = 1.0;  // of its logarithm
constexpr double noise_spread = 2.0;
constexpr double least_length = 0.03, most_length = 30;
constexpr int most_looks = 60;

/// k and what its slopes are made of, at a distance r: dk/du_i = -first t_i, d2k/du_i dv_j = first delta_ij/l_i^2 -
/// second t_i t_j, with t_i = (u_i - v_i)/l_i^2.
struct Kernel {
  double value, first, second;
  explicit Kernel(double r) {
    const double s = root5 * r, e = std::exp(-s);
    value = (1 + s + s * s / 3) * e;
    first = 5.0 / 3 * (1 + s) * e;
    second = 25.0 / 3 * e;
  }
};

double covariance(const Kernel& k, const VectorXd& t, const VectorXd& inverse_square, Index a, Index b) {
  if (a < 0 && b < 0) return k.value;
  if (a < 0) return k.first * t[b];   // by the second point
  if (b < 0) return -k.first * t[a];  // by the first
  return (a == b ? k.first * inverse_square[a] : 0.0) - k.second * t[a] * t[b];
}

MatrixXd covariances(const MatrixXd& u, const Rows& rows, const ProcessShape& shape) {
  const VectorXd lengths = shape.log_lengths.array().exp();
  const VectorXd inverse_square = lengths.array().square().inverse();
  const double noise = std::exp(2 * shape.log_noise), slope_noise = std::exp(2 * shape.log_slope_noise);
  const auto n = static_cast<Index>(rows.size());
  MatrixXd K(n, n);
  for (Index i = 0; i < n; ++i) {
    Index last = -1;
    VectorXd t;
    Kernel k(0);
    for (Index j = 0; j <= i; ++j) {
      const auto [p, a] = rows[static_cast<std::size_t>(i)];
      const auto [q, b] = rows[static_cast<std::size_t>(j)];
      if (q != last) {
        const VectorXd difference = u.col(p) - u.col(q);
        t = difference.cwiseProduct(inverse_square);
        k = Kernel(std::sqrt(difference.dot(t)));
        last = q;
      }
      K(i, j) = K(j, i) = covariance(k, t, inverse_square, a, b);
    }
    const Index a = rows[static_cast<std::size_t>(i)].second;
    K(i, i) += a < 0 ? noise : slope_noise * inverse_square[a];
  }
  return K;
}

}  // namespace

ProcessShape SlopeProcess::usual(Index dimension) { return {VectorXd::Constant(dimension, std::log(usual_length))}; }

/// -log likelihood of the shape with the level and the deviation that are best for it, and of the prior.
struct SlopeProcess::Likelihood {
  const MatrixXd& u;
  const Rows& rows;
  const VectorXd& y;
  const VectorXd& ones;

  double at(const ProcessShape& shape) const {
    const Eigen::LLT<MatrixXd> factor(covariances(u, rows, shape));
    if (factor.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
    const VectorXd by_ones = factor.solve(ones);
    const double m = by_ones.dot(y) / by_ones.dot(ones);
    const VectorXd r = y - m * ones;
    const auto n = static_cast<double>(rows.size());
    const double variance = (r.dot(factor.solve(r)) + 1) / (n + 1);  // a first guess of 1 counts as one row
    const VectorXd diagonal = factor.matrixLLT().diagonal();
    const auto far = [](double value, double usual, double spread) {
      return 0.5 * std::pow((value - usual) / spread, 2);
    };
    double prior = 0;
    for (const double l : shape.log_lengths) prior += far(l, std::log(usual_length), length_spread);
    prior += far(shape.log_noise, ProcessShape{}.log_noise, noise_spread) +
             far(shape.log_slope_noise, ProcessShape{}.log_slope_noise, noise_spread);
    return 0.5 * (n + 1) * std::log(variance) + diagonal.array().log().sum() + prior;
  }
};

SlopeProcess::SlopeProcess(const KnownPoints& known, const ProcessShape& first, bool search)
    : known_(known), shape_(first) {
  const Index n = known.u.cols(), d = known.u.rows();
  for (Index k = 0; k < n; ++k) rows_.emplace_back(k, -1);
  for (Index k = 0; k < n; ++k)
    for (Index i = 0; i < d; ++i)
      if (std::isfinite(known.slopes(i, k))) rows_.emplace_back(k, i);
  level_ = known.values.mean();
  double sum = 0;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const auto [k, i] = rows_[r];
    sum += i < 0 ? std::pow(known.values[k] - level_, 2) : std::pow(known.slopes(i, k), 2) / 4;
  }
  scale_ = std::max(std::sqrt(sum / static_cast<double>(rows_.size())), 1e-12 * (1e-300 + std::abs(level_)));
  VectorXd y(rows_.size());
  ones_ = VectorXd::Zero(y.size());
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const auto [k, i] = rows_[r];
    y[static_cast<Index>(r)] = (i < 0 ? known.values[k] - level_ : known.slopes(i, k)) / scale_;
    if (i < 0) ones_[static_cast<Index>(r)] = 1;
  }
  if (search) {
    const Likelihood likelihood{known_.u, rows_, y, ones_};
    const auto shape_of = [d](const std::vector<double>& p) {
      ProcessShape shape;
      shape.log_lengths = Eigen::Map<const VectorXd>(p.data(), d);
      shape.log_noise = p[static_cast<std::size_t>(d)];
      shape.log_slope_noise = p[static_cast<std::size_t>(d) + 1];
      return shape;
    };
    nlopt::opt opt(nlopt::LN_BOBYQA, static_cast<unsigned>(d + 2));
    struct Wanted {
      const Likelihood& likelihood;
      decltype(shape_of)& shape;
    } wanted{likelihood, shape_of};
    opt.set_min_objective(
        [](const std::vector<double>& p, std::vector<double>&, void* data) {
          const auto& w = *static_cast<Wanted*>(data);
          const double value = w.likelihood.at(w.shape(p));
          return std::isfinite(value) ? value : 1e10;
        },
        &wanted);
    std::vector<double> low(static_cast<std::size_t>(d), std::log(least_length)),
        high(static_cast<std::size_t>(d), std::log(most_length));
    low.insert(low.end(), {std::log(1e-7), std::log(1e-6)});
    high.insert(high.end(), {std::log(0.3), std::log(1.0)});
    opt.set_lower_bounds(low);
    opt.set_upper_bounds(high);
    opt.set_initial_step(0.3);
    opt.set_ftol_abs(1e-2);
    opt.set_maxeval(most_looks);
    std::vector<double> p(shape_.log_lengths.data(), shape_.log_lengths.data() + d);
    p.insert(p.end(), {shape_.log_noise, shape_.log_slope_noise});
    for (std::size_t i = 0; i < p.size(); ++i) p[i] = std::clamp(p[i], low[i], high[i]);
    double value = 0;
    try {
      opt.optimize(p, value);
    } catch (const nlopt::roundoff_limited&) {
    }
    shape_ = shape_of(p);
  }
  lengths_ = shape_.log_lengths.array().exp();
  MatrixXd K = covariances(known_.u, rows_, shape_);
  for (double more = 1e-12; factor_.compute(K), factor_.info() != Eigen::Success; more *= 10)
    K.diagonal().array() += more;
  ones_ = factor_.solve(ones_).eval();
  VectorXd one = VectorXd::Zero(y.size());
  one.head(n).setOnes();
  mean_ = ones_.dot(y) / ones_.dot(one);
  weights_ = factor_.solve(y - mean_ * one);
  deviation_ = std::sqrt((weights_.dot(y - mean_ * one) + 1) / (static_cast<double>(y.size()) + 1));
}

VectorXd SlopeProcess::row(const VectorXd& u) const {
  VectorXd k(static_cast<Index>(rows_.size()));
  const VectorXd inverse_square = lengths_.array().square().inverse();
  Index last = -1;
  VectorXd t;
  Kernel kernel(0);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const auto [q, b] = rows_[r];
    if (q != last) {
      const VectorXd difference = u - known_.u.col(q);
      t = difference.cwiseProduct(inverse_square);
      kernel = Kernel(std::sqrt(difference.dot(t)));
      last = q;
    }
    k[static_cast<Index>(r)] = covariance(kernel, t, inverse_square, -1, b);
  }
  return k;
}

double SlopeProcess::mean(const VectorXd& u, VectorXd* slope) const {
  const VectorXd inverse_square = lengths_.array().square().inverse();
  if (slope != nullptr) slope->setZero(u.size());
  double sum = mean_;
  Index last = -1;
  VectorXd t;
  Kernel k(0);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const auto [q, b] = rows_[r];
    if (q != last) {
      const VectorXd difference = u - known_.u.col(q);
      t = difference.cwiseProduct(inverse_square);
      k = Kernel(std::sqrt(difference.dot(t)));
      last = q;
    }
    const double w = weights_[static_cast<Index>(r)];
    sum += w * covariance(k, t, inverse_square, -1, b);
    if (slope == nullptr) continue;
    if (b < 0) {
      *slope -= w * k.first * t;
    } else {
      *slope -= w * k.second * t[b] * t;
      (*slope)[b] += w * k.first * inverse_square[b];
    }
  }
  if (slope != nullptr) *slope *= scale_;
  return level_ + scale_ * sum;
}

double SlopeProcess::deviation(const VectorXd& u) const {
  const VectorXd k = row(u), solved = factor_.solve(k);
  double one = 0;
  for (std::size_t r = 0; r < rows_.size(); ++r)
    if (rows_[r].second < 0) one += solved[static_cast<Index>(r)];
  double ones = 0;
  for (std::size_t r = 0; r < rows_.size(); ++r)
    if (rows_[r].second < 0) ones += ones_[static_cast<Index>(r)];
  const double left = 1 - k.dot(solved) + std::pow(1 - one, 2) / ones;
  return scale_ * deviation_ * std::sqrt(std::max(left, 0.0));
}

}  // namespace porelith
