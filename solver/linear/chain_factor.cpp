#include "solver/linear/chain_factor.hpp"

#include <algorithm>
#include <cmath>

#include "solver/linear/blocks.hpp"

namespace porelith {

bool ChainFactor::make(const BlockSystem& system, int cells) {
  system_ = &system;
  inverse_.resize(cells);
  right_.resize(cells);
  for (auto& response : response_) response.clear();
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

void ChainFactor::solve_cells(std::vector<Triple>& x, Form form) const {
  const std::size_t n = x.size();
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

double ChainFactor::row_times(const std::vector<Triple>& x, Form form) const {
  double sum = 0;
  if (form == Form::plain)
    for (const TerminalEntry& t : system_->border_row) sum += t.by_phi_s * x[t.cell][2];
  else
    for (std::size_t i = 0; i < x.size(); ++i)
      for (int q = 0; q < 3; ++q) sum += system_->border[i][q] * x[i][q];
  return sum;
}

const std::vector<Triple>& ChainFactor::response(Form form) {
  std::vector<Triple>& response = response_[static_cast<int>(form)];
  if (!response.empty()) return response;
  response.assign(inverse_.size(), Triple{});
  if (form == Form::plain)
    std::copy_n(system_->border.begin(), response.size(), response.begin());
  else
    for (const TerminalEntry& t : system_->border_row) response[t.cell][2] += t.by_phi_s;
  solve_cells(response, form);
  return response;
}

bool ChainFactor::solve(std::vector<BorderedColumn>& columns, Form form) {
  const std::vector<Triple>& to_border = response(form);
  const double corner = system_->corner - row_times(to_border, form);
  bool sound = true;
  for (BorderedColumn& column : columns) {
    solve_cells(column.cells, form);
    column.border = (column.border - row_times(column.cells, form)) / corner;
    sound = sound && std::isfinite(column.border);
    for (std::size_t i = 0; i < to_border.size(); ++i)
      for (int q = 0; q < 3; ++q) column.cells[i][q] -= column.border * to_border[i][q];
  }
  return sound;
}

}  // namespace porelith
