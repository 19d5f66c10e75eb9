/// Strategies and the evaluator that replies to them.
#include "surrogate/design/strategy.hpp"

#include <atomic>
#include <cmath>

#include "surrogate/design/answers.hpp"
#include "surrogate/design/trust_region.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

/// A capacity that a mesh of h = 1/finer misses by h/10; not to be had for x > 0.9.
Physics hill(std::atomic<long>* asked = nullptr) {
  Physics physics;
  physics.family.variables = {{"x", 0, 1, false, false, 0.2}};
  physics.solve = [asked](long index, const std::vector<double>& x, double finer) {
    if (asked) ++*asked;
    Sample s{index, x, x[0] > 0.9 ? "failed: for the test" : "complete", {}, {}, 0, 40};
    for (const ScalarResult& result : scalar_results())
      s.scalars.push_back(result.name == "capacity" ? 2 - std::pow(x[0] - 0.6, 2) + 0.1 / finer : 0);
    return s;
  };
  physics.infeasible = [](const std::vector<double>&) { return std::string(); };
  return physics;
}

Design wanted() {
  Design design;
  design.objective = "capacity";
  return design;
}

/// Asks for given designs, some at once, and notes what it is told.
struct Listed : Strategy {
  std::vector<double> left, told;
  std::size_t seen = 0, most = 0;
  std::string name() const override { return "list"; }
  std::vector<Question> ask(const History& history, int n) override {
    for (; seen < history.size(); ++seen) told.push_back(history[seen].sample.x[0]);
    std::vector<Question> questions;
    for (; !left.empty() && static_cast<int>(questions.size()) < n; left.erase(left.begin()))
      questions.push_back({{left.front()}});
    most = std::max(most, questions.size());
    return questions;
  }
};

}  // namespace

TEST_CASE(
    "an evaluator gives value, cost in Newton iterations and the coarser mesh's error, on any number of threads") {
  Physics physics = hill();
  const Goal goal(wanted(), physics.family);
  for (const int threads : {1, 3}) {
    physics.threads = threads;
    const auto replies = evaluator_of(goal, physics)({{{0.3}}, {{0.3}, 2}, {{0.5}, 2}, {{0.95}}});
    REQUIRE(replies.size() == 4);
    CHECK(goal.judge(replies[0].sample).merit == Approx(2.01));
    CHECK(replies[0].cost() == 40);
    CHECK(std::isnan(replies[0].error));
    CHECK(replies[1].error == Approx(0.05));
    CHECK(std::isnan(replies[2].error));
    CHECK(replies[3].sample.status == "failed: for the test");
    CHECK(replies[3].slopes.size() == 0);
  }
}

TEST_CASE("an evaluator that does not book only attempts") {
  std::atomic<long> solved{0}, attempted{0};
  Physics physics = hill(&solved);
  physics.attempt = [&](const std::vector<double>& x) { return ++attempted, hill().solve(-1, x, 1); };
  const Goal goal(wanted(), physics.family);
  evaluator_of(goal, physics, false)({{{0.3}}});
  CHECK(attempted == 1);
  CHECK(solved == 0);
  evaluator_of(goal, physics)({{{0.3}}});
  CHECK(solved == 1);
}

TEST_CASE("a strategy is told every reply once and in order, asked for so many at once, and stops where replies end") {
  const Physics physics = hill();
  const Goal goal(wanted(), physics.family);
  Listed list;
  list.left = {0.1, 0.2, 0.3, 0.4, 0.5};
  History history = history_of({physics.solve(0, {0.7}, 1)});
  pursue(list, evaluator_of(goal, physics), history, 2);
  CHECK(list.told == std::vector<double>{0.7, 0.1, 0.2, 0.3, 0.4, 0.5});
  CHECK(list.most == 2);
  CHECK(history.size() == 6);

  Listed cut;
  cut.left = {0.1, 0.2, 0.3, 0.4};
  const Evaluator tired = [&, left = 3](const std::vector<Question>& questions) mutable {
    auto replies = evaluator_of(goal, physics)(questions);
    replies.resize(std::min<std::size_t>(replies.size(), static_cast<std::size_t>(left)));
    left -= static_cast<int>(replies.size());
    return replies;
  };
  History told;
  pursue(cut, tired, told, 2);
  CHECK(cut.told == std::vector<double>{0.1, 0.2, 0.3});
}

TEST_CASE("the best designs of a history are its allowed ones, best first") {
  const Physics physics = hill();
  const Goal goal(wanted(), physics.family);
  std::vector<Sample> samples;
  for (const double x : {0.1, 0.65, 0.95, 0.5}) samples.push_back(physics.solve(0, {x}, 1));
  CHECK(best_designs(goal, history_of(samples), 2) == std::vector<std::vector<double>>{{0.65}, {0.5}});
  CHECK(best_designs(goal, history_of(samples), 9).size() == 3);
}

TEST_CASE("a trust region asks for no more at once than it may, and ends on the summit") {
  const Physics physics = hill();
  const Goal goal(wanted(), physics.family);
  TrustRegion ascent(goal, physics, {0.2}, {});
  History history = history_of({physics.solve(0, {0.2}, 1)});
  std::size_t most = 0;
  pursue(
      ascent,
      [&](const std::vector<Question>& questions) {
        most = std::max(most, questions.size());
        return evaluator_of(goal, physics)(questions);
      },
      history, 1);
  CHECK(most == 1);
  CHECK(ascent.best()[0] == Approx(0.6).margin(1e-4));
}
