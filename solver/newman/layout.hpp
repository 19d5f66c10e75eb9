#pragma once
/// Where each unknown sits in the one contiguous state vector. Everything that changes in time is in it, so that a
/// history of state vectors is the whole memory of a run.
#include <vector>

namespace porelith {

struct Layout {
  /// The unknowns of one bed of particles; shells are stored shell by shell: c_s[k * cells + i]. So are the fluxes of
  /// reactions beside intercalation, and their own states.
  struct BedBlock {
    int cells, shells;
    int j, c_ss, c_s;               ///< offsets
    int reactions = 0, states = 0;  ///< how many
    int fluxes = 0, own = 0;        ///< offsets of theirs
  };

  int cells = 0;
  int c_e = 0, phi_e = 0, phi_s = 0;                     ///< offsets of cells values each
  int voltage = 0, current = 0, charge = 0, energy = 0;  ///< offsets of one value each
  int own = 0;                                           ///< from here on: all own states of reactions
  std::vector<BedBlock> beds;
  int size = 0;

  /// Of one bed: particles, reactions beside intercalation, their own states.
  struct BedCounts {
    int cells, reactions = 0, states = 0;
  };

  Layout() = default;
  Layout(int cells_, const std::vector<BedCounts>& counts, int shells) : cells(cells_) {
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
    for (const BedCounts& n : counts) beds.push_back({n.cells, shells, 0, 0, 0, n.reactions, n.states});
    for (auto& b : beds) b.c_ss = take(b.cells);
    for (auto& b : beds) b.j = take(b.cells);
    for (auto& b : beds) b.fluxes = take(b.cells * b.reactions);
    charge = take(1);
    energy = take(1);
    for (auto& b : beds) b.c_s = take(b.cells * shells);
    own = size;
    for (auto& b : beds) b.own = take(b.cells * b.states);
  }
};

using State = std::vector<double>;

}  // namespace porelith
