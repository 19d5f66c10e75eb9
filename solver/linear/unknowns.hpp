#pragma once
/// Which unknowns a cell has and which of them feel their neighbours: what blocks, factors and solvers are written
/// over.
#include <array>

namespace porelith {

/// An entry of the blocks between two cells that share a face.
struct FaceEntry {
  int row, column;
};

/// Salt and both potentials, with the rows (E1), (E2), (E5) in that order.
struct Isothermal {
  enum : int { c_e, phi_e, phi_s, n };
  static constexpr std::array<const char*, n> names{"c_e", "phi_e", "phi_s"};
  static constexpr std::array<const char*, n> units{"mol/m3", "V", "V"};
  /// All that one side of a face feels of the other.
  static constexpr std::array<FaceEntry, 4> across{{{c_e, c_e}, {phi_e, c_e}, {phi_e, phi_e}, {phi_s, phi_s}}};
  /// Foils conduct this one so well that hardly a row of it gives anything to what is not its like.
  static constexpr int stiff = phi_s;
};

}  // namespace porelith
