/// Observables on several ranks: values and slopes where what they ask for lies across a border.
#include <cstdio>

#include "solver/case_mesh.hpp"
#include "solver/case_parameters.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"
#include "tests/support/observed.hpp"

using namespace porelith;

TEST_CASE("on any number of ranks an observable's slope is its central difference") {
  const Team team = Team::world();
  Case c = thick_charge(1);
  cut(c, 2, 60e-6, ChannelForm::groove, 20e-6);
  set_mesh(c, 6, 3, 5);
  const Model model = model_of(c, mesh_of(c, team), team);
  const Observers observers(model);
  const State x = state_without_ties(model);
  for (std::size_t k = 0; k < observables().size(); ++k)
    for (unsigned seed = 1; seed <= 3; ++seed) {
      INFO(observables()[k].name << ", direction " << seed << ", " << team.size() << " ranks");
      CHECK(slope_error(observers, model, k, x, seed) < 1e-7);
    }
}

TEST_CASE("on any number of ranks an observable's slope by the numbers of the model is the difference") {
  const Team team = Team::world();
  Case c = thick_charge(1);
  cut(c, 2, 60e-6, ChannelForm::groove, 20e-6);
  c.geometry.negative[0].bottom = 9e-6;  // its wall runs through cells
  c.mesh.width = 4;
  set_mesh(c, 6, 3, 5);
  const Mesh mesh = mesh_of(c, team);
  const Model model = model_of(c, mesh, team);
  State x = state_without_ties(model);
  for (int P = 0; P < model.layout().cells; ++P)  // least where the solid ends
    x[model.layout().phi_e + P] += 2 * std::min(mesh.centre[P][0] / c.cell->negative.thickness, 1.2);
  const ParameterSlopeErrors errors = parameter_slope_errors(c, mesh, x, team);
  if (team.first()) std::printf("  on %d ranks: off by %.1e\n", team.size(), errors.worst);
  CHECK(errors.worst < 1e-6);
  CHECK(std::count(errors.seen.begin(), errors.seen.end(), "plating_margin by B") == 1);
}
