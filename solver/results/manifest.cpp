#include "solver/results/manifest.hpp"

#include <fmt/chrono.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "solver/base/json_writer.hpp"
#include "solver/base/stamp.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

void add_program(JsonWriter& json) {
  json.object("program");
  json.add("name", program().name);
  json.add("version", program().version);
  json.add("commit", program().commit);
  json.add("compiler", program().compiler);
  json.end();
}

void add_inputs(JsonWriter& json, const Case& from) {
  json.object("case");
  json.add("title", from.title);
  json.add("file", from.file);
  json.add("resolved", "case.resolved.toml");
  json.add("sha256", from.sha256);
  json.add("overrides", from.overrides);
  json.end();
  json.object("cell");
  json.add("title", from.cell->title);
  json.add("description", from.cell->description);
  json.add("references", from.cell->references);
  json.add("file", from.cell->file);
  json.add("sha256", from.cell_sha256());
  json.end();
}

void add_run(JsonWriter& json, const Results& results, const RunFacts& facts) {
  json.object("run");
  json.add("command", facts.command);
  json.add("petsc options", facts.petsc_options);
  json.add("ranks", facts.ranks);
  json.add("host", host_name());
  json.add("started", utc_text(facts.started));
  if (facts.ended) json.add("ended", utc_text(*facts.ended));
  json.add("wall seconds", facts.seconds);
  json.add("solve seconds", results.seconds);
  json.add("status", results.status);
  if (facts.exit_code) json.add("exit code", *facts.exit_code);
  json.end();
}

void add_steps(JsonWriter& json, const Results& results) {
  json.list("steps");
  for (const StepSummary& step : results.steps) {
    json.object("");
    json.add("label", step.label);
    json.add("ended", step.ended);
    json.add("start [s]", step.start);
    json.add("end [s]", step.end);
    json.add("length [s]", step.end - step.start);
    json.add("capacity [A.h]", step.charge / 3600);
    json.add("energy [W.h]", step.energy / 3600);
    json.end();
  }
  json.end();
}

void add_uncertainty(JsonWriter& json, const char* key, const Uncertainty& u) {
  json.object(key);
  json.add("end", u.end);
  json.add("voltage [V]", u.voltage);
  json.end();
}

void add_judgement(JsonWriter& json, const AccuracyEstimate& judgement) {
  const Resolution& r = judgement.resolution;
  json.object("accuracy");
  json.add("wanted", judgement.wanted);
  json.add("within", judgement.within ? "yes" : "no");
  json.add("verdict", judgement.verdict);
  if (!judgement.left_out.empty()) json.add("left out", judgement.left_out);
  add_uncertainty(json, "estimate", judgement.worst());
  add_uncertainty(json, "cells", judgement.cells);
  add_uncertainty(json, "shells", judgement.shells);
  add_uncertainty(json, "rtol", judgement.rtol);
  json.object("mesh");
  const std::pair<const char*, int> counts[] = {{"negative", r.negative}, {"separator", r.separator},
                                                {"positive", r.positive}, {"width", r.width},
                                                {"height", r.height},     {"shells", r.shells}};
  for (const auto& [name, n] : counts)
    if (n > 0) json.add(name, n);
  json.add("rtol", r.rtol);
  json.end();
  json.add("levels", judgement.levels);
  json.add("work", judgement.work);
  json.end();
}

void add_counts(JsonWriter& json, const Counts& counts) {
  json.object("counts");
  json.add("steps", counts.steps);
  json.add("rejected", counts.rejected);
  json.add("newton", counts.newton);
  json.add("law evaluations", counts.law_evaluations);
  json.add("linear solves", counts.linear_solves);
  json.add("preconditioners", counts.preconditioners);
  json.add("linear iterations", counts.linear_iterations);
  json.end();
}

/// Every file with its size; files in a sub-folder are counted together, for there may be hundreds.
void add_files(JsonWriter& json, const RunFacts& facts) {
  struct Folder {
    long files = 0, bytes = 0;
  };
  std::map<std::string, Folder> folders;
  json.list("files");
  for (const std::string& name : facts.files) {
    std::error_code missing;
    const auto bytes = static_cast<long>(fs::file_size(fs::path(facts.folder) / name, missing));
    if (missing) continue;
    if (const std::string parent = fs::path(name).parent_path().string(); !parent.empty()) {
      ++folders[parent].files;
      folders[parent].bytes += bytes;
      continue;
    }
    json.object("");
    json.add("name", name);
    json.add("bytes", bytes);
    json.end();
  }
  for (const auto& [name, folder] : folders) {
    json.object("");
    json.add("name", name + "/");
    json.add("files", folder.files);
    json.add("bytes", folder.bytes);
    json.end();
  }
  json.end();
}

}  // namespace

std::string utc_text(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string manifest_text(const Case& from, const Results& results, const RunFacts& facts) {
  JsonWriter json;
  json.add("format", manifest_format);
  json.add("version", manifest_version);
  json.add("title", results.title);
  add_program(json);
  add_inputs(json, from);
  add_run(json, results, facts);
  std::vector<std::string> warnings = from.warnings;
  warnings.insert(warnings.end(), results.warnings.begin(), results.warnings.end());
  json.add("warnings", warnings);
  add_steps(json, results);
  add_counts(json, results.counts);
  if (results.accuracy) add_judgement(json, *results.accuracy);
  json.object("figures");
  for (const Figure& figure : results.figures) {
    json.object(figure.symbol);
    json.add("value", figure.value);
    json.add("unit", figure.unit);
    json.add("name", figure.name);
    json.end();
  }
  json.end();
  add_files(json, facts);
  return json.finish();
}

namespace {

/// Looks for pairs of key and text in a folder's manifest.
class OldManifest {
 public:
  explicit OldManifest(const std::string& folder) {
    std::ifstream file(std::filesystem::path(folder) / "manifest.json");
    text_.assign(std::istreambuf_iterator<char>(file), {});
  }
  bool says(const char* key, const std::string& value) const {
    return text_.find(json_text(key) + ": " + json_text(value)) != std::string::npos;
  }
  bool ours() const { return says("format", manifest_format); }
  bool complete() const { return ours() && says("status", "complete"); }

 private:
  std::string text_;
};

}  // namespace

bool holds_a_run(const std::string& folder) { return OldManifest(folder).ours(); }

bool holds_complete_run(const std::string& folder) { return OldManifest(folder).complete(); }

bool was_completed(const std::string& folder, const Case& input) {
  const OldManifest old(folder);
  return old.complete() && old.says("sha256", input.sha256) && old.says("sha256", input.cell_sha256());
}

}  // namespace porelith
