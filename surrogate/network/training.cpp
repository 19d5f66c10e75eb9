#include "surrogate/network/training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "surrogate/network/lbfgs.hpp"

namespace porelith {
namespace {

constexpr double slope_weight = 1;  // of the mean square error of slopes by the scaled inputs against that of values
constexpr int iterations_a_sample = 5;                     // of L-BFGS at most: more learn few samples by heart
constexpr double beta1 = 0.9, beta2 = 0.999, tiny = 1e-8;  // Kingma and Ba's

/// (N5) from `rate` down to its `last_rate` part along half a cosine.
double rate_at(const Training& training, int epoch, int epochs) {
  const double phase = 3.14159265358979323846 * epoch / epochs;
  return training.rate * (training.last_rate + (1 - training.last_rate) * 0.5 * (1 + std::cos(phase)));
}

/// The squared weighted errors in place of themselves turned to what they add to the gradient.
/// @return their sum; unknown ones count nothing
double weigh(Eigen::MatrixXd& error, const Eigen::VectorXd& importance, double factor) {
  double sum = 0;
  for (long k = 0; k < error.cols(); ++k)
    for (long j = 0; j < error.rows(); ++j) {
      double& e = error(j, k);
      if (std::isnan(e)) e = 0;
      const double weighed = factor * importance[j] * e;
      sum += weighed * e;
      e = 2 * weighed;
    }
  return sum;
}

}  // namespace

Samples Samples::part(const std::vector<long>& which) const {
  Samples some{X(Eigen::all, which), Y(Eigen::all, which)};
  std::vector<long> columns;
  const auto count = static_cast<long>(sloped.size());
  for (std::size_t place = 0, k = 0; k < which.size() && place < sloped.size(); ++k) {
    while (place < sloped.size() && sloped[place] < which[k]) ++place;
    if (place == sloped.size() || sloped[place] != which[k]) continue;
    some.sloped.push_back(static_cast<long>(k));
    columns.push_back(static_cast<long>(place));
  }
  const auto kept = static_cast<long>(columns.size());
  some.slopes.resize(Y.rows(), X.rows() * kept);
  for (long d = 0; d < X.rows(); ++d)
    for (long k = 0; k < kept; ++k)
      some.slopes.col(d * kept + k) = slopes.col(d * count + columns[static_cast<std::size_t>(k)]);
  return some;
}

void Training::check() const {
  if (epochs < 1) throw std::invalid_argument(fmt::format("epochs = {} is outside [1, inf)", epochs));
  if (batch < 1) throw std::invalid_argument(fmt::format("batch = {} is outside [1, inf)", batch));
  if (!(rate > 0)) throw std::invalid_argument(fmt::format("rate = {} is outside (0, inf)", rate));
  if (first < 0) throw std::invalid_argument(fmt::format("first = {} is outside [0, inf)", first));
  if (!(decay >= 0)) throw std::invalid_argument(fmt::format("decay = {} is outside [0, inf)", decay));
  if (!(last_rate >= 0 && last_rate <= 1)) {
    throw std::invalid_argument(fmt::format("last_rate = {} is outside [0, 1]", last_rate));
  }
}

void Adam::step(Eigen::VectorXd& weights, const Eigen::VectorXd& gradient, const Eigen::VectorXd& decays, double rate,
                double decay) {
  power1_ *= beta1;
  power2_ *= beta2;
  m_ = beta1 * m_ + (1 - beta1) * gradient.array();
  v_ = beta2 * v_ + (1 - beta2) * gradient.array().square();
  weights.array() -=
      rate * ((m_ / (1 - power1_)) / ((v_ / (1 - power2_)).sqrt() + tiny) + decay * decays.array() * weights.array());
}

double loss_of(const Mlp& network, const Samples& samples, const Eigen::VectorXd& importance,
               Eigen::VectorXd& gradient) {
  thread_local Mlp::Trace trace;
  thread_local Mlp::SlopeTrace slopes;
  Eigen::MatrixXd error = network.forward(samples.X, trace) - samples.Y;
  double loss = weigh(error, importance, 1 / static_cast<double>(std::max(1L, error.cols())));
  network.backward(trace, error, gradient);
  if (samples.sloped.empty()) return loss;
  error = network.slopes(samples.X(Eigen::all, samples.sloped), slopes) - samples.slopes;
  loss += weigh(error, importance, slope_weight / static_cast<double>(error.cols()));
  network.backward_slopes(slopes, error, gradient);
  return loss;
}

double loss_of(const Mlp& network, const Samples& samples, const Eigen::VectorXd& importance) {
  const Eigen::MatrixXd error = network.forward(samples.X) - samples.Y;
  return (importance.transpose() * error.cwiseAbs2()).sum() / static_cast<double>(std::max(1L, error.cols()));
}

std::vector<double> train_network(Mlp& network, const Samples& seen, const Samples& unseen,
                                  const Eigen::VectorXd& importance, const Training& training, Random& random) {
  training.check();
  const long n = seen.X.cols();
  std::vector<double> history;
  const auto tell = [&](const Mlp& now) {
    if (unseen.X.cols() > 0) history.push_back(loss_of(now, unseen, importance));
  };
  Adam adam(network.weights().size());
  Eigen::VectorXd gradient;
  const int first = std::min(training.first, training.epochs);
  for (int epoch = 0; epoch < first; ++epoch) {
    const std::vector<long> order = random.permutation(n);
    for (long start = 0; start < n; start += training.batch) {
      std::vector<long> batch(order.begin() + start, order.begin() + std::min<long>(start + training.batch, n));
      std::sort(batch.begin(), batch.end());
      loss_of(network, seen.part(batch), importance, gradient);
      adam.step(network.weights(), gradient, network.decays(), rate_at(training, epoch, first), training.decay);
    }
    tell(network);
  }
  Mlp moved = network;
  const Smooth function = [&](const Eigen::VectorXd& weights, Eigen::VectorXd& by_weights) {
    moved.weights() = weights;
    const Eigen::VectorXd decayed = training.decay * network.decays().cwiseProduct(weights);
    const double loss = loss_of(moved, seen, importance, by_weights);
    by_weights += 2 * decayed;
    return loss + decayed.dot(weights);
  };
  const int left = std::min<int>(training.epochs - first, iterations_a_sample * static_cast<int>(n));
  descend(function, network.weights(), {left, 1e-7, 1e-6}, [&](const Eigen::VectorXd& weights) {
    moved.weights() = weights;
    tell(moved);
  });
  return history;
}

}  // namespace porelith
