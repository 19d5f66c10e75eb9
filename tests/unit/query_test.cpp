/// Questions to a surrogate that is there already, on a formula whose summit is known.
#include "surrogate/design/query.hpp"

#include <cmath>

#include "surrogate/dataset/campaign.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

/// Summit 5 at (0.7, 0.3).
double hill(const std::vector<double>& x) {
  return 5 - std::pow(x[0] - 0.7, 2) - 2 * std::pow(x[1] - 0.3, 2) - 0.5 * (x[0] - 0.7) * (x[1] - 0.3);
}

const Dataset& solved() {
  static const Dataset data = [] {
    Dataset made;
    made.family = {"formula", {{"a", 0, 1, false, false, 0.2}, {"b", 0, 1, false, false, 0.8}}, {}, {}};
    for (const auto& u : sample_points("sobol", 60, 2, 1)) {
      Sample s{static_cast<long>(made.samples.size()), u, "complete", std::vector<double>(scalar_results().size(), 0.0),
               std::vector<double>(curve_points, 3.0)};
      s.scalars.front() = hill(u);  // capacity
      made.samples.push_back(s);
    }
    return made;
  }();
  return data;
}

const Surrogate& surrogate() {
  static const Surrogate trained = [] {
    TrainOptions options;
    options.learner = "gp";
    return Surrogate::train(solved().training_set(), options);
  }();
  return trained;
}

Design question() {
  Design design;
  design.objective = "capacity";
  design.space = solved().family;
  return design;
}

QueryAnswer answer_to(const Design& design, double interval = 0.01) {
  QueryOptions options;
  options.interval = interval;
  return answered(Goal(design, design.space), surrogate(), solved().samples, options);
}

}  // namespace

TEST_CASE("a surrogate names the summit with an interval that holds, and the best that is solved") {
  const QueryAnswer answer = answer_to(question());
  REQUIRE_FALSE(answer.designs.empty());
  const Foretold& best = answer.designs.front();
  CHECK(std::abs(best.x[0] - 0.7) < 0.05);
  CHECK(std::abs(best.x[1] - 0.3) < 0.05);
  CHECK(best.inside);
  CHECK(std::abs(best.value - hill(best.x)) <= best.half_width);
  CHECK(answer.solved_value == Approx(hill(answer.solved)));
  for (const Sample& sample : solved().samples) CHECK(hill(sample.x) <= answer.solved_value);
  const Foretold typed = foretold(Goal(question(), question().space), surrogate(), best.x);
  CHECK(best.half_width == Approx(surrogate().picks_widened_by() * typed.half_width));
}

TEST_CASE("a solver is asked for what might win, and for nothing where the interval is narrow enough") {
  CHECK(answer_to(question(), 1).to_solve.empty());
  const QueryAnswer doubtful = answer_to(question(), 1e-12);
  REQUIRE_FALSE(doubtful.to_solve.empty());
  CHECK(doubtful.to_solve.front() == 0);
  for (const std::size_t k : doubtful.to_solve) CHECK(doubtful.designs[k].may_win);
}

TEST_CASE("the next question has bounds, constraints and an objective of its own") {
  Design narrowed = question();
  narrowed.space.variables[0].high = 0.5;
  const QueryAnswer within = answer_to(narrowed);
  REQUIRE_FALSE(within.designs.empty());
  CHECK(within.designs.front().x[0] > 0.47);
  for (const Foretold& it : within.designs) CHECK(it.x[0] <= 0.5);
  CHECK(within.solved.at(0) <= 0.5);

  Design bound = question();
  bound.constraints = {"4.9 - capacity", "0.6 - b"};
  bound.space.feasible = {"0.9 - a - b"};
  const QueryAnswer kept = answer_to(bound);
  REQUIRE_FALSE(kept.designs.empty());
  const Foretold& best = kept.designs.front();
  CHECK(best.x[0] + best.x[1] <= 0.9);
  CHECK(best.constraints.size() == 2);
  CHECK(best.value == Approx(4.9).margin(0.03));

  Design least = question();
  least.objective = "a + b - 0.1*capacity";
  least.maximise = false;
  const Foretold corner = answer_to(least).designs.at(0);
  CHECK(corner.x[0] + corner.x[1] < 0.05);
}
