/// A run on several ranks judges itself as it does on one.
#include "solver/accuracy.hpp"

#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

AccuracyEstimate judged(const Case& input, const Team& team) {
  Trace trace;
  Results results;
  simulate(input, results, &trace, team);
  REQUIRE(results.status == "complete");
  JudgeOptions options;
  options.team = team;
  judge(input, trace, results, options);
  REQUIRE(results.accuracy);
  return *results.accuracy;
}

}  // namespace

TEST_CASE("a run is refined to the same mesh, with the same estimate, on any number of ranks") {
  const Case input = parse_case(
      "[cell]\nfile = \"lgm50_chen2020\"\n[[step]]\ndischarge = \"3C\"\nuntil = { voltage = \"3.4 V\" }\n"
      "[mesh]\naccuracy = \"0.5 %\"\n[solver]\nrtol = 1e-3\n",
      "case.toml");
  const AccuracyEstimate together = judged(input, Team::world()), alone = judged(input, Team::alone());
  CHECK(together.levels == alone.levels);
  CHECK(together.verdict == alone.verdict);
  CHECK(text_of(together.resolution) == text_of(alone.resolution));
  CHECK(together.worst().end == Approx(alone.worst().end).epsilon(1e-3));
  CHECK(together.worst().voltage == Approx(alone.worst().voltage).epsilon(1e-3));
}
