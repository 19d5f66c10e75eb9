#include "surrogate/process/process.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace porelith {
namespace {

constexpr double tiny = 1e-20;  // variance of an output that does not change

/// h: what a level that all values share adds to the rows.
Eigen::VectorXd shares_of(const Points& points) {
  Eigen::VectorXd h = Eigen::VectorXd::Zero(points.rows());
  h.head(points.n()).setOnes();
  return h;
}

}  // namespace

Eigen::MatrixXd noisy_covariance(const Points& points, const Habits& habits) {
  Eigen::MatrixXd C = covariance(points, habits.length);
  C.diagonal().head(points.n()).array() += habits.noise;
  const Eigen::VectorXd slopes = habits.slope_noise * slope_variance(habits.length);
  for (long row = points.n(); row < points.rows(); row += points.d()) C.diagonal().segment(row, points.d()) += slopes;
  return C;
}

Process::Process(Points points, const Eigen::MatrixXd& Y, Habits habits)
    : points_(std::move(points)), habits_(std::move(habits)) {
  factorise();
  level_ = Y.transpose() * ones_ / worth_;
  weights_ = factor_.solve(Y) - ones_ * level_.transpose();
  variance_ = (Y.cwiseProduct(weights_)).colwise().sum().transpose() / std::max(1.0, static_cast<double>(Y.rows() - 1));
  variance_ = variance_.cwiseMax(tiny);
}

Process::Process(Points points, Habits habits, Eigen::MatrixXd weights, Eigen::VectorXd level, Eigen::VectorXd variance)
    : points_(std::move(points)),
      habits_(std::move(habits)),
      weights_(std::move(weights)),
      level_(std::move(level)),
      variance_(std::move(variance)) {
  factorise();
}

void Process::factorise() {
  for (;; habits_.noise *= 10, habits_.slope_noise *= 10) {  // rounding may ask for more
    factor_.compute(noisy_covariance(points_, habits_));
    if (factor_.info() == Eigen::Success) break;
    if (!(habits_.noise < 1)) throw std::invalid_argument("a Gaussian process cannot tell its samples from each other");
  }
  ones_ = factor_.solve(shares_of(points_));
  worth_ = ones_.head(points_.n()).sum();
}

Eigen::VectorXd Process::mean(const Eigen::VectorXd& u) const {
  return level_ + weights_.transpose() * covariances(points_, habits_.length, u);
}

double Process::doubt(const Eigen::VectorXd& u) const {
  const Eigen::VectorXd c = covariances(points_, habits_.length, u);
  const double missing = 1 - ones_.dot(c);
  return std::max(0.0, 1 - factor_.matrixL().solve(c).squaredNorm() + missing * missing / worth_);
}

Eigen::VectorXd Process::doubt_slope(const Eigen::VectorXd& u) const {
  const Eigen::VectorXd c = covariances(points_, habits_.length, u);
  const Eigen::VectorXd by_row = -2 * factor_.solve(c) - 2 * (1 - ones_.dot(c)) / worth_ * ones_;
  return covariance_slopes(points_, habits_.length, u).transpose() * by_row;
}

Eigen::MatrixXd Process::slope(const Eigen::VectorXd& u) const {
  return weights_.transpose() * covariance_slopes(points_, habits_.length, u);
}

Eigen::VectorXd Process::slope_doubt(const Eigen::VectorXd& u) const {
  const Eigen::MatrixXd c = covariance_slopes(points_, habits_.length, u);
  const Eigen::VectorXd level = c.transpose() * ones_;
  return (slope_variance(habits_.length) - factor_.matrixL().solve(c).colwise().squaredNorm().transpose() +
          level.cwiseAbs2() / worth_)
      .cwiseMax(0);
}

BlindErrors Process::left_out(const std::vector<std::vector<long>>& groups) const {
  const long N = points_.rows();
  const Eigen::MatrixXd P = factor_.solve(Eigen::MatrixXd::Identity(N, N)) - ones_ * ones_.transpose() / worth_;
  BlindErrors it{Eigen::MatrixXd::Zero(outputs(), points_.n()), Eigen::MatrixXd::Zero(outputs(), points_.n())};
  for (const auto& group : groups) {
    std::vector<long> rows = group;
    for (std::size_t k = 0; k < points_.sloped.size(); ++k) {
      if (std::find(group.begin(), group.end(), points_.sloped[k]) == group.end()) continue;
      for (long m = 0; m < points_.d(); ++m) rows.push_back(points_.n() + static_cast<long>(k) * points_.d() + m);
    }
    const Eigen::MatrixXd own = P(rows, rows);
    const Eigen::LLT<Eigen::MatrixXd> factor(own);
    const Eigen::MatrixXd error = factor.solve(weights_(rows, Eigen::all));
    const Eigen::MatrixXd spread = factor.solve(Eigen::MatrixXd::Identity(own.rows(), own.rows()));
    for (std::size_t k = 0; k < group.size(); ++k) {
      const auto row = static_cast<long>(k);
      it.error.col(group[k]) = -error.row(row);
      it.variance.col(group[k]) = variance_ * std::max(0.0, spread(row, row) - habits_.noise);
    }
  }
  return it;
}

}  // namespace porelith
