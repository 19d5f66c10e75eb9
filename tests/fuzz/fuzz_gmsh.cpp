/// fuzz_gmsh MUTANTS [SEED]: damages valid Gmsh files of every format at random, always in the same way for the same
/// seed, and makes meshes of what the reader accepts. Nothing but CaseErrors may come out. Meant to run under the
/// sanitizers.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <random>
#include <stdexcept>

#include "meshes/gmsh/mesh.hpp"
#include "solver/base/error.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sample_cells.hpp"

namespace {

using namespace porelith;

struct Seed {
  std::string bytes;
  bool binary;
};

class Mutator {
 public:
  explicit Mutator(unsigned long seed) : generator_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(generator_() % (n == 0 ? 1 : n)); }

  std::string damage(Seed seed) {
    for (std::size_t count = 1 + below(3); count > 0; --count) once(seed.bytes, seed.binary);
    return seed.bytes;
  }

 private:
  void once(std::string& bytes, bool binary) {
    const std::size_t at = below(bytes.size() + 1), length = 1 + below(below(4) == 0 ? 300 : 12);
    switch (below(7)) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 1:
        bytes.erase(at, length);
        break;
      case 2:
        bytes.insert(below(bytes.size() + 1), bytes.substr(at, length));
        break;
      case 3:
        if (below(8) == 0) bytes.resize(at);
        break;
      case 4:
        move_line(bytes, at);
        break;
      default:
        binary ? number(bytes, at) : digits(bytes, at);
    }
  }

  /// Overwrites one number of a text.
  void digits(std::string& bytes, std::size_t at) {
    static const char* numbers[] = {"0",
                                    "-1",
                                    "1",
                                    "2",
                                    "3",
                                    "7",
                                    "15",
                                    "99",
                                    "1e30",
                                    "-0",
                                    "2147483647",
                                    "2147483648",
                                    "4294967296",
                                    "1e-300",
                                    "nan",
                                    "0.5",
                                    "1000",
                                    "9223372036854775807",
                                    "-9223372036854775808"};
    const auto from = bytes.find_first_of("0123456789", at);
    if (from == std::string::npos) return;
    const auto to = std::min(bytes.find_first_of(" \n", from), bytes.size());
    bytes.replace(from, to - from, numbers[below(std::size(numbers))]);
  }

  /// Overwrites bytes with a number of two, four or eight.
  void number(std::string& bytes, std::size_t at) {
    static const std::int64_t numbers[] = {0,  1,  -1, 2,          3,         4,         5,         15,
                                           99, 50, 51, 0x7fffffff, 1ll << 32, 1ll << 62, INT64_MIN, 0x7ff0000000000000};
    const std::int64_t value = numbers[below(std::size(numbers))];
    const std::size_t size = std::size_t{2} << below(3);
    if (at + size <= bytes.size()) std::memcpy(&bytes[at], &value, size);
  }

  void move_line(std::string& bytes, std::size_t at) {
    const auto from = bytes.find('\n', at), to = bytes.find('\n', from + 1);
    if (from == std::string::npos || to == std::string::npos) return;
    const std::string line = bytes.substr(from, to - from);
    bytes.erase(from, to - from);
    const auto there = bytes.find('\n', below(bytes.size() + 1));
    if (there != std::string::npos) bytes.insert(there, line);
  }

  std::mt19937_64 generator_;
};

std::vector<Seed> seeds(const Cell& cell) {
  std::vector<Seed> list;
  for (Cut cut : {Cut::tetrahedra, Cut::mixed, Cut::triangles})
    for (int version : {2, 4})
      for (bool binary : {false, true}) {
        BoxMesh block = layered_boxes(cell, 2, 1, {0, 10, 30}, {0, 10, 20});
        block.cut = cut;
        block.bend = 0.2;
        list.push_back({gmsh_bytes(make_boxes(block), version, binary), binary});
      }
  return list;
}

/// Whether reader and mesh accepted it.
bool attempt(const std::string& bytes, const Cell& cell) {
  try {
    const Mesh mesh = gmsh_mesh(parse_gmsh(bytes, "mutant.msh"), thicknesses_of(cell), {}, 1, 2);
    for (int P = 0; P < mesh.with_ghosts(); ++P)
      if (!(mesh.volume[P] > 0)) throw std::logic_error("an accepted cell without volume");
    for (const Face& f : mesh.faces)
      if (!(f.d_owner > 0 && f.d_neighbour > 0) || f.owner < 0 || f.neighbour < 0 || f.owner >= mesh.with_ghosts() ||
          f.neighbour >= mesh.with_ghosts())
        throw std::logic_error("an accepted face that is wrong");
    return true;
  } catch (const CaseError& error) {
    for (const auto& problem : error.problems())
      if (problem.sentence.empty() || problem.where.file != "mutant.msh")
        throw std::logic_error("a problem without its place: " + problem.text());
    return false;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const long mutants = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 100'000;
  const unsigned long seed = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1;
  if (mutants < 1) {
    std::fprintf(stderr, "usage: fuzz_gmsh MUTANTS [SEED]\n");
    return 64;
  }
  const Cell cell = *shipped_case("nmc111_pouch").cell;
  const std::vector<Seed> valid = seeds(cell);
  for (std::size_t k = 0; k < valid.size(); ++k)
    if (!attempt(valid[k].bytes, cell)) {
      std::fprintf(stderr, "seed %zu is not accepted\n", k);
      return 1;
    }
  Mutator mutator(seed);
  long accepted = 0;
  for (long k = 0; k < mutants; ++k) {
    const std::string bytes = mutator.damage(valid[mutator.below(valid.size())]);
    try {
      accepted += attempt(bytes, cell);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "mutant %ld of seed %lu lets escape: %s\n", k, seed, error.what());
      return 1;
    }
  }
  std::printf("Gmsh files: %ld mutants, %ld accepted, 0 crashes\n", mutants, accepted);
  return 0;
}
