#pragma once
/// What a learner has learned, with calibrated uncertainty: value, interval, inside or outside. Never has the last
/// word.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "surrogate/gate/training_set.hpp"
#include "surrogate/learners/settings.hpp"

namespace porelith {

struct TrainOptions {
  std::string learner = first_learner;
  Settings settings;  ///< of its options; what is not there is as the learner says
  unsigned seed = 1;
  int threads = 1;  ///< at most; the result does not depend on it
};

struct Prediction {
  Eigen::VectorXd scalars;     ///< m
  Eigen::VectorXd half_width;  ///< m, calibrated: 90 % of unseen samples lie within
  Eigen::VectorXd picked;      ///< m: half widths where the point was picked for what it promises, by search or ranking
  Eigen::VectorXd curve;       ///< p
  double distance;             ///< to the training data, 1 = as far as some of its samples are from all others
  long near_bounds;            ///< inputs within 10 % of their range of a bound
  bool inside;                 ///< within the bounds, distance <= 1, and samples have as many inputs near a bound
};

/// Honest figures of a training, from samples that neither training nor calibration saw.
struct TrainingReport {
  Eigen::MatrixXd truth, predicted, half_width;  ///< unseen samples x m
  Eigen::MatrixXd curve_truth, curve_predicted;  ///< unseen samples x p
  Eigen::VectorXd relative_error;                ///< m: mean |error| over mean |truth|
  Eigen::VectorXd coverage;                      ///< m: share of unseen samples inside the interval
  double curve_error = 0;                        ///< mean |error| of the curves, their unit
  std::vector<std::vector<double>> learning;     ///< where there are epochs: loss on unseen samples after each
  double seconds = 0;
  long slopes_left_out = 0;  ///< scalars and modes of the curve whose slopes contradict their values
};

class Surrogate {
 public:
  /// Holds out 15 % of the samples (by seed) for the report only. The rest goes round the learner's folds: errors of
  /// what has not seen a fold calibrate the intervals.
  /// @throws std::invalid_argument for options or data that nothing can be learned from
  static Surrogate train(const TrainingSet& data, const TrainOptions& options, TrainingReport* report = nullptr);
  /// Goes on from what is known with more data, if the learner can: with this part of a first training's effort. The
  /// split of known rows stays, new ones are learned.
  Surrogate refined(const TrainingSet& data, double part = 0.2, TrainingReport* report = nullptr) const;

  /// The honest figures on samples that this surrogate has not seen.
  TrainingReport judge(const TrainingSet& unseen) const;

  /// @param x d; @throws std::invalid_argument if it is not d finite numbers (positive where learned in the logarithm)
  Prediction predict(const Eigen::VectorXd& x) const;
  /// Scalars only, without interval: the quick call of a search. @return m
  Eigen::VectorXd scalars(const Eigen::VectorXd& x) const;
  bool has_gradient() const;
  /// d scalars / d x of the mean; of a learner that has a slope. @return m x d
  Eigen::MatrixXd gradient(const Eigen::VectorXd& x) const;

  /// (N12) What to multiply half widths by where a point was picked for what it promises; at least 1.
  double picks_widened_by() const;
  /// From now on by this: solves have shown it.
  void widen_picks(double factor);
  /// Ratios of error to half width at picks, as a rehearsal without any solve has it.
  const std::vector<double>& rehearsed() const;

  const TrainingSet& meaning() const;  ///< names, units, bounds, hashes; its matrices are empty
  /// Disturbs all that was learned by a relative amount: for tests of those who must notice.
  void disturb(double relative, unsigned seed);

  /// HDF5; format and version inside. @throws WriteError
  void save(const std::string& path) const;
  /// @throws CaseError if the file is no such model or damaged
  static Surrogate load(const std::string& path);

  struct Impl;

 private:
  explicit Surrogate(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  /// Fills the report from the held-out part of `data` and keeps its figures.
  Surrogate judged(const TrainingSet& data, std::vector<std::vector<double>> learning, double seconds,
                   TrainingReport* report) const;

  std::shared_ptr<Impl> impl_;
};

}  // namespace porelith
