/// The verb `design`: from a case with a [design] to a design that physics has confirmed, and its report.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "postprocess/design_pictures.hpp"
#include "postprocess/design_report.hpp"
#include "program/case_of.hpp"
#include "program/grading.hpp"
#include "program/stopping.hpp"
#include "program/study.hpp"
#include "program/study_mesh.hpp"
#include "program/verbs.hpp"
#include "solver/accuracy.hpp"
#include "solver/base/error.hpp"
#include "solver/base/petsc.hpp"
#include "solver/base/tell.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/case/echo.hpp"
#include "solver/case/reader.hpp"
#include "solver/text/toml.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/dataset/ranks.hpp"
#include "surrogate/dataset/tables_left.hpp"
#include "surrogate/design/economy.hpp"
#include "surrogate/design/gradient_study.hpp"
#include "surrogate/design/loop.hpp"
#include "surrogate/design/pole.hpp"
#include "surrogate/design/solve_store.hpp"
#include "surrogate/design/solver_search.hpp"
#include "surrogate/design/verification.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double same_value = 1e-3;  // "the same value" is the optimum's up to this part of it

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void say(const std::string& text) { tell(stderr, "{}\n", text); }

/// Thrown between two parts of a study when somebody asked to stop.
struct Stopped {};
void stop_if_asked() {
  if (stop_requested()) throw Stopped();
}

struct DesignLine {
  CaseLine given;
  std::string out;  ///< "" = results/<name of the case>
  std::optional<int> samples;
  std::string max_walltime;
};

/// A study of one case: its parts in the order in which they run.
class Study {
 public:
  /// @param ranks that mpirun started: sampling is shared by all, the rest takes as many threads on the first
  Study(const DesignLine& line, const Case& input, const DesignSpace& space, const Ranks& ranks)
      : line_(line),
        input_(input),
        design_(*input.design),
        folder_(line.out.empty() ? default_folder(input) : line.out),
        space_(space),
        goal_(design_, design_.space) {
    const int cores = ranks.size() > 1 ? ranks.here() : static_cast<int>(std::thread::hardware_concurrency());
    threads_ = std::max(1, cores);
  }

  /// Whether there is one, and not a pole.
  bool found_optimum() const { return outcome_.pole.empty(); }

  Dataset sample() {
    const auto begun = Clock::now();
    if (!by_samples()) {
      if (line_.samples)
        throw CaseError(
            {{{},
              fmt::format("--samples is for [design] strategy = \"surrogate\"; here it is {}, which asks for "
                          "what it needs",
                          toml_quoted(design_.strategy))}});
      require_baseline(space_);
      Dataset none;
      none.family = space_.family();
      return none;
    }
    CampaignOptions options;
    options.samples = line_.samples.value_or(design_.samples);
    require_baseline(space_);
    for (const DesignFamily& family : design_.rivals)
      if (design_.search_rivals) require_baseline(DesignSpace(input_, family));
    require_samples(space_, options.samples);
    options.sampling = design_.sampling;
    options.seed = design_.seed;
    options.slopes = design_.slopes;
    options.training = train_options(design_);
    options.folder = (folder_ / "campaign").string();
    options.stop = stop_requested;
    CampaignLine shown;
    shown.watch(options);
    Dataset data = run_campaign(space_, options);
    double solver_seconds = 0;
    long solves = 0;
    for (const Sample& sample : data.samples) solver_seconds += sample.seconds, ++solves;
    outcome_.costs.push_back({"sampling", solves, since(begun), solver_seconds});
    return data;
  }

