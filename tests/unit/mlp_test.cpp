/// Networks, their gradients and their training.
#include "surrogate/network/mlp.hpp"

#include <cmath>
#include <vector>

#include "surrogate/gate/reduced_basis.hpp"
#include "surrogate/network/training.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

Eigen::MatrixXd random_matrix(long rows, long columns, unsigned seed) {
  Random random(seed);
  Eigen::MatrixXd values(rows, columns);
  for (double& value : values.reshaped()) value = random.uniform(-1, 1);
  return values;
}

Mlp drawn(Activation activation) {
  Mlp network({3, 7, 5, 2}, activation);
  Random random(11);
  network.draw_weights(random);
  for (double& weight : network.weights()) weight += 0.05 * random.normal();  // biases too
  return network;
}

constexpr Activation all_activations[] = {Activation::tanh, Activation::relu, Activation::leaky_relu};

}  // namespace

TEST_CASE("the gradient by the weights equals central differences to 1e-6") {
  for (const Activation activation : all_activations) {
    Mlp network = drawn(activation);
    const Samples samples{random_matrix(3, 6, 1), random_matrix(2, 6, 2)};
    const Eigen::VectorXd importance = Eigen::Vector2d(1, 0.3);
    Mlp::Trace trace;
    Eigen::VectorXd gradient;
    const Eigen::MatrixXd dY = importance.asDiagonal() * (network.forward(samples.X, trace) - samples.Y) * (2.0 / 6);
    network.backward(trace, dY, gradient);
    const double h = 1e-6;
    double worst = 0;
    for (long k = 0; k < gradient.size(); ++k) {
      const double weight = network.weights()[k];
      network.weights()[k] = weight + h;
      const double above = loss_of(network, samples, importance);
      network.weights()[k] = weight - h;
      const double below = loss_of(network, samples, importance);
      network.weights()[k] = weight;
      worst = std::max(worst, std::abs((above - below) / (2 * h) - gradient[k]));
    }
    INFO(name_of(activation));
    CHECK(gradient.norm() > 0.1);
    CHECK(worst < 1e-6 * gradient.norm());
  }
}

TEST_CASE("the gradient by the inputs equals central differences to 1e-6") {
  for (const Activation activation : all_activations) {
    const Mlp network = drawn(activation);
    const Eigen::VectorXd x = random_matrix(3, 1, 3);
    const Eigen::MatrixXd slope = network.jacobian(x);
    const double h = 1e-6;
    for (long k = 0; k < 3; ++k) {
      const Eigen::VectorXd step = h * Eigen::VectorXd::Unit(3, k);
      const Eigen::VectorXd numeric = (network.forward(x + step) - network.forward(x - step)) / (2 * h);
      INFO(name_of(activation) << ", input " << k);
      CHECK((numeric - slope.col(k)).norm() < 1e-6 * slope.norm());
    }
  }
}

TEST_CASE("a network of known weights gives the values computed by hand") {
  Mlp network({1, 2, 1}, Activation::leaky_relu);
  network.weights() << 1, -2, 0.5, 1, 3, 4, 0.25;  // W0 = (1, -2), b0 = (0.5, 1), W1 = (3, 4), b1 = 0.25
  const Eigen::MatrixXd y = network.forward(Eigen::RowVector2d(1, -1));
  CHECK(y(0, 0) == Approx(3 * 1.5 + 4 * 0.01 * -1 + 0.25).epsilon(1e-14));
  CHECK(y(0, 1) == Approx(3 * 0.01 * -0.5 + 4 * 3 + 0.25).epsilon(1e-14));
  Mlp smooth({1, 1, 1}, Activation::tanh);
  smooth.weights() << 1, 0, 1, 0;
  for (const double z : {-400.0, -2.0, 0.0, 1e-3, 0.7, 400.0}) {
    CHECK(smooth.forward(Eigen::MatrixXd::Constant(1, 1, z))(0, 0) == Approx(std::tanh(z)).margin(1e-15));
  }
}

