#include "solver/results/checkpoints.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/base/json_writer.hpp"
#include "solver/base/packed.hpp"
#include "solver/base/sha256.hpp"
#include "solver/base/stamp.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/text/json.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

constexpr int digest_length = 64;

/// Keys that a run to go on with is not judged by: the cell is by its digest, the protocol by the steps that have run.
bool judged_elsewhere(const std::string& key) {
  const auto within = [&](const char* table) { return key.rfind(table, 0) == 0; };
  return key == "cell.file" || within("step") || within("protocol") || within("design");
}

std::string rank_file(int rank) { return fmt::format("rank_{:04}.bin", rank); }

/// What stands before the memory in a rank's file.
struct Header {
  std::string format = checkpoint_format;
  int version = checkpoint_version, sequence = 0, rank = 0, ranks = 1;
  double time = 0;
  std::string program, cell;
  std::vector<KeyValue> keys;
};

template <typename Visit, typename SomeHeader>
void visit(SomeHeader& h, const Visit& bytes) {
  bytes(h.format, h.version, h.sequence, h.rank, h.ranks, h.time, h.program, h.cell);
}

bool read_file(const std::string& path, std::string& text) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  text.assign(std::istreambuf_iterator<char>(file), {});
  return !file.bad();
}

const Json* member(const Json& object, const std::string& key) {
  if (const auto* members = object.object())
    for (const auto& m : *members)
      if (m.key == key) return &m.value;
  return nullptr;
}

std::string text_of(const Json& object, const std::string& key) {
  const Json* value = member(object, key);
  return value && value->string() ? *value->string() : "";
}

double number_of(const Json& object, const std::string& key) {
  const Json* value = member(object, key);
  return value && value->number() ? *value->number() : -1;
}

[[noreturn]] void refuse(const std::string& file, const std::string& sentence) {
  throw CaseError({Problem{{file, 0, 0}, sentence}});
}

}  // namespace

Checkpoints::Checkpoints(const std::string& folder, CheckpointOwner owner, Team team)
    : folder_((fs::path(folder) / "checkpoint").string()), owner_(std::move(owner)), team_(team) {}

std::string Checkpoints::set_folder(int sequence) const {
  return (fs::path(folder_) / fmt::format("{:06}", sequence)).string();
}

std::vector<int> Checkpoints::sequences() const {
  std::vector<int> list;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder_, missing)) {
    const std::string name = entry.path().filename().string();
    if (name.size() >= 6 && name.size() <= 9 && name.find_first_not_of("0123456789") == std::string::npos)
      list.push_back(std::stoi(name));
  }
  std::sort(list.rbegin(), list.rend());
  return list;
}

/// The first rank with something to say says it to all.
std::string Checkpoints::share(std::string text) const {
  if (team_.size() == 1) return text;
  const int speaker = static_cast<int>(team_.min(text.empty() ? team_.size() : team_.rank()));
  if (speaker == team_.size()) return "";
  int length = static_cast<int>(text.size());
  MPI_Bcast(&length, 1, MPI_INT, speaker, team_.communicator());
  text.resize(length);
  MPI_Bcast(text.data(), length, MPI_CHAR, speaker, team_.communicator());
  return text;
}

std::string Checkpoints::keep(const std::string& memory, double time) {
  int sequence = 0;
  if (team_.first()) {
    const auto there = sequences();
    sequence = there.empty() ? 1 : there.front() + 1;
  }
  sequence = static_cast<int>(team_.max(double(sequence)));
  std::string trouble = write_set(memory, time, sequence);
  if (team_.first()) {
    std::error_code ignored;
    if (trouble.empty())
      sweep(sequence);
    else
      fs::remove_all(set_folder(sequence), ignored);
  }
  return trouble;
}

std::string Checkpoints::write_set(const std::string& memory, double time, int sequence) {
  std::string trouble, file;
  try {
    Header header;
    header.sequence = sequence;
    header.rank = team_.rank();
    header.ranks = team_.size();
    header.time = time;
    header.program = program().version + " " + program().commit;
    header.keys = owner_.keys;
    header.cell = owner_.cell;
    Packer bytes;
    visit(header, [&](const auto&... values) { bytes.all(values...); });
    bytes.list(header.keys, [&](const KeyValue& one) { bytes.all(one.key, one.value); });
    bytes.add(memory);
    file = bytes.bytes();
    make_folder(set_folder(sequence));
    write_whole_file((fs::path(set_folder(sequence)) / rank_file(team_.rank())).string(), file, true);
  } catch (const std::exception& error) {
    trouble = error.what();
  }
  trouble = share(trouble);  // and so all ranks' files are on the disk
  return trouble.empty() ? write_index(file, time, sequence) : trouble;
}

std::string Checkpoints::write_index(const std::string& file, double time, int sequence) {
  std::string digest = sha256(file), digests(digest_length * team_.size(), ' ');
  std::vector<long> lengths(team_.size(), static_cast<long>(file.size()));
  if (team_.size() > 1) {
    const long length = lengths[0];
    MPI_Gather(digest.data(), digest_length, MPI_CHAR, digests.data(), digest_length, MPI_CHAR, 0,
               team_.communicator());
    MPI_Gather(&length, 1, MPI_LONG, lengths.data(), 1, MPI_LONG, 0, team_.communicator());
  } else {
    digests = digest;
  }
  std::string trouble;
  if (team_.first()) try {
      JsonWriter json;
      json.add("format", checkpoint_format);
      json.add("version", checkpoint_version);
      json.add("sequence", sequence);
      json.add("time [s]", time);
      json.add("ranks", team_.size());
      json.list("files");
      for (int r = 0; r < team_.size(); ++r) {
        json.object("");
        json.add("name", rank_file(r));
        json.add("bytes", lengths[r]);
        json.add("sha256", digests.substr(r * digest_length, digest_length));
        json.end();
      }
      json.end();
      write_whole_file((fs::path(set_folder(sequence)) / "index.json").string(), json.finish(), true);
    } catch (const std::exception& error) {
      trouble = error.what();
    }
  return share(trouble);
}

