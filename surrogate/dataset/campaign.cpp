#include "surrogate/dataset/campaign.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "solver/accuracy.hpp"
#include "solver/base/error.hpp"
#include "solver/base/json_writer.hpp"
#include "solver/base/together.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/text/json.hpp"
#include "surrogate/dataset/journal.hpp"
#include "surrogate/dataset/points.hpp"
#include "surrogate/dataset/ranks.hpp"
#include "surrogate/dataset/sample_with_slopes.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

/// The points to be solved.
struct Tasks {
  std::vector<FeasiblePoints::Point> points;
  bool whole_space = false;
  std::vector<long> undefined;
};

/// The first feasible points of the sequence, as many as asked for, or all that there are.
Tasks tasks(const DesignSpace& space, const CampaignOptions& options) {
  constexpr long tries_a_sample = 200000, first_tries = 20000000;  // a region of 1e-5 of the box is found
  FeasiblePoints points(space.family(), options.sampling, options.samples, options.seed);
  Tasks list;
  while (static_cast<int>(list.points.size()) < options.samples) {
    const long most = std::max(first_tries, tries_a_sample * static_cast<long>(list.points.size()));
    const auto point = points.next(most - points.tried());
    if (!point) break;
    list.points.push_back(*point);
  }
  list.whole_space = points.exhausted();
  list.undefined = points.undefined();
  if (list.points.empty() || (!list.whole_space && static_cast<int>(list.points.size()) < options.samples))
    throw CaseError({{{space.base().file, 0, 0},
                      fmt::format("[design] feasible leaves only {} of {} points; {} are asked for", list.points.size(),
                                  points.tried(), options.samples)}});
  return list;
}

constexpr const char* content_file = "campaign.json";  // beside the journals: what they are samples of

/// Key by key, as an object of texts.
std::string written(const std::vector<KeyValue>& content) {
  JsonWriter json;
  for (const auto& [key, value] : content) json.add(key, value);
  return json.finish();
}

/// What a campaign's file says; nothing if it cannot be read: it serves an explanation only.
std::vector<KeyValue> content_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<KeyValue> content;
  try {
    Problems problems;
    const Json json = parse_json(text, path, problems);
    if (const auto* members = json.object())
      for (const auto& member : *members)
        if (member.value.string()) content.push_back({member.key, *member.value.string()});
  } catch (const CaseError&) {
    content.clear();
  }
  return content;
}

/// What has changed since a campaign began, key by key where it is known.
std::string what_changed(const std::string& folder, const std::string& difference,
                         const std::vector<KeyValue>& content) {
  const std::vector<KeyValue> before = content_in((fs::path(folder) / content_file).string());
  if (before.empty() || difference.rfind("another ", 0) != 0) return difference;
  constexpr std::size_t most = 4;
  std::vector<std::string> changes = differing_values(before, content);
  const std::size_t more = changes.size() > most ? changes.size() - most : 0;
  changes.resize(changes.size() - more);
  if (changes.empty()) return difference;
  return fmt::format("{} ({}{})", difference, fmt::join(changes, "; "),
                     more > 0 ? fmt::format("; and {} more", more) : "");
}

/// Samples found earlier, by index; checks that every file belongs to this campaign.
/// @param content of the campaign's case
std::map<long, Sample> found_earlier(const std::string& folder, const CampaignHeader& header,
                                     const std::vector<KeyValue>& content) {
  std::map<long, Sample> found;
  const auto belongs = [&](const std::string& path, const CampaignHeader& other) {
    const std::string what = difference(other, header);
    if (!what.empty())
      throw CaseError({{{path, 0, 0},
                        fmt::format("belongs to {}; name another folder, or remove this one",
                                    what_changed(folder, what, content))}});
  };
  const std::string merged = (fs::path(folder) / "dataset.h5").string();
  const auto journals = journals_in(folder);
  if (journals.empty() && fs::exists(merged)) {
    Dataset dataset = Dataset::read(merged);
    belongs(merged, {dataset.cell_hash, dataset.case_hash, dataset.sampling, dataset.seed,
                     static_cast<int>(dataset.family.variables.size()), header.points, dataset.slopes});
    for (auto& sample : dataset.samples) found[sample.index] = std::move(sample);
  }
  for (const auto& path : journals) {
    JournalContent content = read_journal(path);
    if (!content.has_header) continue;  // killed before its first record was whole
    belongs(path, content.header);
    for (auto& sample : content.samples) found[sample.index] = std::move(sample);
  }
  return found;
}

