#include "program/verbs.hpp"

#include <filesystem>
#include <new>
#include <stdexcept>

#include "postprocess/pictures.hpp"
#include "postprocess/vtk.hpp"
#include "program/check_page.hpp"
#include "program/verb_keep.hpp"
#include "program/verb_study.hpp"
#include "program/verb_tools.hpp"
#include "solver/base/error.hpp"
#include "solver/base/petsc.hpp"
#include "solver/base/together.hpp"
#include "solver/case/keys_page.hpp"
#include "solver/case/reader.hpp"
#include "solver/recorded_run.hpp"
#include "solver/results/curve.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

constexpr int exit_internal = 70;  // EX_SOFTWARE: a mistake of ours

/// Collective: a file may be there for one rank and not for another.
Case read(const CommandLine& line, const Team& team = Team::alone()) {
  return together(team, [&] {
    Case input = read_case(line.case_path, line.set);
    input.out = line.out.empty() ? default_folder(input) : line.out;
    initial_stoichiometries(input);  // a start out of reach is told before a folder is touched
    return input;
  });
}

void tell_warnings(const Case& input) {
  for (const auto& warning : input.cell.warnings) tell(stderr, "warning: {}\n", warning);
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

}  // namespace

int run(const CommandLine& line) {
  const Team team = Team::world();
  set_petsc_options(line.petsc);
  const Case input = read(line, team);
  stop_on_signals();
  if (team.first()) tell_warnings(input);
  KeptRun kept(line, input, team);
  if (kept.complete_already()) {
    if (team.first()) tell(stdout, "complete already; results in {}\n", input.out);
    return exit_ok;
  }

  RunOptions options;
  options.folder = input.out;
  options.command = line.words;
  options.petsc_options = line.petsc;
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
  around.resolved = [&](const Resolution& finer) {
    std::vector<std::string> set = line.set;
    for (auto& key : overrides_of(finer)) set.push_back(std::move(key));
    return read_case(line.case_path, set).resolved;
  };
  const int code = run_recorded(input, recorder, results, around);
  kept.ended(code);
  if (!team.first()) return code;
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
  return code;
}

int check(const CommandLine& line) {
  Case input = read(line);
  const std::string study = input.design ? study_section(line, input) : "";
  tell(stdout, "{}", check_page(input, study));
  return exit_ok;
}

int compare(const CommandLine& line) {
  std::vector<LabelledCurve> curves;
  Problems problems;
  for (const auto& folder : line.folders) try {
      const std::string label = fs::absolute(folder + "/").lexically_normal().parent_path().filename().string();
      curves.push_back({label, read_curve_csv((fs::path(folder) / "curve.csv").string())});
    } catch (const CaseError& error) {
      problems.add(error);
    }
  problems.throw_if_any();
  const std::string png = line.out.empty() ? "comparison.png" : line.out;
  const Drawn drawn = draw_comparison(curves, png);
  if (!drawn.warning.empty()) tell(stderr, "warning: {}\n", drawn.warning);
  for (const auto& file : drawn.files) tell(stdout, "{}\n", file);
  return exit_ok;
}

int explain(const CommandLine& line) {
  tell(stdout, "{}", line.markdown ? keys_markdown() : explain(line.key));
  return exit_ok;
}

int schema(const CommandLine&) {
  tell(stdout, "{}", json_schema());
  return exit_ok;
}

namespace {

/// Tells what was thrown. @return the exit code
int told(const std::exception_ptr& trouble) {
  try {
    std::rethrow_exception(trouble);
  } catch (const CaseError& error) {
    tell(stderr, "{}\n", error.what());
    return exit_bad_input;
  } catch (const SolveFailure& failure) {
    tell(stderr, "porelith: the solve failed: {}\n", failure.what());
    return exit_solve_failed;
  } catch (const WriteError& error) {
    tell(stderr, "porelith: {}\n", error.what());
    return exit_cannot_write;
  } catch (const std::invalid_argument& error) {
    tell(stderr, "porelith: {}\n", error.what());
    return exit_usage;
  } catch (const std::bad_alloc&) {
    tell(stderr, "porelith: there is not enough memory for this; fewer cells, shells or snapshots need less\n");
    return exit_solve_failed;
  } catch (const std::exception& error) {
    tell(stderr, "porelith: a mistake in the program, please report it: {}\n", error.what());
    return exit_internal;
  }
}

/// The exit code of an exception that all ranks have met: the first of them tells it, and all end alike.
int told_once(const std::exception_ptr& trouble, const Team& team) {
  const int code = team.first() ? told(trouble) : int(exit_ok);
  return static_cast<int>(team.max(double(code)));
}

}  // namespace

int with_errors_told(int (*verb)(const CommandLine&), WorkOf whom, const CommandLine& line) {
  const Team team = Team::world();
  try {
    int code = exit_ok;
    const auto work = [&] {
      if (whom == WorkOf::all_ranks || team.first()) code = verb(line);
      if (team.first()) flush_output();
    };
    meet_after(team, work, told);
    return static_cast<int>(team.max(team.first() ? double(code) : 0));
  } catch (...) {
    return told_once(std::current_exception(), team);
  }
}

}  // namespace porelith
