#pragma once
/// Definitions of cell_inverse.hpp, for whoever instantiates them.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "meshes/halo.hpp"
#include "solver/base/petsc.hpp"
#include "solver/linear/block_factor_definitions.hpp"
#include "solver/linear/cell_inverse.hpp"
#include "solver/linear/petsc_inverse_definitions.hpp"

namespace porelith {

namespace cell_inverse {

/// A factor may take this many multiplications; multigrid is quicker beyond.
constexpr double most_factor_work = 4e9;
/// Of more cells not even the order is looked for.
constexpr int most_factor_cells = 30'000;
/// What a preconditioner of PETSc's takes to make, in applications.
constexpr double petsc_making = 20;

/// One sweep over the fields in their order: each by a multigrid of its own, given those before it. What the later ones
/// say to the earlier is of lower order in the mesh, so that it costs iterations, but as many on any mesh.
template <class Unknowns>
class FieldByField : public CellInverseOf<Unknowns> {
 public:
  using System = BlockSystemOf<Unknowns>;
  static constexpr int n = Unknowns::n;
  FieldByField(const Mesh& mesh, const Team& team)
      : mesh_(mesh),
        exchange_(mesh.halo, team),
        in_(create_vector(team.communicator(), mesh.cells())),
        out_(create_vector(team.communicator(), mesh.cells())) {
    for (int q = 0; q < n; ++q)
      inverses_.emplace_back(mesh, team, Fields{q, 1}, std::string("newton_") + Unknowns::names[q] + "_");
    for (const FaceEntry& e : Unknowns::across)
      for (const int q : {e.row, e.column})
        if (e.row != e.column) found_[q].assign(mesh.with_ghosts(), 0.0);
  }

  bool make(const System& system) override {
    system_ = &system;
    bool sound = true;
    for (auto& inverse : inverses_) sound = inverse.make(system) && sound;
    return sound;
  }

  /// The transpose goes through the fields the other way.
  PetscErrorCode apply(Vec in, Vec out, Form form) override {
    const bool plain = form == Form::plain;
    const int cells = mesh_.cells();
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(in, &from));
    PetscCall(VecGetArrayWrite(out, &to));
    for (int step = 0; step < n; ++step) {
      const int q = plain ? step : n - 1 - step;
      double* right;
      PetscCall(VecGetArrayWrite(in_, &right));
      for (int P = 0; P < cells; ++P) {
        right[P] = from[n * P + q];
        for (int before = 0; before < step; ++before) {
          const int p = plain ? before : n - 1 - before;
          right[P] -= (plain ? system_->diagonal[P](q, p) : system_->diagonal[P](p, q)) * to[n * P + p];
        }
      }
      for (int before = 0; before < step; ++before) take_neighbours(right, q, plain ? before : n - 1 - before, form);
      PetscCall(VecRestoreArrayWrite(in_, &right));
      PetscCall(plain ? inverses_[q].apply(in_, out_) : inverses_[q].apply_transposed(in_, out_));
      const double* found;
      PetscCall(VecGetArrayRead(out_, &found));
      for (int P = 0; P < cells; ++P) to[n * P + q] = found[P];
      if (felt_later(step, plain)) share(found, q);
      PetscCall(VecRestoreArrayRead(out_, &found));
    }
    PetscCall(VecRestoreArrayWrite(out, &to));
    PetscCall(VecRestoreArrayRead(in, &from));
    return 0;
  }

  double making() const override { return petsc_making; }

 private:
  /// Whether a field whose turn comes after this step's feels this one at its neighbours.
  static bool felt_later(int step, bool plain) {
    const int q = plain ? step : n - 1 - step;
    for (int later = step + 1; later < n; ++later) {
      const int p = plain ? later : n - 1 - later;
      if (places_across<Unknowns>[plain ? n * p + q : n * q + p] >= 0) return true;
    }
    return false;
  }

  void share(const double* found, int q) {
    std::copy_n(found, mesh_.cells(), found_[q].begin());
    exchange_.start(found_[q].data(), 1);
    exchange_.finish();
  }

