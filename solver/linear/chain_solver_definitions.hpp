#pragma once
/// Elimination along a chain of cells, for whoever instantiates it.
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "solver/linear/blocks.hpp"
#include "solver/linear/chain_factor_definitions.hpp"
#include "solver/linear/linear_solver.hpp"

namespace porelith {

/// Thomas' algorithm with blocks, both right-hand sides in one sweep; O(cells).
template <class Unknowns>
class ChainSolver : public LinearSolverOf<Unknowns> {
 public:
  using System = BlockSystemOf<Unknowns>;
  using Column = BorderedColumnOf<Unknowns>;
  using Values = ValuesOf<Unknowns>;
  using Block = BlockOf<Unknowns>;
  explicit ChainSolver(int cells) : right_(cells), border_response_(cells) {}

  LinearOutcome solve(System& system, Column& update) override {
    taken_ = false;
    if (system.borders.size() != 1) return solve_by_factor(system, update);
    const int n = static_cast<int>(right_.size());
    std::vector<Values>& x = update.cells;
    std::vector<Values>& y = border_response_;
    const std::vector<Values>& column = system.borders[0].column;
    for (int i = 0; i < n; ++i) {
      Block& D = system.diagonal[i];
      Values r = system.residual[i], b = column[i];
      if (i > 0) {
        const auto& left = system.neighbour_row[i - 1];
        subtract(D, left, right_[i - 1]);
        subtract(r, left, x[i - 1]);
        subtract(b, left, y[i - 1]);
      }
      const Block inv = inverse(D);
      if (i + 1 < n) right_[i] = times(inv, system.owner_row[i]);
      x[i] = times(inv, r);
      y[i] = times(inv, b);
    }
    for (int i = n - 2; i >= 0; --i) {
      subtract(x[i], times(right_[i], x[i + 1]));
      subtract(y[i], times(right_[i], y[i + 1]));
    }
    for (const Values& v : x)
      if (!std::isfinite(std::accumulate(v.begin(), v.end(), 0.0))) return {false, 0, false, singular_system};
    eliminate_border(system, update, y);
    return {true, 0, false, ""};
  }

  LinearOutcome take(System& system) override {
    taken_ = factor_.make(system, static_cast<int>(right_.size()));
    return {taken_, 0, true, taken_ ? "" : singular_system};
  }

  LinearOutcome solve_all(std::vector<Column>& columns, Form form) override {
    if (!taken_) throw std::logic_error("no linear system is taken");
    const bool solved = factor_.solve(columns, form);
    return {solved, 0, false, solved ? "" : singular_system};
  }

 private:
  /// With no border or several: as many solves as right-hand sides.
  LinearOutcome solve_by_factor(const System& system, Column& update) {
    if (!factor_.make(system, static_cast<int>(right_.size()))) return {false, 0, false, singular_system};
    for (std::size_t i = 0; i < right_.size(); ++i)
      for (int q = 0; q < Unknowns::n; ++q) update.cells[i][q] = -system.residual[i][q];
    update.borders.clear();
    for (const auto& border : system.borders) update.borders.push_back(-border.residual);
    std::vector<Column> columns{std::move(update)};
    const bool solved = factor_.solve(columns, Form::plain);
    update = std::move(columns[0]);
    return {solved, 0, false, solved ? "" : singular_system};
  }

  /// x and y solve the cells' part for the residual and for the border's column: turned into the update.
  static void eliminate_border(const System& system, Column& update, const std::vector<Values>& y) {
    const auto& border = system.borders[0];
    std::vector<Values>& x = update.cells;
    double row[2] = {0, 0};  // the border's equation applied to both solutions
    for (const auto& e : border.row) {
      row[0] += e.by * x[e.cell][e.unknown];
      row[1] += e.by * y[e.cell][e.unknown];
    }
    const double u = (row[0] - border.residual) / (system.corner[0] - row[1]);
    update.borders.assign(1, u);
    for (std::size_t P = 0; P < x.size(); ++P)
      for (int q = 0; q < Unknowns::n; ++q) x[P][q] = -x[P][q] - u * y[P][q];
  }

  std::vector<Block> right_;  ///< eliminated coupling to cell i + 1
  std::vector<Values> border_response_;
  ChainFactorOf<Unknowns> factor_;
  bool taken_ = false;
};

template <class Unknowns>
std::unique_ptr<LinearSolverOf<Unknowns>> make_linear_solver_of(const Mesh& mesh, const std::string& kind,
                                                                const ScalesOf<Unknowns>& scales, const Team& team,
                                                                int borders) {
  if (takes_petsc(mesh, kind, team)) return make_petsc_solver(mesh, scales, team, borders);
  if (team.size() > 1 || !is_chain(mesh))
    throw std::invalid_argument("solver.linear = \"chain\" needs a 1D mesh on one rank; use \"petsc\" or \"auto\"");
  return std::make_unique<ChainSolver<Unknowns>>(mesh.cells());
}

}  // namespace porelith
