#pragma once
/// What a run needs to go on, kept on disk so that a kill at any moment leaves a whole set. Described in
/// docs/output.md.
///
/// A set is a folder checkpoint/NNNNNN with one file a rank and index.json, which is written last, when all ranks'
/// files are on the disk, and names their lengths and digests: a set without it does not count. The set before the
/// newest is kept too.
#include <optional>
#include <string>
#include <vector>

#include "solver/base/team.hpp"
#include "solver/case/key_values.hpp"

namespace porelith {

inline constexpr const char* checkpoint_format = "porelith checkpoint";
inline constexpr int checkpoint_version = 4;

/// What a checkpoint belongs to.
struct CheckpointOwner {
  std::vector<KeyValue> keys;  ///< of the whole case, defaults included; files in it by their content
  std::string cell;            ///< digest of the cell's file
};

class Checkpoints {
 public:
  struct Kept {
    std::string memory;   ///< this rank's
    double time;          ///< of the run [s]
    std::string program;  ///< version and commit that wrote it
  };

  /// @param folder of the run; the sets go into its folder `checkpoint`
  Checkpoints(const std::string& folder, CheckpointOwner owner, Team team);

  /// Writes a set; afterwards the sets but it and the one before are gone. Collective.
  /// @return "" or, everywhere the same, why it could not be written; then the earlier sets are as they were
  std::string keep(const std::string& memory, double time);

  /// The newest set that is whole, none if there are no sets. Collective; throws on all ranks or none.
  /// @param warnings a sentence for every newer set that is damaged
  /// @throws CaseError if all sets are damaged, or the newest whole one is of another case, another number of ranks or
  /// another version of the format
  std::optional<Kept> newest(std::vector<std::string>& warnings) const;

  /// Whether sets are there, whole or not.
  bool any() const { return !sequences().empty(); }
  /// Takes all sets away. By the first rank; the others do nothing.
  void clear();

 private:
  std::string set_folder(int sequence) const;
  std::vector<int> sequences() const;  ///< of the sets in the folder, whole or not, newest first
  std::string share(std::string text) const;
  std::string write_set(const std::string& memory, double time, int sequence);
  std::string write_index(const std::string& file, double time, int sequence);
  void sweep(int sequence) const;
  /// What is wrong with the set, "" if nothing.
  std::string read_set(int sequence, Kept& kept) const;

  std::string folder_;
  CheckpointOwner owner_;
  Team team_;
};

}  // namespace porelith