/// Only this set and the newest whole one before it stay.
void Checkpoints::sweep(int sequence) const {
  bool found = false;
  for (const int other : sequences()) {
    if (other >= sequence) continue;
    std::error_code ignored;
    const bool whole = fs::exists(fs::path(set_folder(other)) / "index.json", ignored);
    if (whole && !found) {
      found = true;
      continue;
    }
    fs::remove(fs::path(set_folder(other)) / "index.json", ignored);  // first: half a set is no set
    fs::remove_all(set_folder(other), ignored);
  }
}

void Checkpoints::clear() {
  if (!team_.first()) return;
  for (const int sequence : sequences()) {
    std::error_code error;
    fs::remove(fs::path(set_folder(sequence)) / "index.json", error);
    fs::remove_all(set_folder(sequence), error);
    if (error) throw WriteError(fmt::format("cannot remove {}: {}", set_folder(sequence), error.message()));
  }
  std::error_code ignored;
  fs::remove(folder_, ignored);  // stays if somebody else's files are in it
}

std::string Checkpoints::read_set(int sequence, Kept& kept) const {
  const std::string index_path = (fs::path(set_folder(sequence)) / "index.json").string();
  std::string text;
  if (!read_file(index_path, text)) return fmt::format("{} cannot be read", index_path);
  Problems problems;
  Json index;
  try {
    index = parse_json(text, index_path, problems);
  } catch (const CaseError&) {
    return fmt::format("{} is damaged", index_path);
  }
  const Json* list = member(index, "files");
  const auto* files = list ? list->array() : nullptr;
  if (!problems.empty() || text_of(index, "format") != checkpoint_format || !files || files->empty() ||
      number_of(index, "ranks") != double(files->size()))
    return fmt::format("{} is damaged", index_path);
  if (number_of(index, "version") != checkpoint_version)
    refuse(index_path, fmt::format("version {} of the format is not known here; this program reads version {}.",
                                   number_of(index, "version"), checkpoint_version));
  if (static_cast<int>(files->size()) != team_.size())
    refuse(index_path, fmt::format("this checkpoint was written by {} ranks; go on with as many, not with {}.",
                                   files->size(), team_.size()));

  const Json& entry = (*files)[team_.rank()];
  const std::string path = (fs::path(set_folder(sequence)) / rank_file(team_.rank())).string();
  if (!read_file(path, text)) return fmt::format("{} cannot be read", path);
  if (double(text.size()) != number_of(entry, "bytes"))
    return fmt::format("{} is damaged: it has {} bytes, not {}", path, text.size(), number_of(entry, "bytes"));
  if (sha256(text) != text_of(entry, "sha256")) return fmt::format("{} is damaged: its checksum is wrong", path);
  Header header;
  Unpacker bytes(text);
  try {
    visit(header, [&](auto&... values) { bytes.all(values...); });
    bytes.list(header.keys, [&](KeyValue& one) { bytes.all(one.key, one.value); });
    bytes.take(kept.memory);
  } catch (const std::invalid_argument&) {
    return fmt::format("{} is damaged", path);
  }
  if (header.sequence != sequence || header.rank != team_.rank() || header.ranks != team_.size())
    return fmt::format("{} is of another set or rank", path);
  kept.time = header.time;
  kept.program = header.program;
  auto keys = differing_keys(owner_.keys, header.keys);
  keys.erase(std::remove_if(keys.begin(), keys.end(), judged_elsewhere), keys.end());
  if (!keys.empty())
    refuse(index_path,
           fmt::format("this checkpoint is of another case: {} differ{}; run without --resume to begin anew.",
                       fmt::join(keys, ", "), keys.size() == 1 ? "s" : ""));
  if (header.cell != owner_.cell)
    refuse(index_path,
           "this checkpoint is of another cell: the cell's file has changed; run without --resume to begin anew.");
  return "";
}

std::optional<Checkpoints::Kept> Checkpoints::newest(std::vector<std::string>& warnings) const {
  std::vector<double> candidates;
  if (team_.first())
    for (const int sequence : sequences())
      if (std::error_code e; fs::exists(fs::path(set_folder(sequence)) / "index.json", e))
        candidates.push_back(sequence);
  const int n = static_cast<int>(team_.max(double(candidates.size())));
  candidates.resize(n, 0.0);
  team_.max(candidates.data(), n);
  for (const double candidate : candidates) {
    Kept kept;
    std::string damage, refusal;
    try {
      damage = read_set(static_cast<int>(candidate), kept);
    } catch (const CaseError& error) {
      refusal = error.problems().front().sentence;
    }
    damage = share(damage);  // before the refusal: what a damaged set says of its case means nothing
    refusal = share(refusal);
    if (damage.empty() && !refusal.empty()) refuse(set_folder(static_cast<int>(candidate)), refusal);
    if (damage.empty()) return kept;
    warnings.push_back(damage);
  }
  if (n == 0) return {};
  refuse(folder_, fmt::format("no checkpoint here is whole ({}); run without --resume to begin anew.",
                              fmt::join(warnings, "; ")));
}

}  // namespace porelith
