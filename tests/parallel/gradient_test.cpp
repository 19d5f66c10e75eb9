/// Slopes of whole runs on several ranks, each with a part of the mesh, by the time steps that one took alone.
#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/petsc_options.hpp"
#include "tests/support/run_slopes.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/step_samples.hpp"

using namespace porelith;

namespace {

struct Sample {
  std::string name;
  Case input;
  std::vector<std::string> numbers;
};

/// @param mesh file of tetrahedra
std::vector<Sample> samples(const std::string& mesh) {
  const auto charged = [](Case c) {
    c.initial.soc = 0.2;
    c.mesh.shells = 5;
    c.solver.rtol = 1e-3, c.solver.newton = 1e-11;
    c.protocol = {at_rate(*c.cell, -1), hold_at(4.0, 2)};
    c.protocol[0].stops = {{Quantity::voltage_above, 4.0}};
    return c;
  };
  const std::vector<std::string> all{"porosity", "particle radius", "thickness", "rate constant", "t_plus",
                                     "salt",     "temperature",     "area",      "drive",         "stop"};
  Case line = charged(graded(shipped_case("lgm50_chen2020")));
  line.solver.linear = "petsc";
  Case varying = graded(shipped_case("kokam_ecker2015"));
  cut(varying, 2, 60e-6, ChannelForm::groove, 25e-6);
  varying.mesh.width = 4;
  varying = charged(varying);
  varying.initial.soc = 0.8;
  varying.protocol = {at_rate(*varying.cell, 1)};
  varying.protocol[0].stops = {{Quantity::voltage_below, 3.6}};
  Case box = charged(graded(shipped_case("lgm50_chen2020")));
  box.mesh.file = mesh, box.geometry.dimension = 3;
  return {{"a line", line, all},
          {"a groove, D_s varies", varying, all},
          {"a hole", charged(unit_cell(3)), all},
          {"tetrahedra", box, {"porosity", "particle radius", "t_plus", "temperature", "drive"}}};
}

/// [result][number], of the base by the same steps on a team.
std::vector<std::vector<double>> slopes_on(const Team& team, const Sample& sample, const FrozenRun& frozen) {
  const TapedRun run = frozen.on(sample.input, team);
  const std::vector<ResultSlope> results = scalar_slopes_of(run.results);
  const std::vector<RunChange> backward = run.sensitivity(sample.input).backward(results);
  std::vector<std::vector<double>> slopes(results.size());
  for (const Varied& v : varied_numbers(sample.numbers)) {
    const RunChange change = change_of(sample.input, v, run);
    for (std::size_t r = 0; r < results.size(); ++r) slopes[r].push_back(team.sum(dot(backward[r], change)));
  }
  return slopes;
}

}  // namespace

TEST_CASE("slopes of a run are the same on any number of ranks") {
  const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-14"}};
  const Team team = Team::world(), alone = Team::alone();
  const Scratch folder;  // each rank's own
  const Case cell = shipped_case("lgm50_chen2020");
  BoxMesh block = layered_boxes(*cell.cell, 2, 1, equal_edges(60, 2), equal_edges(60, 2));
  block.cut = Cut::tetrahedra;
  block.shake = 0.2;
  write_text(folder / "box.msh", gmsh_bytes(make_boxes(block), 2, false));
  std::vector<Sample> tried = samples(folder / "box.msh");
  if (team.size() == 3) tried = {tried[1], tried[3]};  // ranks beyond the machine's cores wait for each other
  if (team.size() > 3) tried = {tried[0]};
  for (const Sample& sample : tried) {
    const FrozenRun frozen(sample.input);
    const std::vector<double> values = scalars_of(frozen.base().results);
    const auto one = slopes_on(alone, sample, frozen), all = slopes_on(team, sample, frozen);
    const std::vector<Varied> numbers = varied_numbers(sample.numbers);
    double worst = 0;
    std::string where;
    for (std::size_t r = 0; r < one.size(); ++r)
      for (std::size_t d = 0; d < numbers.size(); ++d) {
        if (!std::isfinite(values[r])) continue;  // of the last step, where that let nothing pass
        const double size = std::max(std::abs(values[r]), std::string(scalar_results()[r].unit) == "V" ? 1.0 : 0.0);
        const double off =
            std::abs(all[r][d] - one[r][d]) / std::max(std::abs(one[r][d]), 1e-5 * size / numbers[d].step);
        INFO(sample.name << ": " << scalar_results()[r].name << " by " << numbers[d].name << ": " << one[r][d]
                         << " alone, " << all[r][d]);
        CHECK(off < 1e-8);
        if (off > worst) worst = off, where = scalar_results()[r].name + " by " + numbers[d].name;
      }
    if (team.first())
      std::printf("  %-20s on %d ranks: slopes off one rank's by %.1e (%s)\n", sample.name.c_str(), team.size(), worst,
                  where.c_str());
  }
}
