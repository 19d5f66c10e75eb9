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
template <class U = Isothermal>
BlockSystemOf<U> random_system(const Mesh& mesh, int seed, double c_e0, int borders = 1) {
  constexpr int n = U::n;
  BlockSystemOf<U> system(mesh.with_ghosts(), static_cast<int>(mesh.faces.size()), borders);
  for (int P = 0; P < mesh.with_ghosts(); ++P) {
    RandomOf random(seed, number_of(mesh, P));
    for (double& value : system.diagonal[P]) value = random(-0.3, 0.3);
    for (int q = 0; q < n; ++q) system.diagonal[P](q, q) = random(0.5, 1.5);
    for (int q = 0; q < n; ++q) {
      system.residual[P][q] = random(-1, 1);
      for (auto& border : system.borders) border.column[P][q] = random(-1, 1);
    }
  }
  const auto couple = [&](int P, FaceCouplingOf<U>& f, RandomOf& random, double factor) {
    for (std::size_t i = 0; i < f.size(); ++i) {
      const auto [row, column] = U::across[i];
      f[i] = row == column ? -factor * random(0.5, 1.5) : factor * random(-0.3, 0.3);
      system.diagonal[P](row, column) -= f[i];
    }
  };
  for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
    const Face& f = mesh.faces[k];
    RandomOf random(seed, number_of(mesh, f.owner), number_of(mesh, f.neighbour));
    const double factor = random(0, 1) < 0.15 ? 1e-6 : 1;
    couple(f.owner, system.owner_row[k], random, factor);
    couple(f.neighbour, system.neighbour_row[k], random, factor);
  }
  for (int P = 0; P < mesh.with_ghosts(); ++P) {  // (E1) in mol/s, c_e in mol/m3
    for (int q = 0; q < n; ++q) system.diagonal[P](0, q) /= faraday, system.diagonal[P](q, 0) /= c_e0;
    system.residual[P][0] /= faraday;
    for (auto& border : system.borders) border.column[P][0] /= faraday;
  }
  for (auto* rows : {&system.owner_row, &system.neighbour_row})
    for (auto& f : *rows)
      for (std::size_t i = 0; i < f.size(); ++i) {
        if (U::across[i].row == 0) f[i] /= faraday;
        if (U::across[i].column == 0) f[i] /= c_e0;
      }
  for (int k = 0; k < borders; ++k) {
    auto& border = system.borders[k];
    for (int P = 0; P < mesh.cells(); P += 2) {
      RandomOf random(seed + 1 + 10 * k, number_of(mesh, P));
      if (k == 0) border.row.push_back({P, U::phi_s, random(-1, 1)});
      if (k > 0)  // any unknown
        border.row.push_back({P, (P + k) % U::n, random(-1, 1) / ((P + k) % U::n == 0 ? c_e0 : 1)});
    }
    border.row.push_back({0, U::phi_s, 0.25});  // once more
    border.residual = 0.5 - k;
    for (int j = 0; j < borders; ++j) system.corner[k * borders + j] = k == j ? 3 : RandomOf(seed + 2, k, j)(-2, 2);
  }
  return system;
}

/// Right-hand sides and solutions in one vector, the borders last; the same on every rank.
template <class U>
Eigen::VectorXd dense_of(const Mesh& mesh, const BorderedColumnOf<U>& column, const Team& team) {
  const long n = team.sum(static_cast<long>(mesh.cells()));
  const auto borders = static_cast<long>(column.borders.size());
  Eigen::VectorXd all = Eigen::VectorXd::Zero(U::n * n + borders);
  for (int P = 0; P < mesh.cells(); ++P)
    for (int q = 0; q < U::n; ++q) all[U::n * number_of(mesh, P) + q] = column.cells[P][q];
  for (long k = 0; k < borders && team.first(); ++k) all[U::n * n + k] = column.borders[k];
  team.sum(all.data(), static_cast<int>(all.size()));
  return all;
}

