/// Climbs and solver searches against functions whose summits are known.
#include "surrogate/design/search.hpp"

#include <cmath>
#include <set>

#include "surrogate/design/solver_search.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

Eigen::VectorXd vec(std::initializer_list<double> values) {
  Eigen::VectorXd v(static_cast<Eigen::Index>(values.size()));
  std::copy(values.begin(), values.end(), v.data());
  return v;
}

std::vector<Eigen::VectorXd> grid(int n) {
  std::vector<Eigen::VectorXd> starts;
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k) starts.push_back(vec({(i + 0.5) / n, (k + 0.5) / n}));
  return starts;
}

/// A physics whose "capacity" is a formula; every other result is 0.
Physics formula(const std::vector<DesignVariable>& variables, const std::vector<std::string>& feasible,
                const std::function<double(const std::vector<double>&)>& f, std::atomic<long>* asked = nullptr) {
  Physics p;
  p.family = {"formula", variables, {}, feasible};
  p.infeasible = [=](const std::vector<double>& x) {
    Design design;
    design.objective = "capacity";
    const Goal goal(design, {"formula", variables, {}, feasible});
    const Eigen::VectorXd values = goal.feasibility(x);
    return std::string(values.size() > 0 && values.minCoeff() < 0 ? "outside" : "");
  };
  p.solve = [=](long index, const std::vector<double>& x, double) {
    if (asked) ++*asked;
    Sample s{index, x, "complete", std::vector<double>(scalar_results().size(), 0.0), {}, 0.001, 1};
    for (std::size_t k = 0; k < s.scalars.size(); ++k)
      if (scalar_results()[k].name == "capacity") s.scalars[k] = f(x);
    return s;
  };
  return p;
}

DesignVariable variable(const std::string& name, double low, double high, double start) {
  return {name, low, high, false, false, start};
}

}  // namespace

TEST_CASE("a climb finds the corner where a slope points out of the cube") {
  const Landscape plane = [](const Eigen::VectorXd& u) {
    return Local{3 * u[0] - 2 * u[1], vec({3, -2}), Eigen::VectorXd(0), Eigen::MatrixXd(0, 2)};
  };
  const auto summits = climb(plane, grid(3), {});
  REQUIRE(summits.size() == 1);
  CHECK((summits[0].u - vec({1, 0})).norm() < 1e-6);
  CHECK(summits[0].violation == 0);
}

TEST_CASE("a climb finds both summits of Himmelblau's function inside the cube's quarter, and tells them apart") {
  // -Himmelblau on [-4, 4]^2: four summits of height 0 (D. M. Himmelblau, Applied Nonlinear Programming, 1972).
  const Landscape himmelblau = [](const Eigen::VectorXd& u) {
    const double x = 8 * u[0] - 4, y = 8 * u[1] - 4, a = x * x + y - 11, b = x + y * y - 7;
    return Local{-a * a - b * b, -8 * vec({4 * x * a + 2 * b, 2 * a + 4 * y * b}), Eigen::VectorXd(0),
                 Eigen::MatrixXd(0, 2)};
  };
  ClimbOptions options;
  options.scale = 100;
  const auto summits = climb(himmelblau, grid(5), options);
  const double known[4][2] = {{3, 2}, {-2.805118, 3.131312}, {-3.779310, -3.283186}, {3.584428, -1.848126}};
  REQUIRE(summits.size() >= 4);
  for (const auto& place : known) {
    const Eigen::VectorXd u = vec({(place[0] + 4) / 8, (place[1] + 4) / 8});
    double nearest = 1;
    for (const Summit& s : summits) nearest = std::min(nearest, (s.u - u).norm());
    INFO(place[0] << ", " << place[1]);
    CHECK(nearest < 1e-4);
  }
  CHECK(summits[0].value == Approx(0).margin(1e-6));
}

