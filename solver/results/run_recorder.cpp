#include "solver/results/run_recorder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iterator>
#include <utility>

#include "solver/base/clock.hpp"
#include "solver/base/error.hpp"
#include "solver/base/together.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/results/hdf5.hpp"

namespace porelith {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr double writing_share = 0.05;  // rewriting may take this part of a run's time, not more

/// Every name that a run may leave in its folder.
const char* const our_files[] = {
    "curve.csv",     "results.h5",   "fields.pvd",     "case.resolved.toml", "curve.png",   "curve.svg",
    "profiles.png",  "profiles.svg", "discharges.png", "discharges.svg",     "charges.png", "charges.svg",
    "slices.png",    "slices.svg",   "gradient.csv",   "gradient_curve.csv", "gradient.h5", "gradient.vtu",
    "gradient.pvtu", "gradient.png", "gradient.svg",   "manifest.json"};

bool starts_with(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

/// A file of fields, or a temporary file that a kill left behind.
bool is_leftover(const fs::path& file) {
  const std::string name = file.filename().string();
  if ((starts_with(name, "fields_") || starts_with(name, "gradient_")) &&
      (file.extension() == ".vtu" || file.extension() == ".pvtu"))
    return true;
  if (file.extension() != ".tmp") return false;
  const auto belongs = [&name](const char* ours) { return starts_with(name, std::string(ours) + "."); };
  return starts_with(name, "fields_") || std::any_of(std::begin(our_files), std::end(our_files), belongs);
}

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw WriteError(fmt::format("cannot replace {}: {}", file.string(), error.message()));
}

/// @throws WriteError where files lie in the way that no run of ours left
void refuse_foreign_files(const fs::path& folder) {
  for (const char* name : our_files) {
    if (fs::exists(folder / name) && !holds_a_run(folder.string())) {
      throw WriteError(
          fmt::format("{} is there already and no manifest.json says that a run left it; "
                      "name another folder, or remove it",
                      (folder / name).string()));
    }
  }
}

/// Takes away what an earlier run left, so that no file of it can be taken for one of this run.
void clear_earlier_run(const fs::path& folder) {
  refuse_foreign_files(folder);
  if (!holds_a_run(folder.string())) return;
  std::error_code missing;
  std::vector<fs::path> leftovers;
  for (const fs::path& place : {folder, folder / "fields"}) {
    for (const auto& entry : fs::directory_iterator(place, missing)) {
      if (is_leftover(entry.path())) leftovers.push_back(entry.path());
    }
  }
  for (const fs::path& file : leftovers) remove_file(file);
  fs::remove(folder / "fields", missing);  // stays if somebody else's files are in it
  for (const char* name : our_files)
    remove_file(folder / name);  // the manifest last: until then the folder is known as ours
}

}  // namespace

RunRecorder::RunRecorder(const Case& from, RunOptions options)
    : from_(from), options_(std::move(options)), start_(Clock::now()), last_written_(start_) {
  facts_.command = options_.command;
  facts_.petsc_options = options_.petsc_options;
  facts_.ranks = options_.team.size();
  facts_.folder = options_.folder;
  facts_.started = std::chrono::system_clock::now();
  together(options_.team, [&] {
    if (!options_.team.first()) return;
    judge_folder(options_.folder);
    std::error_code missing;
    if (!fs::exists(options_.folder, missing)) return;
    lock_.emplace(options_.folder);
    if (!options_.go_on) refuse_foreign_files(options_.folder);
  });
}

std::string RunRecorder::in_folder(const std::string& name) const {
  return (fs::path(options_.folder) / name).string();
}

void RunRecorder::begin(const Results& so_far) {
  begun_ = true;
  so_far_ = &so_far;
  if (!options_.team.first()) return;
  make_folder(options_.folder);
  if (!lock_) lock_.emplace(options_.folder);
  if (!options_.go_on) clear_earlier_run(options_.folder);
  Results nothing_yet;
  nothing_yet.title = from_.title;
  nothing_yet.status = "running";
  write_manifest(nothing_yet, {});
  write_whole_file(in_folder("case.resolved.toml"), from_.resolved);
  if (options_.go_on)
    curve_.emplace(in_folder("curve.csv"), so_far.curve, so_far.also);  // rows past the checkpoint go
  else
    curve_.emplace(in_folder("curve.csv"), so_far.also);
  if (!options_.progress) return;
  progress_.emplace(from_.protocol);
  progress_->go_on_after(so_far.steps.size());
}

void RunRecorder::row(const CurveRow& row) {
  std::exception_ptr trouble;  // the first rank's alone; it must not leave the others waiting for it below
  try {
    if (curve_) curve_->add(row);
    if (progress_) progress_->row(row);
  } catch (...) {
    trouble = std::current_exception();
  }
  const bool due = seconds_since(last_written_) > std::max(options_.rewrite_every, write_seconds_ / writing_share);
  const double wish = options_.team.max(trouble ? 2.0 : due && so_far_ ? 1.0 : 0.0);
  if (trouble) std::rethrow_exception(trouble);
  if (wish == 1) write_files(*so_far_, false);
}

void RunRecorder::step_ended(const StepSummary& step) {
  if (progress_) progress_->step_ended(step);
}

void RunRecorder::replace(const Results& finer, const std::string& resolved) {
  so_far_ = nullptr;
  from_.resolved = resolved;
  together(options_.team, [&] {
    if (!options_.team.first()) return;
    curve_.emplace(in_folder("curve.csv"), finer.curve, finer.also);
    write_whole_file(in_folder("case.resolved.toml"), from_.resolved);
  });
  write_results_h5(finer, in_folder("results.h5"), options_.team);
}

void RunRecorder::finish(const Results& results, int exit_code) {
  if (progress_) progress_->clear();
  together(options_.team, [&] {
    if (curve_) curve_->close();
  });
  write_files(results, true);
  write_manifest_together(results, exit_code);
}

void RunRecorder::abandon_alone(const Results& results, int exit_code) { write_manifest(results, exit_code); }

void RunRecorder::abandon(const Results& results, int exit_code) {
  if (progress_) progress_->clear();
  try {
    together(options_.team, [&] {
      if (curve_) curve_->close();
    });
    write_files(results, true);
  } catch (const std::exception&) {  // the status tells the first trouble; the manifest lists the files that are there
  }
  write_manifest_together(results, exit_code);
}

void RunRecorder::write_files(const Results& results, bool over) {
  const auto begun = Clock::now();
  write_results_h5(results, in_folder("results.h5"), options_.team);
  facts_.files = {"curve.csv", "results.h5", "case.resolved.toml"};
  if (options_.more) {
    const std::vector<std::string> further = options_.more(results, over);
    facts_.files.insert(facts_.files.end(), further.begin(), further.end());
  }
  last_written_ = Clock::now();
  write_seconds_ = std::chrono::duration<double>(last_written_ - begun).count();
}

void RunRecorder::write_manifest_together(const Results& results, int exit_code) {
  together(options_.team, [&] {
    if (options_.team.first()) write_manifest(results, exit_code);
  });
}

void RunRecorder::write_manifest(const Results& results, std::optional<int> exit_code) {
  facts_.seconds = seconds_since(start_);
  facts_.exit_code = exit_code;
  if (exit_code) facts_.ended = std::chrono::system_clock::now();
  write_whole_file(in_folder("manifest.json"), manifest_text(from_, results, facts_), exit_code.has_value());
}

}  // namespace porelith