/// The bordered matrix; the far part column by column of what it says itself, never by its transpose.
template <class U>
Eigen::MatrixXd dense_of(const Mesh& mesh, const BlockSystemOf<U>& system, const Team& team) {
  const int n = mesh.cells();
  const long last = U::n * team.sum(static_cast<long>(n)), borders = static_cast<long>(system.borders.size());
  Eigen::MatrixXd A = Eigen::MatrixXd::Zero(last + borders, last + borders);
  const auto at = [&](int P, int q) { return U::n * number_of(mesh, P) + q; };
  for (int P = 0; P < n; ++P)
    for (int p = 0; p < U::n; ++p) {
      for (int q = 0; q < U::n; ++q) A(at(P, p), at(P, q)) += system.diagonal[P](p, q);
      for (long k = 0; k < borders; ++k) A(at(P, p), last + k) += system.borders[k].column[P][p];
    }
  const auto add = [&](int P, int N, const FaceCouplingOf<U>& f) {
    if (P >= n) return;
    for (std::size_t i = 0; i < f.size(); ++i) A(at(P, U::across[i].row), at(N, U::across[i].column)) += f[i];
  };
  for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
    add(mesh.faces[k].owner, mesh.faces[k].neighbour, system.owner_row[k]);
    add(mesh.faces[k].neighbour, mesh.faces[k].owner, system.neighbour_row[k]);
  }
  for (long k = 0; k < borders; ++k) {
    for (const auto& e : system.borders[k].row) A(last + k, at(e.cell, e.unknown)) += e.by;
    for (long j = 0; j < borders && team.first(); ++j) A(last + k, last + j) = system.corner[k * borders + j];
  }
  if (system.far)
    for (long column = 0; column < last + std::min(borders, 1l); ++column) {
      std::vector<ValuesOf<U>> x(n, ValuesOf<U>{}), y(n, ValuesOf<U>{});
      for (int P = 0; P < n; ++P)
        for (int q = 0; q < U::n; ++q) x[P][q] = at(P, q) == column;
      system.far->add(x, column == last, y);
      for (int P = 0; P < n; ++P)
        for (int q = 0; q < U::n; ++q) A(at(P, q), column) += y[P][q];
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

/// Largest deviation of a solution, of each field and of each border against the largest value.
inline double deviation(const Eigen::VectorXd& x, const Eigen::VectorXd& exact, long borders, int u) {
  const long n = (x.size() - borders) / u;
  double worst = 0;
  for (long k = 0; k < borders; ++k)
    worst = std::max(worst, std::abs(x[u * n + k] - exact[u * n + k]) / exact.tail(borders).cwiseAbs().maxCoeff());
  for (int q = 0; q < u; ++q) {
    double off = 0, size = 0;
    for (long P = 0; P < n; ++P) {
      off = std::max(off, std::abs(x[u * P + q] - exact[u * P + q]));
      size = std::max(size, std::abs(exact[u * P + q]));
    }
    worst = std::max(worst, off / size);
  }
  return worst;
}

/// Random right-hand sides whose rows are of the sizes of a matrix's rows, or of its columns.
template <class U = Isothermal>
std::vector<BorderedColumnOf<U>> random_columns(const Mesh& mesh, int seed, int columns, Form form, double c_e0,
                                                int borders = 1) {
  std::vector<BorderedColumnOf<U>> all(columns);
  for (int k = 0; k < columns; ++k) {
    for (int b = 0; b < borders; ++b) all[k].borders.push_back(RandomOf(seed + k + 50 * b, -1)(0.5, 1));
    for (int P = 0; P < mesh.cells(); ++P) {
      RandomOf random(seed + k, number_of(mesh, P));
      all[k].cells.emplace_back();
      for (double& value : all[k].cells.back()) value = random(-1, 1);
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
template <class U>
SolverErrors solver_errors(LinearSolverOf<U>& solver, const Mesh& mesh, BlockSystemOf<U>& system, double c_e0,
                           const Team& team = Team::alone()) {
  const Eigen::MatrixXd A = dense_of(mesh, system, team);
  const std::vector<ValuesOf<U>> own(system.residual.begin(), system.residual.begin() + mesh.cells());
  BorderedColumnOf<U> right{own, {}};
  for (const auto& border : system.borders) right.borders.push_back(border.residual);
  const Eigen::VectorXd residual = dense_of(mesh, right, team);
  const int borders = static_cast<int>(system.borders.size());
  SolverErrors errors{HUGE_VAL, 0, 0, 0, 0};
  BlockSystemOf<U> copy = system;
  BorderedColumnOf<U> update{std::vector<ValuesOf<U>>(mesh.cells()), {}};
  if (solver.solve(copy, update).solved)
    errors.newton = deviation(dense_of(mesh, update, team), dense_solution(A, -residual), borders, U::n);
  const bool taken = solver.take(system).solved;
  for (const int seed : {100, 200})  // each form twice, on the same factor
    for (const Form form : {Form::plain, Form::transposed}) {
      double& worst = form == Form::plain ? errors.plain : errors.transposed;
      const std::vector<BorderedColumnOf<U>> right = random_columns<U>(mesh, seed, 3, form, c_e0, borders);
      std::vector<BorderedColumnOf<U>> columns = right;
      const LinearOutcome outcome = taken ? solver.solve_all(columns, form) : LinearOutcome{};
      (form == Form::plain ? errors.plain_iterations : errors.transposed_iterations) += outcome.iterations;
      if (!outcome.solved) {
        worst = HUGE_VAL;
        continue;
      }
      const Eigen::MatrixXd matrix = form == Form::plain ? A : A.transpose();
      for (std::size_t k = 0; k < columns.size(); ++k)
        worst = std::max(worst, deviation(dense_of(mesh, columns[k], team),
                                          dense_solution(matrix, dense_of(mesh, right[k], team)), borders, U::n));
    }
  return errors;
}

}  // namespace porelith
