/// Searches along slopes against functions whose summits are known.
#include "surrogate/design/gradient_search.hpp"

#include "surrogate/design/solve_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/formula_physics.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

GradientFound search(const Physics& physics, const std::vector<std::string>& constraints,
                     GradientSearchOptions o = {}) {
  Design design;
  design.objective = "capacity";
  design.constraints = constraints;
  o.worth = 1e-7;
  History history;
  return search_by_gradient(Goal(design, physics.family), physics, o, history);
}

}  // namespace

TEST_CASE("a search along slopes finds the end of a bent valley, from every start") {
  const Physics physics = physics_of(valley, box(2, -2, 2, -1.5));
  for (unsigned seed = 1; seed <= 4; ++seed) {
    GradientSearchOptions one;
    one.starts = 1, one.seed = seed;
    const GradientFound found = search(physics, {}, one);
    REQUIRE(found.x.size() == 2);
    CHECK(found.x[0] == Approx(1).margin(0.02));
    CHECK(found.x[1] == Approx(1).margin(0.04));
    CHECK(found.best == Approx(100).margin(1e-3));
    CHECK(found.cost == Approx(static_cast<double>(found.solves) + 0.5 * static_cast<double>(found.gradients)));
  }
}

TEST_CASE("a constraint on results and a condition on variables hold at what is found, and bind where they should") {
  GradientSearchOptions o;
  o.starts = 3, o.first = {{-1.5, -1.5}};
  // On x + y = 1 the summit of the valley is where d/dx (a^2 + 5 (1 - x - x^2)^2) = 0.
  double x = 0.6;
  for (int k = 0; k < 50; ++k) {
    const double b = 1 - x - x * x, f = -2 * (1 - x) - 10 * b * (1 + 2 * x);
    x -= f / (2 + 10 * (1 + 2 * x) * (1 + 2 * x) - 20 * b);
  }
  for (const bool on_results : {true, false}) {
    std::atomic<long> outside{0};
    const DesignFamily family = on_results ? box(2, -2, 2, -1.5) : box(2, -2, 2, -1.5, {"1 - x1 - x2"});
    const Physics physics = physics_of(
        [&](const std::vector<double>& v) {
          outside += !on_results && v[0] + v[1] > 1;
          return valley(v);
        },
        family);
    const GradientFound found =
        search(physics, on_results ? std::vector<std::string>{"1 - energy"} : std::vector<std::string>{}, o);
    INFO((on_results ? "on results" : "on variables"));
    REQUIRE(found.x.size() == 2);
    CHECK(found.x[0] == Approx(x).margin(5e-3));
    CHECK(found.x[0] + found.x[1] <= 1);
    CHECK(found.x[0] + found.x[1] > 1 - 1e-4);
    CHECK(outside == 0);  // what must not be solved is not
  }
}

TEST_CASE("failed solves on the way are stepped back from, also at a start") {
  const Formula holed = [](const std::vector<double>& x) {
    Values v = valley(x);
    if (x[0] > 1.05 || x[0] < -1.7 || (x[1] > 1.5 && x[0] < 0.5)) v.capacity = std::nan("");
    return v;
  };
  GradientSearchOptions o;
  o.starts = 1, o.first = {{-1.9, 0.5}};  // drawn towards the baseline, where it can be solved
  DesignFamily family = box(2, -2, 2, -1);
  const GradientFound found = search(physics_of(holed, family), {}, o);
  REQUIRE(found.x.size() == 2);
  CHECK(found.best == Approx(100).margin(2e-3));
}

TEST_CASE("a summit on a ridge, where two branches tie, is found by beginning anew") {
  // capacity = 10 - max(|x - y| * 2, ...) - (x + y - 1)^2: slopes jump across x = y, as where one stop gives way to
  // another
  const Formula ridge = [](const std::vector<double>& x) {
    const double s = x[0] - x[1], t = x[0] + x[1] - 1, sign = s >= 0 ? 1 : -1;
    return Values{10 - 2 * std::abs(s) - t * t, 0, {-2 * sign - 2 * t, 2 * sign - 2 * t}, {0, 0}};
  };
  GradientSearchOptions o;
  o.starts = 4, o.first = {{-1.3, 0.4}};
  const GradientFound found = search(physics_of(ridge, box(2, -2, 2, -1.3)), {}, o);
  CHECK(found.best > 10 - 0.01);
}

