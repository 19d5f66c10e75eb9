/// The inverse of a whole step's derivative and of its transpose, condensed cell by cell, against the derivative of the
/// uncondensed equations.
#include <Eigen/Dense>
#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/support/made_up_reactions.hpp"
#include "tests/support/petsc_options.hpp"
#include "tests/support/step_inverses.hpp"

using namespace porelith;

namespace {

/// The worst of all controls.
InverseErrors worst_errors(const Model& model, const StepPoint& at, const std::string& kind) {
  StepInverse inverse(model, kind);
  InverseErrors worst;
  for (const TerminalsRow& terminals : terminals_rows()) {
    const InverseErrors errors = inverse_errors(model, at, terminals, inverse);
    worst.rows = std::max(worst.rows, errors.rows);
    if (errors.unknowns > worst.unknowns) worst.where = errors.where;
    worst.unknowns = std::max(worst.unknowns, errors.unknowns);
    worst.transposed = std::max(worst.transposed, errors.transposed);
    worst.adjoint = std::max(worst.adjoint, errors.adjoint);
  }
  return worst;
}

void check(const std::string& name, const InverseErrors& e, double rows, double products) {
  std::printf("  %-34s rows %.1e, unknowns %.1e (%s), transposed %.1e, adjoint %.1e\n", name.c_str(), e.rows,
              e.unknowns, e.where.c_str(), e.transposed, e.adjoint);
  CHECK(e.rows < rows);
  CHECK(e.unknowns < rows);
  CHECK(e.transposed < products);
  CHECK(e.adjoint < products);
}

Model model_with(const Case& c, const std::vector<ReactionPointer>& reactions) {
  Mesh mesh = mesh_of(c);
  Parameters parameters = parameters_of(c, mesh);
  parameters.beds[0].reactions = reactions;
  return {std::move(parameters), std::move(mesh)};
}

}  // namespace

TEST_CASE("a step's inverse and its transpose are those of the uncondensed equations, on every mesh and control") {
  const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-13"}};
  for (const StepSample& sample : step_samples()) {
    const Model model = model_of(sample.input, sample.mesh(sample.input));
    const StepPoint at = uneven_point(model);
    if (is_chain(model.mesh())) check(sample.name + ", chain", worst_errors(model, at, "chain"), 1e-9, 1e-10);
    // the row of the current is a small difference of a foil's large conductance
    const double rows = model.collector_conductance() < -1e6 ? 1e-4 : 1e-8;
    check(sample.name + ", direct", worst_errors(model, at, "petsc"), rows, 1e-10);
  }
}

TEST_CASE("so they are with Krylov's method behind them, to what it leaves") {
  const PetscOptionsFor krylov{{"-newton_direct", "false"}, {"-newton_ksp_rtol", "1e-13"}};
  for (const StepSample& sample : step_samples()) {
    const Model model = model_of(sample.input, sample.mesh(sample.input));
    if (is_chain(model.mesh())) continue;
    check(sample.name + ", Krylov", worst_errors(model, uneven_point(model), "petsc"), 1e-6, 1e-9);
  }
}

TEST_CASE("so they are where more than intercalation happens at the surfaces") {
  const Case c = graded(shipped_case("lgm50_chen2020"));
  for (const double lithium : {1.0, 0.3}) {
    const Model model = model_with(c, {std::make_shared<Plating>(3e-7, lithium), std::make_shared<Film>()});
    check(fmt::format("plating of {} Li+ and film", lithium), worst_errors(model, uneven_point(model), "chain"), 1e-9,
          1e-10);
  }
}

TEST_CASE("so they are with surfaces beyond empty and full") {
  for (const char* cell : {"lgm50_chen2020", "kokam_ecker2015"}) {
    const Case c = graded(shipped_case(cell));
    const Model model = model_of(c, mesh_of(c));
    StepPoint at = uneven_point(model);
    for (std::size_t b = 0; b < model.beds().size(); ++b) {
      const auto& block = model.layout().beds[b];
      at.x[block.c_ss] = model.beds()[b].law.c_s_max() * (1 + 4e-7);
      at.x[block.c_ss + 2] = -3e-7 * model.beds()[b].law.c_s_max();
    }
    check(std::string(cell) + ", clipped", worst_errors(model, at, "chain"), 1e-9, 1e-10);
  }
}

