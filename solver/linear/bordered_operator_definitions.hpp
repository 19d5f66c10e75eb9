#pragma once
/// Definitions of bordered_operator.hpp, for whoever instantiates them.
#include <algorithm>
#include <type_traits>

#include "solver/linear/blocks.hpp"
#include "solver/linear/bordered_operator.hpp"

namespace porelith {

/// A block or its transpose at a place.
template <class Unknowns>
double at_form(const BlockOf<Unknowns>& J, int row, int column, Form form) {
  return form == Form::plain ? J(row, column) : J(column, row);
}

template <class Unknowns>
BorderedOperatorOf<Unknowns>::BorderedOperatorOf(const Mesh& mesh, const ScalesOf<Unknowns>& scales, const Team& team)
    : mesh_(mesh), team_(team), scales_(scales), exchange_(mesh.halo, team) {}

template <class Unknowns>
void BorderedOperatorOf<Unknowns>::scale(System& system) const {
  for (auto& J : system.diagonal)
    for (int p = 0; p < n; ++p)
      for (int q = 0; q < n; ++q) J(p, q) *= scales_.equation[p], J(p, q) *= scales_.unknown[q];
  scale(system.owner_row);
  scale(system.neighbour_row);
}

template <class Unknowns>
void BorderedOperatorOf<Unknowns>::take_far(const System& system, System& kept) const {
  if (!system.far) {
    kept.far_rows = {};
    return;
  }
  kept.far_rows = system.far->rows();
  scale(kept.far_rows.felt);
  const std::vector<Values> none(mesh_.cells(), Values{});
  if (!kept.borders.empty()) system.far->add(none, 1, kept.borders[0].column);
}

template <class Unknowns>
void BorderedOperatorOf<Unknowns>::scale(std::vector<FaceCoupling>& couplings) const {
  for (FaceCoupling& f : couplings)
    for (std::size_t i = 0; i < f.size(); ++i)
      f[i] *= scales_.equation[Unknowns::across[i].row] * scales_.unknown[Unknowns::across[i].column];
}

template <class Unknowns>
void BorderedOperatorOf<Unknowns>::set(const System& system) {
  system_ = &system;
  find_leaks();
}

/// What of each cell's phi_s does not go to its neighbours: a foil passes 1e10 times as much to them.
template <class Unknowns>
void BorderedOperatorOf<Unknowns>::find_leaks() {
  leak_.resize(mesh_.cells());
  for (int P = 0; P < mesh_.cells(); ++P) leak_[P] = system_->diagonal[P](stiff, stiff);
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    if (f.owner < mesh_.cells()) leak_[f.owner] += system_->owner_row[k](stiff, stiff);
    if (f.neighbour < mesh_.cells()) leak_[f.neighbour] += system_->neighbour_row[k](stiff, stiff);
  }
}

template <class Unknowns>
PetscErrorCode BorderedOperatorOf<Unknowns>::multiply(Vec cells, const std::vector<double>& borders, Vec out,
                                                      std::vector<double>& sums, Form form) {
  const bool plain = form == Form::plain, far = system_->far != nullptr;
  const double* from;
  double* to;
  sums.assign(borders.size(), 0.0);
  PetscCall(multiply_cells(cells, out, form));
  if (far && plain) PetscCall(add_far(cells, borders.empty() ? 0 : borders[0], out));
  PetscCall(VecGetArrayRead(cells, &from));
  borders_times(*system_, scales_, mesh_.cells(), form, from, team_, sums.data());
  PetscCall(VecRestoreArrayRead(cells, &from));
  add_corner(*system_, form, borders.data(), sums.data());
  if (far && !plain) PetscCall(add_far_transposed(cells, out, sums));
  PetscCall(VecGetArray(out, &to));
  add_borders(*system_, scales_, mesh_.cells(), form, borders.data(), to);
  PetscCall(VecRestoreArray(out, &to));
  return 0;
}

/// out = J in or its transpose. Currents in the solid go by differences, so that what leaves a cell enters the next one
/// to the last bit.
template <class Unknowns>
PetscErrorCode BorderedOperatorOf<Unknowns>::multiply_cells(Vec in, Vec out, Form form) {
  const int cells = mesh_.cells();
  const double* from;
  double* to;
  with_ghosts_.resize(n * static_cast<std::size_t>(mesh_.with_ghosts()));
  PetscCall(VecGetArrayRead(in, &from));
  std::copy_n(from, n * cells, with_ghosts_.begin());
  PetscCall(VecRestoreArrayRead(in, &from));
  exchange_.start(with_ghosts_.data(), n);
  PetscCall(VecGetArrayWrite(out, &to));
  for (int P = 0; P < cells; ++P) {
    const auto& J = system_->diagonal[P];
    const double* u = &with_ghosts_[n * P];
    for (int q = 0; q < n; ++q) {
      double sum = at_form<Unknowns>(J, q, 0, form) * u[0];  // c_e is not stiff
      for (int p = 1; p < n; ++p) sum += (p == q && q == stiff ? leak_[P] : at_form<Unknowns>(J, q, p, form)) * u[p];
      to[n * P + q] = sum;
    }
  }
  exchange_.finish();
  form == Form::plain ? add_faces(to) : add_faces_transposed(to);
  PetscCall(VecRestoreArray(out, &to));
  return 0;
}

