#include "surrogate/network/mlp.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace porelith {
namespace {

constexpr double leak = 0.01;  // slope of the leaky ReLU below zero: A. L. Maas et al., ICML workshop (2013)

/// In place. tanh(z) = 1 - 2/(exp(2z) + 1) goes through Eigen's vectorised exp; exact to rounding of 1.
template <class Values>
void activate(Activation activation, Values&& z) {
  switch (activation) {
    case Activation::tanh:
      z = 1 - 2 / ((2 * z).exp() + 1);
      break;
    case Activation::relu:
      z = z.max(0);
      break;
    case Activation::leaky_relu:
      z = z.max(leak * z);
      break;
  }
}

/// delta times the activation's slope, told from its value a.
template <class Values, class Deltas>
void times_slope(Activation activation, const Values& a, Deltas&& delta) {
  switch (activation) {
    case Activation::tanh:
      delta *= 1 - a.square();
      break;
    case Activation::relu:
      delta *= (a > 0).template cast<double>();
      break;
    case Activation::leaky_relu:
      delta *= leak + (1 - leak) * (a > 0).template cast<double>();
      break;
  }
}

}  // namespace

Activation activation_of(const std::string& name) {
  for (const Activation a : {Activation::tanh, Activation::relu, Activation::leaky_relu}) {
    if (name_of(a) == name) return a;
  }
  throw std::invalid_argument(fmt::format("{} is no activation; there are tanh, relu and leaky_relu", name));
}

std::string name_of(Activation activation) {
  return activation == Activation::tanh ? "tanh" : activation == Activation::relu ? "relu" : "leaky_relu";
}

Mlp::Mlp(std::vector<int> sizes, Activation activation) : sizes_(std::move(sizes)), activation_(activation) {
  if (sizes_.size() < 2) throw std::invalid_argument("a network needs inputs and outputs");
  for (const int n : sizes_) {
    if (n < 1) throw std::invalid_argument(fmt::format("a layer of {} neurons is no layer; at least 1", n));
  }
  long count = 0;
  for (std::size_t l = 0; l < layers(); ++l) {
    start_.push_back(count);
    count += static_cast<long>(sizes_[l + 1]) * (sizes_[l] + 1);
  }
  weights_ = Eigen::VectorXd::Zero(count);
  decays_ = Eigen::VectorXd::Zero(count);
  for (std::size_t l = 0; l < layers(); ++l) decays_.segment(start_[l], W(l).size()).setOnes();
}

void Mlp::draw_weights(Random& random) {
  weights_.setZero();
  for (std::size_t l = 0; l < layers(); ++l) {
    const bool glorot = activation_ == Activation::tanh || l + 1 == layers();
    const double deviation = std::sqrt(glorot ? 2.0 / (sizes_[l] + sizes_[l + 1]) : 2.0 / sizes_[l]);
    for (long k = 0; k < W(l).size(); ++k) weights_[start_[l] + k] = deviation * random.normal();
  }
}

Eigen::MatrixXd Mlp::forward(const Eigen::MatrixXd& X) const {
  Eigen::MatrixXd a = X;
  for (std::size_t l = 0; l < layers(); ++l) {
    Eigen::MatrixXd z = (W(l) * a).colwise() + b(l);
    if (l + 1 < layers()) activate(activation_, z.array());
    a.swap(z);
  }
  return a;
}

const Eigen::MatrixXd& Mlp::forward(const Eigen::Ref<const Eigen::MatrixXd>& X, Trace& trace) const {
  trace.a.resize(layers() + 1);
  trace.a[0] = X;
  for (std::size_t l = 0; l < layers(); ++l) {
    Eigen::MatrixXd& z = trace.a[l + 1];
    z.noalias() = W(l) * trace.a[l];
    z.colwise() += b(l);
    if (l + 1 < layers()) activate(activation_, z.array());
  }
  return trace.a.back();
}

