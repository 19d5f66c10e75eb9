/// Transposed products of a step's derivatives against the forward ones, which `tangent_test` holds against
/// differences.
#include "solver/newman/pull_back.hpp"

#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/support/made_up_reactions.hpp"
#include "tests/support/pulled.hpp"
#include "tests/support/step_samples.hpp"

using namespace porelith;

TEST_CASE("transposed products are the forward ones where films grow too") {
  const Case c = graded(shipped_case("lgm50_chen2020"));
  Mesh mesh = mesh_of(c);
  Parameters parameters = parameters_of(c, mesh);
  parameters.beds[0].reactions = {std::make_shared<Plating>(3e-7, 0.5), std::make_shared<Film>()};
  const Model model(std::move(parameters), std::move(mesh));
  State x = uneven_state(model);
  Scatter(model, 3).unsettle(x);
  State hat = x;
  for (double& value : hat) value *= 0.999;
  const PullBackErrors errors = pull_back_errors(model, sample_gamma, hat, x, 5);
  std::printf("  films: products off by %.1e, with the past %.1e\n", errors.by_parameters, errors.by_hat);
  CHECK(errors.by_parameters < 1e-11);
  CHECK(errors.by_hat < 1e-13);
  CHECK_THROWS_WITH(change_with(model, "cell.temperature"),
                    "temperature is no parameter where reactions beside intercalation happen");
}

TEST_CASE("transposed products with the past and with every number are the forward ones, on meshes of every kind") {
  std::vector<StepSample> samples = step_samples();
  samples.push_back({"chi varies", warm(graded(shipped_case("kokam_ecker2015")))});
  samples.back().input.cell->electrolyte.thermodynamic_factor = Function::expression("0.8 + 3e-4*x");
  for (const StepSample& sample : samples) {
    const Model model = model_of(sample.input, sample.mesh(sample.input));
    State x = uneven_state(model);
    Scatter(model, 3).unsettle(x);
    State hat = x;
    for (double& value : hat) value *= 0.999;
    x[model.layout().beds[0].c_ss] = model.beds()[0].law.c_s_max() * (1 - 1e-9);  // within the margin of full (E3)
    const PullBackErrors errors = pull_back_errors(model, sample_gamma, hat, x, 5);
    std::printf("  %-20s products off by %.1e, with the past %.1e (%s)\n", sample.name.c_str(), errors.by_parameters,
                errors.by_hat, errors.where.c_str());
    CHECK(errors.by_parameters < 1e-11);
    CHECK(errors.by_hat < 1e-13);
    for (const std::string& kind : errors.unseen) {
      INFO(kind);
      CHECK(kind.rfind("eps_s", 0) == 0);
    }
  }
}
