#include "surrogate/gate/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace porelith {
namespace {

constexpr double floors[] = {
    2, 4};  // of the root mean square error: lower ones follow the spread, and its chance, too closely
constexpr double smallest = 1e-9;       // keeps outputs finite that are exact
constexpr std::size_t remembered = 16;  // ratios of proposals: older ones were of worse networks
constexpr std::size_t telling = 8;      // the largest of so many holds the next in 8 cases of 9

/// The smallest value that `share` of the values and of one more, unknown one do not exceed: V. Vovk et al.,
/// Algorithmic Learning in a Random World (2005).
double conformal_quantile(std::vector<double> values, double share) {
  const double rank = std::ceil(share * static_cast<double>(values.size() + 1));
  const auto place = static_cast<std::size_t>(std::clamp(rank, 1.0, static_cast<double>(values.size()))) - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<long>(place), values.end());
  return values[place];
}

}  // namespace

Calibration calibrate(const Eigen::MatrixXd& error, const Eigen::MatrixXd& variance, double share) {
  const long m = error.rows(), n = error.cols();
  Calibration it{Eigen::VectorXd(m), Eigen::VectorXd(m)};
  for (long j = 0; j < m; ++j) {
    const double size = std::max(std::sqrt(error.row(j).squaredNorm() / static_cast<double>(n)), smallest);
    double narrowest = std::numeric_limits<double>::infinity();
    for (const double part : floors) {
      const double floor = part * size;
      const Eigen::ArrayXd scale = (variance.row(j).transpose().array() + floor * floor).sqrt();
      const Eigen::ArrayXd ratio = error.row(j).transpose().array().abs() / scale;
      const double factor = conformal_quantile({ratio.data(), ratio.data() + n}, share);
      if (!(factor * scale.mean() < narrowest)) continue;
      narrowest = factor * scale.mean();
      it.floor[j] = floor;
      it.factor[j] = factor;
    }
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
