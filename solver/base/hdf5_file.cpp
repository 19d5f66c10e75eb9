#include "solver/base/hdf5_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "solver/base/error.hpp"

namespace porelith {
namespace {

constexpr std::size_t checksum_from = 4096;  // [bytes] smaller datasets are stored in one piece, without a checksum
constexpr std::size_t chunk_target = 256 * 1024;  // [bytes]
constexpr std::size_t memory_step = 1 << 20;      // [bytes] by which a file in memory grows

/// A file in memory only; HDF5 otherwise prints its errors by itself.
hid_t create_in_memory(const std::string& name) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  if (H5Pset_fapl_core(access, memory_step, false) < 0) return -1;
  return H5Fcreate(name.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
}

/// Chunks are whole rows of the first index, as many as make a good size.
std::vector<hsize_t> chunk_of(const std::vector<hsize_t>& shape, std::size_t bytes_each) {
  std::vector<hsize_t> chunk = shape;
  std::size_t row = bytes_each;
  for (std::size_t k = 1; k < shape.size(); ++k) row *= shape[k];
  chunk[0] = std::clamp<hsize_t>(chunk_target / std::max<std::size_t>(row, 1), 1, shape[0]);
  return chunk;
}

/// Text of any length, UTF-8.
hid_t text_type() {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

}  // namespace

Hdf5Writer::Hdf5Writer(std::string path) : path_(std::move(path)), file_(create_in_memory(path_), H5Fclose) {
  if (file_ < 0) fail();
}

void Hdf5Writer::fail() const {
  // The innermost entry of HDF5's stack tells most.
  std::string text;
  const auto keep_first = [](unsigned depth, const H5E_error2_t* entry, void* data) -> herr_t {
    if (depth == 0 && entry->desc) *static_cast<std::string*>(data) = entry->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &text);
  throw WriteError(fmt::format("cannot write {}: {}", path_, text.empty() ? "HDF5 gives no reason" : text));
}

Hdf5Id Hdf5Writer::owned(hid_t id, Hdf5Id::Closer close) const {
  if (id < 0) fail();
  return Hdf5Id(id, close);
}

void Hdf5Writer::checked(herr_t result) const {
  if (result < 0) fail();
}

void Hdf5Writer::attribute(const std::string& object, const std::string& name, const std::string& value) {
  const Hdf5Id type = owned(text_type(), H5Tclose);
  const Hdf5Id space = owned(H5Screate(H5S_SCALAR), H5Sclose);
  const Hdf5Id it =
      owned(H5Acreate_by_name(file_, object.c_str(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
            H5Aclose);
  const char* text = value.c_str();
  checked(H5Awrite(it, type, &text));
}

void Hdf5Writer::attribute(const std::string& object, const std::string& name, long value) {
  const Hdf5Id space = owned(H5Screate(H5S_SCALAR), H5Sclose);
  const Hdf5Id it = owned(H5Acreate_by_name(file_, object.c_str(), name.c_str(), H5T_STD_I64LE, space, H5P_DEFAULT,
                                            H5P_DEFAULT, H5P_DEFAULT),
                          H5Aclose);
  checked(H5Awrite(it, H5T_NATIVE_LONG, &value));
}

void Hdf5Writer::group(const std::string& name) {
  const Hdf5Id links = owned(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  checked(H5Pset_create_intermediate_group(links, 1));
  owned(H5Gcreate2(file_, name.c_str(), links, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
}

void Hdf5Writer::write(const std::string& name, hid_t memory_type, hid_t file_type, const std::vector<hsize_t>& shape,
                       const void* values, std::size_t count, const Hdf5Note& note) {
  std::size_t expected = 1;
  for (const hsize_t n : shape) expected *= n;
  if (expected != count) {
    throw WriteError(
        fmt::format("cannot write {}: {} has {} values where its shape wants {}", path_, name, count, expected));
  }
  const Hdf5Id space = owned(
      shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
      H5Sclose);
  const Hdf5Id links = owned(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  checked(H5Pset_create_intermediate_group(links, 1));
  const Hdf5Id layout = owned(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  const std::size_t bytes_each = H5Tget_size(file_type);
  const bool plain = H5Tis_variable_str(file_type) <= 0;  // texts lie in the file's heap, where no filter reaches
  if (!shape.empty() && plain && count * bytes_each >= checksum_from) {
    const std::vector<hsize_t> chunk = chunk_of(shape, bytes_each);
    checked(H5Pset_chunk(layout, static_cast<int>(chunk.size()), chunk.data()));
    checked(H5Pset_fletcher32(layout));
  }
  const Hdf5Id data = owned(H5Dcreate2(file_, name.c_str(), file_type, space, links, layout, H5P_DEFAULT), H5Dclose);
  if (count > 0) checked(H5Dwrite(data, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
  attribute(name, "unit", note.unit);
  attribute(name, "meaning", note.meaning);
}

void Hdf5Writer::dataset(const std::string& name, const std::vector<hsize_t>& shape, const std::vector<double>& values,
                         const Hdf5Note& note) {
  write(name, H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE, shape, values.data(), values.size(), note);
}

void Hdf5Writer::dataset(const std::string& name, const std::vector<hsize_t>& shape,
                         const std::vector<std::int64_t>& values, const Hdf5Note& note) {
  write(name, H5T_NATIVE_INT64, H5T_STD_I64LE, shape, values.data(), values.size(), note);
}

void Hdf5Writer::dataset(const std::string& name, const std::vector<std::string>& values, const Hdf5Note& note) {
  const Hdf5Id type = owned(text_type(), H5Tclose);
  std::vector<const char*> texts;
  for (const std::string& value : values) texts.push_back(value.c_str());
  write(name, type, type, {texts.size()}, texts.data(), texts.size(), note);
}

void Hdf5Writer::dataset(const std::string& name, const std::vector<std::uint8_t>& values,
                         const std::vector<std::string>& names, const Hdf5Note& note) {
  const Hdf5Id type = owned(H5Tenum_create(H5T_STD_U8LE), H5Tclose);
  for (std::uint8_t k = 0; k < names.size(); ++k) checked(H5Tenum_insert(type, names[k].c_str(), &k));
  write(name, type, type, {values.size()}, values.data(), values.size(), note);
}

std::string_view Hdf5Writer::image() {
  checked(H5Fflush(file_, H5F_SCOPE_GLOBAL));
  const ssize_t size = H5Fget_file_image(file_, nullptr, 0);
  void* bytes = nullptr;
  checked(H5Fget_vfd_handle(file_, H5P_DEFAULT, &bytes));
  if (size < 0 || !bytes) fail();
  return {*static_cast<const char**>(bytes), static_cast<std::size_t>(size)};
}

}  // namespace porelith
