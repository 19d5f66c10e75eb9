#include "surrogate/dataset/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "solver/base/error.hpp"
#include "solver/base/whole_file.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

constexpr char magic[] = {'P', 'S', 'J', '1'};
constexpr std::size_t frame = sizeof magic + 2 * sizeof(std::uint32_t);
constexpr std::uint32_t longest_record = 1u << 26;
enum Kind : std::uint8_t { header_kind = 1, sample_kind = 2 };

/// Numbers and texts one behind the other, as they lie in memory (little-endian on every machine we know).
class Packer {
 public:
  template <class Number>
  void number(Number value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(const std::string& value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_ += value;
  }
  void list(const std::vector<double>& values) {
    number(static_cast<std::uint32_t>(values.size()));
    for (const double value : values) number(value);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(const std::string& bytes) : bytes_(bytes) {}
  template <class Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value), sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    return {take(size), size};
  }
  std::vector<double> list() {
    const auto size = number<std::uint32_t>();
    const char* from = take(std::size_t{size} * sizeof(double));
    std::vector<double> values(size);
    if (size > 0) std::memcpy(values.data(), from, size * sizeof(double));
    return values;
  }
  bool over() const { return at_ == bytes_.size(); }

 private:
  const char* take(std::size_t size) {
    if (size > bytes_.size() - at_) throw std::out_of_range("a record ends too early");
    at_ += size;
    return bytes_.data() + at_ - size;
  }
  const std::string& bytes_;
  std::size_t at_ = 0;
};

std::string packed(const CampaignHeader& header) {
  Packer p;
  p.number(header_kind);
  p.text(header.cell_hash);
  p.text(header.case_hash);
  p.text(header.sampling);
  p.number(static_cast<std::uint32_t>(header.seed));
  p.number(static_cast<std::int32_t>(header.dimension));
  p.number(static_cast<std::int64_t>(header.points));
  return p.bytes();
}

std::string packed(const Sample& sample) {
  Packer p;
  p.number(sample_kind);
  p.number(static_cast<std::int64_t>(sample.index));
  p.list(sample.x);
  p.text(sample.status);
  p.list(sample.scalars);
  p.list(sample.curve);
  p.number(sample.seconds);
  p.number(static_cast<std::int64_t>(sample.newton));
  p.number(static_cast<std::uint32_t>(sample.left_tables.size()));
  for (const LeftTable& left : sample.left_tables) {
    p.text(left.law);
    p.number(static_cast<std::uint8_t>(left.salt));
    p.number(left.low);
    p.number(left.high);
  }
  return p.bytes();
}

void unpack(const std::string& payload, JournalContent& content) {
  Unpacker p(payload);
  if (p.number<Kind>() == header_kind) {
    CampaignHeader h;
    h.cell_hash = p.text();
    h.case_hash = p.text();
    h.sampling = p.text();
    h.seed = p.number<std::uint32_t>();
    h.dimension = p.number<std::int32_t>();
    h.points = p.number<std::int64_t>();
    content.header = h;
    content.has_header = true;
    return;
  }
  Sample s;
  s.index = p.number<std::int64_t>();
  s.x = p.list();
  s.status = p.text();
  s.scalars = p.list();
  s.curve = p.list();
  s.seconds = p.number<double>();
  s.newton = p.number<std::int64_t>();
  if (!p.over()) s.left_tables.resize(p.number<std::uint32_t>());  // older journals say nothing of tables
  for (LeftTable& left : s.left_tables) {
    left.law = p.text();
    left.salt = p.number<std::uint8_t>() != 0;
    left.low = p.number<double>();
    left.high = p.number<double>();
  }
  content.samples.push_back(std::move(s));
}

