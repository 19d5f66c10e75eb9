#include "surrogate/gate/neighbourhood.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace porelith {
namespace {

constexpr double part = 0.99;    // of the points whose distances count: outliers must not widen the neighbourhood
constexpr double margin = 1.25;  // points between samples are a little further away than samples from each other
constexpr long block = 256;      // points at once: their squares stay in the first cache

}  // namespace

Neighbourhood::Neighbourhood(const Eigen::MatrixXd& X) : points_(X.transpose()) {
  std::vector<double> own;
  for (long i = 0; i < X.cols(); ++i) own.push_back(nearest(X.col(i), i));
  if (own.empty()) return;
  const auto place = own.begin() + static_cast<long>(part * static_cast<double>(own.size() - 1));
  std::nth_element(own.begin(), place, own.end());
  if (std::isfinite(*place) && *place > 0) unit_ = margin * *place;
}

double Neighbourhood::nearest(const Eigen::VectorXd& x, long except, long* which) const {
  double least = std::numeric_limits<double>::infinity();
  Eigen::Array<double, Eigen::Dynamic, 1, 0, block, 1> squares;
  Eigen::Index place = 0;
  for (long start = 0; start < points_.rows(); start += block) {
    const long count = std::min(block, points_.rows() - start);
    squares.setZero(count);
    for (long d = 0; d < points_.cols(); ++d) squares += (points_.col(d).segment(start, count) - x[d]).square();
    if (except >= start && except < start + count) squares[except - start] = std::numeric_limits<double>::infinity();
    const double here = which ? squares.minCoeff(&place) : squares.minCoeff();
    if (!(here < least)) continue;
    least = here;
    if (which) *which = start + place;
  }
  return std::sqrt(least);
}

double Neighbourhood::roughness(const Eigen::VectorXd& y) const {
  std::vector<long> order(static_cast<std::size_t>(y.size()));
  std::iota(order.begin(), order.end(), 0L);
  std::stable_sort(order.begin(), order.end(), [&](long i, long k) { return y[i] < y[k]; });
  Eigen::VectorXd rank(y.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const bool tied = k > 0 && y[order[k]] == y[order[k - 1]];
    rank[order[k]] = tied ? rank[order[k - 1]] : static_cast<double>(k);
  }
  const double variance = (rank.array() - rank.mean()).square().mean();
  if (!(variance > 0)) return 0;
  double sum = 0;
  for (long i = 0; i < y.size(); ++i) {
    long other = i;
    nearest(points_.row(i).matrix().transpose(), i, &other);
    sum += (rank[i] - rank[other]) * (rank[i] - rank[other]);
  }
  return sum / (2 * variance * static_cast<double>(y.size()));
}

double Neighbourhood::distance(const Eigen::VectorXd& x) const { return nearest(x, -1) / unit_; }

}  // namespace porelith
