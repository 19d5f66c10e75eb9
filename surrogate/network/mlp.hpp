#pragma once
/// A multilayer perceptron: forward and backward, nothing else. Columns are samples.
#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "solver/base/random.hpp"

namespace porelith {

enum class Activation { tanh, relu, leaky_relu };

/// "tanh", "relu", "leaky_relu". @throws std::invalid_argument naming what there is
Activation activation_of(const std::string& name);
std::string name_of(Activation activation);

/// Layers of neurons with one activation; the last layer is linear (N1). All weights stand in one vector, layer by
/// layer: the matrix W (outputs x inputs, column-major), then the bias b.
class Mlp {
 public:
  /// @param sizes inputs, neurons of each hidden layer, outputs; @throws std::invalid_argument if one is not positive
  Mlp(std::vector<int> sizes, Activation activation);

  /// Weights drawn for the activation (N2), biases zero.
  void draw_weights(Random& random);

  int inputs() const { return sizes_.front(); }
  int outputs() const { return sizes_.back(); }
  const std::vector<int>& sizes() const { return sizes_; }
  Activation activation() const { return activation_; }
  Eigen::VectorXd& weights() { return weights_; }
  const Eigen::VectorXd& weights() const { return weights_; }
  /// 1 where weight decay applies (matrices), 0 at biases.
  const Eigen::VectorXd& decays() const { return decays_; }

  using Matrix = Eigen::Map<const Eigen::MatrixXd>;
  using Bias = Eigen::Map<const Eigen::VectorXd>;
  /// Views of one layer, counted from 0: neurons x inputs, and neurons.
  Matrix W(std::size_t layer) const { return {weights_.data() + start_[layer], sizes_[layer + 1], sizes_[layer]}; }
  Bias b(std::size_t layer) const {
    return {weights_.data() + start_[layer] + sizes_[layer + 1] * sizes_[layer], sizes_[layer + 1]};
  }

  /// What backward needs of a forward pass, reused from batch to batch.
  struct Trace {
    std::vector<Eigen::MatrixXd> a;      ///< layers + 1: inputs, then each layer's output, neurons x n
    std::vector<Eigen::MatrixXd> delta;  ///< layers: d loss / d (W a + b), neurons x n
  };

  /// What backward_slopes needs of a pass of slopes. Slopes by input k stand in columns k n to (k + 1) n.
  struct SlopeTrace {
    std::vector<Eigen::MatrixXd> a, t;  ///< layers + 1: each layer's output and its slopes
    std::vector<Eigen::MatrixXd> q;     ///< layers: slopes before the activation
  };

  /// @param X inputs x n; @return outputs x n
  Eigen::MatrixXd forward(const Eigen::MatrixXd& X) const;
  /// The same, remembered; @return trace.a.back()
  const Eigen::MatrixXd& forward(const Eigen::Ref<const Eigen::MatrixXd>& X, Trace& trace) const;
  /// @param trace of the forward pass; @param dY d loss / d outputs, outputs x n
  /// @param gradient d loss / d weights, as weights(); overwritten
  void backward(Trace& trace, const Eigen::MatrixXd& dY, Eigen::VectorXd& gradient) const;
  /// d outputs / d inputs at many points. @param X inputs x n; @return outputs x n inputs
  const Eigen::MatrixXd& slopes(const Eigen::MatrixXd& X, SlopeTrace& trace) const;
  /// @param dT d loss / d slopes; @param gradient d loss / d weights is added
  void backward_slopes(const SlopeTrace& trace, const Eigen::MatrixXd& dT, Eigen::VectorXd& gradient) const;
  /// d outputs / d inputs at one point. @param x inputs; @return outputs x inputs
  Eigen::MatrixXd jacobian(const Eigen::VectorXd& x) const;

 private:
  std::size_t layers() const { return sizes_.size() - 1; }

  std::vector<int> sizes_;
  Activation activation_;
  std::vector<long> start_;  ///< of each layer in the weights
  Eigen::VectorXd weights_, decays_;
};

}  // namespace porelith
