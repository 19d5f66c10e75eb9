#pragma once
/// A new HDF5 file: owners of HDF5's ids, and datasets that always carry their unit and meaning.
#include <hdf5.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/base/team.hpp"

namespace porelith {

/// Owns one HDF5 id and closes it.
class Hdf5Id {
 public:
  using Closer = herr_t (*)(hid_t);
  Hdf5Id(hid_t id, Closer close) : id_(id), close_(close) {}
  Hdf5Id(Hdf5Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Id& operator=(Hdf5Id&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Hdf5Id() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }  // NOLINT: it stands for the id in every call

 private:
  hid_t id_;
  Closer close_;
};

/// What stands beside every dataset.
struct Hdf5Note {
  std::string unit;  ///< "1" if none
  std::string meaning;
};

/// A file made in memory, so that a full disk never meets HDF5: its library crashes at exit when a close has failed.
/// Groups in a dataset's path are made as needed. Errors are WriteErrors with HDF5's own innermost text; `path` is the
/// name that they use.
///
/// Several ranks call every member together, in the same order. What all of them hold the first one writes, in memory;
/// what each holds a part of (`spread`) all write at once, through MPI-IO, into room that was reserved before. Errors
/// of any rank are thrown on all, by commit().
class Hdf5Writer {
 public:
  explicit Hdf5Writer(std::string path, const Team& team = Team::alone());

  void attribute(const std::string& object, const std::string& name, const std::string& value);
  void attribute(const std::string& object, const std::string& name, long value);
  void group(const std::string& name);

  /// Row-major; `shape` empty = one number. Sizes must agree with `shape`.
  void dataset(const std::string& name, const std::vector<hsize_t>& shape, const std::vector<double>& values,
               const Hdf5Note& note);
  void dataset(const std::string& name, const std::vector<hsize_t>& shape, const std::vector<std::int64_t>& values,
               const Hdf5Note& note);
  void dataset(const std::string& name, const std::vector<std::string>& values, const Hdf5Note& note);
  /// Values of an enumeration; `names`[k] is the name of k.
  void dataset(const std::string& name, const std::vector<std::uint8_t>& values, const std::vector<std::string>& names,
               const Hdf5Note& note);

  /// The ranks' parts one behind the other along index `axis`; `shape` is this rank's part. Of one rank as `dataset`.
  void spread(const std::string& name, const std::vector<hsize_t>& shape, std::size_t axis,
              const std::vector<double>& values, const Hdf5Note& note);
  void spread(const std::string& name, const std::vector<hsize_t>& shape, std::size_t axis,
              const std::vector<std::int64_t>& values, const Hdf5Note& note);
  /// Of an enumeration, along the only index.
  void spread(const std::string& name, const std::vector<std::uint8_t>& values, const std::vector<std::string>& names,
              const Hdf5Note& note);

  /// The file's bytes as they are to stand on the disk; valid until the next call. Of one rank.
  std::string_view image();
  /// Writes the file under a temporary name, syncs it and renames it. Collective. @throws WriteError
  void commit();

 private:
  /// This rank's part of a spread dataset, until commit().
  struct Part {
    std::string name;
    hid_t memory_type;
    std::vector<hsize_t> from, shape;
    std::vector<char> bytes;
  };

  /// Does what only the first rank does. An error waits for commit() where others would wait for this rank.
  template <class Work>
  void first_rank(const Work& work);
  void write(const std::string& name, hid_t memory_type, hid_t file_type, const std::vector<hsize_t>& shape,
             const void* values, std::size_t count, const Hdf5Note& note);
  void spread(const std::string& name, hid_t memory_type, hid_t file_type, const std::vector<hsize_t>& shape,
              std::size_t axis, const void* values, std::size_t count, const Hdf5Note& note);
  Hdf5Id create(const std::string& name, hid_t file_type, const std::vector<hsize_t>& shape, const Hdf5Note& note);
  void check_count(const std::string& name, const std::vector<hsize_t>& shape, std::size_t count) const;
  void write_parts(const std::string& path);
  void write_part(hid_t file, const Part& part);
  /// Any rank's trouble on all of them.
  void throw_together();
  /// The id, or WriteError.
  Hdf5Id owned(hid_t id, Hdf5Id::Closer close) const;
  void checked(herr_t result) const;
  [[noreturn]] void fail() const;
  std::string reason() const;

  std::string path_;
  Team team_;
  Hdf5Id file_;  ///< of the first rank
  std::vector<Part> parts_;
  std::vector<Hdf5Id> enumerations_;  ///< types of parts
  std::size_t part_bytes_ = 0;        ///< of all ranks
  std::string trouble_;               ///< of this rank
};

}  // namespace porelith