TEST_CASE("a climb under curved and straight constraints ends where theory says, whatever the threads") {
  // max x + y in x^2 + y^2 <= 1/2: at (1/2, 1/2); with x - 2 y >= 0 as well: at 2 sqrt(1/10), sqrt(1/10).
  const auto landscape = [](bool straight) {
    return Landscape([straight](const Eigen::VectorXd& u) {
      Local l{u[0] + u[1], vec({1, 1}), Eigen::VectorXd(straight ? 2 : 1), Eigen::MatrixXd(straight ? 2 : 1, 2)};
      l.constraints[0] = 0.5 - u.squaredNorm();
      l.constraint_slopes.row(0) = -2 * u.transpose();
      if (straight) l.constraints[1] = u[0] - 2 * u[1], l.constraint_slopes.row(1) = vec({1, -2}).transpose();
      return l;
    });
  };
  ClimbOptions two;
  two.threads = 2;
  const auto round = climb(landscape(false), grid(3), {}), both = climb(landscape(true), grid(3), two);
  CHECK((round.at(0).u - vec({0.5, 0.5})).norm() < 1e-4);
  CHECK((both.at(0).u - vec({2 * std::sqrt(0.1), std::sqrt(0.1)})).norm() < 1e-4);
  CHECK(both.at(0).violation == 0);
  const auto once = climb(landscape(true), grid(3), {});
  REQUIRE(once.size() == both.size());
  CHECK(once[0].u == both[0].u);
}

TEST_CASE("a climb that cannot keep its constraints says by how much") {
  const Landscape never = [](const Eigen::VectorXd& u) {
    return Local{u[0], vec({1, 0}), vec({u[0] - 2}), Eigen::MatrixXd(vec({1, 0}).transpose())};
  };
  const auto summits = climb(never, grid(2), {});
  REQUIRE(!summits.empty());
  CHECK(summits[0].violation == Approx(1).epsilon(1e-3));
}

TEST_CASE("the solver's search finds the summit between bounds and counts every solve") {
  std::atomic<long> asked{0};
  const Physics hill = formula(
      {variable("a", -2, 2, 1.5), variable("b", 0, 4, 0.5)}, {},
      [](auto& x) { return 7 - std::pow(x[0] - 0.3, 2) - 2 * std::pow(x[1] - 1.7, 2); }, &asked);
  Design design;
  design.objective = "capacity";
  SolverSearchOptions options;
  options.budget = 200;
  options.target = 6.99;
  options.starts = {{1.5, 0.5}};
  const SolverSearch found = search_on_solver(Goal(design, hill.family), hill, options);
  CHECK(found.method == "BOBYQA");
  CHECK(found.best == Approx(7).epsilon(1e-6));
  CHECK(found.x.at(0) == Approx(0.3).margin(1e-3));
  CHECK(found.x.at(1) == Approx(1.7).margin(1e-3));
  CHECK(found.solves == asked);
  CHECK(found.solves <= 200);
  REQUIRE(found.solves_to_reach > 0);
  CHECK(found.solves_to_reach < 60);
  CHECK(found.progress.back().second == found.best);
}

TEST_CASE("the solver's search keeps feasibility and constraints, and solves nothing that may not be solved") {
  // min (a - 2)^2 + (b - 1)^2 with a + b <= 2 before solving and b >= 0.75 as a constraint on results: (1.25, 0.75).
  const std::function<double(const std::vector<double>&)> f = [](const std::vector<double>& x) {
    if (x[0] + x[1] > 2) throw std::logic_error("a design was solved that may not be");
    return std::pow(x[0] - 2, 2) + std::pow(x[1] - 1, 2);
  };
  const Physics bowl = formula({variable("a", 0, 3, 0.5), variable("b", 0, 3, 0.9)}, {"2 - a - b"}, f);
  Design design;
  design.objective = "capacity";
  design.maximise = false;
  design.constraints = {"b - 0.75"};
  SolverSearchOptions options;
  options.budget = 400;
  options.finest = 1e-6;
  options.starts = {{0.5, 0.9}};
  const SolverSearch found = search_on_solver(Goal(design, bowl.family), bowl, options);
  CHECK(found.method == "SBPLX");
  CHECK(found.best == Approx(0.625).epsilon(1e-3));
  CHECK(found.x.at(0) == Approx(1.25).margin(0.01));
  CHECK(found.x.at(1) == Approx(0.75).margin(0.01));
}

