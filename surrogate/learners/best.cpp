/// The learner "best": networks, or Gaussian processes where cross-validation finds them better (N17).
#include <cmath>

#include "surrogate/learners/learner.hpp"

namespace porelith {

const Learner& mlp_learner();
const Learner& gp_learner();

namespace {

constexpr long most_compared = 1000;  // samples: beyond, processes cost too much and networks win
constexpr double grown = 1.5;         // samples in place of one: the choice is made anew
constexpr double tied = 0.02;         // of the logarithm of an error: what is less is a tie
constexpr double smallest = 1e-12;
const char* const part = "/chosen";

/// What the better learner has learned.
class Chosen : public Regressor {
 public:
  Chosen(const Learner& by, std::shared_ptr<const Regressor> what, long samples)
      : by_(by), what_(std::move(what)), samples_(samples) {}

  const Learner& by() const { return by_; }
  const Regressor& what() const { return *what_; }
  long samples() const { return samples_; }

  Estimate at(const Eigen::VectorXd& u) const override { return what_->at(u); }
  Eigen::VectorXd mean(const Eigen::VectorXd& u) const override { return what_->mean(u); }
  Estimate at_all(const Eigen::MatrixXd& U) const override { return what_->at_all(U); }
  std::optional<Eigen::MatrixXd> slope(const Eigen::VectorXd& u) const override { return what_->slope(u); }

  void write(ModelWriter& to) const override {
    to.file().group(part);
    to.file().attribute(part, "learner", by_.name());
    to.integers("/chosen/samples", {samples_}, "samples that the choice was made with");
    what_->write(to);
  }

  std::unique_ptr<Regressor> disturbed(double relative, unsigned seed) const override {
    return std::make_unique<Chosen>(by_, what_->disturbed(relative, seed), samples_);
  }

 private:
  const Learner& by_;
  std::shared_ptr<const Regressor> what_;
  long samples_;
};

/// ln of the mean error on each fold that was not seen, a row an output.
Eigen::MatrixXd blind_errors(const Learned& learned, const Task& task) {
  const auto folds = static_cast<long>(learned.blind.size());
  Eigen::MatrixXd sum = Eigen::MatrixXd::Constant(task.Y.rows(), folds, smallest);
  for (long k = 0; k < folds; ++k) {
    std::vector<long> own;
    for (long i = 0; i < task.X.cols(); ++i)
      if (task.fold[static_cast<std::size_t>(i)] == static_cast<int>(k)) own.push_back(i);
    if (own.empty()) continue;
    const Eigen::MatrixXd said = learned.blind[static_cast<std::size_t>(k)]->at_all(task.X(Eigen::all, own)).mean;
    sum.col(k) += (said - task.Y(Eigen::all, own)).cwiseAbs().rowwise().mean();
  }
  for (double& one : sum.reshaped()) one = std::log(one);
  return sum;
}

/// Whether the second is better than the first by more than the folds differ.
bool better(const Learned& first, const Learned& second, const Task& task) {
  const Eigen::VectorXd weight = task.importance / task.importance.sum();
  const Eigen::VectorXd gain = (blind_errors(first, task) - blind_errors(second, task)).transpose() * weight;
  const auto folds = static_cast<double>(gain.size());
  const double mean = gain.mean(), deviation = std::sqrt((gain.array() - mean).square().sum() / (folds * (folds - 1)));
  return mean > std::max(tied, deviation);
}

class BestLearner : public Learner {
 public:
  std::string name() const override { return "best"; }
  std::string meaning() const override { return "networks, or Gaussian processes where these are better"; }
  std::vector<Option> takes() const override { return mlp_learner().takes(); }
  int folds(const Settings& settings) const override { return mlp_learner().folds(settings); }

  std::unique_ptr<Regressor> learn(const Task& task) const override {
    const Learned all = learn_all(task);
    return std::make_unique<Chosen>(dynamic_cast<const Chosen&>(*all.regressor));
  }

  Learned learn_all(const Task& task) const override {
    Learned networks = mlp_learner().learn_all(task);
    if (task.X.cols() > most_compared) return chosen(mlp_learner(), std::move(networks), task.X.cols());
    Learned processes = gp_learner().learn_all(task);
    const bool second = better(networks, processes, task);
    return second ? chosen(gp_learner(), std::move(processes), task.X.cols())
                  : chosen(mlp_learner(), std::move(networks), task.X.cols());
  }

  const Learner& behind(const Regressor& regressor) const override {
    return dynamic_cast<const Chosen&>(regressor).by();
  }

  /// With the learner that it was; where samples have become many more, all is learned anew and the choice made again.
  std::optional<Learned> go_on(const Regressor& known, const Task& task, double more) const override {
    const Chosen& before = dynamic_cast<const Chosen&>(known);
    if (static_cast<double>(task.X.cols()) > grown * static_cast<double>(before.samples())) return std::nullopt;
    std::optional<Learned> learned = before.by().go_on(before.what(), task, more);
    if (!learned) return std::nullopt;
    return chosen(before.by(), std::move(*learned), before.samples());
  }

  std::unique_ptr<Regressor> read(ModelReader& from, long inputs, long outputs, Settings& settings) const override {
    const std::string name = from.file().text(part, "learner");
    const long samples = static_cast<long>(from.integers("/chosen/samples", 1).front());
    for (const Learner* by : {&mlp_learner(), &gp_learner()})
      if (by->name() == name) return std::make_unique<Chosen>(*by, by->read(from, inputs, outputs, settings), samples);
    from.file().fail(name + " is no learner that can have been chosen; it is damaged");
  }

 private:
  static Learned chosen(const Learner& by, Learned learned, long samples) {
    learned.regressor = std::make_shared<Chosen>(by, learned.regressor, samples);
    return learned;
  }
};

}  // namespace

const Learner& best_learner() {
  static const BestLearner learner;
  return learner;
}

}  // namespace porelith
