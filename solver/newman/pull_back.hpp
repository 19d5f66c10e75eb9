#pragma once
/// Products with the transposed derivatives of a step's residual (`tangent.hpp`) by the past and by every number of the
/// model (S8): what goes back along a run costs no more for many numbers than for one.
#include <array>
#include <memory>
#include <vector>

#include "meshes/halo.hpp"
#include "solver/newman/parameter_change.hpp"

namespace porelith {

class SkewPullBack;

class PullBack {
 public:
  /// Of this model with the medium that it has now. Collective.
  /// @param temperature by_parameters.temperature too: open circuit and charge transfer are asked for their slopes by T
  explicit PullBack(const Model& model, bool temperature = true);
  ~PullBack();

  /// At which step: that of step_residual(model, gamma, hat, state). `state` and the model's temperature stay as they
  /// are until the last add() of it. Collective.
  void take(double gamma, const State& hat, const State& state);

  /// by_hat += lambda . dF/d(hat); by_parameters += lambda . dF/d(number), in place of each number's change.
  /// lambda is this rank's part of a state, its charge, energy and current alike on all ranks; so is by_hat. Of
  /// by_parameters each rank has its part, also of what is one number for all and of its ghosts' (give_ghosts_back):
  /// the sum of dot() over all ranks counts. Where it has no room (no_change) it gets it. gamma needs no product of its
  /// own: lambda . dF/d(gamma) = by_hat . (state - hat)/gamma, ranks' parts of the fields summed. Collective.
  void add(const State& lambda, State& by_hat, ParameterChange& by_parameters);

 private:
  struct Side {                         ///< of a face
    double way, per_distance;           ///< d/B of its cell's B along the face's axis, its slopes by d
    double by_B, by_matrix, by_normal;  ///< and by what that B is made of
    double S_by_sigma, S_by_distance;   ///< slopes of ln S, the conductance for electrons
  };
  struct Through {                        ///< what passes a face, and its slopes by the ways
    double salt, ionic, electronic, chi;  ///< the last K (X_P - X_N)
    std::array<double, 2> salt_by_way, ionic_by_way;
  };
  struct Bed {
    std::vector<double> c_e, sto, beyond;
    std::vector<double> charge, salt;   ///< sums of all fluxes [mol m-2 s-1]
    std::vector<double> by_ln_K, by_T;  ///< of the kinetics
    std::vector<double> Phi;            ///< [shell][cell], where D_s varies
    std::vector<double> flux;           ///< lambda's of all shells
    std::vector<double> eta, by_j, by_c_e, by_sto, U, slope, D;
  };

  void derive_faces();
  void take_bed(std::size_t b, const State& state);
  void take_faces(double V);
  void add_volumes(const State& lambda, State& by_hat, ParameterChange& by) const;
  void add_reactions(std::size_t b, const State& lambda, ParameterChange& by) const;
  void add_particles(std::size_t b, const State& lambda, State& by_hat, ParameterChange::Bed& by);
  void add_faces(ParameterChange& by);
  void add_collectors(const State& lambda, ParameterChange& by) const;

  const Model& model_;
  const Mesh& mesh_;
  const Layout& layout_;
  bool temperature_, lengths_;
  HaloExchange exchange_;
  std::vector<std::array<Side, 2>> sides_;
  std::vector<int> axes_;  ///< of every face
  std::vector<double> S_;  ///< of every face
  std::vector<Bed> beds_;
  std::unique_ptr<SkewPullBack> skew_;  ///< where faces are skew (S4)

  double gamma_ = 1;
  const State* state_ = nullptr;
  std::vector<double> rate_;  ///< dc_e/dt of own cells
  // own cells and ghosts
  std::vector<double> c_e_, phi_e_, phi_s_, D_e_, kappa_, X_, slope_;
  std::vector<Through> through_;
  std::array<std::vector<double>, 3> lambda_;  ///< 0 in ghosts: their rows are their owners'
};

/// The same for one step.
void pull_back(const Model& model, double gamma, const State& hat, const State& state, const State& lambda,
               State& by_hat, ParameterChange& by_parameters);

}  // namespace porelith
