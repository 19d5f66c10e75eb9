/// The verb `design`: from a case with a [design] to a design that physics has confirmed, and its report.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <sstream>
#include <thread>

#include "postprocess/design_pictures.hpp"
#include "postprocess/design_report.hpp"
#include "solver/base/error.hpp"
#include "solver/base/petsc.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/case/reader.hpp"
#include "solver/results/progress.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/dataset/ranks.hpp"
#include "surrogate/design/loop.hpp"
#include "surrogate/design/solve_store.hpp"
#include "surrogate/design/solver_search.hpp"
#include "surrogate/design/verification.hpp"
#include "verb_tools.hpp"
#include "verbs.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int fresh_designs = 100;   // that the gate is held against
constexpr double same_value = 1e-3;  // "the same value" is the optimum's up to this part of it

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void say(const std::string& text) { tell(stderr, "{}\n", text); }

/// Thrown between two parts of a study when somebody asked to stop.
struct Stopped {};
void stop_if_asked() {
  if (stop_requested()) throw Stopped();
}

/// The case as resolved, without its tables about design: what `run` needs.
std::string without_design(const std::string& resolved) {
  std::istringstream lines(resolved);
  std::string text;
  bool design = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line[0] == '[') design = line.rfind("[design", 0) == 0 || line.rfind("[[design", 0) == 0;
    if (!design) text += line + "\n";
  }
  return text;
}

/// A study of one case: its parts in the order in which they run.
class Study {
 public:
  /// @param ranks that mpirun started: sampling is shared by all, the rest takes as many threads on the first
  Study(const CommandLine& line, const Case& input, const DesignSpace& space, const Ranks& ranks)
      : line_(line),
        input_(input),
        design_(*input.design),
        folder_(line.out.empty() ? default_folder(input) : line.out),
        space_(space),
        goal_(design_, design_.space) {
    const int cores = ranks.size() > 1 ? ranks.here() : static_cast<int>(std::thread::hardware_concurrency());
    threads_ = std::max(1, cores);
  }

  const fs::path& folder() const { return folder_; }

  Dataset sample() {
    const auto begun = Clock::now();
    CampaignOptions options;
    options.samples = line_.samples.value_or(design_.samples);
    options.sampling = design_.sampling;
    options.seed = design_.seed;
    options.training = train_options(design_);
    options.folder = (folder_ / "campaign").string();
    options.stop = stop_requested;
    Dataset data = run_campaign(space_, options);
    double solver_seconds = 0;
    long solves = 0;
    for (const Sample& sample : data.samples) solver_seconds += sample.seconds, ++solves;
    outcome_.costs.push_back({"sampling", solves, since(begun), solver_seconds});
    return data;
  }

  void run(Dataset data) {
    stop_if_asked();
    say(fmt::format("{} samples", data.samples.size()));
    store_ =
        std::make_unique<SolveStore>((folder_ / "answers.journal").string(), space_.case_hash() + space_.cell_hash());
    if (store_->found() > 0) say(fmt::format("{} answers of an earlier session are taken over", store_->found()));
    const Physics physics = store_->remembering(physics_of(space_, threads_), "");

    LoopOptions options;
    options.threads = threads_;
    options.stop = stop_requested;
    options.say = say;
    const LoopResult loop = run_loop(design_, physics, data, options, outcome_);
    stop_if_asked();
    data.write((folder_ / "dataset.h5").string());
    loop.surrogate.save((folder_ / "surrogate.h5").string());

    timed("finer mesh", [&] {
      outcome_.baseline = confirm("baseline", goal_, physics, space_.start(), design_.finer);
      outcome_.optimum = confirm_best(goal_, physics, loop.ranking, design_.finer);
    });
    search_rivals();
    timed("fresh designs", [&] {
      outcome_.gate = check_gate(design_, physics, loop.surrogate, outcome_.range, outcome_.widening, fresh_designs);
    });
    stop_if_asked();
    if (design_.solver_alone > 0) search_without_surrogate(physics);
    stop_if_asked();
    write_package();
  }

 private:
  /// Books wall time and the answers that nobody had asked for before.
  template <class Part>
  void timed(const std::string& name, const Part& part) {
    const auto begun = Clock::now();
    const long solves = store_->given();
    const double solver_seconds = store_->seconds();
    part();
    outcome_.costs.push_back({name, store_->given() - solves, since(begun), store_->seconds() - solver_seconds});
  }

  void search_rivals() {
    timed("rivals", [&] {
      for (const DesignFamily& family : design_.rivals) {
        stop_if_asked();
        rival_spaces_.push_back(std::make_unique<DesignSpace>(line_.case_path, line_.set, family));
        const Physics physics =
            store_->remembering(physics_of(*rival_spaces_.back(), threads_), rival_spaces_.back()->case_hash());
        outcome_.rivals.push_back(best_of_family(design_, physics, stop_requested));
        say(fmt::format("best of {}: {:.6g}", family.name, outcome_.rivals.back().value_finer));
      }
    });
  }

