#include "program/study_mesh.hpp"

#include "solver/accuracy.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/base/together.hpp"
#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"
#include "surrogate/dataset/design_space.hpp"

namespace porelith {

namespace {

Case on_one_mesh(const CaseLine& typed, bool tells) {
  Case input = read_case(typed.path, typed.set);
  if (!input.design)
    throw CaseError({{{input.file, 0, 0}, "has no [design]; `porelith explain design` says what stands there"}});
  if (!input.mesh.accuracy || input.mesh.accuracy->share == 0 || input.mesh.fixed) return input;
  const DesignSpace space(input, input.design->space);
  Case baseline = space.case_at(space.start());
  baseline.output.max_snapshots = 0;
  Trace trace;
  Results results = simulate(baseline, &trace);
  if (results.status != "complete")
    throw SolveFailure("the baseline, whose accuracy is to settle the mesh of the study: " + results.status);
  JudgeOptions options;
  judge(baseline, trace, results, options);
  if (!results.accuracy) return input;
  if (tells)
    tell(stderr, "{}the mesh of the study is its baseline's: {}\n",
         results.accuracy->within ? "" : "warning: ", accuracy_sentence(*results.accuracy));
  return changed(input, changes_of(results.accuracy->resolution));
}

}  // namespace

Case study_of(const CaseLine& typed, const Team& team) {
  return together(team, [&] { return on_one_mesh(typed, team.first()); });
}

}  // namespace porelith
