#include "solver/recorded_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <string>

#include "solver/base/error.hpp"
#include "solver/newman/figures.hpp"

namespace porelith {

namespace {

int exit_code_of(const Results& results) {
  if (results.status == "complete") return exit_ok;
  return results.status == "stopped" ? exit_stopped : exit_solve_failed;
}

void add_figures(const Case& input, Results& results, const Team& team) {
  results.figures = design_figures(input);
  for (auto& figure : run_figures(results, input.cell, team)) results.figures.push_back(std::move(figure));
}

/// Less salt than this part of its start: there is next to none.
constexpr double hardly_any_salt = 0.01;

/// What a run that ran out of salt somewhere says of itself.
void warn_of_salt(const Case& input, Results& results) {
  const double limit = hardly_any_salt * input.cell.electrolyte.c_e0;
  const auto first = std::find_if(results.curve.begin(), results.curve.end(),
                                  [&](const CurveRow& row) { return row.c_e_min < limit; });
  if (first == results.curve.end()) return;
  double least = first->c_e_min;
  for (const CurveRow& row : results.curve) least = std::min(least, row.c_e_min);
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

int give_up(const std::string& why, int code, RunRecorder& recorder, Results& results) {
  results.status = "failed: " + why;
  recorder.abandon(results, code);
  return code;
}

}  // namespace

int run_recorded(const Case& input, RunRecorder& recorder, Results& results, const Around& around) {
  try {
    Recorder* const outer = around.recorder ? around.recorder : &recorder;
    Trace trace(outer);
    const bool traced = around.judge && may_be_judged(input);
    simulate(input, results, traced ? &trace : outer, around.team);
    if (traced && results.status == "complete") judge_run(input, recorder, trace, results, around);
    warn_of_salt(input, results);
    add_figures(input, results, around.team);
    const int code = around.exit_code(exit_code_of(results));
    recorder.finish(results, code);
    return code;
  } catch (const WriteError& error) {
    try {
      give_up(error.what(), exit_cannot_write, recorder, results);
    } catch (const WriteError&) {  // not even that; the first reason is the better one
    }
    throw;
  } catch (const std::bad_alloc&) {
    return give_up("there is not enough memory; fewer cells, shells or snapshots need less", exit_solve_failed,
                   recorder, results);
  } catch (const std::exception& error) {
    return give_up(error.what(), exit_solve_failed, recorder, results);
  }
}

}  // namespace porelith
