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
