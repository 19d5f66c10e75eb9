#pragma once
/// Definitions of chain_factor.hpp, for whoever instantiates them.
#include <cmath>

#include "solver/linear/blocks.hpp"
#include "solver/linear/borders_definitions.hpp"
#include "solver/linear/chain_factor.hpp"

namespace porelith {

template <class Unknowns>
bool ChainFactorOf<Unknowns>::make(const System& system, int cells) {
  system_ = &system;
  inverse_.resize(cells);
  right_.resize(cells);
  for (auto& borders : borders_) borders.forget();
  bool sound = true;
  for (int i = 0; i < cells; ++i) {
    Block D = system.diagonal[i];
    if (i > 0) subtract(D, system.neighbour_row[i - 1], right_[i - 1]);
    inverse_[i] = inverse(D);
    for (const double value : inverse_[i]) sound = sound && std::isfinite(value);
    if (i + 1 < cells) right_[i] = times(inverse_[i], system.owner_row[i]);
  }
  return sound;
}

template <class Unknowns>
template <int columns>
void ChainFactorOf<Unknowns>::sweep(Values* const* x, Form form) const {
  const std::size_t n = inverse_.size();
  if (form == Form::plain) {
    for (std::size_t i = 0; i < n; ++i)
      for (int c = 0; c < columns; ++c) {
        if (i > 0) subtract(x[c][i], system_->neighbour_row[i - 1], x[c][i - 1]);
        x[c][i] = times(inverse_[i], x[c][i]);
      }
    for (std::size_t i = n - 1; i-- > 0;)
      for (int c = 0; c < columns; ++c) subtract(x[c][i], times(right_[i], x[c][i + 1]));
    return;
  }
  for (std::size_t i = 1; i < n; ++i)
    for (int c = 0; c < columns; ++c) subtract(x[c][i], transposed_times(right_[i - 1], x[c][i - 1]));
  for (std::size_t i = n; i-- > 0;)
    for (int c = 0; c < columns; ++c) {
      if (i + 1 < n) subtract_transposed(x[c][i], system_->neighbour_row[i], x[c][i + 1]);
      x[c][i] = transposed_times(inverse_[i], x[c][i]);
    }
}

template <class Unknowns>
void ChainFactorOf<Unknowns>::solve_cells(Form form) const {
  std::size_t at = 0;
  for (; at + 4 <= sides_.size(); at += 4) sweep<4>(&sides_[at], form);
  for (; at + 2 <= sides_.size(); at += 2) sweep<2>(&sides_[at], form);
  for (; at < sides_.size(); ++at) sweep<1>(&sides_[at], form);
}

template <class Unknowns>
bool ChainFactorOf<Unknowns>::solve(std::vector<BorderedColumnOf<Unknowns>>& columns, Form form) {
  auto& borders = borders_[static_cast<int>(form)];
  const bool first = !borders.made();
  sides_.clear();
  for (auto& column : columns) sides_.push_back(column.cells.data());
  if (first)
    for (auto& response : borders.begin(*system_, {}, static_cast<int>(inverse_.size()), form, Team::alone()))
      sides_.push_back(reinterpret_cast<Values*>(response.data()));
  solve_cells(form);
  if (first) borders.complete();
  bool sound = true;
  for (auto& column : columns) sound = borders.finish(column.cells.data()->data(), column.borders.data()) && sound;
  return sound;
}

}  // namespace porelith
