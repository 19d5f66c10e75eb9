#include "solver/text/function.hpp"

#include <cmath>
#include <complex>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "solver/text/vector_math.hpp"
#include "tests/support/catch.hpp"

using porelith::Function;

namespace {

using Complex = std::complex<double>;

/// An expression as text and as a function of a complex number, which the standard library evaluates.
struct Twin {
  std::string text;
  std::function<Complex(Complex)> law;
};

/// Analytic expressions whose values stay moderate for x in (0.1, 2): nothing divides by less than 1.
class RandomExpressions {
 public:
  explicit RandomExpressions(unsigned seed) : generator_(seed) {}

  Twin make(int depth) {
    if (depth == 0) return leaf();
    const Twin a = make(depth - 1);
    switch (pick(12)) {
      case 0:
        return binary(a, make(depth - 1), " + ", [](Complex u, Complex v) { return u + v; });
      case 1:
        return binary(a, make(depth - 1), " - ", [](Complex u, Complex v) { return u - v; });
      case 2:
        return binary(a, make(depth - 1), "*", [](Complex u, Complex v) { return u * v; });
      case 3:
        return unary(a, "(", ")/(1 + tanh(" + a.text + ")**2)",
                     [](Complex u) { return u / (1.0 + std::tanh(u) * std::tanh(u)); });
      case 4:
        return unary(
            a, "exp(-", "/4)", [](Complex u) { return std::exp(-u / 4.0); }, true);
      case 5:
        return unary(
            a, "tanh(1.5*", " - 0.4)", [](Complex u) { return std::tanh(1.5 * u - 0.4); }, true);
      case 6:
        return unary(a, "sin(", ")", [](Complex u) { return std::sin(u); });
      case 7:
        return unary(
            a, "", "**3/10", [](Complex u) { return u * u * u / 10.0; }, true);
      case 8:
        return unary(a, "sqrt(2 + cos(", "))", [](Complex u) { return std::sqrt(2.0 + std::cos(u)); });
      case 9:
        return unary(a, "log(2 + sin(", "))", [](Complex u) { return std::log(2.0 + std::sin(u)); });
      case 10:
        return unary(a, "(2 + cos(", "))**-0.7", [](Complex u) { return std::pow(2.0 + std::cos(u), -0.7); });
      default:
        return unary(a, "(2 + sin(", "))**2.5", [](Complex u) { return std::pow(2.0 + std::sin(u), 2.5); });
    }
  }

 private:
  int pick(int n) { return static_cast<int>(generator_() % static_cast<unsigned>(n)); }

  Twin leaf() {
    if (pick(3) > 0) return {"x", [](Complex x) { return x; }};
    const double c = 0.25 * (1 + pick(8));
    return {std::to_string(c), [c](Complex) { return Complex(c); }};
  }
  static Twin binary(const Twin& a, const Twin& b, const std::string& op, std::function<Complex(Complex, Complex)> f) {
    return {"(" + a.text + op + b.text + ")", [=](Complex x) { return f(a.law(x), b.law(x)); }};
  }
  static Twin unary(const Twin& a, const std::string& before, const std::string& after,
                    std::function<Complex(Complex)> f, bool parentheses = false) {
    const std::string inner = parentheses ? "(" + a.text + ")" : a.text;
    return {before + inner + after, [=](Complex x) { return f(a.law(x)); }};
  }

