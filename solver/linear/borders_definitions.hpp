#pragma once
/// Definitions of borders.hpp, for whoever instantiates them.
#include <algorithm>
#include <cmath>
#include <utility>

#include "solver/linear/borders.hpp"

namespace porelith {

namespace borders {

template <class Unknowns>
void add_column(const BorderOf<Unknowns>& border, const ValuesOf<Unknowns>& scale, int cells, double u, double* x) {
  for (int P = 0; P < cells; ++P)
    for (int q = 0; q < Unknowns::n; ++q) x[Unknowns::n * P + q] += u * (scale[q] * border.column[P][q]);
}
template <class Unknowns>
double column_times(const BorderOf<Unknowns>& border, const ValuesOf<Unknowns>& scale, int cells, const double* x) {
  double sum = 0;
  for (int P = 0; P < cells; ++P)
    for (int q = 0; q < Unknowns::n; ++q) sum += scale[q] * border.column[P][q] * x[Unknowns::n * P + q];
  return sum;
}
template <class Unknowns>
void add_row(const BorderOf<Unknowns>& border, const ValuesOf<Unknowns>& scale, double u, double* x) {
  for (const auto& e : border.row) x[Unknowns::n * e.cell + e.unknown] += u * (scale[e.unknown] * e.by);
}
template <class Unknowns>
double row_times(const BorderOf<Unknowns>& border, const ValuesOf<Unknowns>& scale, const double* x) {
  double sum = 0;
  for (const auto& e : border.row) sum += scale[e.unknown] * e.by * x[Unknowns::n * e.cell + e.unknown];
  return sum;
}

}  // namespace borders

template <class Unknowns>
void add_borders(const BlockSystemOf<Unknowns>& system, const ScalesOf<Unknowns>& scales, int cells, Form form,
                 const double* u, double* x) {
  for (std::size_t k = 0; k < system.borders.size(); ++k)
    if (form == Form::plain)
      borders::add_column(system.borders[k], scales.equation, cells, u[k], x);
    else
      borders::add_row(system.borders[k], scales.unknown, u[k], x);
}

template <class Unknowns>
void borders_times(const BlockSystemOf<Unknowns>& system, const ScalesOf<Unknowns>& scales, int cells, Form form,
                   const double* x, const Team& team, double* sums) {
  for (std::size_t k = 0; k < system.borders.size(); ++k)
    sums[k] = form == Form::plain ? borders::row_times(system.borders[k], scales.unknown, x)
                                  : borders::column_times(system.borders[k], scales.equation, cells, x);
  team.sum(sums, static_cast<int>(system.borders.size()));
}

template <class Unknowns>
void add_corner(const BlockSystemOf<Unknowns>& system, Form form, const double* u, double* sums) {
  const std::size_t m = system.borders.size();
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t k = 0; k < m; ++k) sums[j] += system.corner[form == Form::plain ? j * m + k : k * m + j] * u[k];
}

template <class Unknowns>
void BorderEliminationOf<Unknowns>::make(const System& system, const Scales& scales, int cells, Form form,
                                         const Team& team, const std::function<void(double* x)>& solve) {
  for (auto& column : begin(system, scales, cells, form, team)) solve(column.data());
  complete();
}

template <class Unknowns>
std::vector<std::vector<double>>& BorderEliminationOf<Unknowns>::begin(const System& system, const Scales& scales,
                                                                       int cells, Form form, const Team& team) {
  system_ = &system, scales_ = scales, cells_ = cells, form_ = form, team_ = team;
  const std::size_t m = system.borders.size();
  responses_.resize(m);
  sums_.assign(m, 0.0);
  for (std::size_t k = 0; k < m; ++k) {
    responses_[k].assign(static_cast<std::size_t>(Unknowns::n) * cells, 0.0);
    sums_[k] = 1;
    add_borders(system, scales, cells, form, sums_.data(), responses_[k].data());
    sums_[k] = 0;
  }
  return responses_;
}

template <class Unknowns>
void BorderEliminationOf<Unknowns>::complete() {
  const std::size_t m = responses_.size();
  schur_.resize(m * m);
  for (std::size_t k = 0; k < m; ++k) {
    borders_times(*system_, scales_, cells_, form_, responses_[k].data(), team_, sums_.data());
    for (std::size_t j = 0; j < m; ++j)
      schur_[j * m + k] = system_->corner[form_ == Form::plain ? j * m + k : k * m + j] - sums_[j];
  }
  factor();
}

/// Gauss, rows swapped for the largest pivot.
template <class Unknowns>
void BorderEliminationOf<Unknowns>::factor() {
  const int m = static_cast<int>(sums_.size());
  pivots_.resize(m);
  for (int k = 0; k < m; ++k) {
    int best = k;
    for (int i = k + 1; i < m; ++i)
      if (std::abs(schur_[i * m + k]) > std::abs(schur_[best * m + k])) best = i;
    pivots_[k] = best;
    if (best != k) std::swap_ranges(&schur_[k * m], &schur_[k * m] + m, &schur_[best * m]);
    for (int i = k + 1; i < m; ++i) {
      const double factor = schur_[i * m + k] /= schur_[k * m + k];
      for (int j = k + 1; j < m; ++j) schur_[i * m + j] -= factor * schur_[k * m + j];
    }
  }
}

template <class Unknowns>
bool BorderEliminationOf<Unknowns>::finish(double* x, double* u) {
  const int m = static_cast<int>(sums_.size());
  borders_times(*system_, scales_, cells_, form_, x, team_, sums_.data());
  for (int k = 0; k < m; ++k) u[k] -= sums_[k];
  for (int k = 0; k < m; ++k) std::swap(u[k], u[pivots_[k]]);
  for (int k = 0; k < m; ++k)
    for (int i = k + 1; i < m; ++i) u[i] -= schur_[i * m + k] * u[k];
  bool sound = true;
  for (int k = m - 1; k >= 0; --k) {
    for (int j = k + 1; j < m; ++j) u[k] -= schur_[k * m + j] * u[j];
    u[k] /= schur_[k * m + k];
    sound = sound && std::isfinite(u[k]);
  }
  for (int k = 0; k < m; ++k)
    for (std::size_t i = 0; i < responses_[k].size(); ++i) x[i] -= u[k] * responses_[k][i];
  return sound;
}

}  // namespace porelith
