/// `check CASE`: reads and judges without solving; with --gradient-test, slopes against differences.
#include <memory>
#include <stdexcept>
#include <string>

#include "program/case_of.hpp"
#include "program/check_page.hpp"
#include "program/gradient.hpp"
#include "program/gradient_test.hpp"
#include "program/study.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/team.hpp"
#include "solver/base/tell.hpp"

namespace porelith {
namespace {

struct CheckLine {
  CaseLine given;
  bool gradient_test = false;
  std::string by;
};

int check(const CheckLine& line) {
  const Team team = Team::world();
  if (!line.gradient_test && !team.first()) return exit_ok;
  Case input = case_of(line.given, "", line.gradient_test ? team : Team::alone());
  if (!line.gradient_test && !line.by.empty())
    throw std::invalid_argument("--by says what --gradient-test is taken by; give both");
  if (line.gradient_test) {
    judge_numbers(line.by, input);
    return test_gradient(input, names_in_list(line.by), team);
  }
  const std::string study = input.design ? study_section(input) : "";
  tell(stdout, "{}", check_page(input, study));
  return exit_ok;
}

}  // namespace

void declare_check(Verb& verb) {
  auto line = std::make_shared<CheckLine>();
  line->given.declare_on(verb);
  verb.flag("--gradient-test", line->gradient_test,
            "solves the case, and compares slopes of its results with differences of further runs");
  verb.option("--by", line->by, "with --gradient-test: by these numbers; a handful of all kinds if not given");
  verb.does(WorkOf::all_ranks, [line] { return check(*line); });
}

}  // namespace porelith
