#pragma once
/// Products with a bordered matrix [J B; R C], scaled, from the blocks as they were assembled: no matrix is put
/// together for them. Vectors of three values an own cell.
#include <vector>

#include "meshes/halo.hpp"
#include "solver/base/petsc.hpp"
#include "solver/base/team.hpp"
#include "solver/linear/borders.hpp"

namespace porelith {

class BorderedOperator {
 public:
  BorderedOperator(const Mesh& mesh, double c_e0, const Team& team);

  /// Unknowns are scaled, c_e by c_e0; (E1) counts in amperes like the others. But for the border and the residual,
  /// which stay as they are.
  void scale(BlockSystem& system) const;
  /// Gives `kept` the far part of `system`, scaled: entries, and V's column as part of the border. Collective.
  void take_far(const BlockSystem& system, BlockSystem& kept) const;
  /// @param system scaled; lives as long as it is multiplied with
  void set(const BlockSystem& system);
  /// out and `sums` = the matrix, or its transpose, times cells and borders. Collective.
  PetscErrorCode multiply(Vec cells, const std::vector<double>& borders, Vec out, std::vector<double>& sums, Form form);
  const Scales& scales() const { return scales_; }

 private:
  void scale(std::vector<FaceCoupling>& couplings) const;
  void find_leaks();
  PetscErrorCode multiply_cells(Vec in, Vec out, Form form);
  void add_faces(double* to) const;
  void add_faces_transposed(double* to) const;
  PetscErrorCode take_far_in(Vec in, const Triple& scale);
  PetscErrorCode give_far_out(Vec out, const Triple& scale) const;
  PetscErrorCode add_far(Vec in, double V, Vec out);
  PetscErrorCode add_far_transposed(Vec in, Vec out, std::vector<double>& sums);

  const Mesh& mesh_;
  Team team_;
  Scales scales_;
  HaloExchange exchange_;
  const BlockSystem* system_ = nullptr;
  std::vector<double> with_ghosts_, leak_;
  std::vector<Triple> far_in_, far_out_;
};

}  // namespace porelith
