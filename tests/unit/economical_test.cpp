/// Economical studies of formulas whose summits are known: with cheap members that help, mislead or lie.
#include "surrogate/design/economical.hpp"

#include "surrogate/design/solve_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/formula_physics.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

/// The valley as a coarser mesh sees it: elsewhere, and tilted.
Values coarse_valley(const std::vector<double>& x) {
  Values v = valley({x[0] + 0.1, x[1] - 0.05});
  v.capacity += 0.5 * x[0] - 0.3 * x[1];
  v.capacity_slope[0] += 0.5, v.capacity_slope[1] -= 0.3;
  return v;
}

/// Of nothing to do with the valley.
Values another(const std::vector<double>& x) {
  return {50 + 20 * std::sin(2 * x[0]) * x[1], x[0], {40 * std::cos(2 * x[0]) * x[1], 20 * std::sin(2 * x[0])}, {1, 0}};
}

Values uphill_is_downhill(const std::vector<double>& x) {
  Values v = valley(x);
  for (double& slope : v.capacity_slope) slope = -slope;
  return v;
}

struct Study {
  Design design;
  Economy economy;
  LoopOptions options;
  Dataset data, cheap;
  DesignOutcome outcome;

  Study() {
    design.objective = "capacity";
    design.strategy = "economical";
  }
  const DesignOutcome& of(const Physics& physics) {
    data.family = cheap.family = physics.family;
    run_economical(design, physics, economy, data, cheap, options, outcome);
    return outcome;
  }
  std::string notes() const {
    std::string all;
    for (const std::string& note : outcome.notes) all += note + "\n";
    return all;
  }
};

const DesignFamily square = box(2, -2, 2, -1.5);

CheapMember member(const Formula& f) { return {"the coarser mesh", physics_of(f, square), 0.1}; }

}  // namespace

TEST_CASE("an economical study comes to the summit, and a cheap member that is much alike spares solves") {
  Study alone, with;
  with.economy.cheap.push_back(member(coarse_valley));
  const DesignOutcome& dear = alone.of(physics_of(valley, square));
  const DesignOutcome& cheap = with.of(physics_of(valley, square));
  for (const DesignOutcome* outcome : {&dear, &cheap}) {
    CHECK(outcome->before_last_steps == Approx(100).margin(0.02));
    CHECK(outcome->converged);
  }
  CHECK(cheap.dear_solves < dear.dear_solves);
  CHECK(cheap.work < dear.work);
  CHECK(cheap.explained > 0.9);
  // Work is counted: 10 iterations a solve, 5 linearisations its slopes, a tenth of both where it is cheap.
  CHECK(cheap.work ==
        Approx(1.5 * static_cast<double>(cheap.dear_solves) + 0.15 * static_cast<double>(cheap.cheap_solves)));
}

TEST_CASE("a cheap member that tells nothing of the case's mesh is left out, and said so") {
  Study study;
  study.economy.cheap.push_back(member(another));
  CHECK(study.of(physics_of(valley, square)).before_last_steps == Approx(100).margin(0.05));
  CHECK_THAT(study.notes(), says("the coarser mesh explains"));
  CHECK_THAT(study.notes(), says("it is left out"));
}

TEST_CASE("slopes that contradict the values are noticed, on the case's mesh and on the cheap one") {
  Study dear, cheap;
  dear.of(physics_of(uphill_is_downhill, square));
  CHECK_THAT(dear.notes(), says("slopes contradict the values between near designs"));
  cheap.economy.cheap.push_back(member(uphill_is_downhill));
  CHECK(cheap.of(physics_of(valley, square)).before_last_steps == Approx(100).margin(0.05));
  CHECK_THAT(cheap.notes(), says("left out"));
}

