/// The last steps against functions whose summits are known: inside, on bounds, on conditions and on constraints.
#include "surrogate/design/trust_region.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

/// Physics whose "capacity" and "energy" are formulas, asked through `evaluator`, which counts.
struct Formulas {
  using Function = std::function<double(const std::vector<double>&)>;

  Formulas(int d, const std::vector<std::string>& feasible, Function capacity, Function energy = {}) {
    for (int i = 0; i < d; ++i) physics.family.variables.push_back({"x" + std::to_string(i), 0, 1, false, false, 0.5});
    physics.family.feasible = feasible;
    design.objective = "capacity";
    if (energy) design.constraints = {"energy"};
    physics.solve = [=](long index, const std::vector<double>& x, double) {
      Sample s{index, x, "complete", std::vector<double>(scalar_results().size(), 0.0), {}, 0, 1};
      for (std::size_t k = 0; k < s.scalars.size(); ++k) {
        if (scalar_results()[k].name == "capacity") s.scalars[k] = capacity(x);
        if (scalar_results()[k].name == "energy" && energy) s.scalars[k] = energy(x);
      }
      return s;
    };
    physics.infeasible = [this](const std::vector<double>& x) {
      const Eigen::VectorXd values = Goal(design, physics.family).feasibility(x);
      return std::string(values.size() > 0 && values.minCoeff() < 0 ? "outside" : "");
    };
    evaluator = [this](const std::vector<Question>& questions) {
      std::vector<Evaluation> answers;
      for (const auto& [x, finer, slope] : questions) {
        if (!physics.infeasible(x).empty()) throw std::logic_error("a design was asked for that may not be solved");
        answers.push_back({physics.solve(asked++, x, finer), {}});
      }
      return answers;
    };
  }

  std::vector<double> climb(const std::vector<double>& start, TrustRegionOptions options = {}) {
    const Goal goal(design, physics.family);
    TrustRegion ascent(goal, physics, start, options);
    History history = history_of({physics.solve(0, start, 1)});
    pursue(ascent, evaluator, history, goal.family().variables.size());
    return ascent.best();
  }

  Physics physics;
  Design design;
  Evaluator evaluator;
  long asked = 0;
};

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

}  // namespace

TEST_CASE("the last steps end on the summit of a skewed hill of six variables in fewer than 120 solves") {
  const std::vector<double> summit{0.3, 0.7, 0.45, 0.6, 0.2, 0.8};
  Formulas hill(6, {}, [&](const std::vector<double>& x) {
    double f = 5, along = 0;
    for (std::size_t i = 0; i < 6; ++i) f -= (1 + i) * std::pow(x[i] - summit[i], 2), along += x[i] - summit[i];
    return f - std::pow(along, 2) + 0.5 * std::pow(x[0] - summit[0], 3);
  });
  CHECK(distance(hill.climb({0.5, 0.5, 0.5, 0.5, 0.5, 0.5}), summit) < 1e-3);
  CHECK(hill.asked < 120);
}

TEST_CASE("the last steps find the corner of bounds and conditions that a plane's slope points to") {
  // max 2 a + b + c/2 under a + b <= 1.2 and a <= 1: (1, 0.2, 1).
  Formulas plane(3, {"1.2 - x0 - x1"}, [](const std::vector<double>& x) { return 2 * x[0] + x[1] + 0.5 * x[2]; });
  CHECK(distance(plane.climb({0.4, 0.5, 0.5}), {1, 0.2, 1}) < 1e-6);
}

TEST_CASE("the last steps keep a constraint on results and end where it binds") {
  // max a + b in a^2 + b^2 <= 1/2: (1/2, 1/2).
  Formulas disc(
      2, {}, [](const std::vector<double>& x) { return x[0] + x[1]; },
      [](const std::vector<double>& x) { return 0.5 - x[0] * x[0] - x[1] * x[1]; });
  const auto found = disc.climb({0.2, 0.6});
  CHECK(distance(found, {0.5, 0.5}) < 0.01);
  CHECK(found[0] + found[1] > 1 - 1e-4);
  CHECK(found[0] * found[0] + found[1] * found[1] <= 0.5);
}

TEST_CASE("the last steps get through the bent valley of Rosenbrock's function") {
  // H. H. Rosenbrock, Comput. J. 3 (1960) 175, on [-2, 2]^2: summit 0 at (1, 1).
  Formulas valley(2, {}, [](const std::vector<double>& u) {
    const double x = 4 * u[0] - 2, y = 4 * u[1] - 2;
    return -100 * std::pow(y - x * x, 2) - std::pow(1 - x, 2);
  });
  TrustRegionOptions options;
  options.range = 100;
  options.budget = 1000;
  CHECK(distance(valley.climb({0.2, 0.75}, options), {0.75, 0.75}) < 2e-3);
  CHECK(valley.asked < 200);
}

TEST_CASE("the last steps go round what cannot be solved, keep to their budget and never return worse than the start") {
  Formulas holes(2, {},
                 [](const std::vector<double>& x) { return -std::pow(x[0] - 0.9, 2) - std::pow(x[1] - 0.9, 2); });
  const auto solve = holes.physics.solve;
  holes.evaluator = [&](const std::vector<Question>& questions) {
    std::vector<Evaluation> answers;
    for (const Question& question : questions) {
      answers.push_back({solve(holes.asked++, question.x, 1), {}});
      if (question.x[0] > 0.8) answers.back().sample.status = "failed: for the test";
    }
    return answers;
  };
  const auto found = holes.climb({0.3, 0.3});
  CHECK(found[0] <= 0.8);
  CHECK(found[0] > 0.7);
  CHECK(found[1] == Approx(0.9).margin(0.1));
  holes.asked = 0;
  TrustRegionOptions few;
  few.budget = 5;
  const auto soon = holes.climb({0.3, 0.3}, few);
  CHECK(std::hypot(soon[0] - 0.9, soon[1] - 0.9) < std::hypot(0.6, 0.6));
  CHECK(holes.asked <= 5 + 2);  // a round of looking around is not cut short
}