  void search_without_surrogate(const Physics& physics) {
    timed("solver alone, for comparison", [&] {
      SolverSearchOptions options;
      options.budget = std::lround(design_.solver_alone * static_cast<double>(outcome_.solves_of_loop));
      options.seed = design_.seed;
      options.stop = stop_requested;
      options.starts = {space_.start()};
      const double merit = goal_.objective(outcome_.optimum.value);
      options.target = merit - same_value * std::abs(merit);
      outcome_.solver_only = search_on_solver(goal_, physics, options);
      SolverSearch& found = outcome_.solver_only;
      if (!found.x.empty() && !stop_requested())
        found.best_finer = confirm("solver alone", goal_, physics, found.x, design_.finer).value_finer;
      say(fmt::format("solver alone: {:.6g} after {} solves", found.best_finer, found.solves));
    });
  }

  /// The optimum as a case, read again: what is written must give what is reported.
  void write_optimum() {
    const std::string folder = (folder_ / "optimum").string(), file = (fs::path(folder) / "case.toml").string();
    make_folder(folder);
    const Case optimum = space_.case_at(outcome_.optimum.x, design_.finer);
    std::string text = fmt::format("# The optimum of {}: {} = {:.6g}, on the finer mesh that confirmed it.\n",
                                   input_.file, design_.objective, outcome_.optimum.value_finer);
    write_whole_file(file, text + without_design(optimum.resolved));
    read_case(file);  // a case that cannot be read would be no result: its CaseError says why
  }

  void write_package() {
    write_optimum();
    timed("pictures", [&] {
      std::vector<NamedRun> runs{{"baseline", space_.results(outcome_.baseline.x, design_.finer)},
                                 {"optimum", space_.results(outcome_.optimum.x, design_.finer)}};
      for (std::size_t k = 0; k < rival_spaces_.size(); ++k)
        runs.push_back(
            {"best of " + outcome_.rivals[k].name, rival_spaces_[k]->results(outcome_.rivals[k].x, design_.finer)});
      const Drawn drawn = draw_design_pictures(outcome_, runs, (folder_ / "pictures").string());
      if (!drawn.warning.empty()) say("warning: " + drawn.warning);
    });
    outcome_.seconds = since(begun_);
    DesignPage page;
    page.title = input_.title;
    page.case_file = input_.file;
    page.case_hash = space_.case_hash();
    page.cell_hash = space_.cell_hash();
    page.optimum_case = "optimum/case.toml";
    page.picture_folder = (folder_ / "pictures").string();
    page.threads = threads_;
    for (const ScalarResult& result : scalar_results()) {
      page.scalar_names.push_back(result.name);
      page.scalar_units.push_back(result.unit);
    }
    write_whole_file((folder_ / "design.json").string(), design_json(outcome_, page));
    write_whole_file((folder_ / "report.html").string(), design_html(outcome_, page));
    print_summary();
  }

  void print_summary() const {
    const DesignOutcome& o = outcome_;
    tell(stdout, "{} {:.6g} {}, on a mesh {:g} times as fine{}\n", o.objective, o.optimum.value_finer, o.objective_unit,
         o.finer, o.optimum.allowed ? "" : "; its constraints do NOT hold there");
    const auto line = [&](const std::string& name, double value) {
      tell(stdout, "  {:+8.2f} % over {} ({:.6g})\n", 100 * gain(o, o.optimum.value_finer, value), name, value);
    };
    line("the baseline", o.baseline.value_finer);
    for (const Confirmed& rival : o.rivals) line("the best of " + rival.name, rival.value_finer);
    tell(stdout, "{} solves, {}; report in {}\n", o.solves_of_loop, duration_text(o.seconds),
         (folder_ / "report.html").string());
  }

  const CommandLine& line_;
  const Case& input_;
  const Design& design_;
  fs::path folder_;
  const DesignSpace& space_;
  Goal goal_;
  int threads_;
  DesignOutcome outcome_;
  std::unique_ptr<SolveStore> store_;
  std::vector<std::unique_ptr<DesignSpace>> rival_spaces_;
  Clock::time_point begun_ = Clock::now();
};

}  // namespace

int design(const CommandLine& line) {
  const Ranks ranks;
  set_petsc_options(line.petsc);
  stop_on_signals();
  stop_after(line.max_walltime);
  try {
    const Case input = read_case(line.case_path, line.set);
    if (!input.design)
      throw CaseError({{{input.file, 0, 0}, "has no [design]; `porelith explain design` says what stands there"}});
    const DesignSpace space(line.case_path, line.set, input.design->space);
    Study study(line, input, space, ranks);
    Dataset data = study.sample();
    if (ranks.any(stop_requested())) throw Stopped();
    const FirstAlone alone(ranks);
    if (ranks.first()) study.run(std::move(data));
  } catch (const Stopped&) {
    if (ranks.first()) tell(stdout, "stopped on request; the same command goes on\n");
    return exit_stopped;
  } catch (const CaseError&) {  // every rank has the same error: one tells it
    if (!ranks.first()) return exit_bad_input;
    throw;
  } catch (const WriteError&) {
    if (!ranks.first()) return exit_cannot_write;
    throw;
  }
  return exit_ok;
}

}  // namespace porelith
