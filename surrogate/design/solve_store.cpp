#include "surrogate/design/solve_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

#include "solver/base/error.hpp"
#include "solver/base/seal.hpp"
#include "solver/base/whole_file.hpp"

namespace porelith {
namespace {

constexpr const char* format = "porelith answers 2\n";

template <class T>
void put(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
void put(std::string& out, const std::string& text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}
void put(std::string& out, const std::vector<double>& values) {
  put(out, static_cast<std::uint32_t>(values.size()));
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
}

/// Takes values off the front of a record; false as soon as it is too short.
struct Taker {
  const std::string& bytes;
  std::size_t at = 0;
  bool take(void* to, std::size_t n) {
    if (n > bytes.size() - at) return false;
    std::memcpy(to, bytes.data() + at, n);
    at += n;
    return true;
  }
  template <class T>
  bool operator()(T& value) {
    return take(&value, sizeof value);
  }
  bool operator()(std::string& text) {
    std::uint32_t n = 0;
    if (!take(&n, sizeof n) || n > bytes.size() - at) return false;
    text.assign(bytes, at, n);
    at += n;
    return true;
  }
  bool operator()(std::vector<double>& values) {
    std::uint32_t n = 0;
    if (!take(&n, sizeof n) || n > (bytes.size() - at) / sizeof(double)) return false;
    values.resize(n);
    return take(values.data(), n * sizeof(double));
  }
};

std::string key_of(const std::string& family, const std::vector<double>& x, double finer) {
  std::string key;
  put(key, family);
  put(key, x);
  put(key, finer);
  return key;
}

std::string record_of(const std::string& key, const Sample& s) {
  std::string body;
  put(body, key);
  put(body, s.x);
  put(body, s.status);
  put(body, s.scalars);
  put(body, s.curve);
  put(body, s.seconds);
  put(body, static_cast<std::int64_t>(s.newton));
  put(body, static_cast<std::uint32_t>(s.left_tables.size()));
  for (const LeftTable& left : s.left_tables) {
    put(body, left.law);
    put(body, left.salt);
    put(body, left.low);
    put(body, left.high);
  }
  std::string record;
  put(record, body);
  put(record, fnv1a(body));
  return record;
}

bool read_body(const std::string& body, std::string& key, Sample& s) {
  Taker take{body};
  std::int64_t newton = 0;
  std::uint32_t tables = 0;
  if (!(take(key) && take(s.x) && take(s.status) && take(s.scalars) && take(s.curve) && take(s.seconds) &&
        take(newton) && take(tables)))
    return false;
  s.newton = newton;
  for (; tables > 0; --tables) {
    LeftTable& left = s.left_tables.emplace_back();
    if (!(take(left.law) && take(left.salt) && take(left.low) && take(left.high))) return false;
  }
  return true;
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
  std::string head = format;
  put(head, stamp);
  std::string bytes;
  if (std::ifstream in(path_, std::ios::binary); in) bytes.assign(std::istreambuf_iterator<char>(in), {});
  std::size_t whole = 0;
  if (bytes.compare(0, head.size(), head) == 0) {
    Taker take{bytes, head.size()};
    whole = head.size();
    for (std::string body, key; take(body); whole = take.at) {
      std::uint64_t sum = 0;
      Sample sample;
      if (!take(sum) || sum != fnv1a(body) || !read_body(body, key, sample)) break;
      known_[key].sample = sample;
      ++found_;
    }
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
  for (const Sample& sample : samples) known_[key_of(family, sample.x, 1)] = {sample, true};
}

void SolveStore::book(Answer& answer) {
  const std::lock_guard<std::mutex> guard(lock_);
  if (!answer.given) ++given_, seconds_ += answer.sample.seconds;
  answer.given = true;
}

SolveStore::Answer& SolveStore::answer(const Physics& physics, const std::string& key, long index,
                                       const std::vector<double>& x, double finer) {
  {
    const std::lock_guard<std::mutex> guard(lock_);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
  }
  const Sample sample = physics.solve(index, x, finer);
  const std::lock_guard<std::mutex> guard(lock_);
  const auto [place, added] = known_.emplace(key, Answer{sample});
  if (added && file_ >= 0) append(record_of(key, sample));
  return place->second;  // stays where it is, whatever joins the map
}

Physics SolveStore::remembering(const Physics& physics, const std::string& family) {
  Physics asked = physics;
  const auto known = [this, physics, family](long index, const std::vector<double>& x, double finer) -> Answer& {
    return answer(physics, key_of(family, x, finer), index, x, finer);
  };
  asked.solve = [this, known](long index, const std::vector<double>& x, double finer) {
    Answer& found = known(index, x, finer);
    book(found);
    Sample sample = found.sample;
    sample.index = index;
    return sample;
  };
  asked.attempt = [known](const std::vector<double>& x) { return known(-1, x, 1).sample; };
  asked.book = [this, known](const std::vector<double>& x) { book(known(-1, x, 1)); };
  return asked;
}

}  // namespace porelith
