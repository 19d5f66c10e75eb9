#pragma once
/// A checksum behind a file's bytes: damage anywhere is told before anything is believed. HDF5 and h5py do not mind it.
#include <cstdint>
#include <string>
#include <string_view>

namespace porelith {

/// FNV-1a, 64 bits.
std::uint64_t fnv1a(std::string_view bytes);

/// What to write behind `bytes`: a line with FNV-1a, 64 bits, of them.
std::string seal_of(std::string_view bytes);

/// Whether a file carries a seal that its bytes do not fit. A file without a seal, or none at all, is not broken.
bool seal_is_broken(const std::string& path);

}  // namespace porelith
