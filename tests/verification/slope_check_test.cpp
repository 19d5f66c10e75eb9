/// What `check --gradient-test` tells: right slopes are told to be right, a planted error is caught.
#include "solver/slope_check.hpp"

#include "solver/case/reader.hpp"
#include "solver/taped_run.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

using Verdict = CheckedSlope::Verdict;

Case charge() {
  return parse_case(R"(
cell.file = "lgm50_chen2020"
initial.soc = 0.2
[[step]]
charge = "1C"
[mesh]
negative = 6
separator = 3
positive = 6
shells = 6
[solver]
rtol = 1e-3
)",
                    "charge.toml");
}

Along drive_of(const Case& c, const TapedRun& run) { return along(c, run, {"step.1.value"}).at(0); }

long so_many(const std::vector<CheckedSlope>& slopes, Verdict verdict) {
  return std::count_if(slopes.begin(), slopes.end(), [&](const CheckedSlope& s) { return s.verdict == verdict; });
}

}  // namespace

TEST_CASE("slopes of a charge pass the check") {
  const Case c = charge();
  const FrozenRun frozen(c);
  const auto slopes = checked_slopes(frozen, c, along(c, frozen.base(), {"step.1.value", "step.1.until"}));
  CHECK(so_many(slopes, Verdict::differs) == 0);
  CHECK(so_many(slopes, Verdict::agrees) > 12);
}

TEST_CASE("slopes by activation energies pass the check, and are 0 at the laws' own temperature") {
  Case c = charge();
  const std::vector<std::string> names{"negative.K.activation_energy", "positive.D_s.activation_energy",
                                       "electrolyte.D_e.activation_energy", "electrolyte.kappa.activation_energy"};
  const TapedRun at_reference = simulate_taped(c);
  for (const Gradient& gradient : gradients(c, at_reference, {"capacity"}, along(c, at_reference, names)))
    for (const double slope : gradient.slopes) CHECK(std::abs(slope) < 1e-15);
  c.temperature = 310;
  const FrozenRun frozen(c);
  const std::vector<Along> by = along(c, frozen.base(), names);
  REQUIRE(by.size() == names.size());
  const auto slopes = checked_slopes(frozen, c, by);
  CHECK(so_many(slopes, Verdict::differs) == 0);
  for (const std::string& name : names)
    CHECK(std::count_if(slopes.begin(), slopes.end(),
                        [&](const CheckedSlope& s) { return s.number == name && s.verdict == Verdict::agrees; }) > 3);
  CHECK_THROWS_WITH(along(c, frozen.base(), {"negative.K.activation_energi"}),
                    says("Did you mean negative.K.activation_energy?"));
}

TEST_CASE("a slope that is wrong by a percent fails the check") {
  const Case c = charge();
  const FrozenRun frozen(c);
  Along drive = drive_of(c, frozen.base());
  drive.change->drives[0] *= 1.01;
  const auto slopes = checked_slopes(frozen, c, {drive});
  CHECK(so_many(slopes, Verdict::agrees) == 0);
  CHECK(so_many(slopes, Verdict::differs) > 6);
  for (const CheckedSlope& one : slopes)
    if (one.verdict == Verdict::differs) {
      INFO(one.result);
      CHECK(std::abs(one.deviation - 0.01) < 1e-4);
    }
}
