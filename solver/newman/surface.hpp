#pragma once
/// All that happens at the surfaces of one bed where there is more than intercalation (E6), condensed cell by cell.
#include <vector>

#include "solver/laws/reaction.hpp"
#include "solver/newman/kinetics.hpp"
#include "solver/record/slot.hpp"

namespace porelith {

/// What the global system sees of a bed: fluxes of charge and of salt a surface, linearised by c_e and phi_s - phi_e.
struct SurfaceResponse {
  FluxResponse current;  ///< sum of all fluxes j [mol m-2 s-1]
  FluxResponse salt;     ///< sum of (lithium - t_plus) j
};

/// The equations of every cell at its unknowns, not condensed; what `Model::linearise` tells. Unknowns u: j, the
/// reactions' fluxes, their states; residuals: the kinetics [V], each flux [mol m-2 s-1], each state [its unit].
struct SurfaceRows {
  int unknowns = 0;
  std::vector<double> residual, by_c_e, by_phi;  ///< [unknown][cell]
  std::vector<double> by_unknown;                ///< [row][unknown][cell]
};

class Surface {
 public:
  /// @param t_plus of the electrolyte
  Surface(std::vector<ReactionPointer> reactions, double t_plus, double T, int cells);

  void set_temperature(double T) { T_ = T; }

  const std::vector<ReactionPointer>& reactions() const { return reactions_; }
  int fluxes() const { return static_cast<int>(reactions_.size()); }
  int states() const { return static_cast<int>(states_.size()); }
  const std::vector<Reaction::OwnState>& own_states() const { return states_; }
  /// How many are of one reaction; those of the reactions before come first.
  int states_of(int reaction) const {
    return (reaction + 1 < fluxes() ? first_state_[reaction + 1] : states()) - first_state_[reaction];
  }
  /// The reactions' fluxes, and their own states, as fields of the state.
  std::vector<Slot> flux_slots() const;
  std::vector<Slot> own_slots() const;
  /// Does every reaction give the electrolyte what it takes of charge?
  bool keeps_salt() const;

  /// Values that the unknowns start from and go to: j [cell], the reactions' fluxes [reaction][cell], own states
  /// [state][cell].
  struct Unknowns {
    double *j, *fluxes, *own;
  };
  /// Solves every cell for its fluxes and states, the step's own = own_hat + gamma d own/dt at hand, by Newton's
  /// method: j stays where it keeps the particles between empty and full, a step that does not lower what is left is
  /// halved. Where what is left is below 1e-5 of a thermal voltage and of the states' scales, the step to the root is
  /// the linearisation's, which carries it exactly.
  /// @param phi phi_s - phi_e [V] @return evaluations of the open-circuit law
  int respond(const Particles& particles, Kinetics& kinetics, const double* c_e, const double* phi, double gamma,
              const double* own_hat, Unknowns u);
  /// The same equations at exactly these unknowns.
  SurfaceRows at(const Particles& particles, Kinetics& kinetics, const double* c_e, const double* phi, double gamma,
                 const double* own_hat, Unknowns u);

  /// The same with the kinetics' own row given, dphi_s - dphi_e + by_c_e dc_e + by_j dj; of its residual nothing is
  /// known.
  const SurfaceRows& at(const double* by_c_e, const double* by_j, const double* c_e, const double* phi, double gamma,
                        const double* own_hat, Unknowns u);

  /// Of unknown q of respond(): where the linearisation is, and its slopes. 0 is j.
  const FluxResponse& response(int q) const { return responses_[q]; }
  const SurfaceResponse& total() const { return total_; }

 private:
  void evaluate(const Particles& particles, Kinetics& kinetics, const double* c_e, const double* phi, double gamma,
                const double* own_hat, const Unknowns& u);
  void find_drop(const double* c_e, const double* phi, const Unknowns& u);
  void evaluate_rows(const double* c_e, double gamma, const double* own_hat, const Unknowns& u);
  void condense(const Unknowns& u);
  void sum_up();
  double* value_of(const Unknowns& u, int q, int i) const;
  double distance(int i) const;

  std::vector<ReactionPointer> reactions_;
  std::vector<Reaction::OwnState> states_;
  std::vector<int> first_state_;  ///< of each reaction
  double t_plus_, T_;
  int n_, unknowns_;
  FluxResponse intercalation_;
  std::vector<double> drop_, resistance_, resistance_by_own_, sum_;
  std::vector<double> rate_, rate_by_c_e_, rate_by_drop_, rate_by_own_, grow_, grow_by_j_, grow_by_own_;
  SurfaceRows rows_;
  std::vector<FluxResponse> responses_;
  SurfaceResponse total_;
};

}  // namespace porelith
