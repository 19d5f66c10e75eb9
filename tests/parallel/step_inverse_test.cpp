/// The inverse of a whole step's derivative and of its transpose on several ranks, each with a part of the mesh.
#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/support/petsc_options.hpp"
#include "tests/support/step_inverses.hpp"

using namespace porelith;

namespace {

std::vector<StepSample> samples_in_parts() {
  Case foils = unit_cell(2);
  foils.geometry.negative_foil = foils.geometry.positive_foil = Foil{10e-6, 1e5};
  Case varying = graded(shipped_case("kokam_ecker2015"));
  cut(varying, 2, 60e-6, ChannelForm::groove, 25e-6);
  varying.mesh.width = 4;
  return {{"a groove and foils", foils},
          {"a groove, D_s varies", varying},
          {"a hole", unit_cell(3)},
          {"tetrahedra", graded(shipped_case("lgm50_chen2020")), tetrahedra}};
}

}  // namespace

TEST_CASE("on any number of ranks a step's inverse and its transpose are those of the uncondensed equations") {
  const Team team = Team::world();
  const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-13"}};
  for (const StepSample& sample : samples_in_parts()) {
    const Model model = model_of(sample.input, sample.mesh(sample.input, team), team);
    const StepPoint at = uneven_point(model);
    StepInverse inverse(model, "petsc");
    for (const TerminalsRow& terminals : terminals_rows()) {
      const InverseErrors e = inverse_errors(model, at, terminals, inverse);
      if (team.first())
        std::printf("  %-20s on %d ranks, %g dI + %g dV: unknowns %.1e (%s), transposed %.1e, adjoint %.1e\n",
                    sample.name.c_str(), team.size(), terminals.by_I, terminals.by_V, e.unknowns, e.where.c_str(),
                    e.transposed, e.adjoint);
      CHECK(e.unknowns < 1e-6);
      CHECK(e.transposed < 1e-10);
      CHECK(e.adjoint < 1e-9);
    }
  }
}
