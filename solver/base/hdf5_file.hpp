#pragma once
/// A new HDF5 file: owners of HDF5's ids, and datasets that always carry their unit and meaning.
#include <hdf5.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
class Hdf5Writer {
 public:
  explicit Hdf5Writer(std::string path);

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

  /// The file's bytes as they are to stand on the disk; valid until the next call.
  std::string_view image();

 private:
  void write(const std::string& name, hid_t memory_type, hid_t file_type, const std::vector<hsize_t>& shape,
             const void* values, std::size_t count, const Hdf5Note& note);
  /// The id, or WriteError.
  Hdf5Id owned(hid_t id, Hdf5Id::Closer close) const;
  void checked(herr_t result) const;
  [[noreturn]] void fail() const;

  std::string path_;
  Hdf5Id file_;
};

}  // namespace porelith