  std::mt19937 generator_;
};

std::vector<double> spread(int n, double from, double to) {
  std::vector<double> x(n);
  for (int i = 0; i < n; ++i) x[i] = from + (to - from) * (i + 0.5) / n;
  return x;
}

std::string complaint(const std::vector<double>& x, const std::vector<double>& y) {
  try {
    Function::table(x, y);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("2000 random expressions have the value and the complex-step derivative of the standard library") {
  RandomExpressions random(20240701);
  constexpr double step = 1e-30;  // f(x + ih) = f(x) + ih f'(x): no subtraction, exact to rounding
  int compared = 0;
  for (int k = 0; k < 2000; ++k) {
    const Twin twin = random.make(1 + k % 4);
    const Function f = Function::expression(twin.text);
    for (const double x : {0.1, 0.73, 1.9}) {
      const Complex truth = twin.law(Complex(x, step));
      if (std::abs(truth) > 1e6) continue;
      const auto [value, slope] = f(x);
      INFO(twin.text << " at " << x);
      REQUIRE(value == Approx(truth.real()).epsilon(1e-11).margin(1e-12));
      REQUIRE(slope == Approx(truth.imag() / step).epsilon(1e-10).margin(1e-11));
      ++compared;
    }
  }
  CHECK(compared > 5000);
}

TEST_CASE("abs, min and max have the slope of the branch that holds") {
  CHECK(Function::expression("abs(x)")(-2).slope == -1);
  CHECK(Function::expression("abs(x)")(2).slope == 1);
  CHECK(Function::expression("min(x**2, x + 2)")(1).slope == 2);
  CHECK(Function::expression("min(x**2, x + 2)")(3).slope == 1);
  CHECK(Function::expression("max(x**2, x + 2)")(3).slope == 6);
}

TEST_CASE("a block of any length gives each point what it has alone") {
  const Function f = Function::expression("0.2 + 1.5*exp(-12*x) + 0.04*tanh((x - 0.3)/0.08) - x**1.5/(1 + x)");
  for (const int n : {1, 2, 7, 8, 9, 20, 63, 64, 65, 128, 200}) {
    const auto x = spread(n, 0, 1);
    std::vector<double> value(n, NAN), slope(n, NAN);
    f.evaluate(n, x.data(), value.data(), slope.data());
    for (int i = 0; i < n; ++i) {
      REQUIRE(value[i] == f(x[i]).value);
      REQUIRE(slope[i] == f(x[i]).slope);
    }
  }
}

TEST_CASE("published open-circuit potentials agree with their formulas term by term") {
  // LFP and graphite of the About:Energy example files: terms of 3.5e14 and of 1e3 that nearly cancel
  const Function lfp = Function::expression(
      "3.41285712e+00 - 1.49721852e-02 * x + 3.54866018e+14 * exp(-3.95729493e+02 * x) - 1.45998465e+00 * "
      "exp(-1.10108622e+02 * (1 - x))");
  const Function graphite = Function::expression(
      "-1.17963399e+03 + 1.20956356e+03 * tanh(6.72033948e+01 * (x + 2.44746396e-02)) + 2.01855800e+01 * "
      "tanh(-2.46666302e+01 * (x - 1.12986136e+00))");
  for (const double x : spread(50, 0.08, 0.96)) {
    const double decay = 3.54866018e14 * std::exp(-3.95729493e2 * x),
                 rise = 1.45998465 * std::exp(-1.10108622e2 * (1 - x));
    CHECK(lfp(x).value == Approx(3.41285712 - 1.49721852e-2 * x + decay - rise).epsilon(1e-13));
    CHECK(lfp(x).slope == Approx(-1.49721852e-2 - 3.95729493e2 * decay - 1.10108622e2 * rise).epsilon(1e-12));
    const double u = 6.72033948e1 * (x + 2.44746396e-2), v = -2.46666302e1 * (x - 1.12986136);
    CHECK(graphite(x).value == Approx(-1179.63399 + 1209.56356 * std::tanh(u) + 20.18558 * std::tanh(v)).margin(1e-11));
    const double slope =
        1209.56356 * 67.2033948 / std::pow(std::cosh(u), 2) - 20.18558 * 24.6666302 / std::pow(std::cosh(v), 2);
    CHECK(graphite(x).slope == Approx(slope).epsilon(1e-11).margin(1e-14));
  }
}

TEST_CASE("exp, log and tanh keep to their last digits") {
  std::mt19937_64 generator(7);
  std::uniform_real_distribution<double> uniform(-1, 1);
  double worst_exp = 0, worst_log = 0, worst_tanh = 0;
  const Function tanh = Function::expression("tanh(x)");
  for (int k = 0; k < 100'000; ++k) {
    const double u = uniform(generator) * (k % 2 == 0 ? 690 : 2);
    const double exact_exp = static_cast<double>(std::exp(static_cast<long double>(u)));
    worst_exp = std::max(worst_exp, std::fabs(porelith::vector_math::exp(u) / exact_exp - 1));
    const double a = std::exp(u);
    const auto exact_log = static_cast<double>(std::log(static_cast<long double>(a)));
    worst_log =
        std::max(worst_log, std::fabs(porelith::vector_math::log(a) - exact_log) / (std::fabs(exact_log) + 1e-300));
    worst_tanh = std::max(worst_tanh, std::fabs(tanh(u).value - std::tanh(u)));
  }
  CHECK(worst_exp < 4.5e-16);
  CHECK(worst_log < 4.5e-16);
  CHECK(worst_tanh < 5e-16);
}

TEST_CASE("no finite x gives a value or slope that is not a number, however far out") {
  for (const char* text : {"exp(x)", "exp(-395*x)*3.5e14", "tanh(x)", "tanh(1e300*x)", "tanh(exp(x))", "cosh(x)",
                           "sinh(x)", "exp(x**2)", "1/(1 + exp(x))", "tanh(x)*exp(x)", "atan(x)", "erf(x)"}) {
    const Function f = Function::expression(text);
    for (const double x : {0.0, 1e-300, 1.0, 700.0, 710.0, 1e4, 1e10, -1e-300, -1.0, -700.0, -710.0, -1e4, -1e10}) {
      INFO(text << " at " << x);
      CHECK_FALSE(std::isnan(f(x).value));
      CHECK_FALSE(std::isnan(f(x).slope));
    }
  }
  CHECK(std::isfinite(Function::expression("exp(400*x)")(1e6).slope));
}

TEST_CASE("a NaN stays a NaN, so that it cannot hide") {
  for (const char* text : {"exp(x)", "tanh(x)", "x**2.5", "x**0.3", "log(x)", "cosh(x) + 1"}) {
    INFO(text);
    CHECK(std::isnan(Function::expression(text)(NAN).value));
  }
}

TEST_CASE("powers at zero have their limits and finite slopes") {
  const auto at_zero = [](const char* text) { return Function::expression(text)(0.0); };
  CHECK(at_zero("x**1.5").value == 0);
  CHECK(at_zero("x**1.5").slope == 0);
  CHECK(at_zero("x**3").slope == 0);
  CHECK(at_zero("x**1.3").value == 0);
  CHECK(at_zero("x**1.3").slope == Approx(0).margin(1e-80));
  CHECK(at_zero("x**0.3").value == 0);
  CHECK(std::isfinite(at_zero("x**0.3").slope));
  CHECK(std::isfinite(at_zero("sqrt(x)").slope));
  CHECK(at_zero("x**(1 + x)").value == Approx(0).margin(1e-290));
  CHECK(at_zero("x**0").value == 1);
  CHECK(std::isnan(Function::expression("x**0.3")(-1).value));
}

TEST_CASE("powers of every kind agree with the standard library") {
  for (const double p : {-1024.0, -7.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.5, 1.5, 2.0, 2.5, 3.0, 4.0, 7.0, 7.5, 1024.0,
                         0.37, -0.37, 2000.0}) {
    const Function f = Function::expression("x**(" + std::to_string(p) + ")");
    for (const double x : {0.7, 1.0, 1.2}) {
      INFO("x**" << p << " at " << x);
      CHECK(f(x).value == Approx(std::pow(x, p)).epsilon(2e-13).margin(1e-290));
      CHECK(f(x).slope == Approx(p * std::pow(x, p - 1)).epsilon(2e-13).margin(1e-290));
    }
  }
  CHECK(Function::expression("x**3")(-2).value == -8);
  CHECK(Function::expression("x**-3")(-2).value == -0.125);
}

TEST_CASE("a number is a constant function that says so") {
  const Function f = 0.4;
  CHECK(f.is_constant());
  CHECK(f(17).value == 0.4);
  CHECK(f(17).slope == 0);
  CHECK(f.text() == "0.4");
  CHECK(Function::expression("2 * 0.2").text() == "2 * 0.2");
}

TEST_CASE("tables are linear between their points, which may come in any order, and constant beyond") {
  const Function f = Function::table({2, 0, 1}, {5, 1, 2});
  CHECK(f(0.5).value == 1.5);
  CHECK(f(0.5).slope == 1);
  CHECK(f(1).value == 2);
  CHECK(f(1.25).value == 2.75);
  CHECK(f(1.25).slope == 3);
  CHECK(f(-1).value == 1);
  CHECK(f(-1).slope == 0);
  CHECK(f(9).value == 5);
  CHECK(f(9).slope == 0);
  CHECK_FALSE(f.is_constant());
  CHECK(f.text() == "table of 3 points");
}

TEST_CASE("tables without sense are refused with a sentence") {
  CHECK(complaint({0, 1}, {1}) == "the table has 2 values of x and 1 of y");
  CHECK(complaint({0}, {1}) == "the table has 1 points; it needs two or more");
  CHECK(complaint({0, 1, 0}, {1, 2, 3}) == "x = 0 occurs twice in the table, with y = 1 and 3");
  CHECK(complaint({3, 3, 3}, {1, 1, 1}) == "the table has one point, at x = 3; it needs two or more");
  CHECK(complaint({0, NAN}, {1, 2}) == "point 2 of the table, (nan, 2), is not finite");
}

TEST_CASE("a point that is twice in a table counts once") {
  const Function f = Function::table({0, 1, 1, 2, 0, 2}, {1, 2, 2, 5, 1, 5});
  CHECK(f.text() == "table of 3 points");
  CHECK(f(1.5).value == 3.5);
  CHECK(f(1).value == 2);
}

TEST_CASE(
    "a law says where it is known: a table from end to end, the mean of two where both are, all else everywhere") {
  const Function narrow = Function::table({0.9, 0.1, 0.5}, {1, 2, 3}), wide = Function::table({0, 0.8}, {1, 2});
  CHECK(narrow.range().low == 0.1);
  CHECK(narrow.range().high == 0.9);
  CHECK(narrow.kinks() == std::vector<double>{0.1, 0.5, 0.9});
  const Function mean = Function::mean_of(narrow, wide);
  CHECK(mean.range().low == 0.1);
  CHECK(mean.range().high == 0.8);
  CHECK(mean.kinks() == std::vector<double>{0, 0.1, 0.5, 0.8, 0.9});
  for (const Function& law : {Function(2.0), Function::expression("x**2"), Function::mean_of(1.0, 2.0)}) {
    CHECK(std::isinf(law.range().low));
    CHECK(std::isinf(law.range().high));
    CHECK(law.kinks().empty());
  }
}

TEST_CASE("the mean of two laws has the mean value and slope, for any number of points") {
  const Function f = Function::mean_of(Function::expression("x**2"), Function::table({0, 4}, {0, 8}));
  const auto x = spread(150, 0, 4);
  std::vector<double> value(150), slope(150);
  f.evaluate(150, x.data(), value.data(), slope.data());
  for (int i = 0; i < 150; ++i) {
    CHECK(value[i] == Approx(0.5 * x[i] * x[i] + x[i]));
    CHECK(slope[i] == Approx(x[i] + 1));
  }
}

TEST_CASE("threads that share a law do not disturb one another") {
  const Function f = Function::expression("tanh(3*x) + x**2.5");
  const auto x = spread(64, 0, 1);
  std::vector<double> expected(64), slope(64);
  f.evaluate(64, x.data(), expected.data(), slope.data());
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::vector<double> value(64), own_slope(64);
      for (int k = 0; k < 500; ++k) {
        f.evaluate(64, x.data(), value.data(), own_slope.data());
        wrong[t] += value != expected;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(4, 0));
}