/// to += f u of a neighbour, `mine` the own values.
template <class Unknowns>
void BorderedOperatorOf<Unknowns>::add_face(const FaceCoupling& f, const double* u, const double* mine, double* to) {
  if constexpr (std::is_same_v<Unknowns, Isothermal>) {
    const auto [cc, ec, ee, ss] = entries_of(f);
    to[0] += cc * u[0];
    to[1] += ec * u[0] + ee * u[1];
    to[2] += ss * (u[2] - mine[2]);
  } else {
    for (std::size_t i = 0; i < f.size(); ++i) {
      const auto [row, column] = Unknowns::across[i];
      const bool by_difference = row == stiff && column == stiff;
      to[row] += f[i] * (by_difference ? u[column] - mine[column] : u[column]);
    }
  }
}

template <class Unknowns>
void BorderedOperatorOf<Unknowns>::add_faces(double* to) const {
  const auto add = [&](int P, int N, const FaceCoupling& f) {
    if (P < mesh_.cells()) add_face(f, &with_ghosts_[n * N], &with_ghosts_[n * P], to + n * P);
  };
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    add(f.owner, f.neighbour, system_->owner_row[k]);
    add(f.neighbour, f.owner, system_->neighbour_row[k]);
  }
}

/// What P gets of the row of N; what P itself feels of N is in its leak.
template <class Unknowns>
void BorderedOperatorOf<Unknowns>::add_faces_transposed(double* to) const {
  const auto add = [&](int P, int N, const FaceCoupling& of_N, const FaceCoupling& of_P) {
    if (P >= mesh_.cells()) return;
    const double *u = &with_ghosts_[n * N], *mine = &with_ghosts_[n * P];
    for (std::size_t i = 0; i < of_N.size(); ++i) {
      const auto [row, column] = Unknowns::across[i];
      const double felt = of_N[i];
      to[n * P + column] +=
          row == stiff && column == stiff ? felt * (u[row] - mine[row]) + (felt - of_P[i]) * mine[row] : felt * u[row];
    }
  };
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    add(f.owner, f.neighbour, system_->neighbour_row[k], system_->owner_row[k]);
    add(f.neighbour, f.owner, system_->owner_row[k], system_->neighbour_row[k]);
  }
}

/// Adds what J and B have beyond the blocks. Both at once: apart they are by far larger than their sum where
/// conductivities and shapes of elements differ much.
template <class Unknowns>
PetscErrorCode BorderedOperatorOf<Unknowns>::add_far(Vec in, double V, Vec out) {
  PetscCall(take_far_in(in, scales_.unknown));
  system_->far->add(far_in_, V, far_out_);
  return give_far_out(out, scales_.equation);
}

template <class Unknowns>
PetscErrorCode BorderedOperatorOf<Unknowns>::add_far_transposed(Vec in, Vec out, std::vector<double>& sums) {
  PetscCall(take_far_in(in, scales_.equation));
  const double by_V = team_.sum(system_->far->add_transposed(far_in_, far_out_));
  if (!sums.empty()) sums[0] += by_V;
  return give_far_out(out, scales_.unknown);
}

template <class Unknowns>
PetscErrorCode BorderedOperatorOf<Unknowns>::take_far_in(Vec in, const Values& scale) {
  far_in_.resize(mesh_.cells());
  far_out_.assign(mesh_.cells(), Values{});
  const double* from;
  PetscCall(VecGetArrayRead(in, &from));
  for (int P = 0; P < mesh_.cells(); ++P)
    for (int q = 0; q < n; ++q) far_in_[P][q] = scale[q] * from[n * P + q];
  PetscCall(VecRestoreArrayRead(in, &from));
  return 0;
}

template <class Unknowns>
PetscErrorCode BorderedOperatorOf<Unknowns>::give_far_out(Vec out, const Values& scale) const {
  double* to;
  PetscCall(VecGetArray(out, &to));
  for (int P = 0; P < mesh_.cells(); ++P)
    for (int q = 0; q < n; ++q) to[n * P + q] += scale[q] * far_out_[P][q];
  PetscCall(VecRestoreArray(out, &to));
  return 0;
}

}  // namespace porelith
