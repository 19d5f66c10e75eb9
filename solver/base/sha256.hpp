#pragma once
/// SHA-256 (FIPS 180-4), by which results name the exact case and cell that they came from.
#include <string>
#include <string_view>

namespace porelith {

/// The digest of the bytes, as 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace porelith