/// Whether a point was solved earlier. @throws CaseError if another one stands at its place in the sequence
bool is_among(const std::map<long, Sample>& earlier, const FeasiblePoints::Point& point, const std::string& folder) {
  const auto found = earlier.find(point.index);
  if (found == earlier.end()) return false;
  if (found->second.x == point.x) return true;
  throw CaseError({{{folder, 0, 0},
                    fmt::format("holds another design as sample {}: it was sampled by another version of the program; "
                                "name another folder, or remove this one",
                                point.index)}});
}

/// Ends a solve between two time steps when the campaign is to stop.
class Watch : public Recorder {
 public:
  explicit Watch(const std::function<bool()>& stop) : stop_(stop) {}
  bool stop_requested() override { return stop_(); }

 private:
  const std::function<bool()>& stop_;
};

/// Runs `action` on the first rank; what it throws is thrown on all of them.
template <class Action>
void on_first(const Ranks& ranks, const Action& action) {
  together(ranks, [&] {
    if (ranks.first()) action();
  });
}

/// Solves points until there are none left, or somebody wants to stop. @return why this rank had to give up
std::exception_ptr work(const DesignSpace& space, const CampaignOptions& options, Ranks& ranks, JournalWriter& journal,
                        const std::vector<FeasiblePoints::Point>& open, long done_before, double& solving) {
  Watch watch(options.stop);
  const long total = done_before + static_cast<long>(open.size());
  try {
    while (!options.stop()) {
      const long k = ranks.next();
      if (k >= static_cast<long>(open.size())) break;
      const Sample sample = options.slopes == "none" ? space.solve(open[k].index, open[k].x, 1, &watch)
                                                     : sample_with_slopes(space, open[k].index, open[k].x,
                                                                          options.slopes == "curve", &watch);
      solving += sample.seconds + (sample.slopes ? sample.slopes->seconds : 0);
      if (sample.status == "stopped") break;  // not finished: left to the next call
      journal.add(sample);
      if (!complete(sample)) ranks.add_failure();
      if (!ranks.first()) continue;
      options.failures(ranks.failures());
      options.progress(std::min(done_before + ranks.given(), total), total);
    }
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

}  // namespace

TrainOptions train_options(const Design& design) { return {design.learner, design.settings, design.seed}; }

Dataset run_campaign(const DesignSpace& space, const CampaignOptions& options) {
  const auto begun = std::chrono::steady_clock::now();
  Ranks ranks;
  const bool sobol = options.sampling == "sobol";
  const CampaignHeader header{space.cell_hash(), space.case_hash(),           options.sampling, options.seed,
                              space.dimension(), sobol ? 0 : options.samples, options.slopes};
  Tasks list = tasks(space, options);
  const auto& all = list.points;

  const std::vector<KeyValue> content = space.content();
  std::map<long, Sample> earlier;
  std::optional<JournalWriter> journal;
  std::string known;  // the indices that are done, a byte a task
  on_first(ranks, [&] {
    make_folder(options.folder);
    earlier = found_earlier(options.folder, header, content);
    write_whole_file((fs::path(options.folder) / content_file).string(), written(content));
    for (const auto& task : all) known += is_among(earlier, task, options.folder) ? '1' : '0';
  });
  ranks.from_first(known);

  together(ranks, [&] {
    journal.emplace((fs::path(options.folder) / fmt::format("rank_{}.journal", ranks.rank())).string(), header);
  });

  std::vector<FeasiblePoints::Point> open;
  for (std::size_t k = 0; k < all.size(); ++k)
    if (known[k] == '0') open.push_back(all[k]);
  double solving = 0;
  const std::exception_ptr trouble =
      work(space, options, ranks, *journal, open, static_cast<long>(all.size() - open.size()), solving);
  ranks.wait_for_all();  // their journals are whole

  Dataset dataset;
  on_first(ranks, [&] {
    dataset.family = space.family();
    dataset.cell_hash = header.cell_hash;
    dataset.case_hash = header.case_hash;
    dataset.sampling = header.sampling;
    dataset.slopes = header.slopes;
    dataset.mesh = text_of(resolution_of(space.base()));
    dataset.seed = header.seed;
    dataset.training = options.training;
    dataset.whole_space = list.whole_space;
    dataset.undefined = std::move(list.undefined);
    for (auto& [index, sample] : found_earlier(options.folder, header, content)) earlier[index] = std::move(sample);
    for (auto& [index, sample] : earlier) dataset.samples.push_back(std::move(sample));
    dataset.write((fs::path(options.folder) / "dataset.h5").string());
  });
  rethrow_together(ranks, trouble);
  if (options.time != nullptr) {
    ranks.wait_for_all();
    const double all = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    *options.time = {ranks.sum(all), ranks.sum(solving)};
  }
  return dataset;
}

}  // namespace porelith
