/// The solvers of bordered systems against dense solves of the same matrix entry by entry: forward, transposed, several
/// right-hand sides.
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "solver/linear/block_factor.hpp"
#include "tests/support/bordered_systems.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/petsc_options.hpp"

using namespace porelith;

namespace {

constexpr double c_e0 = 1200;

Mesh grid(int nx, int ny) {
  Mesh mesh;
  mesh.dimension = ny > 1 ? 2 : 1;
  for (int j = 0; j < ny; ++j)
    for (int i = 0; i < nx; ++i) {
      const int P = i + nx * j;
      mesh.volume.push_back(1);
      mesh.region.push_back(Region::negative);
      mesh.centre.push_back({i + 0.5, j + 0.5, 0});
      if (i + 1 < nx) mesh.faces.push_back({P, P + 1, 1, 0.5, 0.5});
      if (j + 1 < ny) mesh.faces.push_back({P, P + nx, 1, 0.5, 0.5});
    }
  return mesh;
}

/// Every cell feels every other and V.
class DenseCoupling : public FarCoupling {
 public:
  explicit DenseCoupling(const Mesh& mesh) : n_(mesh.cells()), matrix_(3 * n_, 3 * n_ + 1) {
    RandomOf random(17, 0);
    for (Eigen::Index i = 0; i < matrix_.size(); ++i) matrix_.data()[i] = random(-0.02, 0.02);
    for (int P = 0; P < n_; ++P) matrix_.row(3 * P) /= faraday, matrix_.col(3 * P) /= c_e0;
  }
  void add(const std::vector<Triple>& x, double V, std::vector<Triple>& y) override {
    Eigen::VectorXd whole(3 * n_ + 1);
    whole << flat(x), V;
    add_to(y, matrix_ * whole);
  }
  double add_transposed(const std::vector<Triple>& x, std::vector<Triple>& y) override {
    const Eigen::VectorXd whole = matrix_.transpose() * flat(x);
    add_to(y, whole.head(3 * n_));
    return whole[3 * n_];
  }
  FarRows rows() override {
    FarRows all;
    for (int P = 0; P < n_; ++P) {
      all.first.push_back(all.column.size());
      for (int N = 0; N < n_; ++N) {
        const auto at = [&](int p, int q) { return matrix_(3 * P + p, 3 * N + q); };
        all.column.push_back(N);
        all.felt.push_back({at(0, 0), at(1, 0), at(1, 1), at(2, 2)});
      }
    }
    all.first.push_back(all.column.size());
    return all;
  }

 private:
  Eigen::VectorXd flat(const std::vector<Triple>& x) const {
    Eigen::VectorXd all(3 * n_);
    for (int P = 0; P < n_; ++P)
      for (int q = 0; q < 3; ++q) all[3 * P + q] = x[P][q];
    return all;
  }
  void add_to(std::vector<Triple>& y, const Eigen::VectorXd& what) const {
    for (int P = 0; P < n_; ++P)
      for (int q = 0; q < 3; ++q) y[P][q] += what[3 * P + q];
  }
  int n_;
  Eigen::MatrixXd matrix_;
};

void check(const char* name, const char* kind, const Mesh& mesh, FarCoupling* far = nullptr, int borders = 1) {
  for (int seed : {1, 2, 3}) {
    INFO(name << ", seed " << seed << ", borders " << borders);
    const auto solver = make_linear_solver(mesh, kind, c_e0, Team::alone(), borders);
    BlockSystem system = random_system(mesh, seed, c_e0, borders);
    system.far = far;
    const SolverErrors errors = solver_errors(*solver, mesh, system, c_e0);
    std::printf("  %-28s forward %.1e, several %.1e, transposed %.1e in %d, %d iterations\n", name, errors.newton,
                errors.plain, errors.transposed, errors.plain_iterations, errors.transposed_iterations);
    CHECK(errors.transposed_iterations <= 1.5 * errors.plain_iterations + 6);
    const double most = std::string(kind) == "chain" ? 1e-11 : 1e-8;
    CHECK(errors.newton < most);
    CHECK(errors.plain < most);
    CHECK(errors.transposed < most);
  }
}

}  // namespace

TEST_CASE("the chain's elimination solves with its matrix, its transpose and several right-hand sides") {
  check("chain of 11", "chain", grid(11, 1));
  check("chain of 2", "chain", grid(2, 1));
  check("a single cell", "chain", grid(1, 1));
}

TEST_CASE("Krylov solves with the matrix, its transpose and several right-hand sides, whatever preconditions it") {
  const Mesh plane = grid(7, 5);
  DenseCoupling far(plane);
  check("factor", "petsc", plane);
  check("factor, far couplings", "petsc", plane, &far);
  check("factor of a chain", "petsc", grid(11, 1));
  {
    const PetscOptionsFor options{{"-newton_direct", "false"}};
    check("multigrid", "petsc", plane);
    check("multigrid, far couplings", "petsc", plane, &far);
  }
  for (const char* type : {"ilu", "jacobi", "sor", "hypre"}) {
    const PetscOptionsFor options{{"-newton_pc_type", type}};
    check(type, "petsc", plane, &far);
  }
}

