#pragma once
/// The numbers of a model file, summed up as they are written and read: small datasets have no checksum of their own.
#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "solver/base/hdf5_file.hpp"
#include "solver/base/hdf5_reader.hpp"
#include "surrogate/learners/settings.hpp"

namespace porelith {

/// FNV-1a of numbers in their order.
class Checksum {
 public:
  void take(const std::vector<double>& values);
  void take(const std::vector<std::int64_t>& values);
  std::string text() const;

 private:
  template <class T>
  void take_all(const std::vector<T>& values);
  std::uint64_t sum_ = 0xcbf29ce484222325u;
};

/// Writes values under their names.
class ModelWriter {
 public:
  explicit ModelWriter(const std::string& path) : file_(path) {}
  Hdf5Writer& file() { return file_; }

  void vector(const std::string& name, const Eigen::VectorXd& values, const std::string& unit,
              const std::string& meaning);
  void matrix(const std::string& name, const Eigen::MatrixXd& values, const std::string& unit,
              const std::string& meaning);
  void integers(const std::string& name, const std::vector<std::int64_t>& values, const std::string& meaning);
  /// @throws WriteError
  void finish(const std::string& path);

 private:
  void put(const std::string& name, const std::vector<hsize_t>& shape, const std::vector<double>& values,
           const Hdf5Note& note);
  Hdf5Writer file_;
  Checksum sum_;
};

/// Reads the same in the same order; sizes are checked. @throws CaseError
class ModelReader {
 public:
  ModelReader(const std::string& path, const std::string& format, long version) : file_(path, format, version) {}
  const Hdf5Reader& file() const { return file_; }

  Eigen::VectorXd vector(const std::string& name, long size);
  /// @param rows, columns -1 = any
  Eigen::MatrixXd matrix(const std::string& name, long rows, long columns);
  std::vector<std::int64_t> integers(const std::string& name, long size);
  void finish() const;

 private:
  void expect(const std::string& name, const std::vector<long>& sizes) const;
  std::vector<double> numbers(const std::string& name, const std::vector<long>& sizes);
  Hdf5Reader file_;
  Checksum sum_;
};

/// A learner's name and settings as attributes of `object`; decimal numbers and lists as datasets below /training.
void write_settings(Hdf5Writer& file, const std::string& object, const std::string& learner, const Settings& settings);
/// What is not there is as its option says. @throws CaseError naming a learner that this program has not
Settings read_settings(const Hdf5Reader& file, const std::string& object, std::string& learner);

}  // namespace porelith
