#include "solver/recorded_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <string>

#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/base/together.hpp"
#include "solver/cell/cell.hpp"
#include "solver/figures/figures.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {

namespace {

/// No run at all is no success, though every step ended as it should.
void tell_no_time(Results& results) {
  constexpr double nothing = 1e-6;  // a stop's bracket [s]
  if (results.status != "complete" || results.steps.empty() || results.steps.back().end > nothing) return;
  results.status = fmt::format("no time passed: {}", results.steps.back().ended);
}

int exit_code_of(const Results& results) {
  if (results.status.compare(0, 14, "no time passed") == 0) return exit_no_time;
  if (results.status == "complete") return exit_ok;
  return results.status == "stopped" ? exit_stopped : exit_solve_failed;
}

void add_figures(const Case& input, Results& results, const Team& team) {
  results.figures = design_figures(input);
  for (auto& figure : run_figures(results, *input.cell, team)) results.figures.push_back(std::move(figure));
}

/// Less salt than this part of its start: there is next to none.
constexpr double hardly_any_salt = 0.01;

/// What a run that ran out of salt somewhere says of itself.
void warn_of_salt(const Case& input, Results& results) {
  const double limit = hardly_any_salt * input.cell->electrolyte.c_e0;
  const std::size_t k = observable_called("c_e_min");
  const auto first = std::find_if(results.accepted.begin(), results.accepted.end(),
                                  [&](const CurveRow& row) { return row.values[k] < limit; });
  if (first == results.accepted.end()) return;
  double least = first->values[k];
  for (const CurveRow& row : results.accepted) least = std::min(least, row.values[k]);
  results.warnings.push_back(fmt::format(
      "the salt ran out locally: c_e fell below 1 % of its start ({:.4g} mol/m3) at t = {:.6g} s, to {:.3g} mol/m3 at "
      "least; from there on voltage and end depend on the mesh and on how the electrolyte's laws are continued to "
      "where no one has measured them",
      limit, first->time, least));
}

/// Judges a complete run; the recorder is told of every further level.
void judge_run(const Case& input, RunRecorder& recorder, const Trace& trace, Results& results, const Around& around) {
  JudgeOptions options = *around.judge;
  options.team = around.team;
  options.level = [&](const Results& level, const Resolution& resolution) {
    recorder.replace(level, around.resolved ? around.resolved(resolution) : input.resolved);
  };
  judge(input, trace, results, options);
}

/// How a run ends after something was thrown.
struct Ending {
  std::string why;
  int code;
};

Ending ending_after(const std::exception_ptr& trouble) {
  try {
    std::rethrow_exception(trouble);
  } catch (const WriteError& error) {
    return {error.what(), exit_cannot_write};
  } catch (const std::bad_alloc&) {
    return {"there is not enough memory; fewer cells, shells or snapshots need less", exit_solve_failed};
  } catch (const std::exception& error) {
    return {error.what(), exit_solve_failed};
  }
}

/// What a rank does that the others do not follow: they wait for it in the midst of the solve. Its manifest is the
/// whole report.
int end_alone(const std::exception_ptr& trouble, RunRecorder& recorder, Results& results) {
  const Ending ending = ending_after(trouble);
  results.status = "failed: " + ending.why;
  tell(stderr, "porelith: {}\n", results.status);
  try {
    if (recorder.begun()) recorder.abandon_alone(results, ending.code);
  } catch (const std::exception&) {  // the first reason is the better one
  }
  return ending.code;
}

/// Within a catch: what is thrown becomes the status. @return the exit code. @throws WriteError if that was it
int give_up(RunRecorder& recorder, Results& results, const Team& team) {
  const Ending ending = ending_after(std::current_exception());
  results.status = "failed: " + ending.why;
  try {
    if (!recorder.begun()) together(team, [&] { recorder.begin(results); });
    recorder.abandon(results, ending.code);
  } catch (const WriteError&) {  // not even that; the first reason is the better one
    if (ending.code != exit_cannot_write) throw;
  }
  if (ending.code == exit_cannot_write) throw;
  return ending.code;
}

}  // namespace

int run_recorded(const Case& input, RunRecorder& recorder, Results& results, const Around& around) {
  try {
    const auto solve = [&] {
      Recorder* const outer = around.recorder ? around.recorder : &recorder;
      Trace trace(outer);
      const bool traced = around.judge && may_be_judged(input);
      simulate(input, results, traced ? &trace : outer, around.team);
      tell_no_time(results);
      if (traced && results.status == "complete") judge_run(input, recorder, trace, results, around);
      warn_of_salt(input, results);
      add_figures(input, results, around.team);
    };
    meet_after(around.team, solve,
               [&](const std::exception_ptr& trouble) { return end_alone(trouble, recorder, results); });
    const int code = around.exit_code(exit_code_of(results));
    recorder.finish(results, code);
    return code;
  } catch (const CaseError&) {
    if (!recorder.begun()) throw;  // refused before anything was solved: the folder is as it was
    return give_up(recorder, results, around.team);
  } catch (const std::exception&) {
    return give_up(recorder, results, around.team);
  }
}

}  // namespace porelith
