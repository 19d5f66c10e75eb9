#pragma once
/// Where each unknown sits in the one contiguous state vector. Everything that changes in time is in it, so that a
/// history of state vectors is the whole memory of a run.
#include <vector>

namespace porelith {

struct Layout {
  /// The unknowns of one bed of particles; shells are stored shell by shell: c_s[k * cells + i].
  struct BedBlock {
    int cells, shells;
    int j, c_ss, c_s;  ///< offsets
  };

  int cells = 0;
  int c_e = 0, phi_e = 0, phi_s = 0;                     ///< offsets of cells values each
  int voltage = 0, current = 0, charge = 0, energy = 0;  ///< offsets of one value each
  std::vector<BedBlock> beds;
  int size = 0;

  Layout() = default;
  Layout(int cells_, const std::vector<int>& bed_cells, int shells) : cells(cells_) {
    const auto take = [&](int n) {
      const int at = size;
      size += n;
      return at;
    };
    c_e = take(cells);
    phi_e = take(cells);
    phi_s = take(cells);
    voltage = take(1);
    current = take(1);
    for (int n : bed_cells) beds.push_back({n, shells, 0, 0, 0});
    for (auto& b : beds) b.c_ss = take(b.cells);
    for (auto& b : beds) b.j = take(b.cells);
    charge = take(1);
    energy = take(1);
    for (auto& b : beds) b.c_s = take(b.cells * shells);
  }
};

using State = std::vector<double>;

}  // namespace porelith
