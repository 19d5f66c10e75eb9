#include "surrogate/gate/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace porelith {
namespace {

constexpr long pairings = 16;         // points that each error meets
constexpr double least_share = 0.05;  // of the members' mean square error that their mean keeps at least
constexpr double smallest = 1e-9;     // of an output's deviation; keeps constant outputs finite

/// The smallest value that `share` of the values and of one more, unknown one do not exceed: V. Vovk et al.,
/// Algorithmic Learning in a Random World (2005).
double conformal_quantile(std::vector<double>& values, long samples, double share) {
  const double rank = std::ceil(share * static_cast<double>(samples + 1)) / static_cast<double>(samples);
  const auto place = static_cast<std::size_t>(std::clamp(std::ceil(rank * static_cast<double>(values.size())) - 1, 0.0,
                                                         static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + static_cast<long>(place), values.end());
  return values[place];
}

}  // namespace

Calibration calibrate(const Eigen::MatrixXd& unseen, const Eigen::MatrixXd& variance, double share) {
  const long m = unseen.rows(), n = unseen.cols(), points = variance.cols();
  Calibration it{Eigen::VectorXd(m), Eigen::VectorXd(m)};
  std::vector<double> ratios(static_cast<std::size_t>(n * pairings));
  for (long j = 0; j < m; ++j) {
    const double member = unseen.row(j).squaredNorm() / static_cast<double>(n);
    const double mean = std::max(member - variance.row(j).mean(), least_share * member);  // (N8)
    const double shrink = member > 0 ? std::sqrt(mean / member) : 1;
    it.floor[j] = std::max(std::sqrt(mean), smallest);
    for (long i = 0; i < n; ++i) {
      for (long k = 0; k < pairings; ++k) {
        const double spread = variance(j, (i * pairings + k) % points);
        ratios[static_cast<std::size_t>(i * pairings + k)] =
            shrink * std::abs(unseen(j, i)) / std::sqrt(it.floor[j] * it.floor[j] + spread);
      }
    }
    it.factor[j] = conformal_quantile(ratios, n, share);
  }
  return it;
}

}  // namespace porelith
