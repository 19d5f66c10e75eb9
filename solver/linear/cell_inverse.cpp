#include "solver/linear/cell_inverse.hpp"

#include <algorithm>
#include <vector>

#include "meshes/halo.hpp"
#include "solver/base/petsc.hpp"
#include "solver/linear/block_factor.hpp"
#include "solver/linear/petsc_inverse.hpp"

namespace porelith {

namespace {

/// A factor may take this many multiplications; multigrid is quicker beyond.
constexpr double most_factor_work = 4e9;
/// Of more cells not even the order is looked for.
constexpr int most_factor_cells = 30'000;
/// What a preconditioner of PETSc's takes to make, in applications.
constexpr double petsc_making = 20;

/// One sweep over the fields, c_e, phi_e, phi_s: each by a multigrid of its own, given those before it. What the
/// later ones say to the earlier is of lower order in the mesh, so that it costs iterations, but as many on any mesh.
class FieldByField : public CellInverse {
 public:
  FieldByField(const Mesh& mesh, const Team& team)
      : mesh_(mesh),
        exchange_(mesh.halo, team),
        felt_(mesh.with_ghosts()),
        inverses_{PetscInverse{mesh, team, {0, 1}, "newton_c_e_"}, PetscInverse{mesh, team, {1, 1}, "newton_phi_e_"},
                  PetscInverse{mesh, team, {2, 1}, "newton_phi_s_"}},
        in_(create_vector(team.communicator(), mesh.cells())),
        out_(create_vector(team.communicator(), mesh.cells())) {}

  bool make(const BlockSystem& system) override {
    system_ = &system;
    bool sound = true;
    for (PetscInverse& inverse : inverses_) sound = inverse.make(system) && sound;
    return sound;
  }

  /// The transpose goes through the fields the other way.
  PetscErrorCode apply(Vec in, Vec out, Form form) override {
    const bool plain = form == Form::plain;
    const int n = mesh_.cells();
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(in, &from));
    PetscCall(VecGetArrayWrite(out, &to));
    for (int step = 0; step < 3; ++step) {
      const int q = plain ? step : 2 - step;
      double* right;
      PetscCall(VecGetArrayWrite(in_, &right));
      for (int P = 0; P < n; ++P) {
        right[P] = from[3 * P + q];
        if (plain)
          for (int p = 0; p < q; ++p) right[P] -= system_->diagonal[P][3 * q + p] * to[3 * P + p];
        else
          for (int p = 2; p > q; --p) right[P] -= system_->diagonal[P][3 * p + q] * to[3 * P + p];
      }
      if (q == (plain ? 1 : 0)) take_salt(right, form);
      PetscCall(VecRestoreArrayWrite(in_, &right));
      PetscCall(plain ? inverses_[q].apply(in_, out_) : inverses_[q].apply_transposed(in_, out_));
      const double* found;
      PetscCall(VecGetArrayRead(out_, &found));
      for (int P = 0; P < n; ++P) to[3 * P + q] = found[P];
      if (q == (plain ? 0 : 1)) std::copy_n(found, n, felt_.begin());
      PetscCall(VecRestoreArrayRead(out_, &found));
    }
    PetscCall(VecRestoreArrayWrite(out, &to));
    PetscCall(VecRestoreArrayRead(in, &from));
    return 0;
  }

  double making() const override { return petsc_making; }

 private:
  /// right -= the ionic current that the neighbours' c_e drives; of the transpose, what it makes of their phi_e
  void take_salt(double* right, Form form) {
    exchange_.start(felt_.data(), 1);
    exchange_.finish();
    const bool plain = form == Form::plain;
    for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
      const Face& f = mesh_.faces[k];
      const double owner = system_->owner_row[k].ec, neighbour = system_->neighbour_row[k].ec;
      if (f.owner < mesh_.cells()) right[f.owner] -= (plain ? owner : neighbour) * felt_[f.neighbour];
      if (f.neighbour < mesh_.cells()) right[f.neighbour] -= (plain ? neighbour : owner) * felt_[f.owner];
    }
  }

  const Mesh& mesh_;
  HaloExchange exchange_;
  const BlockSystem* system_ = nullptr;
  std::vector<double> felt_;  ///< the field that the neighbours' ionic current couples; own cells and ghosts
  std::array<PetscInverse, 3> inverses_;
  PetscVector in_, out_;  ///< of one field
};

/// All three fields in one matrix, preconditioned as the user said.
class WholeInverse : public CellInverse {
 public:
  WholeInverse(const Mesh& mesh, const Team& team) : inverse_(mesh, team, {0, 3}, "newton_") {}
  bool make(const BlockSystem& system) override { return inverse_.make(system); }
  PetscErrorCode apply(Vec in, Vec out, Form form) override {
    return form == Form::plain ? inverse_.apply(in, out) : inverse_.apply_transposed(in, out);
  }
  double making() const override { return petsc_making; }

 private:
  PetscInverse inverse_;
};

/// A direct factor where it is cheap for the system at hand, else multigrid.
class CheaperInverse : public CellInverse {
 public:
  CheaperInverse(const Mesh& mesh, const Team& team) : mesh_(mesh), team_(team), factor_(mesh) {}

  bool make(const BlockSystem& system) override {
    factor_.plan(system);
    direct_ = factor_.factor_work() < most_factor_work;
    if (direct_) return factor_.factor();
    if (!multigrid_) multigrid_ = std::make_unique<FieldByField>(mesh_, team_);
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
  BlockFactor factor_;
  bool direct_ = false;
  std::unique_ptr<FieldByField> multigrid_;
};

}  // namespace

std::unique_ptr<CellInverse> make_cell_inverse(const Mesh& mesh, const Team& team) {
  PetscBool chosen, direct = PETSC_TRUE;
  check_petsc(PetscOptionsHasName(nullptr, "newton_", "-pc_type", &chosen), "reading options");
  check_petsc(PetscOptionsGetBool(nullptr, "newton_", "-direct", &direct, nullptr), "reading options");
  if (chosen) return std::make_unique<WholeInverse>(mesh, team);
  if (direct && team.size() == 1 && mesh.cells() <= most_factor_cells)
    return std::make_unique<CheaperInverse>(mesh, team);
  return std::make_unique<FieldByField>(mesh, team);
}

}  // namespace porelith
