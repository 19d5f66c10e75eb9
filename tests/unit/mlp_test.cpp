/// Networks, their gradients and their training.
#include "surrogate/network/mlp.hpp"

#include <cmath>
#include <limits>
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

TEST_CASE("the gradient of the loss with slopes equals central differences to 1e-6, unknown slopes left out") {
  for (const Activation activation : all_activations) {
    Mlp network = drawn(activation);
    Samples samples{random_matrix(3, 6, 1), random_matrix(2, 6, 2), {1, 3, 4}, random_matrix(2, 9, 5)};
    samples.slopes(1, 4) = std::numeric_limits<double>::quiet_NaN();
    const Eigen::VectorXd importance = Eigen::Vector2d(1, 0.3);
    Eigen::VectorXd gradient, unused;
    loss_of(network, samples, importance, gradient);
    const double h = 1e-6;
    double worst = 0;
    for (long k = 0; k < gradient.size(); ++k) {
      const double weight = network.weights()[k];
      network.weights()[k] = weight + h;
      const double above = loss_of(network, samples, importance, unused);
      network.weights()[k] = weight - h;
      const double below = loss_of(network, samples, importance, unused);
      network.weights()[k] = weight;
      worst = std::max(worst, std::abs((above - below) / (2 * h) - gradient[k]));
    }
    INFO(name_of(activation));
    CHECK(worst < 1e-6 * gradient.norm());
  }
}

TEST_CASE("slopes at many points are those at each, and the loss is the sum of its squares") {
  const Mlp network = drawn(Activation::tanh);
  const Samples samples{random_matrix(3, 4, 1), random_matrix(2, 4, 2), {0, 2}, random_matrix(2, 6, 5)};
  Mlp::SlopeTrace trace;
  const Eigen::MatrixXd all = network.slopes(samples.X, trace);
  for (long i = 0; i < 4; ++i)
    for (long k = 0; k < 3; ++k) CHECK((all.col(4 * k + i) - network.jacobian(samples.X.col(i)).col(k)).norm() < 1e-14);
  const Eigen::VectorXd importance = Eigen::Vector2d(1, 0.3);
  double sum = 0;
  for (const long i : samples.sloped)
    for (long k = 0; k < 3; ++k)
      sum +=
          importance.dot((network.jacobian(samples.X.col(i)).col(k) - samples.slopes.col(2 * k + i / 2)).cwiseAbs2());
  Eigen::VectorXd gradient;
  CHECK(loss_of(network, samples, importance, gradient) ==
        Approx(loss_of(network, samples, importance) + sum / 6).epsilon(1e-12));
  const Samples part = samples.part({0, 1, 3});
  CHECK(part.sloped == std::vector<long>{0});
  CHECK(part.slopes.col(1) == samples.slopes.col(2));
}

TEST_CASE("few values with slopes teach a network what they cannot without") {
  Samples samples{random_matrix(2, 12, 1), Eigen::MatrixXd(1, 12)};
  const auto truth = [](const Eigen::VectorXd& u) { return std::sin(2 * u[0]) * std::cos(1.5 * u[1]); };
  Samples sloped = samples;
  sloped.slopes.resize(1, 24);
  for (long i = 0; i < 12; ++i) {
    const Eigen::VectorXd u = samples.X.col(i);
    sloped.Y(0, i) = samples.Y(0, i) = truth(u);
    sloped.sloped.push_back(i);
    sloped.slopes(0, i) = 2 * std::cos(2 * u[0]) * std::cos(1.5 * u[1]);
    sloped.slopes(0, 12 + i) = -1.5 * std::sin(2 * u[0]) * std::sin(1.5 * u[1]);
  }
  const auto error = [&](const Samples& known) {
    Mlp network({2, 12, 1}, Activation::tanh);
    Random random(1);
    network.draw_weights(random);
    train_network(network, known, {}, Eigen::VectorXd::Ones(1), {}, random);
    const Eigen::MatrixXd U = random_matrix(2, 200, 9);
    double sum = 0;
    for (long k = 0; k < U.cols(); ++k) sum += std::abs(network.forward(U.col(k))(0, 0) - truth(U.col(k))) / 200;
    return sum;
  };
  CHECK(error(sloped) < 0.4 * error(samples));
}

TEST_CASE("a training tells the loss on what it does not see, which does not change it") {
  const Samples seen{random_matrix(1, 12, 1), random_matrix(1, 12, 2)};
  const Samples unseen{random_matrix(1, 12, 3), random_matrix(1, 12, 4)};
  Training training;
  training.epochs = 80;
  const Eigen::VectorXd importance = Eigen::VectorXd::Ones(1);
  const auto trained = [&](const Samples& others, std::vector<double>& history) {
    Mlp network({1, 8, 1}, Activation::tanh);
    Random random(1);
    network.draw_weights(random);
    history = train_network(network, seen, others, importance, training, random);
    return network;
  };
  std::vector<double> history, none;
  const Mlp network = trained(unseen, history);
  CHECK(history.size() > 60);
  CHECK(history.size() <= 80);
  CHECK(history.back() == loss_of(network, unseen, importance));
  CHECK(trained({}, none).weights() == network.weights());
  CHECK(none.empty());
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
