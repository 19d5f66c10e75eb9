#pragma once
/// What learns: a learner makes a regressor of scaled samples. Its options stand beside it; registry.cpp lists all.
#include <Eigen/Core>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "surrogate/learners/model_file.hpp"
#include "surrogate/learners/settings.hpp"

namespace porelith {

/// Folds whose samples calibrate, at most.
inline constexpr int most_calibrated = 5;

/// Samples as columns, inputs scaled to [-1, 1], outputs to about 1.
struct Task {
  Eigen::MatrixXd X;                    ///< inputs x n
  Eigen::MatrixXd Y;                    ///< outputs x n
  std::vector<Eigen::MatrixXd> slopes;  ///< an output each: by the inputs, inputs x n; NaN where there are none; empty
                                        ///< where no sample has any
  std::vector<int> fold;                ///< n: the part of the data that a sample belongs to, counted from 0
  Eigen::VectorXd importance;           ///< outputs: how much each counts
  Settings settings;                    ///< all of the learner's options
  unsigned seed = 1;
  int threads = 1;  ///< at most; of no influence on the result

  /// The same without the samples of one fold.
  Task without(int fold) const;
};

/// Of points: each output's mean, and its variance as far as the regressor tells its own doubt, else 0.
struct Estimate {
  Eigen::MatrixXd mean, variance;  ///< outputs x points
};

/// What was learned. Immutable.
class Regressor {
 public:
  virtual ~Regressor() = default;
  /// At one point. @param u inputs
  virtual Estimate at(const Eigen::VectorXd& u) const = 0;
  /// The mean alone, as quickly as it goes: for searches. @return outputs
  virtual Eigen::VectorXd mean(const Eigen::VectorXd& u) const { return at(u).mean; }
  /// At many points, a column each.
  virtual Estimate at_all(const Eigen::MatrixXd& U) const;
  /// d mean / d u, outputs x inputs; nothing from a regressor that has no slope.
  virtual std::optional<Eigen::MatrixXd> slope(const Eigen::VectorXd&) const { return std::nullopt; }
  virtual void write(ModelWriter& to) const = 0;
  /// With all that was learned changed by a relative amount: for tests of those who must notice.
  virtual std::unique_ptr<Regressor> disturbed(double relative, unsigned seed) const = 0;
};

/// All that a training gives.
struct Learned {
  std::shared_ptr<const Regressor> regressor;
  std::vector<std::shared_ptr<const Regressor>> blind;  ///< k has not seen fold k: what calibration is made from (N8)
  std::vector<std::vector<double>> learning;            ///< loss on unseen samples an epoch, where there are epochs
};

class Learner {
 public:
  virtual ~Learner() = default;
  virtual std::string name() const = 0;     ///< in cases and files
  virtual std::string meaning() const = 0;  ///< a few words for people
  virtual std::vector<Option> options() const { return {}; }
  /// What it may be given: its own options and those of learners that it asks.
  virtual std::vector<Option> takes() const { return options(); }

  /// The same from the same task, bit for bit.
  virtual std::unique_ptr<Regressor> learn(const Task& task) const = 0;
  /// As written by its regressors. @param settings of the file; completed by what only the regressor's part tells
  virtual std::unique_ptr<Regressor> read(ModelReader& from, long inputs, long outputs, Settings& settings) const = 0;

  /// Parts that the samples are dealt to.
  virtual int folds(const Settings&) const { return 5; }
  /// From all samples, and blind to each of the first few folds: as many trainings, unless a learner can share them.
  virtual Learned learn_all(const Task& task) const;
  /// Who learns what is like this regressor, which is its own: another one where the learner chooses among others.
  virtual const Learner& behind(const Regressor&) const { return *this; }
  /// Goes on from what is known to a task with more samples, with this part of a first training's effort; nothing from
  /// a learner that has to begin anew.
  virtual std::optional<Learned> go_on(const Regressor&, const Task&, double /*part*/) const { return std::nullopt; }
};

}  // namespace porelith
