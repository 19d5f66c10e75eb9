/// The verb `sample`: a campaign over the design space of a case.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "program/case_of.hpp"
#include "program/stopping.hpp"
#include "program/study.hpp"
#include "program/study_mesh.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/petsc.hpp"
#include "solver/base/tell.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/dataset/ranks.hpp"
#include "surrogate/dataset/tables_left.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

/// A reason with its numbers taken out, so that equal reasons meet.
std::string reason_of(const std::string& status) {
  std::string text;
  for (std::size_t i = 0; i < status.size();) {
    if (std::isdigit(static_cast<unsigned char>(status[i])) == 0) {
      text += status[i++];
      continue;
    }
    while (i < status.size() && (std::isdigit(static_cast<unsigned char>(status[i])) != 0 || status[i] == '.')) ++i;
    text += "...";
  }
  return text;
}

void print_summary(const Dataset& dataset, const CampaignTime& time, int ranks) {
  long solved = 0;
  std::map<std::string, std::pair<long, std::string>> reasons;  // how often, and the first of them in full
  for (const Sample& sample : dataset.samples) {
    if (complete(sample)) {
      ++solved;
    } else {
      auto& [count, example] = reasons[reason_of(sample.status)];
      if (count++ == 0) example = sample.status;
    }
  }
  tell(stdout, "{} samples, {} complete; {:.3g} s{}, {:.0f} % of it in the solver\n", dataset.samples.size(), solved,
       time.all / ranks, ranks == 1 ? "" : fmt::format(" on {} ranks", ranks), 100 * time.solving / time.all);
  for (const std::string& sentence : tables_left(dataset.samples, "samples")) tell(stderr, "warning: {}\n", sentence);
  for (const auto& [reason, found] : reasons)
    tell(stdout, "  {} x {}{}\n", found.first, found.first > 1 ? "such as " : "", found.second);
  if (solved == 0) return;
  tell(stdout, "\n  {:<16} {:>12} {:>12} {:>12}  unit\n", "result", "least", "median", "greatest");
  for (std::size_t k = 0; k < scalar_results().size(); ++k) {
    std::vector<double> values;
    for (const Sample& sample : dataset.samples)
      if (complete(sample)) values.push_back(sample.scalars[k]);
    std::sort(values.begin(), values.end());
    tell(stdout, "  {:<16} {:>12.6g} {:>12.6g} {:>12.6g}  {}\n", scalar_results()[k].name, values.front(),
         values[values.size() / 2], values.back(), scalar_results()[k].unit);
  }
}

struct SampleLine {
  CaseLine given;
  std::string out;  ///< folder of the campaign; "" = results/<name of the case>/campaign
  std::optional<int> samples;
  std::optional<unsigned> seed;
  std::string max_walltime;
};

/// @param input with the mesh of the study
Dataset campaign(const SampleLine& line, const Case& input, std::string& folder, CampaignTime& time) {
  if (!input.design->gradings.empty())
    throw CaseError({{{input.file, 0, 0},
                      "has [[design.grading]]: `design` searches it along slopes; there is no dataset to sample"}});
  const DesignSpace space(input, input.design->space);
  require_baseline(space);
  CampaignOptions options;
  options.samples = line.samples.value_or(input.design->samples);
  options.sampling = input.design->sampling;
  options.seed = line.seed.value_or(input.design->seed);
  options.slopes = input.design->slopes;
  options.training = train_options(*input.design);
  options.folder = folder = line.out.empty() ? (fs::path(default_folder(input)) / "campaign").string() : line.out;
  options.stop = stop_requested;
  options.time = &time;
  CampaignLine shown;
  shown.watch(options);
  return run_campaign(space, options);
}

int sample(const SampleLine& line) {
  const Ranks ranks;
  set_petsc_options(line.given.petsc);
  stop_on_signals();
  stop_after(line.max_walltime);
  std::string folder;
  CampaignTime time;
  const Dataset dataset = campaign(line, study_of(line.given, Team::world()), folder, time);
  const bool stopped = ranks.any(stop_requested());
  if (ranks.first()) {
    print_summary(dataset, time, ranks.size());
    tell(stdout, "{}dataset in {}\n", stopped ? "stopped on request; the same command goes on; " : "",
         (fs::path(folder) / "dataset.h5").string());
  }
  return stopped ? exit_stopped : exit_ok;
}

}  // namespace

void declare_sample(Verb& verb) {
  auto line = std::make_shared<SampleLine>();
  line->given.declare_on(verb);
  verb.count("--samples", line->samples, "feasible points to solve; as the case says if not given");
  verb.option("--seed", line->seed, "seed of the points; as the case says if not given");
  verb.option("--out", line->out, "folder of the campaign; results/<name of the case>/campaign if not given");
  declare_walltime(verb, line->max_walltime);
  verb.does(WorkOf::all_ranks, [line] { return sample(*line); });
}

}  // namespace porelith
