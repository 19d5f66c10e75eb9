/// The learner "mlp": an ensemble of multilayer perceptrons (N1) to (N8).
#include <fmt/format.h>

#include <algorithm>

#include "surrogate/learners/gp.hpp"
#include "surrogate/network/ensemble.hpp"

namespace porelith {
namespace {

constexpr double least_unexplained = 1e-3;  // below, outputs count the same
constexpr int all = -1;                     // the fold that a network is blind to that sees all
constexpr std::int64_t widest = 1000000;    // layer that a file may tell of

std::string layer_name(int member, std::size_t layer, const char* what) {
  return fmt::format("/networks/{}/{}{}", member, what, layer);
}

class Networks : public Regressor {
 public:
  explicit Networks(Ensemble ensemble) : ensemble_(std::move(ensemble)) {}
  const Ensemble& ensemble() const { return ensemble_; }

  Estimate at(const Eigen::VectorXd& u) const override {
    const int outputs = ensemble_.member(0).outputs();
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(outputs), squares = sum;
    for (int k = 0; k < ensemble_.size(); ++k) {
      const Eigen::VectorXd y = ensemble_.member(k).forward(u);
      sum += y;
      squares += y.cwiseAbs2();
    }
    const double members = ensemble_.size();
    const Eigen::VectorXd mean = sum / members;
    return {mean, (squares / members - mean.cwiseAbs2()).cwiseMax(0)};
  }

  Eigen::VectorXd mean(const Eigen::VectorXd& u) const override { return ensemble_.mean(u); }

  Estimate at_all(const Eigen::MatrixXd& U) const override { return {ensemble_.mean(U), ensemble_.variance(U)}; }

  /// By backpropagation.
  std::optional<Eigen::MatrixXd> slope(const Eigen::VectorXd& u) const override {
    Eigen::MatrixXd sum = ensemble_.member(0).jacobian(u);
    for (int k = 1; k < ensemble_.size(); ++k) sum += ensemble_.member(k).jacobian(u);
    return sum / ensemble_.size();
  }

  void write(ModelWriter& to) const override {
    const std::vector<int>& sizes = ensemble_.member(0).sizes();
    to.integers("/networks/sizes", {sizes.begin(), sizes.end()}, "neurons of each layer, inputs first");
    for (int k = 0; k < ensemble_.size(); ++k) {
      const Mlp& network = ensemble_.member(k);
      for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
        to.matrix(layer_name(k, l, "W"), network.W(l), "1", "weights, outputs x inputs");
        to.vector(layer_name(k, l, "b"), network.b(l), "1", "biases");
      }
    }
  }

  std::unique_ptr<Regressor> disturbed(double relative, unsigned seed) const override {
    Ensemble changed = ensemble_;
    for (int k = 0; k < changed.size(); ++k) {
      Random random(seed, static_cast<std::uint64_t>(k));
      for (double& weight : changed.member(k).weights()) weight *= 1 + relative * random.normal();
    }
    return std::make_unique<Networks>(std::move(changed));
  }

 private:
  Ensemble ensemble_;
};

class MlpLearner : public Learner {
 public:
  std::string name() const override { return "mlp"; }
  std::string meaning() const override { return "an ensemble of multilayer perceptrons"; }

  std::vector<Option> options() const override {
    return {
        {"members", 10, {1, 1000}, {}, "Networks of the ensemble."},
        {"hidden", std::vector<int>{32, 32}, {1, 10000}, {}, "Neurons of each hidden layer."},
        {"activation", std::string("tanh"), {}, {"tanh", "relu", "leaky_relu"}, "Activation of the hidden neurons."},
        {"epochs", 1500, {1, 10000000}, {}, "Epochs of a training at most: some of Adam, then iterations of L-BFGS."}};
  }

  std::unique_ptr<Regressor> learn(const Task& task) const override {
    Ensemble ensemble(members_of(task.settings), sizes_of(task), activation_of(task), task.seed);
    train(ensemble, seeing_all(ensemble.size()), task, training_of(task));
    return std::make_unique<Networks>(std::move(ensemble));
  }

  /// The members see all; for calibration there are half as many that are blind to each fold.
  Learned learn_all(const Task& task) const override {
    const int members = members_of(task.settings), parts = std::min(folds(task.settings), most_calibrated);
    const int fewer = (members + 1) / 2;
    std::vector<int> blind = seeing_all(members);
    for (int k = 0; k < parts; ++k) blind.insert(blind.end(), static_cast<std::size_t>(fewer), k);
    Ensemble each(static_cast<int>(blind.size()), sizes_of(task), activation_of(task), task.seed);
    const auto histories = train(each, blind, task, training_of(task));
    Learned learned;
    learned.regressor = some_of(each, 0, members);
    for (int first = members; first < each.size(); first += fewer) {
      learned.blind.push_back(some_of(each, first, fewer));
      learned.learning.push_back(histories[static_cast<std::size_t>(first)]);
    }
    return learned;
  }

