#include "solver/linear/bordered_operator.hpp"

#include <algorithm>

#include "solver/base/constants.hpp"

namespace porelith {

void fill_border(const BlockSystem& system, Vec b) {
  double* values;
  PetscInt n;
  check_petsc(VecGetLocalSize(b, &n), "filling a vector");
  check_petsc(VecGetArray(b, &values), "filling a vector");
  for (PetscInt P = 0; P < n / 3; ++P) {
    values[3 * P] = faraday * system.border[P][0];
    values[3 * P + 1] = system.border[P][1];
    values[3 * P + 2] = system.border[P][2];
  }
  check_petsc(VecRestoreArray(b, &values), "filling a vector");
}

double row_times(const BlockSystem& system, Vec cells, const Team& team) {
  const double* values;
  check_petsc(VecGetArrayRead(cells, &values), "reading a vector");
  double sum = 0;
  for (const TerminalEntry& t : system.border_row) sum += t.by_phi_s * values[3 * t.cell + 2];
  check_petsc(VecRestoreArrayRead(cells, &values), "reading a vector");
  return team.sum(sum);
}

void add_row(const BlockSystem& system, double factor, Vec cells) {
  double* values;
  check_petsc(VecGetArray(cells, &values), "filling a vector");
  for (const TerminalEntry& t : system.border_row) values[3 * t.cell + 2] += factor * t.by_phi_s;
  check_petsc(VecRestoreArray(cells, &values), "filling a vector");
}

BorderedOperator::BorderedOperator(const Mesh& mesh, double c_e0, const Team& team)
    : mesh_(mesh),
      team_(team),
      c_e0_(c_e0),
      exchange_(mesh.halo, team),
      border_(create_vector(team.communicator(), 3 * mesh.cells())) {}

void BorderedOperator::scale(BlockSystem& system) const {
  for (Block& b : system.diagonal)
    for (int q = 0; q < 3; ++q) b[q] *= faraday, b[3 * q] *= c_e0_;
  scale(system.owner_row);
  scale(system.neighbour_row);
}

void BorderedOperator::take_far(const BlockSystem& system, BlockSystem& kept) const {
  if (!system.far) {
    kept.far_rows = {};
    return;
  }
  kept.far_rows = system.far->rows();
  scale(kept.far_rows.felt);
  const std::vector<Triple> none(mesh_.cells(), Triple{});
  system.far->add(none, 1, kept.border);
}

void BorderedOperator::scale(std::vector<FaceCoupling>& couplings) const {
  for (FaceCoupling& f : couplings) f.cc *= faraday * c_e0_, f.ec *= c_e0_;
}

void BorderedOperator::set(const BlockSystem& system) {
  system_ = &system;
  find_leaks();
  fill_border(system, border_);
}

/// What of each cell's phi_s does not go to its neighbours: a foil passes 1e10 times as much to them.
void BorderedOperator::find_leaks() {
  leak_.resize(mesh_.cells());
  for (int P = 0; P < mesh_.cells(); ++P) leak_[P] = system_->diagonal[P][8];
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    if (f.owner < mesh_.cells()) leak_[f.owner] += system_->owner_row[k].ss;
    if (f.neighbour < mesh_.cells()) leak_[f.neighbour] += system_->neighbour_row[k].ss;
  }
}

PetscErrorCode BorderedOperator::multiply(Vec cells, double V, Vec out, double& last, Form form) {
  PetscCall(multiply_cells(cells, out, form));
  if (form == Form::plain) {
    if (system_->far) PetscCall(add_far(cells, V, out));
    PetscCall(VecAXPY(out, V, border_));
    last = row_times(*system_, cells, team_) + system_->corner * V;
    return 0;
  }
  PetscCall(VecDot(border_, cells, &last));
  last += system_->corner * V;
  if (system_->far) PetscCall(add_far_transposed(cells, out, last));
  add_row(*system_, V, out);
  return 0;
}