TEST_CASE("the solver's search repeats itself to the last bit, with any number of threads") {
  const Physics waves = formula({variable("a", 0, 1, 0.5), variable("b", 0, 1, 0.5)}, {"1.5 - a - b"},
                                [](auto& x) { return std::sin(9 * x[0]) * std::cos(7 * x[1]) + x[0]; });
  Design design;
  design.objective = "capacity";
  const Goal goal(design, waves.family);
  SolverSearchOptions options;
  options.budget = 700;
  options.target = 1.8;
  const SolverSearch once = search_on_solver(goal, waves, options);
  CHECK(once.solves == 700);
  CHECK(once.climbs > 2);
  for (const int threads : {2, 3}) {
    Physics shared = waves;
    shared.threads = threads;
    const SolverSearch again = search_on_solver(goal, shared, options);
    CHECK(again.x == once.x);
    CHECK(again.solves == once.solves);
    CHECK(again.solves_to_reach == once.solves_to_reach);
    CHECK(again.progress == once.progress);
  }
}

TEST_CASE("integers are searched as whole numbers and a family without freedom is solved once") {
  DesignVariable whole{"n", 1, 9, false, true, 2};
  const Physics steps = formula({whole, variable("a", 0, 1, 0.5)}, {},
                                [](auto& x) { return -std::pow(x[0] - 6.4, 2) - std::pow(x[1] - 0.25, 2); });
  Design design;
  design.objective = "capacity";
  SolverSearchOptions options;
  options.budget = 300;
  const SolverSearch found = search_on_solver(Goal(design, steps.family), steps, options);
  CHECK(found.x.at(0) == 6);
  CHECK(found.best == Approx(-0.16).margin(1e-3));

  const Physics fixed = formula({}, {}, [](auto&) { return 4.0; });
  const SolverSearch only = search_on_solver(Goal(design, fixed.family), fixed, options);
  CHECK(only.solves == 1);
  CHECK(only.best == 4);
}

TEST_CASE("slopes of the goal are those of its expressions through the results and directly") {
  Design design;
  design.objective = "capacity * a - 0.1 * energy ** 2";
  design.constraints = {"end_voltage - b"};
  const DesignFamily family{"", {variable("a", 0, 2, 1), variable("b", 0, 9, 1)}, {}, {"a * b - 1"}};
  const Goal goal(design, family);
  const auto m = static_cast<Eigen::Index>(scalar_results().size());
  const auto results = [&](const std::vector<double>& x) {  // each result a different smooth function of the design
    Eigen::VectorXd y(m);
    for (Eigen::Index k = 0; k < m; ++k) y[k] = std::sin(x[0] * (1 + 0.3 * k)) + 0.2 * x[1] * x[1] + k;
    return y;
  };
  const std::vector<double> x{0.7, 1.4};
  Eigen::MatrixXd slopes(m, 2);
  for (Eigen::Index k = 0; k < m; ++k)
    slopes(k, 0) = (1 + 0.3 * k) * std::cos(0.7 * (1 + 0.3 * k)), slopes(k, 1) = 0.4 * 1.4;
  const JudgementWithSlopes exact = goal.judge(x, results(x), slopes);
  for (int i = 0; i < 2; ++i) {
    const double h = 1e-5;
    auto up = x, down = x;
    up[i] += h, down[i] -= h;
    const Judgement a = goal.judge(up, results(up)), b = goal.judge(down, results(down));
    CHECK(exact.merit_slope[i] == Approx((a.merit - b.merit) / (2 * h)).epsilon(1e-7));
    CHECK(exact.constraint_slopes(0, i) == Approx((a.constraints[0] - b.constraints[0]) / (2 * h)).epsilon(1e-7));
    CHECK(goal.feasibility_slopes(x)(0, i) == Approx(i == 0 ? 1.4 : 0.7));
  }
}