void Mlp::backward(Trace& trace, const Eigen::MatrixXd& dY, Eigen::VectorXd& gradient) const {
  gradient.resize(weights_.size());
  trace.delta.resize(layers());
  trace.delta.back() = dY;
  for (std::size_t l = layers(); l-- > 0;) {
    const Eigen::MatrixXd& delta = trace.delta[l];  // sizes[l + 1] x n
    const long count = W(l).size();
    Eigen::Map<Eigen::MatrixXd>(gradient.data() + start_[l], sizes_[l + 1], sizes_[l]).noalias() =
        delta * trace.a[l].transpose();
    gradient.segment(start_[l] + count, sizes_[l + 1]) = delta.rowwise().sum();
    if (l == 0) break;
    trace.delta[l - 1].noalias() = W(l).transpose() * delta;  // sizes[l] x n
    times_slope(activation_, trace.a[l].array(), trace.delta[l - 1].array());
  }
}

const Eigen::MatrixXd& Mlp::slopes(const Eigen::MatrixXd& X, SlopeTrace& trace) const {
  const long n = X.cols(), d = X.rows();
  trace.a.resize(layers() + 1);
  trace.t.resize(layers() + 1);
  trace.q.resize(layers());
  trace.a[0] = X;
  trace.t[0].setZero(d, d * n);
  for (long k = 0; k < d; ++k) trace.t[0].row(k).segment(k * n, n).setOnes();
  for (std::size_t l = 0; l < layers(); ++l) {
    trace.q[l].noalias() = W(l) * trace.t[l];
    trace.t[l + 1] = trace.q[l];
    if (l + 1 == layers()) break;
    trace.a[l + 1].noalias() = W(l) * trace.a[l];
    trace.a[l + 1].colwise() += b(l);
    activate(activation_, trace.a[l + 1].array());
    for (long k = 0; k < d; ++k)
      times_slope(activation_, trace.a[l + 1].array(), trace.t[l + 1].middleCols(k * n, n).array());
  }
  return trace.t.back();
}

void Mlp::backward_slopes(const SlopeTrace& trace, const Eigen::MatrixXd& dT, Eigen::VectorXd& gradient) const {
  const long d = inputs(), n = trace.a[0].cols();
  Eigen::MatrixXd dq = dT, dz;  // d loss / d q, d loss / d (W a + b), which the last layer's slopes do not know
  for (std::size_t l = layers(); l-- > 0;) {
    Eigen::Map<Eigen::MatrixXd> dW(gradient.data() + start_[l], sizes_[l + 1], sizes_[l]);
    dW.noalias() += dq * trace.t[l].transpose();
    if (dz.size() > 0) {
      dW.noalias() += dz * trace.a[l].transpose();
      gradient.segment(start_[l] + W(l).size(), sizes_[l + 1]) += dz.rowwise().sum();
    }
    if (l == 0) break;
    const Eigen::MatrixXd dt = W(l).transpose() * dq;
    Eigen::MatrixXd da = Eigen::MatrixXd::Zero(sizes_[l], n);
    if (dz.size() > 0) da.noalias() = W(l).transpose() * dz;
    const auto a = trace.a[l].array();
    if (activation_ == Activation::tanh) {  // its slope has a slope: (1 - a^2)' = -2 a by a
      for (long k = 0; k < d; ++k)
        da.array() -= 2 * a * trace.q[l - 1].middleCols(k * n, n).array() * dt.middleCols(k * n, n).array();
    }
    times_slope(activation_, a, da.array());
    dz.swap(da);
    dq = dt;
    for (long k = 0; k < d; ++k) times_slope(activation_, a, dq.middleCols(k * n, n).array());
  }
}

Eigen::MatrixXd Mlp::jacobian(const Eigen::VectorXd& x) const {
  std::vector<Eigen::VectorXd> a{x};
  for (std::size_t l = 0; l + 1 < layers(); ++l) {
    a.emplace_back(W(l) * a[l] + b(l));
    activate(activation_, a.back().array());
  }
  Eigen::MatrixXd slope = W(layers() - 1);  // outputs x sizes[l]
  for (std::size_t l = layers() - 1; l-- > 0;) {
    Eigen::ArrayXd ones = Eigen::ArrayXd::Ones(sizes_[l + 1]);
    times_slope(activation_, a[l + 1].array(), ones);
    slope = (slope * ones.matrix().asDiagonal()) * W(l);
  }
  return slope;
}

}  // namespace porelith