/// out = J in or its transpose. Currents in the solid go by differences, so that what leaves a cell enters the next one
/// to the last bit.
PetscErrorCode BorderedOperator::multiply_cells(Vec in, Vec out, Form form) {
  const int n = mesh_.cells();
  const double* from;
  double* to;
  with_ghosts_.resize(3 * static_cast<std::size_t>(mesh_.with_ghosts()));
  PetscCall(VecGetArrayRead(in, &from));
  std::copy_n(from, 3 * n, with_ghosts_.begin());
  PetscCall(VecRestoreArrayRead(in, &from));
  exchange_.start(with_ghosts_.data(), 3);
  PetscCall(VecGetArrayWrite(out, &to));
  for (int P = 0; P < n; ++P) {
    const Block& J = system_->diagonal[P];
    const double* u = &with_ghosts_[3 * P];
    if (form == Form::plain) {
      for (int q = 0; q < 2; ++q) to[3 * P + q] = J[3 * q] * u[0] + J[3 * q + 1] * u[1] + J[3 * q + 2] * u[2];
      to[3 * P + 2] = J[6] * u[0] + J[7] * u[1] + leak_[P] * u[2];
    } else {
      for (int q = 0; q < 2; ++q) to[3 * P + q] = J[q] * u[0] + J[3 + q] * u[1] + J[6 + q] * u[2];
      to[3 * P + 2] = J[2] * u[0] + J[5] * u[1] + leak_[P] * u[2];
    }
  }
  exchange_.finish();
  form == Form::plain ? add_faces(to) : add_faces_transposed(to);
  PetscCall(VecRestoreArray(out, &to));
  return 0;
}

void BorderedOperator::add_faces(double* to) const {
  const auto add = [&](int P, int N, const FaceCoupling& f) {
    if (P >= mesh_.cells()) return;
    const double* u = &with_ghosts_[3 * N];
    to[3 * P] += f.cc * u[0];
    to[3 * P + 1] += f.ec * u[0] + f.ee * u[1];
    to[3 * P + 2] += f.ss * (u[2] - with_ghosts_[3 * P + 2]);
  };
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    add(f.owner, f.neighbour, system_->owner_row[k]);
    add(f.neighbour, f.owner, system_->neighbour_row[k]);
  }
}

/// What P gets of the row of N; what P itself feels of N is in its leak.
void BorderedOperator::add_faces_transposed(double* to) const {
  const auto add = [&](int P, int N, const FaceCoupling& of_N, const FaceCoupling& of_P) {
    if (P >= mesh_.cells()) return;
    const double *u = &with_ghosts_[3 * N], mine = with_ghosts_[3 * P + 2];
    to[3 * P] += of_N.cc * u[0] + of_N.ec * u[1];
    to[3 * P + 1] += of_N.ee * u[1];
    to[3 * P + 2] += of_N.ss * (u[2] - mine) + (of_N.ss - of_P.ss) * mine;
  };
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    add(f.owner, f.neighbour, system_->neighbour_row[k], system_->owner_row[k]);
    add(f.neighbour, f.owner, system_->owner_row[k], system_->neighbour_row[k]);
  }
}

/// Adds what J and b have beyond the blocks. Both at once: apart they are by far larger than their sum where
/// conductivities and shapes of elements differ much.
PetscErrorCode BorderedOperator::add_far(Vec in, double V, Vec out) {
  far_in_.resize(mesh_.cells());
  far_out_.assign(mesh_.cells(), Triple{});
  const double* from;
  double* to;
  PetscCall(VecGetArrayRead(in, &from));
  for (int P = 0; P < mesh_.cells(); ++P) far_in_[P] = {c_e0_ * from[3 * P], from[3 * P + 1], from[3 * P + 2]};
  PetscCall(VecRestoreArrayRead(in, &from));
  system_->far->add(far_in_, V, far_out_);
  PetscCall(VecGetArray(out, &to));
  for (int P = 0; P < mesh_.cells(); ++P) {
    to[3 * P] += faraday * far_out_[P][0];
    to[3 * P + 1] += far_out_[P][1];
    to[3 * P + 2] += far_out_[P][2];
  }
  PetscCall(VecRestoreArray(out, &to));
  return 0;
}

PetscErrorCode BorderedOperator::add_far_transposed(Vec in, Vec out, double& last) {
  far_in_.resize(mesh_.cells());
  far_out_.assign(mesh_.cells(), Triple{});
  const double* from;
  double* to;
  PetscCall(VecGetArrayRead(in, &from));
  for (int P = 0; P < mesh_.cells(); ++P) far_in_[P] = {faraday * from[3 * P], from[3 * P + 1], from[3 * P + 2]};
  PetscCall(VecRestoreArrayRead(in, &from));
  last += team_.sum(system_->far->add_transposed(far_in_, far_out_));
  PetscCall(VecGetArray(out, &to));
  for (int P = 0; P < mesh_.cells(); ++P) {
    to[3 * P] += c_e0_ * far_out_[P][0];
    to[3 * P + 1] += far_out_[P][1];
    to[3 * P + 2] += far_out_[P][2];
  }
  PetscCall(VecRestoreArray(out, &to));
  return 0;
}

}  // namespace porelith