TEST_CASE("they follow the model to another temperature") {
  for (const char* cell : {"lgm50_chen2020", "kokam_ecker2015", "kokam_marquis2019"}) {
    const Case c = graded(shipped_case(cell));
    for (const bool plated : {false, true}) {
      Model model = plated ? model_with(c, both()) : model_of(c, mesh_of(c));
      const StepPoint at = uneven_point(model);
      StepInverse inverse(model, "chain");
      CHECK(inverse_errors(model, at, {1, 0}, inverse).unknowns < 1e-9);
      for (const double T : {313.15, 283.15}) {
        model.set_temperature(T);
        const InverseErrors e = inverse_errors(model, at, {1, 0}, inverse);
        CHECK(e.rows < 1e-9);
        CHECK(e.unknowns < 1e-9);
        CHECK(e.adjoint < 1e-10);
      }
    }
  }
}

TEST_CASE("entry by entry the transpose is that of the derivative's columns") {
  Case c = graded(shipped_case("kokam_ecker2015"));
  for (const bool plated : {false, true}) {
    const Model model = plated ? model_with(c, both()) : model_of(c, mesh_of(c));
    const Layout& l = model.layout();
    const StepPoint at = uneven_point(model);
    std::vector<State> units(l.size, State(l.size, 0.0));
    std::vector<Direction> directions(l.size);
    for (int q = 0; q < l.size; ++q) units[q][q] = 1, directions[q].state = &units[q];
    const std::vector<State> columns = step_derivatives(model, sample_gamma, at.hat, at.x, directions);
    StepInverse inverse(model, "chain");
    for (const TerminalsRow& terminals : terminals_rows()) {
      inverse.take(sample_gamma, at.hat, at.x, terminals);
      const State b = random_unknowns(model, 5, true);
      std::vector<State> solved{b};
      inverse.solve(solved, Form::transposed);
      double worst = 0;
      for (int q = 0; q < l.size; ++q) {
        double sum = -b[q], size = std::abs(b[q]);
        for (int r = 0; r < l.size; ++r) {
          double entry = columns[q][r];
          if (r == l.voltage) entry = q == l.current ? terminals.by_I : q == l.voltage ? terminals.by_V : 0;
          sum += entry * solved[0][r];
          size += std::abs(entry * solved[0][r]);
        }
        worst = std::max(worst, std::abs(sum) / size);
      }
      std::printf("  %s, %g dI + %g dV: columns off by %.1e of their terms\n", plated ? "plated" : "plain",
                  terminals.by_I, terminals.by_V, worst);
      CHECK(worst < 1e-12);
    }
  }
}

TEST_CASE("another state is linearised as if there had been none before, and the model moves no bit") {
  const Case c = graded(shipped_case("kokam_ecker2015"));
  const Model model = model_of(c, mesh_of(c));
  const StepPoint at = uneven_point(model);
  const State elsewhere = model.rest({0.7, 0.4});
  const BlockSystem before = model.linearise(sample_gamma, at.hat, at.x).system;
  const auto solved = [&](StepInverse& inverse, const State& x, double gamma, TerminalsRow terminals) {
    std::vector<State> columns{random_unknowns(model, 7, true)};
    inverse.take(gamma, at.hat, x, terminals);
    inverse.solve(columns, Form::transposed);
    return columns[0];
  };
  StepInverse used(model, "chain"), fresh(model, "chain");
  const State there = solved(used, elsewhere, 30, {0, 1});
  const State again = solved(used, at.x, 2, {1, 0});
  CHECK(again == solved(fresh, at.x, 2, {1, 0}));
  CHECK(again != there);
  const BlockSystem after = model.linearise(sample_gamma, at.hat, at.x).system;
  CHECK(after.residual == before.residual);
  CHECK(after.diagonal == before.diagonal);
}

TEST_CASE("where there is no inverse a sentence says why") {
  Case c = graded(shipped_case("lgm50_chen2020"));
  c.cell->electrolyte.D_e = Function::expression("1e-10*(1 - x/2000)");
  const Model model = model_of(c, mesh_of(c));
  State x = model.rest({0.6, 0.5});
  StepInverse inverse(model, "chain");
  std::vector<State> columns{x};
  CHECK_THROWS_AS(inverse.solve(columns, Form::plain), std::logic_error);
  CHECK_NOTHROW(inverse.take(1, x, x, {1, 0}));
  CHECK_THROWS_WITH((inverse.take(1, x, x, {0, 0}), inverse.solve(columns, Form::plain)),
                    "the step's derivatives cannot be solved: the linear system is singular");
  x[model.layout().c_e + 4] = 2500;
  CHECK_THROWS_WITH(
      inverse.take(1, x, x, {1, 0}),
      Catch::Matchers::StartsWith(
          "the step has no derivatives: the electrolyte's diffusivity law gives -2.5e-11 m2/s at c_e = 2500"));
}
