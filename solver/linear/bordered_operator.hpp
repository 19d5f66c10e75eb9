#pragma once
/// Products with a bordered matrix [J B; R C], scaled, from the blocks as they were assembled: no matrix is put
/// together for them. Vectors of three values an own cell.
#include <vector>

#include "meshes/halo.hpp"
#include "solver/base/petsc.hpp"
#include "solver/base/team.hpp"
#include "solver/linear/borders.hpp"

namespace porelith {

template <class Unknowns>
class BorderedOperatorOf {
 public:
  using System = BlockSystemOf<Unknowns>;
  using Values = ValuesOf<Unknowns>;
  using FaceCoupling = FaceCouplingOf<Unknowns>;
  BorderedOperatorOf(const Mesh& mesh, const ScalesOf<Unknowns>& scales, const Team& team);

  /// Unknowns and equations are scaled, c_e by c_e0; (E1) counts in amperes like the others. But for the border and the
  /// residual, which stay as they are.
  void scale(System& system) const;
  /// Gives `kept` the far part of `system`, scaled: entries, and V's column as part of the border. Collective.
  void take_far(const System& system, System& kept) const;
  /// @param system scaled; lives as long as it is multiplied with
  void set(const System& system);
  /// out and `sums` = the matrix, or its transpose, times cells and borders. Collective.
  PetscErrorCode multiply(Vec cells, const std::vector<double>& borders, Vec out, std::vector<double>& sums, Form form);
  const ScalesOf<Unknowns>& scales() const { return scales_; }

 private:
  static constexpr int n = Unknowns::n, stiff = Unknowns::stiff;
  void scale(std::vector<FaceCoupling>& couplings) const;
  void find_leaks();
  PetscErrorCode multiply_cells(Vec in, Vec out, Form form);
  static void add_face(const FaceCoupling& f, const double* u, const double* mine, double* to);
  void add_faces(double* to) const;
  void add_faces_transposed(double* to) const;
  PetscErrorCode take_far_in(Vec in, const Values& scale);
  PetscErrorCode give_far_out(Vec out, const Values& scale) const;
  PetscErrorCode add_far(Vec in, double V, Vec out);
  PetscErrorCode add_far_transposed(Vec in, Vec out, std::vector<double>& sums);

  const Mesh& mesh_;
  Team team_;
  ScalesOf<Unknowns> scales_;
  HaloExchange exchange_;
  const System* system_ = nullptr;
  std::vector<double> with_ghosts_, leak_;
  std::vector<Values> far_in_, far_out_;
};

}  // namespace porelith
