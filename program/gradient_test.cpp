#include "program/gradient_test.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "program/gradient.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/slope_check.hpp"
#include "surrogate/dataset/design_space.hpp"

namespace porelith {

namespace {

using Verdict = CheckedSlope::Verdict;

/// What is compared, and what has no slopes.
struct Compared {
  std::vector<CheckedSlope> slopes;
  std::vector<Along> missing;
};

void compare(const Case& base, const FrozenRun& frozen, const std::vector<Along>& by, const Team& team,
             Compared& compared) {
  for (const Along& one : by)
    if (!one.missing.empty()) compared.missing.push_back(one);
  constexpr double runs = 40, long_time = 30;  // runs a number, those that find its stops among them; [s]
  const double seconds = runs * static_cast<double>(by.size()) * frozen.seconds();
  if (seconds > long_time && team.first())
    tell(stderr, "about {:.2g} s of solving for {} numbers; --by asks for fewer\n", seconds, by.size());
  const std::vector<CheckedSlope> more = checked_slopes(frozen, base, by);
  compared.slopes.insert(compared.slopes.end(), more.begin(), more.end());
}

/// Numbers of the case where it stands, variables of its design where they start.
Compared compare_all(const Case& input, const std::vector<std::string>& by, const Team& team) {
  Compared compared;
  std::vector<std::string> variables, numbers;
  for (const std::string& name : by) {
    const auto is_it = [&](const DesignVariable& v) { return v.name == name; };
    const bool variable =
        input.design && std::any_of(input.design->space.variables.begin(), input.design->space.variables.end(), is_it);
    (variable ? variables : numbers).push_back(name);
  }
  if (by.empty() || !numbers.empty()) {
    const FrozenRun frozen(input, team);
    compare(input, frozen, numbers.empty() ? handful(input, frozen.base()) : along(input, frozen.base(), numbers), team,
            compared);
  }
  if (input.design && (by.empty() || !variables.empty())) {
    const DesignSpace space(input, input.design->space);
    const Case start = space.case_at(space.start());
    const FrozenRun frozen(start, team);
    compare(start, frozen, along_variables(input, frozen.base(), variables), team, compared);
  }
  return compared;
}

const char* told(Verdict verdict) {
  return verdict == Verdict::agrees ? "" : verdict == Verdict::differs ? "  WRONG" : "  not judged";
}

int tell_verdict(const std::string& title, const Compared& compared) {
  tell(stdout, "{}\n\n  {:<24} {:<28} {:>15} {:>15} {:>9}\n", title, "slope of", "by", "backward", "differences",
       "apart");
  const CheckedSlope* worst = nullptr;
  int judged = 0, wrong = 0;
  for (const CheckedSlope& one : compared.slopes) {
    tell(stdout, "  {:<24} {:<28} {:>15.8g} {:>15.8g} {:>9.1e}{}\n", one.result, one.number, one.slope, one.difference,
         one.deviation, told(one.verdict));
    if (one.verdict == Verdict::unsettled) continue;
    ++judged, wrong += one.verdict == Verdict::differs;
    if (!worst || !(one.deviation <= worst->deviation)) worst = &one;
  }
  for (const Along& one : compared.missing) tell(stdout, "  no slopes by {}: {}\n", one.name, one.missing);
  if (!worst) {
    tell(stderr, "porelith: no slope could be compared with differences\n");
    return exit_solve_failed;
  }
  const std::size_t unsure = compared.slopes.size() - judged;
  tell(stdout,
       "\n{}: {} of {} slopes are within {:.0e} of differences by the same time steps; the worst, {} by {}, is {:.1e} "
       "off{}\n",
       wrong ? "The slopes are WRONG" : "The slopes are right", judged - wrong, judged, slope_tolerance, worst->result,
       worst->number, worst->deviation,
       unsure
           ? fmt::format("; {} were not judged: with half the step the difference is another one, as at a kink", unsure)
           : "");
  return wrong ? exit_solve_failed : exit_ok;
}

}  // namespace

int test_gradient(const Case& input, const std::vector<std::string>& by, const Team& team) try {
  const Compared compared = compare_all(input, by, team);
  return team.first() ? tell_verdict(input.title, compared) : int(exit_ok);
} catch (const SolveFailure& failure) {
  if (team.first()) tell(stderr, "porelith: no slopes: {}\n", failure.what());
  return exit_solve_failed;
}

}  // namespace porelith
