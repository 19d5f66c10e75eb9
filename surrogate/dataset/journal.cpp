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
#include "surrogate/dataset/sample_bytes.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

constexpr char magic[] = {'P', 'S', 'J', '1'};
constexpr std::size_t frame = sizeof magic + 2 * sizeof(std::uint32_t);
constexpr std::uint32_t longest_record = 1u << 26;
enum Kind : std::uint8_t { header_kind = 1, sample_kind = 2 };

std::string packed(const CampaignHeader& header) {
  SamplePacker p;
  p.number(header_kind);
  p.text(header.cell_hash);
  p.text(header.case_hash);
  p.text(header.sampling);
  p.number(static_cast<std::uint32_t>(header.seed));
  p.number(static_cast<std::int32_t>(header.dimension));
  p.number(static_cast<std::int64_t>(header.points));
  if (header.slopes != "none") p.text(header.slopes);
  return p.bytes();
}

std::string packed(const Sample& sample) {
  SamplePacker p;
  p.number(sample_kind);
  p.number(static_cast<std::int64_t>(sample.index));
  p.sample(sample);
  if (sample.slopes) p.slopes(*sample.slopes);
  return p.bytes();
}

void unpack(const std::string& payload, JournalContent& content) {
  SampleUnpacker p(payload);
  if (p.number<Kind>() == header_kind) {
    CampaignHeader h;
    h.cell_hash = p.text();
    h.case_hash = p.text();
    h.sampling = p.text();
    h.seed = p.number<std::uint32_t>();
    h.dimension = p.number<std::int32_t>();
    h.points = p.number<std::int64_t>();
    if (!p.over()) h.slopes = p.text();
    content.header = h;
    content.has_header = true;
    return;
  }
  const auto index = p.number<std::int64_t>();
  Sample& sample = content.samples.emplace_back(p.sample());
  sample.index = index;
  if (!p.over()) sample.slopes = p.slopes();
}

std::string framed(const std::string& payload) {
  SamplePacker p;
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
  if (before.slopes != now.slopes) return fmt::format("slopes = \"{}\", now \"{}\"", before.slopes, now.slopes);
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