TEST_CASE("beyond some dozens of variables MMA takes over, failed solves and constraints included") {
  const int d = 60;
  const Formula bowl = [](const std::vector<double>& x) {
    Values v{100, 0, std::vector<double>(d), std::vector<double>(d, 1)};
    for (int i = 0; i < d; ++i) {
      const double s = x[i] - 0.01 * i;
      v.capacity -= s * s, v.capacity_slope[i] = -2 * s, v.energy += x[i];
    }
    return v;
  };
  GradientSearchOptions o;
  o.starts = 1, o.budget = 400, o.first = {std::vector<double>(d, 0.9)};
  const DesignFamily family = box(d, 0, 1, 0.9);
  const GradientFound free = search(physics_of(bowl, family), {}, o);
  CHECK(free.method == "MMA");
  CHECK(free.best == Approx(100).margin(1e-3));
  // sum x <= 12.7, 17.7 without it: every variable that is not at 0 gives the same
  const GradientFound bound = search(physics_of(bowl, family), {"12.7 - energy"}, o);
  double sum = 0, given = 0;
  for (const double x : bound.x) sum += x;
  CHECK(sum <= 12.7);
  CHECK(sum == Approx(12.7).margin(0.02));
  double low = 0, high = 1;
  for (int k = 0; k < 60; ++k) {
    given = 0.5 * (low + high);
    double left = 0;
    for (int i = 0; i < d; ++i) left += std::max(0.0, 0.01 * i - given);
    (left > 12.7 ? low : high) = given;
  }
  double best = 100;
  for (int i = 0; i < d; ++i) best -= std::pow(std::min(given, 0.01 * i), 2);
  CHECK(bound.best == Approx(best).margin(5e-3));
}

TEST_CASE("whole numbers stay where a start has them") {
  DesignFamily family = box(2, -2, 2, -1);
  family.variables.push_back({"n", 1, 5, false, true, 2});
  const Formula f = [](const std::vector<double>& x) {
    Values v = valley(x);
    v.capacity += x[2], v.capacity_slope.push_back(0), v.energy_slope.push_back(0);
    return v;
  };
  GradientSearchOptions o;
  o.starts = 1, o.first = {{-1, 0, 3}};
  const GradientFound found = search(physics_of(f, family), {}, o);
  REQUIRE(found.x.size() == 3);
  CHECK(found.x[2] == 3);
  CHECK(found.best == Approx(103).margin(1e-3));
}

TEST_CASE("a search that was stopped goes on from its journal to the same bits, nothing solved again") {
  const Scratch scratch;
  Design design;
  design.objective = "capacity";
  const DesignFamily family = box(2, -2, 2, -1.5);
  const Goal goal(design, family);
  std::atomic<long> asked{0};
  const Physics physics = physics_of(valley, family, &asked);
  const auto run = [&](const std::string& path, long until, int threads) {
    SolveStore store(path, "case");
    Physics remembering = store.remembering(physics, "");
    remembering.threads = threads;
    const long before = asked;
    GradientSearchOptions o;
    o.starts = 5, o.first = {family.start()};
    o.stop = [&] { return asked - before >= until; };
    History history;
    return search_by_gradient(goal, remembering, o, history);
  };
  const GradientFound whole = run(scratch / "whole.journal", 1000000, 1);
  const long all = asked;
  for (const int threads : {1, 3}) {
    const std::string path = scratch / ("cut" + std::to_string(threads));
    asked = 0;
    for (int k = 0; k < 4; ++k) run(path, 7, threads);
    CHECK(asked < all);
    const GradientFound resumed = run(path, 1000000, threads);
    CHECK(asked == all);
    CHECK(resumed.x == whole.x);
    CHECK(resumed.best == whole.best);
    CHECK(resumed.cost == whole.cost);
    CHECK(resumed.solves == whole.solves);
  }
}
