#include <cmath>
#include <stdexcept>

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

  LinearOutcome solve(BlockSystem& system, std::vector<Triple>& x, double& dV) override {
    taken_ = false;
    const int n = static_cast<int>(right_.size());
    std::vector<Triple>& y = border_response_;
    for (int i = 0; i < n; ++i) {
      Block& D = system.diagonal[i];
      Triple r = system.residual[i], b = system.border[i];
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
    dV = eliminate_border(system, x, y, Team::alone());
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

double eliminate_border(const BlockSystem& system, std::vector<Triple>& x, const std::vector<Triple>& y,
                        const Team& team) {
  double row[2] = {0, 0};  // the terminals' equation applied to both solutions
  for (const TerminalEntry& t : system.border_row) {
    row[0] += t.by_phi_s * x[t.cell][2];
    row[1] += t.by_phi_s * y[t.cell][2];
  }
  team.sum(row, 2);
  const double dV = (row[0] - system.border_residual) / (system.corner - row[1]);
  for (std::size_t P = 0; P < x.size(); ++P)
    for (int q = 0; q < 3; ++q) x[P][q] = -x[P][q] - dV * y[P][q];
  return dV;
}

bool takes_petsc(const Mesh& mesh, const std::string& kind, const Team& team) {
  return kind == "petsc" || (kind != "chain" && !(team.size() == 1 && is_chain(mesh)));
}

std::unique_ptr<LinearSolver> make_linear_solver(const Mesh& mesh, const std::string& kind, double c_e0,
                                                 const Team& team) {
  if (takes_petsc(mesh, kind, team)) return make_petsc_solver(mesh, c_e0, team);
  if (team.size() > 1 || !is_chain(mesh))
    throw std::invalid_argument("solver.linear = \"chain\" needs a 1D mesh on one rank; use \"petsc\" or \"auto\"");
  return std::make_unique<ChainSolver>(mesh.cells());
}

}  // namespace porelith
