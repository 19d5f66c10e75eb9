#include "solver/recorded_run.hpp"

#include <fmt/format.h>

#include <new>
#include <string>

#include "solver/base/error.hpp"
#include "solver/newman/figures.hpp"

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
  for (auto& figure : run_figures(results, input.cell, team)) results.figures.push_back(std::move(figure));
}

int give_up(const std::string& why, int code, RunRecorder& recorder, Results& results) {
  results.status = "failed: " + why;
  recorder.abandon(results, code);
  return code;
}

}  // namespace

int run_recorded(const Case& input, RunRecorder& recorder, Results& results, const Around& around) {
  try {
    simulate(input, results, around.recorder ? around.recorder : &recorder, around.team);
    tell_no_time(results);
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
