#include "surrogate/design/solve_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

#include "solver/base/error.hpp"
#include "solver/base/seal.hpp"
#include "solver/base/whole_file.hpp"
#include "surrogate/dataset/sample_bytes.hpp"

namespace porelith {
namespace {

constexpr const char* format = "porelith answers 3\n";

std::string key_of(const std::string& family, const std::vector<double>& x, double finer) {
  SamplePacker key;
  key.text(family);
  key.list(x);
  key.number(finer);
  return key.bytes();
}

/// @param asked whether for slopes; who did not hear of these takes the sample and leaves the rest
std::string record_of(const std::string& key, const Sloped& answer, bool asked) {
  SamplePacker body, record;
  body.text(key);
  body.sample(answer.sample);
  body.list(answer.smooth);
  if (asked) {
    body.number(static_cast<std::uint32_t>(answer.slopes.rows()));
    body.list({answer.slopes.data(), answer.slopes.data() + answer.slopes.size()});
    body.number(static_cast<std::int64_t>(answer.linearisations));
    body.text(answer.missing);
    body.number(static_cast<std::uint32_t>(answer.by_differences.size()));
    for (const std::string& name : answer.by_differences) body.text(name);
  }
  record.text(body.bytes());
  record.number(fnv1a(body.bytes()));
  return record.bytes();
}

/// What record_of wrote behind the sample.
void take_slopes(SampleUnpacker& from, Sloped& answer) {
  const auto rows = static_cast<Eigen::Index>(from.number<std::uint32_t>());
  const std::vector<double> values = from.list();
  if (rows > 0)
    answer.slopes =
        Eigen::Map<const Eigen::MatrixXd>(values.data(), rows, static_cast<Eigen::Index>(values.size()) / rows);
  answer.linearisations = from.number<std::int64_t>();
  answer.missing = from.text();
  for (auto names = from.number<std::uint32_t>(); names > 0; --names) answer.by_differences.push_back(from.text());
}

}  // namespace

SolveStore::SolveStore(std::string path, const std::string& stamp) : path_(std::move(path)) {
  if (path_.empty()) return;
  file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) cannot_write();
  try {
    if (flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
      throw CaseError({{{path_, 0, 0}, "another program is at work on this study"}});
    read(stamp);
  } catch (...) {
    close(file_);
    throw;
  }
}

SolveStore::~SolveStore() {
  if (file_ >= 0) close(file_);
}

/// Takes what is whole and of this case; the file then ends behind it.
void SolveStore::read(const std::string& stamp) {
  SamplePacker stamped;
  stamped.text(stamp);
  const std::string head = format + stamped.bytes();
  std::string bytes;
  if (std::ifstream in(path_, std::ios::binary); in) bytes.assign(std::istreambuf_iterator<char>(in), {});
  std::size_t whole = 0;
  if (bytes.compare(0, head.size(), head) == 0) try {
      SampleUnpacker records(bytes, head.size());
      for (whole = records.at(); !records.over(); whole = records.at()) {
        const std::string body = records.text();
        if (records.number<std::uint64_t>() != fnv1a(body)) break;
        SampleUnpacker from(body);
        const std::string key = from.text();
        Answer answer{{from.sample()}};
        answer.sloped.smooth = from.list();
        answer.asked = !from.over();
        if (answer.asked) take_slopes(from, answer.sloped);
        found_ += known_.count(key) == 0;
        known_[key] = std::move(answer);
      }
    } catch (const std::out_of_range&) {  // the last one was cut off
    }
  if (ftruncate(file_, static_cast<off_t>(whole)) != 0) cannot_write();
  size_ = static_cast<long>(whole);
  if (whole == 0) append(head);
}

/// @throws WriteError; what was written of the record is taken back, or it would hide those behind it
void SolveStore::append(const std::string& record) {
  try {
    write_fully(file_, record, path_);
  } catch (const WriteError&) {
    if (ftruncate(file_, size_) != 0) {  // then whoever reads drops it
    }
    throw;
  }
  size_ += static_cast<long>(record.size());
}

void SolveStore::cannot_write() const {
  throw WriteError(fmt::format("cannot write {}: {}", path_, std::strerror(errno)));
}

void SolveStore::know(const std::string& family, const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) known_[key_of(family, sample.x, 1)] = {{sample}, false, true};
}

bool SolveStore::Answer::has_slopes_of(const std::vector<std::size_t>& results) const {
  if (!asked || sloped.slopes.size() == 0) return asked || !complete(sloped.sample);
  return std::none_of(results.begin(), results.end(),
                      [&](std::size_t k) { return sloped.slopes.row(static_cast<Eigen::Index>(k)).hasNaN(); });
}

void SolveStore::book(Answer& answer) {
  const std::lock_guard<std::mutex> guard(lock_);
  if (!answer.given) ++given_, seconds_ += answer.sloped.sample.seconds;
  answer.given = true;
}

SolveStore::Answer& SolveStore::answer(const Physics& physics, const std::string& key, long index,
                                       const std::vector<double>& x, double finer) {
  {
    const std::lock_guard<std::mutex> guard(lock_);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
  }
  const Sloped found{physics.solve(index, x, finer)};
  const std::lock_guard<std::mutex> guard(lock_);
  const auto [place, added] = known_.emplace(key, Answer{found});
  if (added && file_ >= 0) append(record_of(key, found, false));
  return place->second;  // stays where it is, whatever joins the map
}

/// Slopes may join what is known already.
SolveStore::Answer& SolveStore::sloped_answer(const Physics& physics, const std::string& key, long index,
                                              const std::vector<double>& x, bool slope) {
  {
    const std::lock_guard<std::mutex> guard(lock_);
    const auto known = known_.find(key);
    if (known != known_.end() && (!slope || known->second.has_slopes_of(physics.sloped_results))) return known->second;
  }
  Sloped found = physics.sloped(index, x, slope);
  const std::lock_guard<std::mutex> guard(lock_);
  if (file_ >= 0) append(record_of(key, found, slope));
  Answer& answer = known_[key];
  answer.sloped = std::move(found);
  answer.asked = slope;
  return answer;
}

Physics SolveStore::remembering(const Physics& physics, const std::string& family) {
  Physics asked = physics;
  const auto known = [this, physics, family](long index, const std::vector<double>& x, double finer) -> Answer& {
    return answer(physics, key_of(family, x, finer), index, x, finer);
  };
  asked.solve = [this, known](long index, const std::vector<double>& x, double finer) {
    Answer& found = known(index, x, finer);
    book(found);
    Sample sample = found.sloped.sample;
    sample.index = index;
    return sample;
  };
  asked.attempt = [known](const std::vector<double>& x) { return known(-1, x, 1).sloped.sample; };
  asked.book = [this, known](const std::vector<double>& x) { book(known(-1, x, 1)); };
  if (!physics.sloped) return asked;
  asked.sloped = [this, physics, family](long index, const std::vector<double>& x, bool slope) {
    Answer& found = sloped_answer(physics, key_of(family, x, 1), index, x, slope);
    book(found);
    Sloped sloped = found.sloped;
    sloped.sample.index = index;
    return sloped;
  };
  return asked;
}

}  // namespace porelith
