#include "solver/base/hdf5_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <optional>

#include "solver/base/error.hpp"
#include "solver/base/whole_file.hpp"

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

/// As many whole rows of the first index as make a good size; of rows that are larger themselves, pieces.
std::vector<hsize_t> chunk_of(const std::vector<hsize_t>& shape, std::size_t bytes_each) {
  std::vector<hsize_t> chunk = shape;
  std::size_t bytes = bytes_each;
  for (std::size_t k = shape.size(); k-- > 0;) {
    chunk[k] = std::clamp<hsize_t>(chunk_target / bytes, 1, std::max<hsize_t>(shape[k], 1));
    bytes *= chunk[k];
  }
  return chunk;
}

/// Text of any length, UTF-8.
hid_t text_type() {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

Hdf5Id enumeration(const std::vector<std::string>& names) {
  Hdf5Id type(H5Tenum_create(H5T_STD_U8LE), H5Tclose);
  for (std::uint8_t k = 0; k < names.size(); ++k) H5Tenum_insert(type, names[k].c_str(), &k);
  return type;
}

hsize_t values_in(const std::vector<hsize_t>& shape) {
  hsize_t n = 1;
  for (const hsize_t k : shape) n *= k;
  return n;
}

}  // namespace

Hdf5Writer::Hdf5Writer(std::string path, const Team& team)
    : path_(std::move(path)), team_(team), file_(team.first() ? create_in_memory(path_) : -1, H5Fclose) {
  first_rank([&] {
    if (file_ < 0) fail();
  });
}

template <class Work>
void Hdf5Writer::first_rank(const Work& work) {
  if (!team_.first() || !trouble_.empty()) return;
  try {
    work();
  } catch (const WriteError& error) {
    if (team_.size() == 1) throw;
    trouble_ = error.what();
  }
}

std::string Hdf5Writer::reason() const {
  // The innermost entry of HDF5's stack tells most.
  std::string text;
  const auto keep_first = [](unsigned depth, const H5E_error2_t* entry, void* data) -> herr_t {
    if (depth == 0 && entry->desc) *static_cast<std::string*>(data) = entry->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &text);
  return fmt::format("cannot write {}: {}", path_, text.empty() ? "HDF5 gives no reason" : text);
}

void Hdf5Writer::fail() const { throw WriteError(reason()); }

Hdf5Id Hdf5Writer::owned(hid_t id, Hdf5Id::Closer close) const {
  if (id < 0) fail();
  return Hdf5Id(id, close);
}

void Hdf5Writer::checked(herr_t result) const {
  if (result < 0) fail();
}