  /// right -= what the neighbours' field p makes of row q; of the transpose, what it makes of column q
  void take_neighbours(double* right, int q, int p, Form form) const {
    const bool plain = form == Form::plain;
    const int row = plain ? q : p, column = plain ? p : q;
    if (places_across<Unknowns>[n * row + column] < 0) return;
    for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
      const Face& f = mesh_.faces[k];
      const double owner = system_->owner_row[k](row, column), neighbour = system_->neighbour_row[k](row, column);
      if (f.owner < mesh_.cells()) right[f.owner] -= (plain ? owner : neighbour) * found_[p][f.neighbour];
      if (f.neighbour < mesh_.cells()) right[f.neighbour] -= (plain ? neighbour : owner) * found_[p][f.owner];
    }
  }

  const Mesh& mesh_;
  HaloExchange exchange_;
  const System* system_ = nullptr;
  std::array<std::vector<double>, n> found_;  ///< fields that neighbours' rows of others feel; own cells and ghosts
  std::vector<PetscInverseOf<Unknowns>> inverses_;
  PetscVector in_, out_;  ///< of one field
};

/// All fields in one matrix, preconditioned as the user said.
template <class Unknowns>
class WholeInverse : public CellInverseOf<Unknowns> {
 public:
  using System = BlockSystemOf<Unknowns>;
  WholeInverse(const Mesh& mesh, const Team& team) : inverse_(mesh, team, {0, Unknowns::n}, "newton_") {}
  bool make(const System& system) override { return inverse_.make(system); }
  PetscErrorCode apply(Vec in, Vec out, Form form) override {
    return form == Form::plain ? inverse_.apply(in, out) : inverse_.apply_transposed(in, out);
  }
  double making() const override { return petsc_making; }

 private:
  PetscInverseOf<Unknowns> inverse_;
};

/// A direct factor where it is cheap for the system at hand, else multigrid.
template <class Unknowns>
class CheaperInverse : public CellInverseOf<Unknowns> {
 public:
  using System = BlockSystemOf<Unknowns>;
  CheaperInverse(const Mesh& mesh, const Team& team) : mesh_(mesh), team_(team), factor_(mesh) {}

  bool make(const System& system) override {
    factor_.plan(system);
    direct_ = factor_.factor_work() < most_factor_work;
    if (direct_) return factor_.factor();
    if (!multigrid_) multigrid_ = std::make_unique<FieldByField<Unknowns>>(mesh_, team_);
    return multigrid_->make(system);
  }

  PetscErrorCode apply(Vec in, Vec out, Form form) override {
    if (!direct_) return multigrid_->apply(in, out, form);
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(in, &from));
    PetscCall(VecGetArrayWrite(out, &to));
    factor_.apply(from, to, form);
    PetscCall(VecRestoreArrayWrite(out, &to));
    PetscCall(VecRestoreArrayRead(in, &from));
    return 0;
  }

  /// An application waits for memory, a factor does not.
  double making() const override {
    return direct_ ? factor_.factor_work() / factor_.apply_work() / 5 : multigrid_->making();
  }

 private:
  const Mesh& mesh_;
  Team team_;
  BlockFactorOf<Unknowns> factor_;
  bool direct_ = false;
  std::unique_ptr<FieldByField<Unknowns>> multigrid_;
};

}  // namespace cell_inverse

template <class Unknowns>
std::unique_ptr<CellInverseOf<Unknowns>> make_cell_inverse(const Mesh& mesh, const Team& team) {
  PetscBool chosen, direct = PETSC_TRUE;
  check_petsc(PetscOptionsHasName(nullptr, "newton_", "-pc_type", &chosen), "reading options");
  check_petsc(PetscOptionsGetBool(nullptr, "newton_", "-direct", &direct, nullptr), "reading options");
  if (chosen) return std::make_unique<cell_inverse::WholeInverse<Unknowns>>(mesh, team);
  if (direct && team.size() == 1 && mesh.cells() <= cell_inverse::most_factor_cells)
    return std::make_unique<cell_inverse::CheaperInverse<Unknowns>>(mesh, team);
  return std::make_unique<cell_inverse::FieldByField<Unknowns>>(mesh, team);
}

}  // namespace porelith
