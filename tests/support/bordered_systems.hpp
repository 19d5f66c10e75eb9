#pragma once
/// Bordered systems entry by entry: random ones, and any of them as one dense matrix that Eigen solves.
#include <Eigen/Dense>
#include <random>
#include <vector>

#include "meshes/mesh.hpp"
#include "solver/base/constants.hpp"
#include "solver/base/team.hpp"
#include "solver/linear/linear_solver.hpp"

namespace porelith {

inline long number_of(const Mesh& mesh, int P) { return mesh.number.empty() ? P : static_cast<long>(mesh.number[P]); }

/// Random numbers that depend on nothing but what they belong to: alike on any number of ranks.
class RandomOf {
 public:
  RandomOf(int seed, long a, long b = -1) : generator_(1'000'003ull * seed + 4099ull * (a + 1) + (b + 1)) {
    generator_.discard(8);
  }
  double operator()(double from, double to) { return std::uniform_real_distribution<double>(from, to)(generator_); }

 private:
  std::mt19937_64 generator_;
};

/// Every entry that a system may have, none symmetric, of a model's magnitudes; some faces hardly couple.
inline BlockSystem random_system(const Mesh& mesh, int seed, double c_e0) {
  BlockSystem system(mesh.with_ghosts(), static_cast<int>(mesh.faces.size()));
  for (int P = 0; P < mesh.with_ghosts(); ++P) {
    RandomOf random(seed, number_of(mesh, P));
    for (int q = 0; q < 9; ++q) system.diagonal[P][q] = random(-0.3, 0.3);
    for (int q = 0; q < 3; ++q) system.diagonal[P][4 * q] = random(0.5, 1.5);
    for (int q = 0; q < 3; ++q) system.residual[P][q] = random(-1, 1), system.border[P][q] = random(-1, 1);
  }
  const auto couple = [&](int P, FaceCoupling& f, RandomOf& random, double factor) {
    f = {-factor * random(0.5, 1.5), factor * random(-0.3, 0.3), -factor * random(0.5, 1.5),
         -factor * random(0.5, 1.5)};
    Block& J = system.diagonal[P];
    J[0] -= f.cc, J[3] -= f.ec, J[4] -= f.ee, J[8] -= f.ss;
  };
  for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
    const Face& f = mesh.faces[k];
    RandomOf random(seed, number_of(mesh, f.owner), number_of(mesh, f.neighbour));
    const double factor = random(0, 1) < 0.15 ? 1e-6 : 1;
    couple(f.owner, system.owner_row[k], random, factor);
    couple(f.neighbour, system.neighbour_row[k], random, factor);
  }
  for (int P = 0; P < mesh.with_ghosts(); ++P) {  // (E1) in mol/s, c_e in mol/m3
    for (int q = 0; q < 3; ++q) system.diagonal[P][q] /= faraday, system.diagonal[P][3 * q] /= c_e0;
    system.residual[P][0] /= faraday, system.border[P][0] /= faraday;
  }
  for (auto* rows : {&system.owner_row, &system.neighbour_row})
    for (FaceCoupling& f : *rows) f.cc /= faraday * c_e0, f.ec /= c_e0;
  for (int P = 0; P < mesh.cells(); P += 2) system.border_row.push_back({P, RandomOf(seed + 1, P)(-1, 1)});
  system.border_row.push_back({0, 0.25});  // once more
  system.corner = 3;
  system.border_residual = 0.5;
  return system;
}

/// Right-hand sides and solutions in one vector, the border last; the same on every rank.
inline Eigen::VectorXd dense_of(const Mesh& mesh, const BorderedColumn& column, const Team& team) {
  const long n = team.sum(static_cast<long>(mesh.cells()));
  Eigen::VectorXd all = Eigen::VectorXd::Zero(3 * n + 1);
  for (int P = 0; P < mesh.cells(); ++P)
    for (int q = 0; q < 3; ++q) all[3 * number_of(mesh, P) + q] = column.cells[P][q];
  if (team.first()) all[3 * n] = column.border;
  team.sum(all.data(), static_cast<int>(all.size()));
  return all;
}

/// The bordered matrix; the far part column by column of what it says itself, never by its transpose.
inline Eigen::MatrixXd dense_of(const Mesh& mesh, const BlockSystem& system, const Team& team) {
  const int n = mesh.cells();
  const long last = 3 * team.sum(static_cast<long>(n));
  Eigen::MatrixXd A = Eigen::MatrixXd::Zero(last + 1, last + 1);
  const auto at = [&](int P, int q) { return 3 * number_of(mesh, P) + q; };
  for (int P = 0; P < n; ++P)
    for (int p = 0; p < 3; ++p) {
      for (int q = 0; q < 3; ++q) A(at(P, p), at(P, q)) += system.diagonal[P][3 * p + q];
      A(at(P, p), last) += system.border[P][p];
    }
  const auto add = [&](int P, int N, const FaceCoupling& f) {
    if (P >= n) return;
    A(at(P, 0), at(N, 0)) += f.cc, A(at(P, 1), at(N, 0)) += f.ec;
    A(at(P, 1), at(N, 1)) += f.ee, A(at(P, 2), at(N, 2)) += f.ss;
  };
  for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
    add(mesh.faces[k].owner, mesh.faces[k].neighbour, system.owner_row[k]);
    add(mesh.faces[k].neighbour, mesh.faces[k].owner, system.neighbour_row[k]);
  }
  for (const TerminalEntry& t : system.border_row) A(last, at(t.cell, 2)) += t.by_phi_s;
  if (team.first()) A(last, last) = system.corner;
  if (system.far)
    for (long column = 0; column <= last; ++column) {
      std::vector<Triple> x(n, Triple{}), y(n, Triple{});
      for (int P = 0; P < n; ++P)
        for (int q = 0; q < 3; ++q) x[P][q] = at(P, q) == column;
      system.far->add(x, column == last, y);
      for (int P = 0; P < n; ++P)
        for (int q = 0; q < 3; ++q) A(at(P, q), column) += y[P][q];
    }
  team.sum(A.data(), static_cast<int>(A.size()));
  return A;
}

