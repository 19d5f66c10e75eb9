#include <cmath>
#include <stdexcept>
#include <utility>

#include "solver/linear/blocks.hpp"
#include "solver/linear/chain_factor.hpp"
#include "solver/linear/linear_solver.hpp"

namespace porelith {

namespace {

constexpr const char* singular = "the linear system is singular";

/// Thomas' algorithm with 3x3 blocks, both right-hand sides in one sweep; O(cells).
class ChainSolver : public LinearSolver {
 public:
  explicit ChainSolver(int cells) : right_(cells), border_response_(cells) {}

  LinearOutcome solve(BlockSystem& system, BorderedColumn& update) override {
    taken_ = false;
    if (system.borders.size() != 1) return solve_by_factor(system, update);
    const int n = static_cast<int>(right_.size());
    std::vector<Triple>& x = update.cells;
    std::vector<Triple>& y = border_response_;
    const std::vector<Triple>& column = system.borders[0].column;
    for (int i = 0; i < n; ++i) {
      Block& D = system.diagonal[i];
      Triple r = system.residual[i], b = column[i];
      if (i > 0) {
        const FaceCoupling& left = system.neighbour_row[i - 1];
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
    for (const Triple& v : x)
      if (!std::isfinite(v[0] + v[1] + v[2])) return {false, 0, false, singular};
    eliminate_border(system, update, y);
    return {true, 0, false, ""};
  }

  LinearOutcome take(BlockSystem& system) override {
    taken_ = factor_.make(system, static_cast<int>(right_.size()));
    return {taken_, 0, true, taken_ ? "" : singular};
  }

  LinearOutcome solve_all(std::vector<BorderedColumn>& columns, Form form) override {
    if (!taken_) throw std::logic_error("no linear system is taken");
    const bool solved = factor_.solve(columns, form);
    return {solved, 0, false, solved ? "" : singular};
  }

 private:
  /// With no border or several: as many solves as right-hand sides.
  LinearOutcome solve_by_factor(const BlockSystem& system, BorderedColumn& update) {
    if (!factor_.make(system, static_cast<int>(right_.size()))) return {false, 0, false, singular};
    for (std::size_t i = 0; i < right_.size(); ++i)
      for (int q = 0; q < Isothermal::n; ++q) update.cells[i][q] = -system.residual[i][q];
    update.borders.clear();
    for (const Border& border : system.borders) update.borders.push_back(-border.residual);
    std::vector<BorderedColumn> columns{std::move(update)};
    const bool solved = factor_.solve(columns, Form::plain);
    update = std::move(columns[0]);
    return {solved, 0, false, solved ? "" : singular};
  }

  /// x and y solve the cells' part for the residual and for the border's column: turned into the update.
  static void eliminate_border(const BlockSystem& system, BorderedColumn& update, const std::vector<Triple>& y) {
    const Border& border = system.borders[0];
    std::vector<Triple>& x = update.cells;
    double row[2] = {0, 0};  // the border's equation applied to both solutions
    for (const Border::Entry& e : border.row) {
      row[0] += e.by * x[e.cell][e.unknown];
      row[1] += e.by * y[e.cell][e.unknown];
    }
    const double u = (row[0] - border.residual) / (system.corner[0] - row[1]);
    update.borders.assign(1, u);
    for (std::size_t P = 0; P < x.size(); ++P)
      for (int q = 0; q < Isothermal::n; ++q) x[P][q] = -x[P][q] - u * y[P][q];
  }

  std::vector<Block> right_;  ///< eliminated coupling to cell i + 1
  std::vector<Triple> border_response_;
  ChainFactor factor_;
  bool taken_ = false;
};

}  // namespace

bool is_chain(const Mesh& mesh) {
  if (!mesh.skew.empty()) return false;  // a skew face feels cells beyond its own two
  if (mesh.with_ghosts() != mesh.cells() || static_cast<int>(mesh.faces.size()) != mesh.cells() - 1) return false;
  for (std::size_t k = 0; k < mesh.faces.size(); ++k)
    if (mesh.faces[k].owner != static_cast<int>(k) || mesh.faces[k].neighbour != static_cast<int>(k) + 1) return false;
  return true;
}

bool takes_petsc(const Mesh& mesh, const std::string& kind, const Team& team) {
  return kind == "petsc" || (kind != "chain" && !(team.size() == 1 && is_chain(mesh)));
}

std::unique_ptr<LinearSolver> make_linear_solver(const Mesh& mesh, const std::string& kind, double c_e0,
                                                 const Team& team, int borders) {
  if (takes_petsc(mesh, kind, team)) return make_petsc_solver(mesh, c_e0, team, borders);
  if (team.size() > 1 || !is_chain(mesh))
    throw std::invalid_argument("solver.linear = \"chain\" needs a 1D mesh on one rank; use \"petsc\" or \"auto\"");
  return std::make_unique<ChainSolver>(mesh.cells());
}

}  // namespace porelith
