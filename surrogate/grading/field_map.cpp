#include "surrogate/grading/field_map.hpp"

#include <algorithm>
#include <cmath>

namespace porelith {

using Eigen::Index;
using Eigen::VectorXd;
using Entries = std::vector<Eigen::Triplet<double>>;

FieldMap::FieldMap(const GradedVolumes& volumes, double low, double high)
    : volume_(Eigen::Map<const VectorXd>(volumes.volume.data(), static_cast<Index>(volumes.size()))),
      low_(low),
      high_(high) {}

FieldMap FieldMap::filtered(const GradedVolumes& volumes, double radius, double low, double high) {
  FieldMap map(volumes, low, high);
  const std::size_t n = volumes.size();
  std::vector<std::size_t> by_depth(n);
  for (std::size_t i = 0; i < n; ++i) by_depth[i] = i;
  const auto depth = [&](std::size_t i) { return volumes.place[i][0]; };
  std::sort(by_depth.begin(), by_depth.end(), [&](std::size_t a, std::size_t b) { return depth(a) < depth(b); });
  Entries entries;
  std::size_t first = 0;
  for (const std::size_t i : by_depth) {
    while (depth(i) - depth(by_depth[first]) >= radius && by_depth[first] != i) ++first;
    Entries row;
    double sum = 0;
    for (std::size_t k = first; k < n && (by_depth[k] == i || depth(by_depth[k]) - depth(i) < radius); ++k) {
      const std::size_t j = by_depth[k];
      const double distance = std::hypot(depth(j) - depth(i), volumes.place[j][1] - volumes.place[i][1]);
      const double weight =
          i == j ? std::max(radius, 1e-30) * volumes.volume[j] : (radius - distance) * volumes.volume[j];
      if (!(weight > 0)) continue;
      row.emplace_back(static_cast<int>(i), static_cast<int>(j), weight);
      sum += weight;
    }
    for (const auto& entry : row) entries.emplace_back(entry.row(), entry.col(), entry.value() / sum);
  }
  map.weights_.resize(static_cast<Index>(n), static_cast<Index>(n));
  map.weights_.setFromTriplets(entries.begin(), entries.end());
  return map;
}

FieldMap FieldMap::layered(const GradedVolumes& volumes, int layers, double low, double high) {
  FieldMap map(volumes, low, high);
  Entries entries;
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    const double from = volumes.xi_from[i] * layers, to = volumes.xi_to[i] * layers;
    for (int k = std::clamp(static_cast<int>(std::floor(from)), 0, layers - 1); k < layers && k < to; ++k) {
      const double share = (std::min(to, k + 1.0) - std::max(from, static_cast<double>(k))) / (to - from);
      if (share > 1e-9) entries.emplace_back(static_cast<int>(i), k, share);
    }
  }
  map.weights_.resize(static_cast<Index>(volumes.size()), layers);
  map.weights_.setFromTriplets(entries.begin(), entries.end());
  const VectorXd sums = map.weights_ * VectorXd::Ones(layers);
  map.weights_ = sums.cwiseInverse().asDiagonal() * map.weights_;
  return map;
}

double FieldMap::mean(const std::vector<double>& eps) const {
  const double mean = volume_.dot(Eigen::Map<const VectorXd>(eps.data(), static_cast<Index>(eps.size())));
  return std::clamp(mean, low_, high_);  // within the bounds but for rounding
}

VectorXd FieldMap::numbers_of(const std::vector<double>& eps) const {
  const Eigen::Map<const VectorXd> field(eps.data(), static_cast<Index>(eps.size()));
  const VectorXd weight = weights_.transpose() * volume_;
  return (weights_.transpose() * volume_.cwiseProduct(field)).cwiseQuotient(weight).cwiseMax(low_).cwiseMin(high_);
}

FieldMap::Field FieldMap::field(const VectorXd& q, std::optional<double> mean) const {
  const VectorXd smooth = weights_ * q;
  const auto shifted = [&](double shift) -> VectorXd { return (smooth.array() + shift).max(low_).min(high_).matrix(); };
  Field field;
  if (mean) {  // the mean rises with the shift, from low to high: a root is between, and steps of Newton stay there
    double below = low_ - high_, above = high_ - low_, shift = *mean - volume_.dot(smooth);
    for (int k = 0; k < 100; ++k) {
      const VectorXd now = shifted(shift);
      const double missing = *mean - volume_.dot(now);
      if (std::abs(missing) < 1e-16) break;
      (missing > 0 ? below : above) = shift;
      double free = 0;
      for (Index i = 0; i < now.size(); ++i)
        if (now[i] > low_ && now[i] < high_) free += volume_[i];
      const double next = free > 0 ? shift + missing / free : below;
      const double last = shift;
      shift = next > below && next < above ? next : (below + above) / 2;
      if (shift == last) break;
    }
    field.shift = shift;
  }
  const VectorXd eps = shifted(field.shift);
  field.eps.assign(eps.data(), eps.data() + eps.size());
  for (Index i = 0; i < eps.size(); ++i) {
    const double wanted = smooth[i] + field.shift;
    field.free.push_back(wanted > low_ - 1e-13 && wanted < high_ + 1e-13);
  }
  return field;
}

FieldMap::Slopes FieldMap::pull(const Field& field, bool mean_asked, const VectorXd& by_eps) const {
  VectorXd by_smooth = by_eps;
  double sum = 0, volume = 0;
  for (Index i = 0; i < by_eps.size(); ++i) {
    if (!field.free[static_cast<std::size_t>(i)])
      by_smooth[i] = 0;
    else
      sum += by_eps[i], volume += volume_[i];
  }
  Slopes slopes;
  if (mean_asked && volume > 0) {  // (D11) d(shift) = (d(mean) - sum of volume d(smooth))/volume, over those free
    slopes.by_mean = sum / volume;
    for (Index i = 0; i < by_smooth.size(); ++i)
      if (field.free[static_cast<std::size_t>(i)]) by_smooth[i] -= volume_[i] * slopes.by_mean;
  }
  slopes.by_numbers = weights_.transpose() * by_smooth;
  return slopes;
}

}  // namespace porelith
