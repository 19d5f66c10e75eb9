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
void ChainFactorOf<Unknowns>::solve_cells(Values* x, Form form) const {
  const std::size_t n = inverse_.size();
  if (form == Form::plain) {
    for (std::size_t i = 0; i < n; ++i) {
      if (i > 0) subtract(x[i], system_->neighbour_row[i - 1], x[i - 1]);
      x[i] = times(inverse_[i], x[i]);
    }
    for (std::size_t i = n - 1; i-- > 0;) subtract(x[i], times(right_[i], x[i + 1]));
    return;
  }
  for (std::size_t i = 1; i < n; ++i) subtract(x[i], transposed_times(right_[i - 1], x[i - 1]));
  for (std::size_t i = n; i-- > 0;) {
    if (i + 1 < n) subtract_transposed(x[i], system_->neighbour_row[i], x[i + 1]);
    x[i] = transposed_times(inverse_[i], x[i]);
  }
}

template <class Unknowns>
bool ChainFactorOf<Unknowns>::solve(std::vector<BorderedColumnOf<Unknowns>>& columns, Form form) {
  auto& borders = borders_[static_cast<int>(form)];
  if (!borders.made())
    borders.make(*system_, {}, static_cast<int>(inverse_.size()), form, Team::alone(),
                 [&](double* x) { solve_cells(reinterpret_cast<Values*>(x), form); });
  bool sound = true;
  for (auto& column : columns) {
    solve_cells(column.cells.data(), form);
    sound = borders.finish(column.cells.data()->data(), column.borders.data()) && sound;
  }
  return sound;
}

}  // namespace porelith
