#pragma once
/// Reads HDF5 files of ours; what is missing, damaged or of another shape is a CaseError that names it.
#include <cstdint>
#include <string>
#include <vector>

#include "solver/base/hdf5_file.hpp"

namespace porelith {

class Hdf5Reader {
 public:
  /// Opens the file and checks its root's attributes `format` and `version`.
  /// @throws CaseError if it is not there, no HDF5, of another format or of a later version
  Hdf5Reader(std::string path, const std::string& format, long version);

  std::string text(const std::string& object, const std::string& attribute) const;
  long number(const std::string& object, const std::string& attribute) const;
  bool has(const std::string& dataset) const;
  bool has(const std::string& object, const std::string& attribute) const;

  /// Sizes of a dataset; empty = one number.
  std::vector<hsize_t> shape(const std::string& dataset) const;
  /// Row-major.
  std::vector<double> numbers(const std::string& dataset) const;
  std::vector<std::int64_t> integers(const std::string& dataset) const;
  std::vector<std::string> texts(const std::string& dataset) const;

  /// @throws CaseError "<path>: <sentence>"
  [[noreturn]] void fail(const std::string& sentence) const;

 private:
  Hdf5Id open(const std::string& dataset) const;
  template <class T>
  std::vector<T> read(const std::string& dataset, hid_t type) const;

  std::string path_;
  Hdf5Id file_;
};

}  // namespace porelith
