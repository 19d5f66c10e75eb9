#pragma once
/// Training of one network: Adam on mini-batches with decoupled weight decay, stopped early.
#include <Eigen/Core>
#include <vector>

#include "surrogate/network/mlp.hpp"

namespace porelith {

struct Training {
  int epochs = 1500;        ///< at most
  int batch = 32;           ///< samples a step
  double rate = 4e-3;       ///< learning rate at the start; falls with a cosine (N5)
  double last_rate = 1e-3;  ///< of the starting rate, at the end
  double decay = 1e-4;      ///< weight decay a step, times the learning rate
  int patience = 400;       ///< epochs without a better validation loss before training stops

  /// @throws std::invalid_argument with the range that a value left
  void check() const;
};

/// Adam: D. P. Kingma and J. Ba, ICLR (2015); decay apart from the gradient: I. Loshchilov and F. Hutter, ICLR (2019).
class Adam {
 public:
  explicit Adam(long weights) : m_(Eigen::ArrayXd::Zero(weights)), v_(m_) {}
  void step(Eigen::VectorXd& weights, const Eigen::VectorXd& gradient, const Eigen::VectorXd& decays, double rate,
            double decay);

 private:
  Eigen::ArrayXd m_, v_;
  double power1_ = 1, power2_ = 1;  ///< beta1^t, beta2^t
};

/// Samples as columns, and how much each output counts.
struct Samples {
  Eigen::MatrixXd X;  ///< inputs x n
  Eigen::MatrixXd Y;  ///< outputs x n
};

/// Mean over samples of the weighted sum of squares (N4). @param importance outputs
double loss_of(const Mlp& network, const Samples& samples, const Eigen::VectorXd& importance);

/// Trains in place and leaves the weights of the best epoch.
/// @param random order of the samples; @return validation loss after each epoch
std::vector<double> train_network(Mlp& network, const Samples& seen, const Samples& validation,
                                  const Eigen::VectorXd& importance, const Training& training, Random& random);

}  // namespace porelith