TEST_CASE("no border, two or three, each an equation of any unknowns, are solved as one is") {
  const Mesh plane = grid(7, 5);
  DenseCoupling far(plane);
  for (const int borders : {0, 2, 3}) {
    check("chain of 11", "chain", grid(11, 1), nullptr, borders);
    check("a single cell", "chain", grid(1, 1), nullptr, borders);
    check("factor", "petsc", plane, nullptr, borders);
    check("factor, far couplings", "petsc", plane, &far, borders);
    const PetscOptionsFor options{{"-newton_direct", "false"}};
    check("multigrid, far couplings", "petsc", plane, &far, borders);
  }
}

TEST_CASE("with what a solver remembers another one goes on bit for bit, far couplings and several borders included") {
  const Mesh mesh = grid(7, 5);
  DenseCoupling far(mesh);
  for (const char* direct : {"true", "false"}) {
    const PetscOptionsFor options{{"-newton_direct", direct}};
    const auto first = make_linear_solver(mesh, "petsc", c_e0, Team::alone(), 2);
    const auto second = make_linear_solver(mesh, "petsc", c_e0, Team::alone(), 2);
    const auto solved = [&](LinearSolver& solver, int seed) {
      BlockSystem system = random_system(mesh, seed, c_e0, 2);
      system.far = &far;
      BorderedColumn update{std::vector<Triple>(mesh.cells()), {}};
      REQUIRE(solver.solve(system, update).solved);
      return update;
    };
    solved(*first, 1);
    second->resume(first->remember());
    CHECK(second->remember() == first->remember());
    const BorderedColumn here = solved(*first, 2), there = solved(*second, 2);
    CHECK(here.cells == there.cells);
    CHECK(here.borders == there.borders);
  }
}

TEST_CASE("the block factor's inverse and its transpose are those of the dense matrix") {
  const Mesh mesh = grid(9, 8);
  BlockSystem system = random_system(mesh, 5, 1);
  for (auto* rows : {&system.owner_row, &system.neighbour_row})
    for (FaceCoupling& f : *rows)  // none of them is left out
      for (int q = 0; q < 3; ++q) f(q, q) = std::min(f(q, q), q == 0 ? -1e-2 / faraday : -1e-2);
  BlockFactor factor(mesh);
  factor.plan(system);
  REQUIRE(factor.factor());
  const int n = 3 * mesh.cells();
  const Eigen::MatrixXd A = dense_of(mesh, system, Team::alone()).topLeftCorner(n, n);
  RandomOf random(9, 0);
  Eigen::VectorXd b(n), x(n);
  for (int i = 0; i < n; ++i) b[i] = random(-1, 1) / (i % 3 == 0 ? faraday : 1);
  factor.apply(b.data(), x.data());
  CHECK((x - A.fullPivLu().solve(b)).norm() < 1e-12 * x.norm());
  for (int i = 0; i < n; ++i) b[i] = random(-1, 1);
  x = b;
  factor.apply(x.data(), x.data(), Form::transposed);  // in place
  CHECK((x - A.transpose().fullPivLu().solve(b)).norm() < 1e-12 * x.norm());
}

TEST_CASE("a preconditioner at hand serves further right-hand sides, and no system is solved that was not taken") {
  const Mesh mesh = grid(7, 5);
  for (const char* kind : {"petsc", "chain"}) {
    const Mesh on = std::string(kind) == "chain" ? grid(9, 1) : mesh;
    const auto solver = make_linear_solver(on, kind, c_e0);
    std::vector<BorderedColumn> columns = random_columns(on, 4, 2, Form::transposed, c_e0);
    CHECK_THROWS_AS(solver->solve_all(columns, Form::transposed), std::logic_error);
    BlockSystem first = random_system(on, 1, c_e0), second = random_system(on, 1, c_e0), third = second;
    std::vector<Triple> delta(on.cells());
    double dV;
    REQUIRE(solver->solve(first, delta, dV).solved);
    const bool made = solver->take(second).prepared;
    CHECK(made == (std::string(kind) == "chain"));
    const LinearOutcome outcome = solver->solve_all(columns, Form::transposed);
    CHECK(outcome.solved);
    CHECK(!outcome.prepared);
    REQUIRE(solver->solve(third, delta, dV).solved);
    CHECK_THROWS_AS(solver->solve_all(columns, Form::plain), std::logic_error);
  }
}

TEST_CASE("a singular system is refused in either form") {
  for (const char* kind : {"chain", "petsc"}) {
    const Mesh mesh = grid(6, 1);
    BlockSystem system = random_system(mesh, 3, c_e0);
    system.diagonal.assign(mesh.cells(), Block{});
    for (auto* rows : {&system.owner_row, &system.neighbour_row})
      for (FaceCoupling& f : *rows) f = {};
    const auto solver = make_linear_solver(mesh, kind, c_e0);
    const LinearOutcome outcome = solver->take(system);
    CHECK(!outcome.solved);
    CHECK(outcome.trouble == "the linear system is singular");
  }
}
