#include "solver/base/seal.hpp"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

namespace porelith {
namespace {

constexpr std::string_view mark = "\nporelith seal ";
constexpr std::size_t digits = 16;

}  // namespace

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t sum = 0xcbf29ce484222325u;
  for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return sum;
}

std::string seal_of(std::string_view bytes) { return fmt::format("{}{:016x}\n", mark, fnv1a(bytes)); }

bool seal_is_broken(const std::string& path) {
  constexpr std::size_t size = mark.size() + digits + 1;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.size() < size) return false;
  const std::string_view all = bytes, seal = all.substr(bytes.size() - size);
  return seal.substr(0, mark.size()) == mark && seal != seal_of(all.substr(0, bytes.size() - size));
}

}  // namespace porelith
