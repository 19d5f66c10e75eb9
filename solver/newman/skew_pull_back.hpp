#pragma once
/// What skew faces (S4) add to a pull back: fluxes follow gradients of cells, these the conductivities of their cells.
#include <array>
#include <vector>

#include "solver/linear/block_system.hpp"
#include "solver/newman/model.hpp"
#include "solver/newman/skew_gradients.hpp"

namespace porelith {

class SkewPullBack {
 public:
  explicit SkewPullBack(const Model& model);

  /// @param X part of psi = phi_e - X; all of own cells and ghosts. Collective.
  void take(const std::vector<double>& c_e, const std::vector<double>& phi_e, const std::vector<double>& X,
            const std::vector<double>& phi_s, double V);
  const Triple& jump(std::size_t face) const { return jumps_[face]; }
  void conductances(std::size_t face, const Triple& of_fields) { conductance_[face] = of_fields; }

  /// What the jumps do to lambda's products: by_B and by_sigma [own cells and ghosts] += theirs. Collective.
  /// @param lambda of the three balances, 0 in ghosts @return the same by ln chi
  double add(const std::array<std::vector<double>, 3>& lambda, const std::vector<double>& X, std::vector<double>& by_B,
             std::vector<double>& by_sigma);

 private:
  using Vector = VectorOf<double>;
  struct Conductor {
    const std::vector<double>* conductivity;
    std::vector<skew::NormalMatrix<double>> matrix;
    SkewWeights<double> weights;
  };

  void pull_gradients(const std::array<std::vector<double>, 3>& lambda);
  void pull_weights(const Conductor& conductor, int first, int last, std::vector<double>& by) const;

  const Model& model_;
  const Mesh& mesh_;
  Conductor ionic_, electronic_;
  std::vector<Triple> falling_, jumps_, conductance_;
  std::vector<std::array<Vector, 3>> gradient_, by_gradient_;
};

}  // namespace porelith