std::string framed(const std::string& payload) {
  Packer p;
  for (const char c : magic) p.number(c);
  p.number(static_cast<std::uint32_t>(payload.size()));
  p.number(crc32(payload));
  return p.bytes() + payload;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw CaseError({{{path, 0, 0}, fmt::format("cannot be read: {}", std::strerror(errno))}});
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The payload of the record that starts at `from`; false where no whole record stands.
bool next_record(const std::string& bytes, std::size_t from, std::string& payload) {
  if (bytes.size() - from < frame || std::memcmp(bytes.data() + from, magic, sizeof magic) != 0) return false;
  std::uint32_t size, crc;
  std::memcpy(&size, bytes.data() + from + sizeof magic, sizeof size);
  std::memcpy(&crc, bytes.data() + from + sizeof magic + sizeof size, sizeof crc);
  if (size > longest_record || bytes.size() - from - frame < size) return false;
  payload = bytes.substr(from + frame, size);
  return crc32(payload) == crc;
}

}  // namespace

std::uint32_t crc32(const std::string& bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t remainder = byte;
      for (int bit = 0; bit < 8; ++bit) remainder = remainder & 1 ? (remainder >> 1) ^ 0xEDB88320u : remainder >> 1;
      entries[byte] = remainder;
    }
    return entries;
  }();
  std::uint32_t sum = 0xFFFFFFFFu;
  for (const char c : bytes) sum = (sum >> 8) ^ table[(sum ^ static_cast<unsigned char>(c)) & 0xFFu];
  return ~sum;
}

std::string difference(const CampaignHeader& before, const CampaignHeader& now) {
  if (before.cell_hash != now.cell_hash) return "another cell file";
  if (before.case_hash != now.case_hash || before.dimension != now.dimension) return "another case or other variables";
  if (before.sampling != now.sampling)
    return fmt::format("sampling = \"{}\", now \"{}\"", before.sampling, now.sampling);
  if (before.seed != now.seed) return fmt::format("seed = {}, now {}", before.seed, now.seed);
  if (before.points != now.points)
    return fmt::format("a Latin hypercube of {} points, now {}", before.points, now.points);
  return "";
}

JournalContent read_journal(const std::string& path) {
  const std::string bytes = bytes_of(path);
  JournalContent content;
  std::string payload;
  std::size_t at = 0;
  try {
    while (at < bytes.size() && next_record(bytes, at, payload)) {
      unpack(payload, content);
      at += frame + payload.size();
      content.good_bytes = static_cast<long>(at);
    }
  } catch (const std::out_of_range&) {  // a good checksum and yet no record: the end of what can be read
  }
  const bool torn_header = bytes.size() < 1024 && (bytes.size() < 4 || std::memcmp(bytes.data(), magic, 4) == 0);
  if (!content.has_header && !bytes.empty() && !torn_header)
    throw CaseError({{{path, 0, 0}, "is no journal of a campaign"}});
  return content;
}

std::vector<std::string> journals_in(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".journal") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

JournalWriter::JournalWriter(std::string path, const CampaignHeader& header) : path_(std::move(path)) {
  const auto fail = [this] { throw WriteError(fmt::format("cannot write {}: {}", path_, std::strerror(errno))); };
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) fail();
  try {
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
      throw CaseError({{{path_, 0, 0}, "another program is at work on this campaign"}});
    const JournalContent content = read_journal(path_);
    size_ = content.good_bytes;
    if (::ftruncate(file_, size_) != 0) fail();
    if (!content.has_header) append(packed(header));
  } catch (...) {
    ::close(file_);
    throw;
  }
}

JournalWriter::~JournalWriter() { ::close(file_); }

void JournalWriter::add(const Sample& sample) { append(packed(sample)); }

void JournalWriter::append(const std::string& payload) {
  const std::string record = framed(payload);
  try {
    write_fully(file_, record, path_);
  } catch (const WriteError&) {
    if (::ftruncate(file_, size_) != 0) {  // a reader drops the torn record anyway
    }
    throw;
  }
  size_ += static_cast<long>(record.size());
}

}  // namespace porelith
