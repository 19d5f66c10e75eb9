#include "surrogate/gate/neighbourhood.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

namespace porelith {
namespace {

constexpr std::size_t some = 3;  // points that make a place known: one or two may be outliers
constexpr double near = 0.8;     // of the way from the middle to a bound: 10 % of the range are left
constexpr long block = 256;      // points at once: their squares stay in the first cache

/// The `some`-th greatest; nothing of fewer.
double some_reach(std::vector<double> values) {
  if (values.size() < some) return std::numeric_limits<double>::quiet_NaN();
  const auto place = values.begin() + (some - 1);
  std::nth_element(values.begin(), place, values.end(), std::greater<>());
  return *place;
}

}  // namespace

long near_bounds(const Eigen::VectorXd& x) { return (x.array().abs() >= near).count(); }

Neighbourhood::Neighbourhood(const Eigen::MatrixXd& X) : points_(X.transpose()) {
  std::vector<double> own, cornered;
  for (long i = 0; i < X.cols(); ++i) {
    own.push_back(nearest(X.col(i), i));
    cornered.push_back(static_cast<double>(near_bounds(X.col(i))));
  }
  if (const double reach = some_reach(own); std::isfinite(reach) && reach > 0) unit_ = reach;
  if (const double reach = some_reach(cornered); reach > 0) most_near_bounds_ = static_cast<long>(reach);
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

}  // namespace porelith
