#include "surrogate/network/training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace porelith {
namespace {

constexpr double beta1 = 0.9, beta2 = 0.999, tiny = 1e-8;  // Kingma and Ba's

/// (N5) from `rate` down to its `last_rate` part along half a cosine.
double rate_at(const Training& training, int epoch) {
  const double phase = 3.14159265358979323846 * epoch / training.epochs;
  return training.rate * (training.last_rate + (1 - training.last_rate) * 0.5 * (1 + std::cos(phase)));
}

void gather(const Samples& from, const std::vector<long>& order, long start, long count, Samples& batch) {
  batch.X.resize(from.X.rows(), count);
  batch.Y.resize(from.Y.rows(), count);
  for (long k = 0; k < count; ++k) {
    batch.X.col(k) = from.X.col(order[static_cast<std::size_t>(start + k)]);
    batch.Y.col(k) = from.Y.col(order[static_cast<std::size_t>(start + k)]);
  }
}

}  // namespace

void Training::check() const {
  if (epochs < 1) throw std::invalid_argument(fmt::format("epochs = {} is outside [1, inf)", epochs));
  if (batch < 1) throw std::invalid_argument(fmt::format("batch = {} is outside [1, inf)", batch));
  if (!(rate > 0)) throw std::invalid_argument(fmt::format("rate = {} is outside (0, inf)", rate));
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

double loss_of(const Mlp& network, const Samples& samples, const Eigen::VectorXd& importance) {
  const Eigen::MatrixXd error = network.forward(samples.X) - samples.Y;
  return (importance.transpose() * error.cwiseAbs2()).sum() / static_cast<double>(std::max(1L, error.cols()));
}

std::vector<double> train_network(Mlp& network, const Samples& seen, const Samples& validation,
                                  const Eigen::VectorXd& importance, const Training& training, Random& random) {
  training.check();
  const long n = seen.X.cols();
  Adam adam(network.weights().size());
  Mlp::Trace trace;
  Samples batch;
  Eigen::VectorXd gradient, best = network.weights();
  double least = loss_of(network, validation, importance);
  std::vector<double> history;
  int since = 0;
  for (int epoch = 0; epoch < training.epochs && since < training.patience; ++epoch, ++since) {
    const std::vector<long> order = random.permutation(n);
    for (long start = 0; start < n; start += training.batch) {
      gather(seen, order, start, std::min<long>(training.batch, n - start), batch);
      const Eigen::MatrixXd& y = network.forward(batch.X, trace);
      const Eigen::MatrixXd dY = importance.asDiagonal() * (y - batch.Y) * (2.0 / static_cast<double>(batch.X.cols()));
      network.backward(trace, dY, gradient);
      adam.step(network.weights(), gradient, network.decays(), rate_at(training, epoch), training.decay);
    }
    history.push_back(loss_of(network, validation, importance));
    if (history.back() < least) {
      least = history.back();
      best = network.weights();
      since = -1;
    }
  }
  network.weights() = best;
  return history;
}

}  // namespace porelith