TEST_CASE("a model that is disturbed is contradicted by the solver, and the study still ends at its summit") {
  Study study;
  study.economy.cheap.push_back(member(coarse_valley));
  long wrong = 0;
  study.economy.after_learning = [&](Ladder& ladder) {  // a planted point: 20 too much where there is nothing
    if (wrong++ == 1) ladder.add(0, Eigen::Vector2d(0.9, 0.1), Eigen::VectorXd::Constant(1, 120), {});
  };
  CHECK(study.of(physics_of(valley, square)).before_last_steps == Approx(100).margin(0.1));
  long contradicted = 0;
  for (const Candidate& c : study.outcome.candidates) contradicted += c.contradicts;
  CHECK(contradicted > 0);
}

TEST_CASE("constraints on results hold at what an economical study finds, and bind") {
  Study study;
  study.design.constraints = {"1 - energy"};
  study.economy.cheap.push_back(member(coarse_valley));
  study.of(physics_of(valley, square));
  double x = 0.6;  // where on x + y = 1 the valley is highest
  for (int k = 0; k < 50; ++k) {
    const double b = 1 - x - x * x, f = -2 * (1 - x) - 10 * b * (1 + 2 * x);
    x -= f / (2 + 10 * (1 + 2 * x) * (1 + 2 * x) - 20 * b);
  }
  CHECK(study.outcome.before_last_steps == Approx(valley({x, 1 - x}).capacity).margin(0.02));
}

TEST_CASE("an economical study asks for no more than it may, and keeps what it has") {
  Study study;
  study.economy.solves = 8;
  const DesignOutcome& outcome = study.of(physics_of(valley, square));
  CHECK(outcome.work < 8 + 1.5 * 4);  // the spread points of the start are asked for at once
  CHECK_FALSE(outcome.converged);
  CHECK_THAT(outcome.ended, says("[design] solves = 8 were used"));
  CHECK(outcome.before_last_steps > 0);
}

TEST_CASE("an economical study gives the same bits on any number of threads, and after an interruption") {
  const auto solved = [](int threads, const std::string& journal, long most) {
    Physics physics = physics_of(valley, square), cheap = physics_of(coarse_valley, square);
    physics.threads = cheap.threads = threads;
    SolveStore store(journal, "stamp");
    const Physics kept = store.remembering(physics, "");
    Study study;
    study.economy.cheap.push_back({"the coarser mesh", store.remembering(cheap, "cheap"), 0.1});
    study.options.stop = [&] { return store.given() >= most; };
    study.of(kept);
    std::vector<std::vector<double>> designs;
    for (const Dataset* data : {&study.data, &study.cheap})
      for (const Sample& sample : data->samples) designs.push_back(sample.x);
    return designs;
  };
  const Scratch scratch;
  const auto whole = solved(1, "", 1000);
  CHECK(solved(3, "", 1000) == whole);
  for (const long most : {3L, 8L, 13L}) {
    const std::string journal = scratch / ("answers" + std::to_string(most));
    CHECK(solved(1, journal, most).size() < whole.size());
    CHECK(solved(2, journal, 1000) == whole);
  }
}

TEST_CASE("what another study has solved spares solves of the next question") {
  Study first;
  first.economy.cheap.push_back(member(coarse_valley));
  first.of(physics_of(valley, square));
  // The same physics, another objective.
  Study second;
  second.design.objective = "capacity + 2*energy";
  second.economy.cheap.push_back(member(coarse_valley));
  Study fresh = second;
  second.economy.taken = {{"first", first.data.samples, Standing::own},
                          {"first, cheap", first.cheap.samples, Standing::cheap}};
  const double best = fresh.of(physics_of(valley, square)).before_last_steps;
  CHECK(second.of(physics_of(valley, square)).before_last_steps == Approx(best).margin(0.05));
  CHECK(second.outcome.work < 0.7 * fresh.outcome.work);
  CHECK(second.outcome.taken_over == static_cast<long>(first.data.samples.size() + first.cheap.samples.size()));
  // Other physics: what was solved foretells.
  Study third;
  third.economy.taken = {{"first", first.data.samples, Standing::foretells}};
  Study alone;
  const double summit = alone.of(physics_of(coarse_valley, square)).before_last_steps;
  CHECK(third.of(physics_of(coarse_valley, square)).before_last_steps == Approx(summit).margin(0.05));
  CHECK(third.outcome.dear_solves < alone.outcome.dear_solves);
}