/// A x = b by a decomposition of A with rows and columns of like size.
inline Eigen::VectorXd dense_solution(Eigen::MatrixXd A, const Eigen::VectorXd& b) {
  const Eigen::VectorXd row = A.cwiseAbs().rowwise().maxCoeff().cwiseInverse();
  A = row.asDiagonal() * A;
  const Eigen::VectorXd column = A.cwiseAbs().colwise().maxCoeff().cwiseInverse().transpose();
  A = A * column.asDiagonal();
  Eigen::FullPivLU<Eigen::MatrixXd> lu;
  lu.setThreshold(1e-200);  // foils make pivots that are small and right
  return column.asDiagonal() * lu.compute(A).solve(row.asDiagonal() * b).eval();
}

/// Largest deviation of a solution, of each field and of the border against the field's largest value.
inline double deviation(const Eigen::VectorXd& x, const Eigen::VectorXd& exact) {
  const long n = x.size() / 3;
  double worst = std::abs(x[3 * n] - exact[3 * n]) / std::abs(exact[3 * n]);
  for (int q = 0; q < 3; ++q) {
    double off = 0, size = 0;
    for (long P = 0; P < n; ++P) {
      off = std::max(off, std::abs(x[3 * P + q] - exact[3 * P + q]));
      size = std::max(size, std::abs(exact[3 * P + q]));
    }
    worst = std::max(worst, off / size);
  }
  return worst;
}

/// Random right-hand sides whose rows are of the sizes of a matrix's rows, or of its columns.
inline std::vector<BorderedColumn> random_columns(const Mesh& mesh, int seed, int columns, Form form, double c_e0) {
  std::vector<BorderedColumn> all(columns);
  for (int k = 0; k < columns; ++k) {
    all[k].border = RandomOf(seed + k, -1)(0.5, 1);
    for (int P = 0; P < mesh.cells(); ++P) {
      RandomOf random(seed + k, number_of(mesh, P));
      all[k].cells.push_back({random(-1, 1), random(-1, 1), random(-1, 1)});
      all[k].cells.back()[0] /= form == Form::plain ? faraday : c_e0;
    }
  }
  return all;
}

/// How far a solver's answers, forward, transposed and with several right-hand sides, are from dense solves.
/// `system` is used up. Collective.
struct SolverErrors {
  double newton, plain, transposed;
  int plain_iterations = 0, transposed_iterations = 0;
};
inline SolverErrors solver_errors(LinearSolver& solver, const Mesh& mesh, BlockSystem& system, double c_e0,
                                  const Team& team = Team::alone()) {
  const Eigen::MatrixXd A = dense_of(mesh, system, team);
  const std::vector<Triple> own(system.residual.begin(), system.residual.begin() + mesh.cells());
  const Eigen::VectorXd residual = dense_of(mesh, BorderedColumn{own, system.border_residual}, team);
  SolverErrors errors{HUGE_VAL, 0, 0, 0, 0};
  BlockSystem copy = system;
  BorderedColumn update{std::vector<Triple>(mesh.cells()), 0};
  if (solver.solve(copy, update.cells, update.border).solved)
    errors.newton = deviation(dense_of(mesh, update, team), dense_solution(A, -residual));
  const bool taken = solver.take(system).solved;
  for (const int seed : {100, 200})  // each form twice, on the same factor
    for (const Form form : {Form::plain, Form::transposed}) {
      double& worst = form == Form::plain ? errors.plain : errors.transposed;
      const std::vector<BorderedColumn> right = random_columns(mesh, seed, 3, form, c_e0);
      std::vector<BorderedColumn> columns = right;
      const LinearOutcome outcome = taken ? solver.solve_all(columns, form) : LinearOutcome{};
      (form == Form::plain ? errors.plain_iterations : errors.transposed_iterations) += outcome.iterations;
      if (!outcome.solved) {
        worst = HUGE_VAL;
        continue;
      }
      const Eigen::MatrixXd matrix = form == Form::plain ? A : A.transpose();
      for (std::size_t k = 0; k < columns.size(); ++k)
        worst = std::max(
            worst, deviation(dense_of(mesh, columns[k], team), dense_solution(matrix, dense_of(mesh, right[k], team))));
    }
  return errors;
}

}  // namespace porelith
