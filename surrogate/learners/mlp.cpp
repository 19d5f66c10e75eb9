/// The learner "mlp": an ensemble of multilayer perceptrons (N1) to (N8).
#include <fmt/format.h>

#include <algorithm>

#include "surrogate/learners/learner.hpp"
#include "surrogate/network/ensemble.hpp"

namespace porelith {
namespace {

constexpr int least_folds = 5;            // a member sees at least 4/5 of the samples
constexpr double rate_of_more = 0.25;     // of the learning rate: from good weights, a full step would first lead away
constexpr std::int64_t widest = 1000000;  // layer that a file may tell of

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
        {"members", 5, {1, 1000}, {}, "Networks of the ensemble."},
        {"hidden", std::vector<int>{32, 32}, {1, 10000}, {}, "Neurons of each hidden layer."},
        {"activation", std::string("tanh"), {}, {"tanh", "relu", "leaky_relu"}, "Activation of the hidden neurons."},
        {"epochs", 1500, {1, 10000000}, {}, "Epochs of a training at most; early stopping ends sooner."}};
  }

  int folds(const Settings& settings) const override { return std::max(members_of(settings), least_folds); }

  std::unique_ptr<Regressor> learn(const Task& task) const override {
    Ensemble ensemble(members_of(task.settings), sizes_of(task), activation_of(task), task.seed);
    train(ensemble, each_its_own(ensemble.size()), task, training_of(task));
    return std::make_unique<Networks>(std::move(ensemble));
  }

  /// Member k is blind to fold k, and for calibration as many networks for each of the first folds are all blind to it;
  /// the ensemble's own member is one of them.
  Learned learn_all(const Task& task) const override {
    const int members = members_of(task.settings), calibrated = std::min(members, most_calibrated);
    std::vector<int> blind = each_its_own(members);
    for (int k = 0; k < calibrated; ++k) blind.insert(blind.end(), static_cast<std::size_t>(members - 1), k);
    Ensemble all(static_cast<int>(blind.size()), sizes_of(task), activation_of(task), task.seed), ensemble;
    Learned learned;
    learned.learning = train(all, blind, task, training_of(task));
    learned.learning.resize(static_cast<std::size_t>(members));
    std::vector<Ensemble> groups(static_cast<std::size_t>(calibrated));
    for (int k = 0; k < all.size(); ++k) {
      if (k < members) ensemble.add(all.member(k));
      if (k >= members || k < calibrated)
        groups[static_cast<std::size_t>(blind[static_cast<std::size_t>(k)])].add(all.member(k));
    }
    learned.regressor = std::make_shared<Networks>(std::move(ensemble));
    for (Ensemble& group : groups) learned.blind.push_back(std::make_shared<Networks>(std::move(group)));
    return learned;
  }

  std::optional<Learned> go_on(const Regressor& known, const Task& task, double part) const override {
    Ensemble ensemble = dynamic_cast<const Networks&>(known).ensemble();
    Training training = training_of(task);
    training.epochs = std::max(1, static_cast<int>(part * training.epochs));
    training.rate *= rate_of_more;
    Learned learned;
    learned.learning = train(ensemble, each_its_own(ensemble.size()), task, training);
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
  /// Member k is blind to fold k.
  static std::vector<int> each_its_own(int members) {
    std::vector<int> blind;
    for (int k = 0; k < members; ++k) blind.push_back(k);
    return blind;
  }
  static std::vector<std::vector<double>> train(Ensemble& ensemble, const std::vector<int>& blind, const Task& task,
                                                const Training& training) {
    return ensemble.train({task.X, task.Y}, task.fold, blind, task.importance, training, task.seed, task.threads);
  }
};

}  // namespace

const Learner& mlp_learner() {
  static const MlpLearner learner;
  return learner;
}

}  // namespace porelith
