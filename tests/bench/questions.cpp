/// What ten further questions cost a study that takes the solved points of the first one over, beside fresh searches
/// along slopes. Usage: bench_questions [graded | holes [FOLDER [STARTS]]]
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "solver/case/reader.hpp"
#include "surrogate/design/economy.hpp"
#include "surrogate/design/gradient_search.hpp"
#include "surrogate/design/gradient_study.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

constexpr double same = 1e-3;  ///< of the value

struct Asked {
  std::string what;
  std::vector<std::string> changes;                  ///< of the case
  std::function<void(Design&)> of_design = nullptr;  ///< of the study
};

std::function<void(Design&)> bounds(double lower, double upper) {  // moved by these parts of each range
  return [=](Design& design) {
    for (DesignVariable& v : design.space.variables) {
      const double range = v.high - v.low, low = v.low + lower * range, high = v.high + upper * range;
      v.low = low, v.high = high;
      v.start = std::clamp(v.start, low, high);
    }
  };
}

std::function<void(Design&)> objective(const std::string& text) {
  return [=](Design& design) { design.objective = text; };
}

std::function<void(Design&)> constraint(const std::string& text) {
  return [=](Design& design) { design.constraints.push_back(text); };
}

std::vector<Asked> of_grading() {
  return {{"energy", {}, objective("energy")},
          {"bounds 0.18 to 0.42", {}, bounds(0.1, -0.1)},
          {"bounds to 0.48", {}, bounds(0, 0.1)},
          {"salt within 2500", {}, constraint("2500 - c_e_max")},
          {"1.5C", {"step.1.charge=1.5C"}},
          {"2.5C", {"step.1.charge=2.5C"}},
          {"margin of 5 mV", {"step.1.until={plating_margin=\"5 mV\"}"}},
          {"margin of 10 mV", {"step.1.until={plating_margin=\"10 mV\"}"}},
          {"35 degC", {"cell.temperature=35 degC"}},
          {"energy at 1.8C", {"step.1.charge=1.8C"}, objective("energy")}};
}

std::vector<Asked> of_holes() {
  return {{"energy", {}, objective("energy")},
          {"bounds drawn in", {}, bounds(0.1, -0.1)},
          {"charge and time", {}, objective("areal_capacity - 2e-4*duration")},
          {"coatings of 250 um",
           {},
           [](Design& d) {
             for (std::string& f : d.space.feasible) f.replace(0, 3, "250");
           }},
          {"2.5C", {"step.1.charge=2.5C"}},
          {"2.8C", {"step.1.charge=2.8C"}},
          {"3.5C", {"step.1.charge=3.5C"}},
          {"4.15 V", {"step.1.until={voltage=\"4.15 V\"}"}},
          {"35 degC", {"cell.temperature=35 degC"}},
          {"energy at 3C", {"step.1.charge=3C"}, objective("energy")}};
}

struct Outcome {
  DesignOutcome told;
  Dataset data, cheap;
};

Outcome studied(const Case& input, const std::vector<std::string>& from) {
  Outcome outcome;
  Design design = *input.design;
  design.taken = from;
  const DesignSpace space(input, design.space);
  const Goal goal(design, design.space);
  const int threads = static_cast<int>(std::thread::hardware_concurrency());
  SolveStore store("", "");
  const Physics physics = store.remembering(sloped_physics_of(space, goal, threads), "");
  const Sources sources(design, space);
  const auto describe = [](Dataset& of, const DesignSpace& s) {
    of.family = s.family(), of.cell_hash = s.cell_hash(), of.case_hash = s.case_hash(), of.slopes = "scalars";
  };
  describe(outcome.data, space);
  if (sources.cheap()) describe(outcome.cheap, *sources.cheap());
  LoopOptions options;
  options.threads = threads;
  run_economical(design, physics, sources.economy(goal, store, threads), outcome.data, outcome.cheap, options,
                 outcome.told);
  return outcome;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return 0.5 * (values[(values.size() - 1) / 2] + values[values.size() / 2]);
}

}  // namespace

int main(int argc, char** argv) {
  const bool holes = argc > 1 && std::string(argv[1]) == "holes";
  const std::string path =
      std::string(PORELITH_SOURCE_DIR) + (holes ? "/cases/hole_design" : "/cases/graded_fast_charge");
  const Scratch scratch;
  const std::string folder = argc > 2 ? argv[2] : scratch / "first";
  std::filesystem::create_directories(folder);
  const int starts = argc > 3 ? std::atoi(argv[3]) : 3;
  Case first = read_case(path);
  first.design->strategy = "economical";
  const Outcome base = studied(first, {});
  base.data.write(folder + "/dataset.h5");
  base.cheap.write(folder + "/" + cheap_file);
  std::printf("first question: %.1f solves' work (%ld and %ld cheap), %.7g\n", base.told.work, base.told.dear_solves,
              base.told.cheap_solves, base.told.before_last_steps);
  std::vector<double> reach, dear;
  for (const Asked& asked : holes ? of_holes() : of_grading()) {
    Case input = read_case(path, asked.changes);
    input.design->strategy = "economical";
    if (asked.of_design) asked.of_design(*input.design);
    const Outcome now = studied(input, {folder});
    const DesignSpace space(input, input.design->space);
    const Goal goal(*input.design, input.design->space);
    const Physics physics = sloped_physics_of(space, goal, static_cast<int>(std::thread::hardware_concurrency()));
    GradientSearchOptions options = gradient_options(*input.design, [] { return false; });
    options.starts = starts;
    History history;
    const GradientFound fresh = search_by_gradient(goal, physics, options, history);
    const double sign = input.design->maximise ? 1 : -1;
    double work = NAN;
    long solves = 0;
    for (const auto& [at, value] : now.told.work_progress)
      if (std::isnan(work) && sign * (value - fresh.best) >= -same * std::abs(fresh.best)) work = at;
    for (const Candidate& c : now.told.candidates) {
      ++solves;
      if (sign * (c.value - fresh.best) >= -same * std::abs(fresh.best)) break;
    }
    std::printf(
        "%-22s to 0.1 %% after %5.1f solves' work, with %ld dear ones; ended after %5.1f (%ld, %ld cheap) at %.7g; "
        "along slopes %.7g after %.0f, from %ld starts; %s\n",
        asked.what.c_str(), work, solves + 1, now.told.work, now.told.dear_solves, now.told.cheap_solves,
        now.told.before_last_steps, fresh.best, fresh.cost, fresh.starts, now.told.ended.c_str());
    for (const std::string& note : now.told.notes) std::printf("    %s\n", note.c_str());
    std::fflush(stdout);
    reach.push_back(std::isnan(work) ? 1e9 : work);
    dear.push_back(static_cast<double>(now.told.dear_solves));
  }
  std::printf("median %.1f solves' work to 0.1 %%, %.1f dear solves until ended\n", median(reach), median(dear));
  return 0;
}
