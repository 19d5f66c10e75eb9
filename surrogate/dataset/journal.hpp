#pragma once
/// The journal of a campaign: finished samples, appended one by one, readable whatever moment a kill comes.
///
/// A file is a run of records: magic "PSJ1", payload length and CRC-32 of the payload (32 bits each, little-endian),
/// the payload. The first record is the campaign's header, every other one a sample. Each is one write(2) at the end of
/// the file, so a kill can at most cut the last one short, and that one is dropped.
#include <string>
#include <vector>

#include "surrogate/dataset/design_space.hpp"

namespace porelith {

/// What all samples of a campaign have in common; another campaign's journal is told by it.
struct CampaignHeader {
  std::string cell_hash, case_hash, sampling;
  unsigned seed = 0;
  int dimension = 0;
  long points = 0;              ///< of a Latin hypercube, whose points depend on how many there are; 0 for Sobol
  std::string slopes = "none";  ///< as Design::slopes
};

/// What differs, in words: "seed = 1, now 2", "another case or other variables"; "" if nothing.
std::string difference(const CampaignHeader& before, const CampaignHeader& now);

struct JournalContent {
  bool has_header = false;
  CampaignHeader header;
  std::vector<Sample> samples;
  long good_bytes = 0;  ///< up to the end of the last whole record
};

/// What a journal holds; a torn or damaged end is left out. @throws CaseError it cannot be read or is no journal
JournalContent read_journal(const std::string& path);

/// The journals in a folder, sorted.
std::vector<std::string> journals_in(const std::string& folder);

/// One rank's journal, locked while it is open.
class JournalWriter {
 public:
  /// Opens or makes the file, cuts off a torn end. @throws CaseError another program holds it; WriteError
  JournalWriter(std::string path, const CampaignHeader& header);
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// @throws WriteError; what was written of the record is taken back
  void add(const Sample& sample);

 private:
  void append(const std::string& payload);

  std::string path_;
  int file_ = -1;
  long size_ = 0;
};

/// CRC-32 of ISO 3309, as zlib and PNG have it.
std::uint32_t crc32(const std::string& bytes);

}  // namespace porelith
