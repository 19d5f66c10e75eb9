#include "solver/base/hdf5_reader.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "solver/base/error.hpp"
#include "solver/base/seal.hpp"

namespace porelith {
namespace {

/// The path, if no seal says otherwise: HDF5 need not see damaged bytes.
std::string intact(std::string path) {
  if (seal_is_broken(path)) throw CaseError({{{path, 0, 0}, "is damaged: its checksum does not fit its bytes"}});
  return path;
}

hid_t open_to_read(const std::string& path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // HDF5 otherwise prints its errors by itself
  return H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
}

constexpr hsize_t most_values = hsize_t{1} << 32;  // a damaged size must not ask for all the memory

}  // namespace

Hdf5Reader::Hdf5Reader(std::string path, const std::string& format, long version)
    : path_(intact(std::move(path))), file_(open_to_read(path_), H5Fclose) {
  if (file_ < 0) {
    errno = 0;
    const bool readable = std::ifstream(path_, std::ios::binary).good();
    const int error = errno;
    fail(readable ? fmt::format("is no HDF5 file, or damaged; a {} file is expected", format)
                  : fmt::format("cannot be read: {}", std::strerror(error)));
  }
  if (H5Aexists(file_, "format") <= 0) fail(fmt::format("is no {} file: it says no format", format));
  const std::string found = text("/", "format");
  if (found != format) fail(fmt::format("is a {} file where a {} file is expected", found, format));
  const long number_found = number("/", "version");
  if (number_found > version || number_found < 1) {
    fail(fmt::format("has version {} of {}; this program reads versions 1 to {}", number_found, format, version));
  }
}

void Hdf5Reader::fail(const std::string& sentence) const { throw CaseError({{{path_, 0, 0}, sentence}}); }

std::string Hdf5Reader::text(const std::string& object, const std::string& attribute) const {
  const Hdf5Id it(H5Aopen_by_name(file_, object.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const Hdf5Id type(it < 0 ? -1 : H5Aget_type(it), H5Tclose);
  char* value = nullptr;
  if (type < 0 || H5Tis_variable_str(type) <= 0 || H5Aread(it, type, &value) < 0 || !value) {
    fail(fmt::format("the text {} of {} is missing or damaged", attribute, object));
  }
  const std::string result = value;
  H5free_memory(value);
  return result;
}

long Hdf5Reader::number(const std::string& object, const std::string& attribute) const {
  const Hdf5Id it(H5Aopen_by_name(file_, object.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  long value = 0;
  const Hdf5Id space(it < 0 ? -1 : H5Aget_space(it), H5Sclose);
  if (space < 0 || H5Sget_simple_extent_npoints(space) != 1 || H5Aread(it, H5T_NATIVE_LONG, &value) < 0) {
    fail(fmt::format("the number {} of {} is missing or damaged", attribute, object));
  }
  return value;
}

bool Hdf5Reader::has(const std::string& dataset) const {
  const Hdf5Id data(H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), H5Dclose);
  return data >= 0;
}

bool Hdf5Reader::has(const std::string& object, const std::string& attribute) const {
  return H5Aexists_by_name(file_, object.c_str(), attribute.c_str(), H5P_DEFAULT) > 0;
}

Hdf5Id Hdf5Reader::open(const std::string& dataset) const {
  Hdf5Id data(H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), H5Dclose);
  if (data < 0) fail(fmt::format("{} is missing or damaged", dataset));
  return data;
}

std::vector<hsize_t> Hdf5Reader::shape(const std::string& dataset) const {
  const Hdf5Id data = open(dataset);
  const Hdf5Id space(H5Dget_space(data), H5Sclose);
  const int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
  if (rank < 0) fail(fmt::format("the shape of {} is damaged", dataset));
  std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
  if (rank > 0) H5Sget_simple_extent_dims(space, sizes.data(), nullptr);
  return sizes;
}

template <class T>
std::vector<T> Hdf5Reader::read(const std::string& dataset, hid_t type) const {
  hsize_t count = 1;
  for (const hsize_t n : shape(dataset)) {
    count *= n;
    if (n > most_values || count > most_values) fail(fmt::format("the shape of {} is damaged", dataset));
  }
  std::vector<T> values(count);
  if (count > 0 && H5Dread(open(dataset), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    fail(fmt::format("{} cannot be read; the file is damaged", dataset));
  }
  return values;
}

std::vector<double> Hdf5Reader::numbers(const std::string& dataset) const {
  return read<double>(dataset, H5T_NATIVE_DOUBLE);
}

std::vector<std::int64_t> Hdf5Reader::integers(const std::string& dataset) const {
  return read<std::int64_t>(dataset, H5T_NATIVE_INT64);
}

std::vector<std::string> Hdf5Reader::texts(const std::string& dataset) const {
  const Hdf5Id data = open(dataset);
  const Hdf5Id type(H5Dget_type(data), H5Tclose);
  if (type < 0 || H5Tis_variable_str(type) <= 0) fail(fmt::format("{} holds no texts", dataset));
  const std::vector<char*> found = read<char*>(dataset, type);
  std::vector<std::string> values;
  for (char* text : found) {
    values.emplace_back(text ? text : "");
    if (text) H5free_memory(text);
  }
  return values;
}

}  // namespace porelith