TEST_CASE("initial weights have the deviation that their activation asks for") {
  for (const Activation activation : all_activations) {
    Mlp network({200, 300, 10}, activation);
    Random random(5);
    network.draw_weights(random);
    const double variance = network.W(0).squaredNorm() / static_cast<double>(network.W(0).size());
    CHECK(variance == Approx(activation == Activation::tanh ? 2.0 / 500 : 2.0 / 200).epsilon(0.02));
    CHECK(network.b(0).norm() == 0);
  }
}

TEST_CASE("Adam's first step is the learning rate against the gradient's sign, and decay shrinks matrices only") {
  Mlp network({1, 1}, Activation::tanh);
  network.weights() << 2, 3;
  Adam adam(2);
  adam.step(network.weights(), Eigen::Vector2d(5, -0.1), network.decays(), 0.01, 0.1);
  CHECK(network.weights()[0] == Approx(2 - 0.01 - 0.01 * 0.1 * 2).epsilon(1e-7));
  CHECK(network.weights()[1] == Approx(3 + 0.01).epsilon(1e-7));
}

TEST_CASE("training leaves the weights of the best epoch and stops when nothing gets better") {
  const Samples seen{random_matrix(1, 12, 1), random_matrix(1, 12, 2)};  // noise: it can only be learned by heart
  const Samples validation{random_matrix(1, 12, 3), random_matrix(1, 12, 4)};
  Mlp network({1, 32, 1}, Activation::tanh);
  Random random(1);
  network.draw_weights(random);
  Training training;
  training.epochs = 3000;
  training.patience = 100;
  const Eigen::VectorXd importance = Eigen::VectorXd::Ones(1);
  const double before = loss_of(network, validation, importance);
  const auto history = train_network(network, seen, validation, importance, training, random);
  double least = before;
  for (const double loss : history) least = std::min(least, loss);
  CHECK(history.size() < 3000);
  CHECK(loss_of(network, validation, importance) == least);
}

TEST_CASE("random numbers are those of the standard's generator and have the moments of their distributions") {
  std::mt19937_64 standard;
  standard.discard(9999);
  CHECK(standard() == 9981545732273789042u);  // C++17, [rand.predef]
  Random random(3);
  const int n = 200000;
  double sum = 0, squares = 0, fourth = 0, uniform = 0;
  for (int k = 0; k < n; ++k) {
    const double z = random.normal();
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
    uniform += random.uniform();
  }
  CHECK(sum / n == Approx(0).margin(0.01));
  CHECK(squares / n == Approx(1).margin(0.015));
  CHECK(fourth / n == Approx(3).margin(0.12));
  CHECK(uniform / n == Approx(0.5).margin(0.003));
  CHECK(Random(1, 0).uniform() != Random(1, 1).uniform());
}

TEST_CASE("curves made of three shapes need three modes and come back") {
  Eigen::MatrixXd shapes(3, 40);
  for (long p = 0; p < 40; ++p) {
    const double s = static_cast<double>(p) / 39;
    shapes.col(p) << s, s * s, std::exp(-4 * s);
  }
  const Eigen::MatrixXd curves = (random_matrix(50, 3, 9) * shapes).array() + 3;
  const ReducedBasis basis = reduced_basis(curves, 1e-9);
  CHECK(basis.size() == 3);
  CHECK((basis.modes.transpose() * basis.modes - Eigen::Matrix3d::Identity()).norm() < 1e-12);
  CHECK((basis.curves(basis.coefficients(curves)) - curves).cwiseAbs().maxCoeff() < 1e-10);
  CHECK(reduced_basis(curves, 0.15).size() < 3);
  CHECK(reduced_basis(Eigen::MatrixXd::Constant(5, 4, 2.5), 1e-6).size() == 0);
}

TEST_CASE("an unknown activation and an empty layer are told in a sentence") {
  CHECK_THAT(sentence_of<std::invalid_argument>([] { activation_of("sigmoid"); }), says("sigmoid is no activation"));
  CHECK_THAT(sentence_of<std::invalid_argument>([] { Mlp({3, 0, 1}, Activation::tanh); }), says("at least 1"));
  Training wrong;
  wrong.batch = 0;
  CHECK_THAT(sentence_of<std::invalid_argument>([&] { wrong.check(); }), says("batch = 0 is outside [1, inf)"));
}
