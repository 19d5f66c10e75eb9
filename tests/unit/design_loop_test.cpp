/// The design loop on a formula whose summit is known: it ends there, the same way every time, and also when its
/// surrogate is wrong.
#include <cmath>

#include "surrogate/design/loop.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

/// Summit 5 at (0.7, 0.3).
double hill(const std::vector<double>& x) {
  return 5 - std::pow(x[0] - 0.7, 2) - 2 * std::pow(x[1] - 0.3, 2) - 0.5 * (x[0] - 0.7) * (x[1] - 0.3);
}

/// Rises ever more steeply to its corner at (1, 1).
double cliff(const std::vector<double>& x) { return std::exp(1.5 * (x[0] + x[1])); }

using Formula = double (*)(const std::vector<double>& x);

Physics physics_of(Formula f) {
  Physics p;
  p.family = {"formula", {{"a", 0, 1, false, false, 0.2}, {"b", 0, 1, false, false, 0.8}}, {}, {}};
  p.infeasible = [](const std::vector<double>&) { return std::string(); };
  p.solve = [f](long index, const std::vector<double>& x, double) {
    Sample s{index, x, "complete", std::vector<double>(scalar_results().size(), 0.0), {}, 0.001, 1};
    for (std::size_t k = 0; k < s.scalars.size(); ++k)
      if (scalar_results()[k].name == "capacity") s.scalars[k] = f(x);
    for (int k = 0; k < curve_points; ++k) s.curve.push_back(3 + f(x) * k / (5.0 * curve_points));
    return s;
  };
  return p;
}

struct Study {
  DesignOutcome outcome;
  std::vector<double> best;
};

/// @param farthest of a sample from (0, 0), along both variables together
Study study(const LoopOptions& options, Formula f = hill, double farthest = 2) {
  Design design;
  design.objective = "capacity";
  design.settings["epochs"] = 300;
  design.settings["members"] = 3;
  design.settings["hidden"] = std::vector<int>{16, 16};
  design.rounds = 4;
  Physics physics = physics_of(f);
  physics.threads = options.threads;
  design.space = physics.family;
  Dataset data;
  data.family = physics.family;
  long index = 0;
  for (const auto& u : sample_points("sobol", 256, 2, 1))
    if (index < 64 && u[0] + u[1] <= farthest) data.samples.push_back(physics.solve(index++, u, 1));
  Study s;
  s.best = run_loop(design, physics, data, options, s.outcome).best;
  return s;
}

}  // namespace

TEST_CASE("the loop finds a known summit and confirms it by the physics, with any number of threads the same") {
  LoopOptions one, two;
  two.threads = 2;
  const Study s = study(one), t = study(two);
  REQUIRE(s.best.size() == 2);
  CHECK(hill(s.best) > 5 - 1e-3);
  CHECK(s.outcome.rounds.front().trusted);
  REQUIRE(!s.outcome.rounds.empty());
  // The rounds before the solver's own last steps; those take as many streams as there are threads.
  REQUIRE(s.outcome.rounds.size() == t.outcome.rounds.size());
  for (std::size_t k = 0; k < s.outcome.rounds.size(); ++k) {
    CHECK(s.outcome.rounds[k].best_confirmed == t.outcome.rounds[k].best_confirmed);
    CHECK(s.outcome.rounds[k].best_predicted == t.outcome.rounds[k].best_predicted);
  }
}

// Beyond them by about as much as the best tenth of the samples lies beyond the others.
TEST_CASE(
    "proposals beyond all samples lie within three of their intervals from the first round on, which are wider for "
    "it") {
  const Study s = study({}, cliff, 1.6);
  REQUIRE(!s.outcome.rounds.empty());
  CHECK(s.outcome.rounds.front().widening > 2);
  long answered = 0, outside = 0, outside_unwidened = 0;
  for (const Candidate& c : s.outcome.candidates) {
    if (c.round > 1 || !c.solved) continue;
    ++answered;
    outside += std::abs(c.value - c.predicted) > 3 * c.half_width;
    outside_unwidened += std::abs(c.value - c.predicted) > c.half_width / s.outcome.rounds.front().widening;
  }
  INFO(outside << " of " << answered << " outside, " << outside_unwidened << " without the rehearsal");
  CHECK(answered >= 4);
  CHECK(10 * outside <= 2 * answered);
  CHECK(2 * outside_unwidened > answered);  // else there was nothing to rehearse
  REQUIRE(s.best.size() == 2);
  CHECK(cliff(s.best) == Approx(std::exp(3.0)));
}