  void run(Dataset data) {
    stop_if_asked();
    make_folder(folder_.string());
    if (by_samples())
      say(fmt::format("{} samples{}", data.samples.size(), data.whole_space ? ", all designs that there are" : ""));
    store_ =
        std::make_unique<SolveStore>((folder_ / "answers.journal").string(), space_.case_hash() + space_.cell_hash());
    store_->know("", data.samples);
    if (store_->found() > 0) say(fmt::format("{} answers of an earlier session are taken over", store_->found()));
    const Physics physics = store_->remembering(sloped_physics_of(space_, goal_, threads_), "");

    LoopOptions options;
    options.threads = threads_;
    options.stop = stop_requested;
    options.say = say;
    Dataset cheap;
    const LoopResult loop = by_gradient()     ? run_gradient_study(design_, physics, data, options, outcome_)
                            : is_economical() ? economical(physics, data, cheap, options)
                                              : run_loop(design_, physics, data, options, outcome_);
    stop_if_asked();
    data.write((folder_ / "dataset.h5").string());
    if (!cheap.samples.empty()) cheap.write((folder_ / cheap_file).string());
    if (loop.ranking.empty()) throw SolveFailure(nothing_allowed(goal_, data.samples));
    if (loop.surrogate) loop.surrogate->save((folder_ / "surrogate.h5").string());

    outcome_.refined = refined_text(space_.case_at(space_.start()), design_.finer);
    timed(design_.finer == 1 ? "baseline and optimum" : "finer mesh", [&] {
      outcome_.baseline = confirm("baseline", goal_, physics, space_.start(), design_.finer);
      outcome_.optimum = confirm_best(goal_, physics, loop.ranking, design_.finer);
    });
    if (!outcome_.pole.empty()) outcome_.optimum.name = "best sample";
    if (design_.search_rivals) search_rivals();
    if (loop.surrogate && design_.fresh_designs > 0)
      timed("fresh designs", [&] {
        outcome_.gate = check_gate(design_, physics, *loop.surrogate, outcome_.scale.range, outcome_.widening,
                                   design_.fresh_designs);
      });
    stop_if_asked();
    if (design_.solver_alone > 0 && loop.surrogate && outcome_.pole.empty()) search_without_surrogate(physics);
    stop_if_asked();
    if (design_.solver_alone > 0 && loop.surrogate && outcome_.pole.empty()) search_along_slopes(physics);
    stop_if_asked();
    tell_tables(data.samples);
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

  void note(const std::string& sentence) {
    outcome_.notes.push_back(sentence);
    say(sentence);
  }

  /// Laws that were used beyond their tables: by the study, then by each design that is reported.
  void tell_tables(const std::vector<Sample>& samples) {
    const std::vector<std::string> sentences = tables_left(samples, "solved designs");
    for (const std::string& sentence : sentences) note(sentence);
    const auto of_one = [&](const std::string& name, const Confirmed& c) {
      const std::string sentence = tables_left(name, c.left_tables);
      if (!sentence.empty()) note(sentence);
      return !sentence.empty();
    };
    of_one(outcome_.baseline.name, outcome_.baseline);
    if (!of_one(outcome_.optimum.name, outcome_.optimum) && !sentences.empty())
      note(fmt::format("the {} itself stays within all tables", outcome_.optimum.name));
    for (const Confirmed& rival : outcome_.rivals) of_one("best of " + rival.name, rival);
  }

  void search_rivals() {
    timed("rivals", [&] {
      for (const DesignFamily& family : design_.rivals) {
        stop_if_asked();
        auto space = std::make_unique<DesignSpace>(input_, family);
        const Physics physics = store_->remembering(physics_of(*space, threads_), space->case_hash());
        try {
          outcome_.rivals.push_back(is_economical() && has_slopes(family)
                                        ? economical_rival(*space)
                                        : best_of_family(design_, physics, outcome_.scale, stop_requested));
        } catch (const SolveFailure& failure) {  // the study itself is none the worse
          note(fmt::format("{}: left out. {}", family.name, failure.what()));
          continue;
        }
        rival_spaces_.push_back(std::move(space));
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
      if (!found.x.empty() && !stop_requested()) judge_search(physics, found);
      say(fmt::format("solver alone: {:.6g} after {} solves", found.best_finer, found.solves));
    });
  }

  void search_along_slopes(const Physics& physics) {
    timed("along slopes, for comparison", [&] {
      GradientSearchOptions options = gradient_options(design_, stop_requested);
      const double merit = goal_.objective(outcome_.optimum.value);
      options.target = merit - same_value * std::abs(merit);
      History history;
      outcome_.by_gradient = search_by_gradient(goal_, physics, options, history);
      GradientFound& found = outcome_.by_gradient;
      if (!found.x.empty() && !stop_requested())
        found.best_finer = confirm("along slopes", goal_, physics, found.x, design_.finer).value_finer;
      say(fmt::format("along slopes: {:.6g} after {} solves and {} gradients", found.best_finer, found.solves,
                      found.gradients));
    });
  }

  /// The search may have found a pole that the study has not met.
  void judge_search(const Physics& physics, const SolverSearch& found) {
    const double merit = goal_.objective(found.best);  // its own inverse
    if (const auto pole =
            pole_at(goal_, physics, evaluator_of(goal_, physics), outcome_.scale, found.x, merit, outcome_.optimum.x))
      note("solver alone: " + *pole);
  }

  LoopResult economical(const Physics& physics, Dataset& data, Dataset& cheap, const LoopOptions& options) {
    const Sources sources(design_, space_);
    const auto describe = [](Dataset& of, const DesignSpace& space) {
      of.family = space.family();
      of.cell_hash = space.cell_hash(), of.case_hash = space.case_hash();
      of.sampling = "economical", of.slopes = "scalars";
      of.mesh = text_of(resolution_of(space.base()));
    };
    describe(data, space_);
    if (sources.cheap()) describe(cheap, *sources.cheap());
    return run_economical(design_, physics, sources.economy(goal_, *store_, threads_), data, cheap, options, outcome_);
  }

  /// Whether there are variables, and none of whole numbers.
  static bool has_slopes(const DesignFamily& family) {
    const auto whole = [](const DesignVariable& variable) { return variable.integer; };
    return !family.variables.empty() && std::none_of(family.variables.begin(), family.variables.end(), whole);
  }

  /// The best of a rival family, found by the means that found the optimum.
  Confirmed economical_rival(const DesignSpace& space) {
    Design design = design_;
    design.space = space.family();
    design.taken.clear();
    const Goal goal(design, design.space);
    const Physics physics = store_->remembering(sloped_physics_of(space, goal, threads_), space.case_hash());
    DesignOutcome outcome;
    Dataset data, cheap;
    data.family = cheap.family = space.family();
    LoopOptions options;
    options.threads = threads_;
    options.stop = stop_requested;
    const Sources sources(design, space);
    const LoopResult found =
        run_economical(design, physics, sources.economy(goal, *store_, threads_), data, cheap, options, outcome);
    if (!outcome.pole.empty())
      throw SolveFailure(fmt::format("the rival family {}: {}", design.space.name, outcome.pole));
    stop_if_asked();
    if (found.ranking.empty())
      throw SolveFailure(fmt::format("no electrode of the rival family {} keeps the constraints", design.space.name));
    Confirmed best = confirm_best(goal, physics, found.ranking, design.finer);
    best.name = design.space.name;
    best.meaning = design.space.meaning;
    best.against = design.space.against;
    best.solves = outcome.dear_solves + outcome.cheap_solves;
    return best;
  }

  bool by_gradient() const { return design_.strategy == "gradient"; }
  bool is_economical() const { return design_.strategy == "economical"; }
  bool by_samples() const { return !by_gradient() && !is_economical(); }
  std::string optimum_name() const { return outcome_.pole.empty() ? "optimum" : "best_sample"; }

  /// The optimum as a case, read again: what is written must give what is reported.
  void write_optimum() {
    const std::string folder = (folder_ / optimum_name()).string(), file = (fs::path(folder) / "case.toml").string();
    make_folder(folder);
    const Case optimum = space_.case_at(outcome_.optimum.x, design_.finer);
    std::string text =
        fmt::format("# The {} of {}: {} = {:.6g}{}.\n", outcome_.optimum.name, input_.file, design_.objective,
                    outcome_.optimum.value_finer, design_.finer == 1 ? "" : ", on the finer mesh that confirmed it");
    write_whole_file(file, text + echo_of(optimum));
    read_case(file);  // a case that cannot be read would be no result: its CaseError says why
  }

  void write_package() {
    write_optimum();
    if (input_.output.pictures) draw();
    write_report();
    print_summary();
  }

  void draw() {
    timed("pictures", [&] {
      std::vector<NamedRun> runs{{"baseline", space_.results(outcome_.baseline.x, design_.finer)},
                                 {"optimum", space_.results(outcome_.optimum.x, design_.finer)}};
      for (std::size_t k = 0; k < rival_spaces_.size(); ++k)
        runs.push_back(
            {"best of " + outcome_.rivals[k].name, rival_spaces_[k]->results(outcome_.rivals[k].x, design_.finer)});
      const Drawn drawn = draw_design_pictures(outcome_, runs, (folder_ / "pictures").string());
      if (!drawn.warning.empty()) say("warning: " + drawn.warning);
    });
  }

  void write_report() {
    outcome_.seconds = since(begun_);
    DesignPage page;
    page.title = input_.title;
    page.case_file = input_.file;
    page.case_hash = space_.case_hash();
    page.cell_hash = space_.cell_hash();
    page.mesh = text_of(resolution_of(input_));
    page.optimum_case = optimum_name() + "/case.toml";
    page.picture_folder = (folder_ / "pictures").string();
    page.threads = threads_;
    for (const ScalarResult& result : scalar_results()) {
      page.scalar_names.push_back(result.name);
      page.scalar_units.push_back(result.unit);
    }
    write_whole_file((folder_ / "design.json").string(), design_json(outcome_, page));
    write_whole_file((folder_ / "report.html").string(), design_html(outcome_, page));
  }

  void print_summary() const {
    const DesignOutcome& o = outcome_;
    if (!o.pole.empty()) tell(stdout, "no optimum: {}\n", o.pole);
    tell(stdout, "{}{} {:.6g}{}{}", o.pole.empty() ? "" : "best sample: ", o.objective, o.optimum.value_finer,
         o.objective_unit.empty() ? "" : " ", o.objective_unit);
    if (o.finer != 1)
      tell(stdout, ", on a mesh {:g} times as fine; {:.6g} on the case's own", o.finer, o.optimum.value);
    tell(stdout, "{}\n", o.optimum.allowed ? "" : "; its constraints do NOT hold there");
    const auto line = [&](const std::string& name, const Confirmed& c) {
      const std::string own = o.finer == 1 ? "" : fmt::format("; {:.6g} on the case's own mesh", c.value);
      if (std::isfinite(c.value_finer))
        tell(stdout, "  {:+8.2f} % over {} ({:.6g}{})\n", 100 * gain(o, o.optimum.value_finer, c.value_finer), name,
             c.value_finer, own);
      else
        tell(stdout, "  {} has no value: {} is no finite number there\n", name, o.objective);
    };
    line("the baseline", o.baseline);
    for (const Confirmed& rival : o.rivals) line("the best of " + rival.name, rival);
    if (o.finer != 1) tell(stdout, "the finer mesh: {}\n", o.refined);
    for (const LeftOut& left : o.left_out) tell(stdout, "{}\n", left.sentence());
    for (const std::string& sentence : o.notes) tell(stdout, "{}\n", sentence);
    tell(stdout, "{} solves, {}; report in {}\n", o.solves_of_loop, duration_text(o.seconds),
         (folder_ / "report.html").string());
  }

  const DesignLine& line_;
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

int design(const DesignLine& line) {
  const Ranks ranks;
  set_petsc_options(line.given.petsc);
  stop_on_signals();
  stop_after(line.max_walltime);
  try {
    const Case input = study_of(line.given, Team::world());
    if (!input.design->gradings.empty()) {
      const FirstAlone alone(ranks);
      if (!ranks.first()) return exit_ok;
      const int code = grade(input, line.out.empty() ? default_folder(input) : line.out);
      if (code == exit_stopped) throw Stopped();
      return code;
    }
    const DesignSpace space(input, input.design->space);
    Study study(line, input, space, ranks);
    Dataset data = study.sample();
    if (ranks.any(stop_requested())) throw Stopped();
    const FirstAlone alone(ranks);
    if (ranks.first()) study.run(std::move(data));
    if (ranks.first() && !study.found_optimum()) return exit_solve_failed;
  } catch (const Stopped&) {
    if (ranks.first()) tell(stdout, "stopped on request; the same command goes on\n");
    return exit_stopped;
  }
  return exit_ok;
}

}  // namespace

void declare_design(Verb& verb) {
  auto line = std::make_shared<DesignLine>();
  line->given.declare_on(verb);
  verb.count("--samples", line->samples, "feasible points to solve first; as the case says if not given");
  verb.option("--out", line->out, "folder for the results; results/<name of the case> if not given");
  declare_walltime(verb, line->max_walltime);
  verb.does(WorkOf::all_ranks, [line] { return design(*line); });
}

}  // namespace porelith
