#pragma once
/// What a surrogate is made of; for the sources of this room only.
#include <cstdint>
#include <vector>

#include "surrogate/gate/axis.hpp"
#include "surrogate/gate/calibration.hpp"
#include "surrogate/gate/neighbourhood.hpp"
#include "surrogate/gate/reduced_basis.hpp"
#include "surrogate/gate/surrogate.hpp"
#include "surrogate/learners/registry.hpp"

namespace porelith {

constexpr int held_out = -1;  ///< the fold of samples that only the report sees

struct Surrogate::Impl {
  TrainingSet meaning;          ///< its matrices are empty
  TrainOptions options;         ///< with all of the learner's settings
  Eigen::VectorXd mean, scale;  ///< m: scalars are learned as (y - mean)/scale
  ReducedBasis basis;           ///< of the curves
  Eigen::VectorXd basis_scale;  ///< r: deviation of each coefficient
  Eigen::MatrixXd known;        ///< n x d: the inputs of all samples it was made from
  std::vector<bool> chosen;     ///< n: by a search; else random
  std::vector<int> fold;        ///< n: the part of the data that the sample belongs to, or held_out
  /// From scaled inputs to m scaled scalars, then r scaled coefficients.
  std::shared_ptr<const Regressor> regressor;
  Calibration calibration;        ///< of the scaled scalars
  std::vector<double> rehearsed;  ///< errors at picks over half widths
  double picks_widened_by = 1;
  Neighbourhood neighbourhood;               ///< of the scaled inputs
  Eigen::VectorXd relative_error, coverage;  ///< m: the report's
  double curve_error = 0;
  long slopes_left_out = 0;  ///< outputs of the last training whose slopes contradict their values; not in the file

  const Learner& learner() const { return learner_called(options.learner); }
  long d() const { return static_cast<long>(meaning.inputs.size()); }
  long m() const { return static_cast<long>(meaning.scalars.size()); }
  long r() const { return basis.size(); }

  /// Of input k.
  Axis axis(long k) const {
    const auto i = static_cast<std::size_t>(k);
    return {meaning.low[i], meaning.high[i], meaning.log[i]};
  }
  /// (N3) to [-1, 1] each. @param x d
  Eigen::VectorXd scaled(const Eigen::VectorXd& x) const;
  /// d scaled / d x. @return d
  Eigen::VectorXd scaled_slope(const Eigen::VectorXd& x) const;
  /// @param X n x d; @return d x n
  Eigen::MatrixXd scaled_columns(const Eigen::MatrixXd& X) const;
  /// Of the scaled scalars. @param near inputs near a bound
  Eigen::VectorXd half_width(const Estimate& said, double distance, long near) const;
  bool within_bounds(const Eigen::VectorXd& x) const;
  /// Makes the neighbourhood from the known samples that training may use.
  void meet_neighbours();
};

/// @throws std::invalid_argument naming the input that is out of place, if x has not d values
void check_point(const Surrogate::Impl& model, const Eigen::VectorXd& x);

}  // namespace porelith
