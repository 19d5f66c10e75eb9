#pragma once
/// The implicit solves of a run, each with what it was made from: what derivatives of a run are taken along (R1).
#include <array>
#include <vector>

#include "solver/march/bdf.hpp"
#include "solver/march/drive.hpp"
#include "solver/march/state_store.hpp"
#include "solver/newman/layout.hpp"

namespace porelith {

/// One implicit solve  y = hat + gamma dy/dt,  hat a sum over earlier stages. What moves with the end of the time step
/// that it belongs to has its derivative by that beside it.
struct Stage {
  enum class Kind {
    initial,  ///< no solve: what a run starts from
    start,    ///< potentials and fluxes to what is remembered, which stays (T5)
    middle,   ///< of a step after a turn (T7)
    step,     ///< the last of a time step
  };
  struct Term {
    int stage;
    double weight, by_end;
  };

  Kind kind = Kind::initial;
  double t = 0, t_by_end = 0;          ///< [s]
  double gamma = 0, gamma_by_end = 0;  ///< [s]
  std::vector<Term> states;            ///< hat = sum weight x what a stage remembers
  std::vector<Term> slopes;            ///< + weight x its dy/dt [s]
  Drive drive;
  /// Of an exact drive: energy = that of the step's beginning + sum weight x the factor that is not driven (I or V) of
  /// a stage + rest.
  std::vector<Term> energy;
  int energy_from = -1;
  double energy_rest_by_end = 0;  ///< [W]
  int state = -1;                 ///< that solves it, by its number in the tape's store
  int slope = -1;                 ///< of an exact drive: its dy/dt of what has a memory, likewise; -1: none
};

class StageTape {
 public:
  static constexpr double usual_memory = 1024.0 * 1024 * 1024;  ///< [bytes] a rank

  /// @param memory that states may take; what comes then is written to a temporary file
  explicit StageTape(double memory = usual_memory) : states_(memory) {}

  const std::vector<Stage>& stages() const { return stages_; }
  int last() const { return static_cast<int>(stages_.size()) - 1; }
  /// Good for as long as StateStore says.
  const State& state(int stage) const { return states_[stages_[stage].state]; }
  const State& slope(int stage) const { return states_[stages_[stage].slope]; }
  const StateStore& store() const { return states_; }

  /// @param remembered what stays as it was  @param solved by a step of gamma from there
  void start(const Layout& layout, const State& remembered, State solved, double t, double gamma, const Drive& drive);
  /// @param times of what the step was made from, latest first; after a turn its middle comes first
  /// @param middle null but after a turn
  void step(const Layout& layout, int order, double t, const double* times, const Drive& drive, const State* middle,
            const State& state);
  /// A stage's state as the run had it: what a start remembers is that of the stage before it.
  State seen(const Layout& layout, int stage) const;
  /// The y-hat of a stage, all that has a memory; the rest is 0.
  State hat(const Layout& layout, int stage) const;

 private:
  void keep_slope(const Layout& layout);
  int index_of_memory(int stage) const;

  std::vector<Stage> stages_;
  StateStore states_;
  std::vector<int> history_;  ///< latest first
};

/// Energy that passes between two times of a step with an exact drive: what the drive says times the polynomial of the
/// factor that it does not fix, by three points of Gauss, exact for a linear drive times a polynomial of degree 4 (T7).
template <class Number>
struct EnergyOf {
  WeightsOf<Number> other;  ///< times the other factor at each node [J V-1 or J A-1]
  Number rest;              ///< of a power, which fixes both [J]
};
/// Of double, or of Dual<1>.
template <class Number>
EnergyOf<Number> energy_between(const Drive& drive, std::common_type_t<Number> from, std::common_type_t<Number> to,
                                int points, const Number* nodes);

}  // namespace porelith