  std::optional<Learned> go_on(const Regressor& known, const Task& task, double part) const override {
    Ensemble ensemble = dynamic_cast<const Networks&>(known).ensemble();
    Training training = training_of(task);
    training.epochs = std::max(1, static_cast<int>(part * training.epochs));
    training.first = 0;  // from good weights, Adam would first lead away
    Learned learned;
    train(ensemble, seeing_all(ensemble.size()), task, training);
    learned.regressor = std::make_shared<Networks>(std::move(ensemble));
    return learned;
  }

  std::unique_ptr<Regressor> read(ModelReader& from, long inputs, long outputs, Settings& settings) const override {
    const auto found = from.integers("/networks/sizes", -1);
    bool fits = found.size() >= 2 && found.front() == inputs && found.back() == outputs;
    for (const std::int64_t size : found) fits = fits && size >= 1 && size <= widest;
    if (!fits) from.file().fail("the sizes of its networks do not fit its inputs and outputs; it is damaged");
    const std::vector<int> sizes(found.begin(), found.end());
    settings["hidden"] = std::vector<int>(sizes.begin() + 1, sizes.end() - 1);
    Ensemble ensemble(members_of(settings), sizes,
                      porelith::activation_of(setting<std::string>(settings, "activation")), 0);
    for (int k = 0; k < ensemble.size(); ++k) {
      Eigen::VectorXd& weights = ensemble.member(k).weights();
      long place = 0;
      for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
        const Eigen::MatrixXd W = from.matrix(layer_name(k, l, "W"), sizes[l + 1], sizes[l]);
        weights.segment(place, W.size()) = W.reshaped();
        place += W.size();
        weights.segment(place, sizes[l + 1]) = from.vector(layer_name(k, l, "b"), sizes[l + 1]);
        place += sizes[l + 1];
      }
    }
    return std::make_unique<Networks>(std::move(ensemble));
  }

 private:
  static int members_of(const Settings& settings) { return setting<int>(settings, "members"); }
  static Activation activation_of(const Task& task) {
    return porelith::activation_of(setting<std::string>(task.settings, "activation"));
  }
  static std::vector<int> sizes_of(const Task& task) {
    std::vector<int> sizes{static_cast<int>(task.X.rows())};
    const auto& hidden = setting<std::vector<int>>(task.settings, "hidden");
    sizes.insert(sizes.end(), hidden.begin(), hidden.end());
    sizes.push_back(static_cast<int>(task.Y.rows()));
    return sizes;
  }
  static Training training_of(const Task& task) {
    Training training;
    training.epochs = setting<int>(task.settings, "epochs");
    return training;
  }
  static std::vector<int> seeing_all(int members) { return std::vector<int>(static_cast<std::size_t>(members), all); }
  static std::shared_ptr<const Networks> some_of(const Ensemble& each, int first, int count) {
    Ensemble some;
    for (int k = first; k < first + count; ++k) some.add(each.member(k));
    return std::make_shared<Networks>(std::move(some));
  }
  /// (N4) An output counts the less the more of it inputs do not explain, or networks would learn noise by heart.
  static Eigen::VectorXd importance_of(const Task& task) {
    const Eigen::VectorXd part = unexplained(task).cwiseMax(least_unexplained);
    return task.importance.cwiseProduct(part.minCoeff() * part.cwiseInverse());
  }
  /// Slopes where an output at least knows them.
  static Samples samples_of(const Task& task) {
    Samples samples{task.X, task.Y};
    for (long k = 0; k < task.X.cols(); ++k) {
      bool any = false;
      for (const Eigen::MatrixXd& slopes : task.slopes) any = any || !slopes.col(k).array().isNaN().all();
      if (any) samples.sloped.push_back(k);
    }
    const auto count = static_cast<long>(samples.sloped.size());
    samples.slopes.resize(task.Y.rows(), task.X.rows() * count);
    for (std::size_t j = 0; j < task.slopes.size(); ++j)
      for (long d = 0; d < task.X.rows(); ++d)
        for (long k = 0; k < count; ++k)
          samples.slopes(static_cast<long>(j), d * count + k) =
              task.slopes[j](d, samples.sloped[static_cast<std::size_t>(k)]);
    return samples;
  }
  static std::vector<std::vector<double>> train(Ensemble& ensemble, const std::vector<int>& blind, const Task& task,
                                                const Training& training) {
    return ensemble.train(samples_of(task), task.fold, blind, importance_of(task), training, task.seed, task.threads);
  }
};

}  // namespace

const Learner& mlp_learner() {
  static const MlpLearner learner;
  return learner;
}

}  // namespace porelith
