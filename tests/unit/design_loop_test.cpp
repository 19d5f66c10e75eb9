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

Physics hill_physics() {
  Physics p;
  p.family = {"hill", {{"a", 0, 1, false, false, 0.2}, {"b", 0, 1, false, false, 0.8}}, {}, {}};
  p.infeasible = [](const std::vector<double>&) { return std::string(); };
  p.solve = [](long index, const std::vector<double>& x, double) {
    Sample s{index, x, "complete", std::vector<double>(scalar_results().size(), 0.0), {}, 0.001, 1};
    for (std::size_t k = 0; k < s.scalars.size(); ++k)
      if (scalar_results()[k].name == "capacity") s.scalars[k] = hill(x);
    for (int k = 0; k < curve_points; ++k) s.curve.push_back(3 + hill(x) * k / (5.0 * curve_points));
    return s;
  };
  return p;
}

struct Study {
  DesignOutcome outcome;
  std::vector<double> best;
};

Study study(const LoopOptions& options) {
  Design design;
  design.objective = "capacity";
  design.epochs = 300;
  design.members = 3;
  design.hidden = {16, 16};
  design.rounds = 4;
  const Physics physics = hill_physics();
  design.space = physics.family;
  Dataset data;
  data.family = physics.family;
  long index = 0;
  for (const auto& u : sample_points("sobol", 64, 2, 1)) data.samples.push_back(physics.solve(index++, u, 1));
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
        CHECK(std::abs(c.predicted - hill(c.x)) < 2 * c.half_width + s.outcome.interval * s.outcome.range);
    REQUIRE(s.best.size() == 2);
    CHECK(hill(s.best) > 5 - 1e-3);
  }
}
