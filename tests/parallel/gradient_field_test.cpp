/// Slopes by each control volume on several ranks, whose cells follow numbers of their neighbours' ghosts.
#include "solver/gradient_field.hpp"

#include <cstdio>

#include "solver/case_change.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"

using namespace porelith;

TEST_CASE("on any number of ranks slopes by each control volume add up to that by a shift of all") {
  const Team team = Team::world();
  Case c = thick_charge(1);
  cut(c, 2, 60e-6, ChannelForm::groove, 20e-6);
  set_mesh(c, 6, 3, 5);
  c.mesh.shells = 6;
  c.solver.rtol = 1e-3;
  const TapedRun run = simulate_taped(c, nullptr, team);
  REQUIRE(run.results.status == "complete");
  const CaseAt shifted = [&](double by) {
    Case more = c;
    more.cell->negative.porosity = more.cell->negative.porosity->scaled(1, by);
    return more;
  };
  const RunChange change = change_along(shifted, 1e-3, run);
  const std::vector<FieldNumber> numbers = field_numbers(c, run);
  const std::vector<double> volumes = true_volumes(run);
  for (const Gradient& gradient : gradients(c, run, {"capacity", "plating_margin", "c_e_min"}, {})) {
    const GradientField field = gradient_fields(run, gradient, numbers).at(0);
    double sum = 0, left = 0, size = 0;
    for (std::size_t P = 0; P < volumes.size(); ++P) {
      if (run.results.mesh.region[P] != Region::negative || !std::isfinite(field.slope[P])) continue;
      sum += volumes[P] * field.slope[P], left += volumes[P] * field.kept[P];
      size += volumes[P] * std::abs(field.slope[P]);
    }
    sum = team.sum(sum), left = team.sum(left), size = team.sum(size);
    const double whole = team.sum(dot(*gradient.by, change));
    if (team.first())
      std::printf("  on %d ranks: %s by porosity %.9g, cell by cell off by %.1e\n", team.size(), gradient.name.c_str(),
                  whole, std::abs(sum - whole) / size);
    INFO(gradient.name);
    CHECK(size > 0);
    CHECK(std::abs(sum - whole) <= 1e-10 * size);
    CHECK(std::abs(left) <= 1e-12 * size);
  }
}