TEST_CASE("a planted wrong surrogate is noticed and not believed, and the loop still ends at a confirmed summit") {
  for (const double disturbance : {0.02, 0.1, 0.3, 1.0}) {
    LoopOptions options;
    std::string said;
    options.say = [&](const std::string& line) { said += line + "\n"; };
    options.after_training = [=](Surrogate& surrogate, int round) {
      if (round <= 2) surrogate.disturb(disturbance, 5);
    };
    const Study s = study(options);
    INFO("disturbed by " << disturbance << "\n" << said);
    // Either the answers known before contradict it, or its networks disagree so much that the gate stays shut.
    bool believed = s.outcome.rounds.front().trusted;
    for (const Candidate& c : s.outcome.candidates)
      if (c.round == 1) believed = believed && c.accepted;
    CHECK_FALSE(believed);
    for (const Candidate& c : s.outcome.candidates)
      if (c.round <= 2 && c.accepted)
        CHECK(std::abs(c.predicted - hill(c.x)) < 2 * c.half_width + s.outcome.interval * s.outcome.scale.range);
    REQUIRE(s.best.size() == 2);
    CHECK(hill(s.best) > 5 - 1e-3);
  }
}

namespace {

/// The loop on the hill with an objective of its own.
struct Wish {
  std::string objective;
  std::vector<std::string> constraints;
};
struct Found {
  DesignOutcome outcome;
  LoopResult loop;
  Dataset data;
};
Found sought(const Wish& wish) {
  Design design;
  design.objective = wish.objective;
  design.constraints = wish.constraints;
  design.settings["epochs"] = 100;
  design.settings["members"] = 2;
  design.settings["hidden"] = std::vector<int>{8};
  design.rounds = 2;
  const Physics physics = physics_of(hill);
  design.space = physics.family;
  Found found;
  found.data.family = physics.family;
  long index = 0;
  for (const auto& u : sample_points("sobol", 64, 2, 1)) found.data.samples.push_back(physics.solve(index++, u, 1));
  found.loop = run_loop(design, physics, found.data, {}, found.outcome);
  return found;
}

}  // namespace

TEST_CASE("where the objective is no finite number designs are left out and counted, and the summit beside is found") {
  // log(a - 0.65) - a rises without bound nowhere; with 9 (b - 0.3)^2 taken off, its greatest value is at a = 1.
  for (const auto& [objective, a] : {std::pair("log(a - 0.65) - 9*(b - 0.3)**2", 1.0),
                                     std::pair("sqrt(0.8 - a) + 3*a - 9*(b - 0.3)**2", 0.8 - 1.0 / 36),
                                     std::pair("a - 9*(b - 0.3)**2 + 0/max(0, a - 0.2)", 1.0)}) {
    const Found found = sought({objective, {}});
    INFO(objective);
    REQUIRE(found.loop.best.size() == 2);
    CHECK(found.loop.best[0] == Approx(a).margin(2e-3));
    CHECK(found.loop.best[1] == Approx(0.3).margin(2e-3));
    REQUIRE(found.outcome.left_out.size() == 1);
    CHECK(found.outcome.left_out[0].kind == "objective");
    CHECK(found.outcome.left_out[0].designs >= 10);
    CHECK(found.outcome.pole.empty());
  }
  const Found found = sought({"capacity", {"1 + sqrt(a - 0.72)"}});  // the summit itself is outside
  REQUIRE(found.loop.best.size() == 2);
  CHECK(found.loop.best[0] == Approx(0.72).margin(1e-3));
  CHECK(found.outcome.left_out.at(0).kind == "constraint");
}

TEST_CASE("a pole is told and is no optimum, whatever its power and wherever it lies; a steep summit is none") {
  for (const std::string objective : {"capacity/(a - 0.412)", "1/(a - b)**2", "-1/(a + b - 0.77)",
                                      "1/sqrt(abs(b - 0.123))", "capacity/(1e-12 + a)"}) {
    const Found found = sought({objective, {}});
    INFO(objective << ": " << found.outcome.pole);
    CHECK(found.outcome.pole.find(objective + " has a pole near a = ") == 0);
    REQUIRE(found.loop.best.size() == 2);  // the best sample, no answer at the pole
    Design design;
    design.objective = objective;
    const Goal goal(design, found.data.family);
    for (const Sample& sample : found.data.samples)
      if (sample.x == found.loop.best) CHECK(goal.judge(sample).merit <= found.outcome.scale.best);
  }
  for (const std::string objective : {"capacity", "exp(30*a)", "1/(1e-3 + (a - 0.412)**2)", "-log(abs(a - 0.3))"}) {
    const Found found = sought({objective, {}});
    INFO(objective);
    CHECK(found.outcome.pole == "");
  }
}

TEST_CASE("in the end the surrogate has learned every answer of the loop, the last steps' too") {
  const Found found = sought({"capacity", {}});
  REQUIRE(found.loop.surrogate);
  REQUIRE(found.data.samples.size() > 70);
  for (std::size_t k = 65; k < found.data.samples.size(); ++k) {
    const std::vector<double>& x = found.data.samples[k].x;
    const Prediction said = found.loop.surrogate->predict(Eigen::Map<const Eigen::VectorXd>(x.data(), 2));
    INFO("answer " << k);
    CHECK(said.distance == 0);  // 0 only at what it has learned from
  }
}
