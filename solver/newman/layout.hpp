#pragma once
/// Where each unknown sits in the one contiguous state vector. Everything that changes in time is in it, so that a
/// history of state vectors is the whole memory of a run.
#include <functional>
#include <vector>

#include "solver/record/slot.hpp"

namespace porelith {

using State = std::vector<double>;

/// A field beside Newman's: its slot, and what gives it once the equations of an instant are solved.
struct FurtherField {
  Slot slot;
  /// Its rate of change [unit s-1] where it has a memory, else its value; `values` [slot.size]. None: it stays.
  std::function<void(const State&, double* values)> law;
};

/// Three groups stand one after the other: what the equations change in time and no shell holds, c_e first; what an
/// instant's equations give; and what is known once these are solved: integrals and shells. A further field is a
/// further slot; whoever loops over slots has it.
struct Layout {
  /// The unknowns of one bed of particles; shells are stored shell by shell: c_s[k * cells + i]. So are the fluxes of
  /// reactions beside intercalation, and their own states.
  struct BedBlock {
    int cells, shells;
    int j, c_ss, c_s;               ///< offsets
    int reactions = 0, states = 0;  ///< how many
    int fluxes = 0, own = 0;        ///< offsets of theirs
  };
  struct BedShape {
    int cells, shells;
    double c_s_max;                           ///< scale of c_ss in the error test [mol m-3]
    std::vector<Slot> fluxes = {}, own = {};  ///< of reactions beside intercalation, and their own states
  };
  struct Part {
    int from, to;
  };

  int cells = 0;
  int c_e = 0, phi_e = 0, phi_s = 0;                     ///< offsets of cells values each
  int voltage = 0, current = 0, charge = 0, energy = 0;  ///< offsets of one value each
  std::vector<BedBlock> beds;
  int size = 0;

  std::vector<Slot> slots;   ///< all of them, in the order of the state
  std::vector<Part> memory;  ///< what has a memory
  int solved = 0;            ///< where the third group begins

  Layout() = default;
  /// @param c_e0 scale of c_e in the error test [mol m-3]  @param further of any kind, besides those of the model
  Layout(int cells_, double c_e0, const std::vector<BedShape>& shapes, const std::vector<Slot>& further = {});

  /// nullptr if there is none of that name (in that bed)
  const Slot* find(const std::string& name, int bed = -1) const;

 private:
  int add(Slot slot);
  /// One behind the other. @return the first one's offset
  int add_of_bed(const std::vector<Slot>& list, int bed);
};

}  // namespace porelith
