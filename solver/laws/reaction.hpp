#pragma once
/// A reaction at the particles' surface beside intercalation, with states of its own (E6). One reaction a file, value
/// and slopes together, written for many cells at once: no call a cell.
#include <memory>
#include <string>
#include <vector>

namespace porelith {

/// What a reaction knows of n cells at one temperature. Own states are [state][cell].
struct ReactionPoints {
  int n;
  double T;            ///< [K]
  const double* c_e;   ///< [mol m-3]
  const double* drop;  ///< phi_s - phi_e less what films take of it [V]
  const double* own;   ///< the reaction's own states
};

/// A flux a cell and its slopes. [state][cell]
struct RateSlopes {
  double *flux, *by_c_e, *by_drop;  ///< [mol m-2 s-1] and a mol m-3, a volt
  double* by_own;
};

class Reaction {
 public:
  struct OwnState {
    std::string name, unit, meaning;
    double start;  ///< at the beginning of a run
    double scale;  ///< of which errors and changes are measured
  };

  virtual ~Reaction() = default;
  virtual std::string name() const = 0;
  virtual std::vector<OwnState> states() const { return {}; }
  /// Lithium ions that an electron of it gives the electrolyte [1]
  virtual double lithium() const { return 1; }

  /// Flux of electrons a surface: as j, positive where it leaves solid for electrolyte [mol m-2 s-1]. It must not fall
  /// with the drop.
  virtual void rate(const ReactionPoints& at, const RateSlopes& result) const = 0;
  /// d own/dt at the flux j, with slopes by j [state][cell] and by own states [state][state][cell].
  virtual void grow(const ReactionPoints& at, const double* j, double* rate, double* by_j, double* by_own) const;
  /// Resistance of its film to all that reacts here, and its slopes by own states [Ohm m2], added to what stands there.
  virtual void resist(const ReactionPoints& at, double* resistance, double* by_own) const;
};

using ReactionPointer = std::shared_ptr<const Reaction>;

}  // namespace porelith