void Hdf5Writer::attribute(const std::string& object, const std::string& name, const std::string& value) {
  first_rank([&] {
    const Hdf5Id type = owned(text_type(), H5Tclose);
    const Hdf5Id space = owned(H5Screate(H5S_SCALAR), H5Sclose);
    const Hdf5Id it = owned(
        H5Acreate_by_name(file_, object.c_str(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
        H5Aclose);
    const char* text = value.c_str();
    checked(H5Awrite(it, type, &text));
  });
}

void Hdf5Writer::attribute(const std::string& object, const std::string& name, long value) {
  first_rank([&] {
    const Hdf5Id space = owned(H5Screate(H5S_SCALAR), H5Sclose);
    const Hdf5Id it = owned(H5Acreate_by_name(file_, object.c_str(), name.c_str(), H5T_STD_I64LE, space, H5P_DEFAULT,
                                              H5P_DEFAULT, H5P_DEFAULT),
                            H5Aclose);
    checked(H5Awrite(it, H5T_NATIVE_LONG, &value));
  });
}

void Hdf5Writer::group(const std::string& name) {
  first_rank([&] {
    const Hdf5Id links = owned(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
    checked(H5Pset_create_intermediate_group(links, 1));
    owned(H5Gcreate2(file_, name.c_str(), links, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
  });
}

void Hdf5Writer::check_count(const std::string& name, const std::vector<hsize_t>& shape, std::size_t count) const {
  if (const hsize_t expected = values_in(shape); expected != count) {
    throw WriteError(
        fmt::format("cannot write {}: {} has {} values where its shape wants {}", path_, name, count, expected));
  }
}

Hdf5Id Hdf5Writer::create(const std::string& name, hid_t file_type, const std::vector<hsize_t>& shape,
                          const Hdf5Note& note) {
  const Hdf5Id space = owned(
      shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
      H5Sclose);
  const Hdf5Id links = owned(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  checked(H5Pset_create_intermediate_group(links, 1));
  const Hdf5Id layout = owned(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  const std::size_t bytes_each = H5Tget_size(file_type);
  const bool plain = H5Tis_variable_str(file_type) <= 0;  // texts lie in the file's heap, where no filter reaches
  if (!shape.empty() && plain && values_in(shape) * bytes_each >= checksum_from) {
    const std::vector<hsize_t> chunk = chunk_of(shape, bytes_each);
    checked(H5Pset_chunk(layout, static_cast<int>(chunk.size()), chunk.data()));
    checked(H5Pset_fletcher32(layout));
  }
  Hdf5Id data = owned(H5Dcreate2(file_, name.c_str(), file_type, space, links, layout, H5P_DEFAULT), H5Dclose);
  attribute(name, "unit", note.unit);
  attribute(name, "meaning", note.meaning);
  return data;
}

void Hdf5Writer::write(const std::string& name, hid_t memory_type, hid_t file_type, const std::vector<hsize_t>& shape,
                       const void* values, std::size_t count, const Hdf5Note& note) {
  first_rank([&] {
    check_count(name, shape, count);
    const Hdf5Id data = create(name, file_type, shape, note);
    if (count > 0) checked(H5Dwrite(data, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
  });
}

void Hdf5Writer::spread(const std::string& name, hid_t memory_type, hid_t file_type, const std::vector<hsize_t>& shape,
                        std::size_t axis, const void* values, std::size_t count, const Hdf5Note& note) {
  if (team_.size() == 1) return write(name, memory_type, file_type, shape, values, count, note);
  if (trouble_.empty() && values_in(shape) != count) {
    trouble_ =
        fmt::format("cannot write {}: {} has {} values where its shape wants {}", path_, name, count, values_in(shape));
  }
  const Team::Share share = team_.share(static_cast<long>(shape[axis]));
  std::vector<hsize_t> whole = shape, from(shape.size(), 0);
  whole[axis] = static_cast<hsize_t>(share.all);
  from[axis] = static_cast<hsize_t>(share.before);
  first_rank([&] { create(name, file_type, whole, note); });
  if (values_in(whole) == 0) return;
  const std::size_t bytes_each = H5Tget_size(memory_type);
  part_bytes_ += values_in(whole) * bytes_each;
  const char* bytes = static_cast<const char*>(values);
  parts_.push_back({name, memory_type, from, shape, {bytes, bytes + count * bytes_each}});
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
  const Hdf5Id type = enumeration(names);
  write(name, type, type, {values.size()}, values.data(), values.size(), note);
}

void Hdf5Writer::spread(const std::string& name, const std::vector<hsize_t>& shape, std::size_t axis,
                        const std::vector<double>& values, const Hdf5Note& note) {
  spread(name, H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE, shape, axis, values.data(), values.size(), note);
}

void Hdf5Writer::spread(const std::string& name, const std::vector<hsize_t>& shape, std::size_t axis,
                        const std::vector<std::int64_t>& values, const Hdf5Note& note) {
  spread(name, H5T_NATIVE_INT64, H5T_STD_I64LE, shape, axis, values.data(), values.size(), note);
}

void Hdf5Writer::spread(const std::string& name, const std::vector<std::uint8_t>& values,
                        const std::vector<std::string>& names, const Hdf5Note& note) {
  enumerations_.push_back(enumeration(names));  // its parts are written by commit()
  const hid_t type = enumerations_.back();
  spread(name, type, type, {values.size()}, 0, values.data(), values.size(), note);
}

std::string_view Hdf5Writer::image() {
  checked(H5Fflush(file_, H5F_SCOPE_GLOBAL));
  const ssize_t size = H5Fget_file_image(file_, nullptr, 0);
  void* bytes = nullptr;
  checked(H5Fget_vfd_handle(file_, H5P_DEFAULT, &bytes));
  if (size < 0 || !bytes) fail();
  return {*static_cast<const char**>(bytes), static_cast<std::size_t>(size)};
}

void Hdf5Writer::throw_together() {
  const std::string text = team_.any(trouble_);
  if (!text.empty()) throw WriteError(text);
}

void Hdf5Writer::commit() {
  if (team_.size() == 1) return write_whole_file(path_, image(), true);
  std::optional<WholeFile> whole;
  first_rank([&] {
    whole.emplace(path_);
    const std::string_view begun = image();
    whole->write(begun);
    whole->reserve(begun.size() + part_bytes_ + part_bytes_ / 8);  // an eighth: chunks that are not full
  });
  throw_together();
  write_parts(team_.any(whole ? whole->temporary() : ""));
  first_rank([&] { whole->commit(true); });
  throw_together();
}

void Hdf5Writer::write_parts(const std::string& path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fapl_mpio(access, team_.communicator(), MPI_INFO_NULL);
  H5Pset_all_coll_metadata_ops(access, true);
  const Hdf5Id file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access), H5Fclose);
  if (file < 0) trouble_ = reason();
  throw_together();
  for (const Part& part : parts_) write_part(file, part);
  if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) trouble_ = reason();
  throw_together();
}

/// Whoever fails goes on to where all look for trouble: nobody waits for a rank that has left.
void Hdf5Writer::write_part(hid_t file, const Part& part) {
  const Hdf5Id data(H5Dopen2(file, part.name.c_str(), H5P_DEFAULT), H5Dclose);
  if (data < 0) trouble_ = reason();
  throw_together();
  const Hdf5Id there(H5Dget_space(data), H5Sclose);
  const Hdf5Id here(H5Screate_simple(static_cast<int>(part.shape.size()), part.shape.data(), nullptr), H5Sclose);
  if (part.bytes.empty()) {
    H5Sselect_none(there);
    H5Sselect_none(here);
  } else {
    H5Sselect_hyperslab(there, H5S_SELECT_SET, part.from.data(), nullptr, part.shape.data(), nullptr);
  }
  const Hdf5Id together(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  H5Pset_dxpl_mpio(together, H5FD_MPIO_COLLECTIVE);
  if (H5Dwrite(data, part.memory_type, here, there, together, part.bytes.data()) < 0) trouble_ = reason();
  throw_together();
}

}  // namespace porelith
