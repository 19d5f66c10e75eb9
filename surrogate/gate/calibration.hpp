#pragma once
/// How wide an interval must be, at its place, to hold 90 % of what nobody has seen (N9), from errors on samples that
/// were not seen.
#include <Eigen/Core>
#include <deque>
#include <vector>

namespace porelith {

/// What is known of points before anybody answers for them, a column each.
struct Places {
  Eigen::MatrixXd variance;  ///< m x n: what the regressor tells of its own doubt
  Eigen::MatrixXd mean;      ///< m x n: what it says, in deviations of the data about their mean
  Eigen::VectorXd distance;  ///< n: to the data (N11)
  Eigen::VectorXd bounds;    ///< n: inputs near a bound, counted
};

/// For each output: half width = factor spread^a distance^b exp(c bounds) (1 + above)^d (1 + below)^e with
/// spread = sqrt(floor^2 + variance), and what is said above and below the mean.
struct Calibration {
  Eigen::VectorXd factor, floor;  ///< m
  Eigen::MatrixXd by;             ///< m x 5: a to e, none negative
  double least_distance = 1;      ///< that it has seen: nearer points count as so far
  double most_bounds = 0;         ///< inputs near a bound that it has seen: more count as so many

  /// The law of files that know no place.
  static Calibration of_spread_alone(const Eigen::VectorXd& factor, const Eigen::VectorXd& floor);
  /// @param variance, mean of the regressor, m; @return m
  Eigen::VectorXd half_width(const Eigen::VectorXd& variance, const Eigen::VectorXd& mean, double distance,
                             double bounds) const;
};

/// Sizes of errors are taken for exponentially distributed with the law's width as their mean; rank statistics then
/// make it hold, whatever the distribution.
/// @param error of a regressor on samples that it has not seen, m x n; @param at where they are
/// @param share that the intervals are to hold
Calibration calibrate(const Eigen::MatrixXd& error, const Places& at, double share = 0.9);

/// The smallest value that `share` of the values and of one more, unknown one do not exceed, or the greatest: V. Vovk
/// et al., Algorithmic Learning in a Random World (2005).
double conformal_quantile(std::vector<double> values, double share);

/// (N12) A search goes where a network errs in its favour, so its proposals err more than random samples do. By how
/// much, their own answers tell.
class Widening {
 public:
  /// @param ratio of a proposal's error to the half width that calibration gave it
  void add(double ratio);
  void forget() { ratios_.clear(); }
  /// Whether there are answers enough to tell.
  bool known() const;
  /// What to multiply half widths of proposals by, so that 90 % hold; at least 1.
  double factor() const;

 private:
  std::deque<double> ratios_;  ///< the last ones
};

}  // namespace porelith
