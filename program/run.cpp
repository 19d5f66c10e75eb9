/// `run CASE`: solves a case; curves, fields and pictures.
#include <memory>
#include <string>
#include <vector>

#include "postprocess/pictures.hpp"
#include "postprocess/vtk.hpp"
#include "program/case_of.hpp"
#include "program/gradient.hpp"
#include "program/keep.hpp"
#include "program/stopping.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/petsc.hpp"
#include "solver/base/tell.hpp"
#include "solver/case/reader.hpp"
#include "solver/recorded_run.hpp"

namespace porelith {
namespace {

void tell_warnings(const Case& input) {
  for (const auto& warning : input.warnings) tell(stderr, "warning: {}\n", warning);
}

void tell_accuracy(const AccuracyEstimate& judgement) {
  const std::string sentence = accuracy_sentence(judgement);
  if (judgement.within)
    tell(stdout, "{}\n", sentence);
  else
    tell(stderr, "warning: {}\n", sentence);
}

/// Fields for ParaView every time, pictures at the end; the files' names relative to the folder.
std::vector<std::string> write_views(const Results& results, const Case& input, bool over, const Team& team) {
  std::vector<std::string> files;
  if (input.output.vtk) files = write_vtk(results, input.out, input.output.max_snapshots, team);
  if (over && input.output.pictures) {
    const Drawn drawn = draw_pictures(results, input.out, team);
    files.insert(files.end(), drawn.files.begin(), drawn.files.end());
    if (!drawn.warning.empty() && team.first()) tell(stderr, "warning: {}\n", drawn.warning);
  }
  return files;
}

/// What came of it, and where it lies.
void tell_end(const Case& input, const Results& results, int code) {
  for (const auto& warning : results.warnings) tell(stderr, "warning: {}\n", warning);
  if (results.accuracy)
    tell_accuracy(*results.accuracy);
  else if (code == exit_ok && may_be_judged(input))
    tell(stdout, "{} time steps: how exact the run is was not judged; mesh.accuracy = \"0.1 %\" asks for it\n",
         results.counts.steps);
  if (code == exit_solve_failed)
    tell(stderr, "porelith: {}\nwhat was solved until then is in {}\n", results.status, input.out);
  else if (code == exit_no_time)
    tell(stderr, "porelith: nothing was simulated, {}; what there is lies in {}\n", results.status, input.out);
  else
    tell(stdout, "{} in {:.3g} s; results in {}{}\n", results.status, results.seconds, input.out,
         code == exit_stopped ? "; the same command with --resume goes on" : "");
  const std::string unused = unused_petsc_options();
  if (!unused.empty()) tell(stderr, "warning: PETSc had no use for {}\n", unused);
}

struct RunLine {
  CaseLine given;
  std::string out;  ///< "" = results/<name of the case>
  KeepLine keep;
  GradientLine gradient;
  std::vector<std::string> words;
};

int run(const RunLine& line) {
  const Team team = Team::world();
  set_petsc_options(line.given.petsc);
  const Case input = case_of(line.given, line.out, team);
  judge_gradient(line.gradient, input);
  stop_on_signals();
  if (team.first()) tell_warnings(input);
  KeptRun kept(line.keep, input, team);
  if (kept.complete_already()) {
    if (team.first()) tell(stdout, "complete already; results in {}\n", input.out);
    if (!line.gradient.asks()) return exit_ok;
    return tell_gradient(line.gradient, as_solved_before(input), team);
  }

  RunOptions options;
  options.folder = input.out;
  options.command = line.words;
  options.petsc_options = line.given.petsc;
  options.stop = stop_requested;
  options.go_on = kept.goes_on();
  options.team = team;
  options.more = [&](const Results& results, bool over) { return write_views(results, input, over, team); };
  RunRecorder recorder(input, options);
  Results results;
  Around around{team, &kept.around(&recorder), [&](int code) { return kept.exit_code(code); }};
  around.judge.emplace();
  around.judge->stop = [&] { return around.recorder->stop_requested(); };
  around.judge->say = [](const std::string& line) { tell(stderr, "{}\n", line); };
  around.resolved = [&](const Resolution& finer) { return changed(input, changes_of(finer)).resolved; };
  const int code = run_recorded(input, recorder, results, around);
  kept.ended(code);
  if (team.first()) tell_end(input, results, code);
  if (code != exit_ok || !line.gradient.asks()) return code;
  return tell_gradient(line.gradient, as_solved(input, results), team);
}

}  // namespace

void declare_run(Verb& verb) {
  auto line = std::make_shared<RunLine>();
  line->given.declare_on(verb);
  verb.option("--out", line->out, "folder for the results; results/<name of the case> if not given");
  line->gradient.declare_on(verb);
  verb.flag("--resume", line->keep.resume, "goes on from the newest checkpoint in the folder; without one, begins");
  declare_walltime(verb, line->keep.max_walltime);
  verb.option("--checkpoint-every", line->keep.checkpoint_every, "e.g. 10min; output.checkpoint_every if not given");
  line->words = verb.words();
  verb.does(WorkOf::all_ranks, [line] { return run(*line); });
}

}  // namespace porelith
