#include "surrogate/gate/calibration.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace porelith {
namespace {

constexpr double smallest = 1e-9;       // keeps outputs finite that are exact
constexpr std::size_t remembered = 16;  // ratios of proposals: older ones were of worse networks
constexpr std::size_t telling = 8;      // the largest of so many holds the next in 8 cases of 9

constexpr double least_spread = 1;  // of its root mean square: it is small where it has learned by heart
constexpr double nearest = 0.1;  // share of the distances that count as one: nearer than these it has learned by heart
constexpr double loose = 0.5;    // deviation of a slope before errors are seen, by a feature of deviation 1
constexpr int parts = 5;         // that slopes are fitted without, in turn
constexpr int sweeps = 60;       // of the fit: it is convex, smooth and of four numbers

/// What ln of a half width is linear in.
using Features = std::array<double, 5>;
Features features(double variance, double floor, double mean, double distance, double bounds) {
  return {0.5 * std::log(variance + floor * floor), std::log(distance), bounds, std::log1p(std::max(mean, 0.0)),
          std::log1p(std::max(-mean, 0.0))};
}
using Columns = std::array<Eigen::ArrayXd, 5>;  ///< a feature each: of all samples

/// The slopes, none negative, of ln E|e| by features, by the greatest posterior likelihood.
/// @param rest |e|, n
Features slopes_of(Eigen::ArrayXd rest, Columns by) {
  for (Eigen::ArrayXd& column : by) column -= column.mean();
  Features slope{};
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    rest /= std::max(rest.mean(), smallest);  // |e| over its foreseen mean, of which the constant is free
    for (std::size_t k = 0; k < by.size(); ++k) {
      const double deviation = std::sqrt(by[k].square().mean());
      if (!(deviation > smallest)) continue;
      const double prior = deviation * deviation / (loose * loose);
      const double down = prior * slope[k] - (rest * by[k]).sum();
      const double bend = prior + (rest * by[k].square()).sum();
      const double reach = 1 / deviation;  // of a step: far from the summit a parabola overshoots
      const double next = std::max(0.0, slope[k] - std::clamp(down / bend, -reach, reach));
      rest *= ((slope[k] - next) * by[k]).exp();
      slope[k] = next;
    }
  }
  return slope;
}

Columns every(const Columns& all, const Eigen::ArrayXi& rows) {
  Columns some;
  for (std::size_t k = 0; k < all.size(); ++k) some[k] = all[k](rows);
  return some;
}

/// |e| over its foreseen size up to a factor, each by slopes that have not seen it.
Eigen::ArrayXd unseen_ratios(const Eigen::ArrayXd& size, const Columns& by) {
  Eigen::ArrayXd ratio(size.size());
  for (int part = 0; part < parts; ++part) {
    std::vector<int> seen, unseen;
    for (int i = 0; i < size.size(); ++i) (i % parts == part ? unseen : seen).push_back(i);
    if (unseen.empty()) continue;
    const Eigen::ArrayXi those = Eigen::Map<Eigen::ArrayXi>(seen.data(), static_cast<long>(seen.size()));
    const Features slope = slopes_of(size(those), every(by, those));
    for (const int i : unseen) {
      double foreseen = 0;
      for (std::size_t k = 0; k < by.size(); ++k) foreseen += slope[k] * by[k][i];
      ratio[i] = size[i] * std::exp(-foreseen);
    }
  }
  return ratio;
}

}  // namespace

double conformal_quantile(std::vector<double> values, double share) {
  const double rank = std::ceil(share * static_cast<double>(values.size() + 1));
  const auto place = static_cast<std::size_t>(std::clamp(rank, 1.0, static_cast<double>(values.size()))) - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<long>(place), values.end());
  return values[place];
}

Calibration Calibration::of_spread_alone(const Eigen::VectorXd& factor, const Eigen::VectorXd& floor) {
  Eigen::MatrixXd by = Eigen::MatrixXd::Zero(factor.size(), std::tuple_size_v<Features>);
  by.col(0).setOnes();
  return {factor, floor, by, 1, 0};
}

Eigen::VectorXd Calibration::half_width(const Eigen::VectorXd& variance, const Eigen::VectorXd& mean, double distance,
                                        double bounds) const {
  Eigen::VectorXd width(factor.size());
  for (long j = 0; j < width.size(); ++j) {
    const Features f =
        features(variance[j], floor[j], mean[j], std::max(distance, least_distance), std::min(bounds, most_bounds));
    width[j] = factor[j] * std::exp(by.row(j).dot(Eigen::Map<const Eigen::RowVectorXd>(f.data(), by.cols())));
  }
  return width;
}

Calibration calibrate(const Eigen::MatrixXd& error, const Places& at, double share) {
  const long m = error.rows(), n = error.cols();
  Calibration it{Eigen::VectorXd(m), Eigen::VectorXd(m), Eigen::MatrixXd(m, std::tuple_size_v<Features>),
                 std::max(conformal_quantile({at.distance.begin(), at.distance.end()}, nearest), smallest),
                 at.bounds.maxCoeff()};
  for (long j = 0; j < m; ++j) {
    it.floor[j] = std::max(least_spread * std::sqrt(at.variance.row(j).mean()), smallest);
    Columns by;
    for (Eigen::ArrayXd& column : by) column.resize(n);
    for (long i = 0; i < n; ++i) {
      const Features f = features(at.variance(j, i), it.floor[j], at.mean(j, i),
                                  std::max(at.distance[i], it.least_distance), at.bounds[i]);
      for (std::size_t k = 0; k < f.size(); ++k) by[k][i] = f[k];
    }
    const Eigen::ArrayXd size = error.row(j).transpose().array().abs();
    const Features slope = slopes_of(size, by);
    it.by.row(j) = Eigen::Map<const Eigen::RowVectorXd>(slope.data(), it.by.cols());
    const Eigen::ArrayXd ratio = unseen_ratios(size, by);
    it.factor[j] = std::max(conformal_quantile({ratio.data(), ratio.data() + n}, share), smallest);
  }
  return it;
}

void Widening::add(double ratio) {
  if (!std::isfinite(ratio)) return;
  ratios_.push_back(ratio);
  if (ratios_.size() > remembered) ratios_.pop_front();
}

bool Widening::known() const { return ratios_.size() >= telling; }

double Widening::factor() const {
  return ratios_.empty() ? 1 : std::max(1.0, conformal_quantile({ratios_.begin(), ratios_.end()}, 0.9));
}

}  // namespace porelith
