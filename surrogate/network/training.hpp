#pragma once
/// Training of one network: Adam on mini-batches with decoupled weight decay, then L-BFGS on all samples together.
#include <Eigen/Core>
#include <vector>

#include "surrogate/network/mlp.hpp"

namespace porelith {

struct Training {
  int epochs = 1500;       ///< at most, of both together
  int first = 60;          ///< of them Adam's
  int batch = 32;          ///< samples a step of Adam's
  double rate = 4e-3;      ///< Adam's learning rate at the start; falls with a cosine (N5)
  double last_rate = 0.1;  ///< of the starting rate, at the end
  double decay = 1e-6;     ///< of the squares of the weights, in the loss

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

/// Samples as columns; some of them know slopes.
struct Samples {
  Eigen::MatrixXd X;              ///< inputs x n
  Eigen::MatrixXd Y;              ///< outputs x n
  std::vector<long> sloped = {};  ///< columns of X
  Eigen::MatrixXd slopes = {};  ///< outputs x (inputs x sloped), by input k in columns k s to (k + 1) s; NaN = unknown

  /// Those of some columns. @param which ascending
  Samples part(const std::vector<long>& which) const;
};

/// (N4) Mean over samples of the weighted sum of squares, of values alone. @param importance outputs
double loss_of(const Mlp& network, const Samples& samples, const Eigen::VectorXd& importance);
/// (N4), (N16) The same with that of the slopes. @param gradient by the weights, overwritten
double loss_of(const Mlp& network, const Samples& samples, const Eigen::VectorXd& importance,
               Eigen::VectorXd& gradient);

/// Trains in place.
/// @param unseen samples that only the history tells of; may be none
/// @param random order of the samples; @return loss on the unseen samples after each epoch
std::vector<double> train_network(Mlp& network, const Samples& seen, const Samples& unseen,
                                  const Eigen::VectorXd& importance, const Training& training, Random& random);

}  // namespace porelith
