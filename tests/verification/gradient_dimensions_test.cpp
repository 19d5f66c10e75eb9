/// Derivatives of whole runs in two and three dimensions, on grids with channels and on meshes from files, by every
/// linear solver (R1)-(R5).
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/petsc_options.hpp"
#include "tests/support/same_as_differences.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

/// Of a cell whose open circuits are smooth: where tables have kinks, differences see them.
Case shipped(const std::string& name, std::vector<std::string> overrides) {
  const std::vector<std::string> coarse{"mesh.negative=5",
                                        "mesh.separator=2",
                                        "mesh.positive=5",
                                        "mesh.width=4",
                                        "mesh.shells=5",
                                        "solver.rtol=1e-3",
                                        "initial.soc=0.1",
                                        "step.1.charge=1C",
                                        "cell.file=\"lgm50_chen2020\"",
                                        "cell.nominal_capacity=5 A.h"};
  overrides.insert(overrides.begin(), coarse.begin(), coarse.end());
  Case c = read_case(std::string(PORELITH_SOURCE_DIR) + "/cases/" + name + "/case.toml", overrides);
  c.solver.newton = 1e-11;
  return c;
}

/// Keys of channels and of the cell across, and some of every case.
std::vector<Varied> keys_of(const Case& c, std::vector<Varied> more) {
  const Channel& channel = c.geometry.negative.at(0);
  std::vector<Varied> list;
  for (const char* key : {"geometry.width", "channel.1.width", "negative.thickness", "positive.thickness",
                          "negative.porosity", "cell.area"})
    list.push_back(by_key(c, key));
  if (channel.bottom != channel.mouth) list.push_back(by_key(c, "channel.1.width_bottom"));
  if (channel.depth < 1) list.push_back(by_key(c, "channel.1.depth"));
  list.insert(list.end(), more.begin(), more.end());
  return list;
}

const std::vector<std::string> some{"particle radius", "rate constant", "salt", "temperature", "drive", "stop"};

}  // namespace

TEST_CASE("slopes of a charge with straight grooves down to the foil") {
  const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-14"}};
  const Case c = shipped("grooved", {"mesh.width=6"});
  same_as_differences(c, keys_of(c, varied_numbers(some)), 1e-7);
}

TEST_CASE("slopes of a charge with tapered grooves, held at its end") {
  const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-14"}};
  Case c = shipped("grooved", {"mesh.width=6", "channel.1.width_bottom=9 um", "channel.1.depth=0.8"});
  c.protocol.push_back(hold_at(4.2, 2));
  same_as_differences(c, keys_of(c, {}), 1e-7);
}

TEST_CASE("slopes of a charge with a tapered hole, around its axis") {
  const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-14"}};
  const Case c = shipped("hole", {});
  same_as_differences(c, keys_of(c, varied_numbers({"rate constant", "drive"})), 1e-7);
}

TEST_CASE("slopes of a charge with tapered holes in three dimensions") {
  const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-14"}};
  Case c = shipped("tapered_holes", {"mesh.height=3", "mesh.width=3"});
  c.protocol[0].stops = {{Quantity::voltage_above, 4.0}};
  const Varied pitch = by_key(c, "geometry.width", c.geometry.width);
  same_as_differences(c, {pitch, by_key(c, "channel.1.width", 30e-6), by_key(c, "channel.1.width_bottom", 10e-6)},
                      1e-7);
}

TEST_CASE("slopes in two dimensions where the diffusivity in the particles varies") {
  const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-14"}};
  Case c = shipped_case("kokam_ecker2015");
  set_mesh(c, 5, 2, 5);
  c.mesh.width = 4;
  c.geometry.dimension = 2;
  c.geometry.width = 60e-6;
  Channel groove;
  groove.mouth = 25e-6, groove.bottom = 15e-6;
  c.geometry.negative = c.geometry.positive = {groove};
  c.solver.rtol = 1e-3, c.solver.newton = 1e-11;
  c.protocol = {at_rate(*c.cell, 1)};
  c.protocol[0].stops = {{Quantity::voltage_below, 3.6}};
  std::vector<Varied> numbers = varied_numbers({"porosity", "particle radius", "thickness", "drive"});
  numbers.push_back({"width", 1e-8, [](Case& v, double by) {
                       v.geometry.negative[0].mouth += by, v.geometry.positive[0].mouth += by;
                     }});
  same_as_differences(c, numbers, 1e-7);
}

TEST_CASE("slopes are the same by every linear solver") {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 6, 3, 6);
  c.solver.rtol = 1e-3, c.solver.newton = 1e-11;
  c.protocol = {at_rate(*c.cell, 1)};
  c.protocol[0].stops = {{Quantity::voltage_below, 3.7}};
  const auto numbers = varied_numbers({"porosity", "thickness", "t_plus"});
  same_as_differences(c, numbers, 1e-7);
  c.solver.linear = "petsc";
  {
    const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-14"}};
    same_as_differences(c, numbers, 1e-7);
  }
  same_as_differences(c, numbers, 1e-5, 1e-7);  // GMRES at 1e-10
}

TEST_CASE("slopes on tetrahedra, whose lengths have none") {
  const PetscOptionsFor exact{{"-newton_ksp_rtol", "1e-14"}};
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 4, 2, 5);
  BoxMesh block = layered_boxes(*c.cell, 2, 1, equal_edges(60, 2), equal_edges(60, 2));
  block.cut = Cut::tetrahedra;
  block.shake = 0.2;
  const Scratch folder;
  c.mesh.file = folder / "box.msh";
  write_text(c.mesh.file, gmsh_bytes(make_boxes(block), 2, false));
  c.geometry.dimension = 3;
  c.solver.rtol = 1e-3, c.solver.newton = 1e-11;
  c.protocol = {at_rate(*c.cell, 1)};
  c.protocol[0].stops = {{Quantity::voltage_below, 3.8}};
  same_as_differences(c, varied_numbers({"porosity", "particle radius", "t_plus", "drive"}), 1e-7);
  const FrozenRun frozen(c);
  const auto larger = [&](double by) {
    GmshFile file = make_boxes(block);
    for (auto& point : file.points)
      for (double& x : point) x *= 1 + by;
    Case v = c;
    v.mesh.file = folder / "larger.msh";
    write_text(v.mesh.file, gmsh_bytes(file, 2, false));
    return v;
  };
  REQUIRE_THROWS_AS(change_along(larger, 1e-5, frozen.base()), std::invalid_argument);
}
