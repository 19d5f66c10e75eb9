#include "program/study_mesh.hpp"

#include "solver/accuracy.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"
#include "surrogate/dataset/design_space.hpp"

namespace porelith {

CaseLine on_baselines_mesh(CaseLine typed, bool tells) {
  const Case input = read_case(typed.path, typed.set);
  if (!input.design || !input.mesh.accuracy || input.mesh.accuracy->share == 0 || input.mesh.fixed) return typed;
  const DesignSpace space(typed.path, typed.set, input.design->space);
  Case baseline = space.case_at(space.start());
  baseline.output.max_snapshots = 0;
  Trace trace;
  Results results = simulate(baseline, &trace);
  if (results.status != "complete")
    throw SolveFailure("the baseline, whose accuracy is to settle the mesh of the study: " + results.status);
  JudgeOptions options;
  judge(baseline, trace, results, options);
  if (!results.accuracy) return typed;
  for (auto& key : overrides_of(results.accuracy->resolution)) typed.set.push_back(std::move(key));
  if (tells)
    tell(stderr, "{}the mesh of the study is its baseline's: {}\n",
         results.accuracy->within ? "" : "warning: ", accuracy_sentence(*results.accuracy));
  return typed;
}

}  // namespace porelith
