/// `check CASE`: reads and judges without solving.
#include <memory>

#include "program/case_of.hpp"
#include "program/check_page.hpp"
#include "program/study.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"

namespace porelith {
namespace {

int check(const CaseLine& line) {
  Case input = case_of(line);
  const std::string study = input.design ? study_section(input) : "";
  tell(stdout, "{}", check_page(input, study));
  return exit_ok;
}

}  // namespace

void declare_check(Verb& verb) {
  auto line = std::make_shared<CaseLine>();
  line->declare_on(verb);
  verb.does(WorkOf::first_rank, [line] { return check(*line); });
}

}  // namespace porelith
