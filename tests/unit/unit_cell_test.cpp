#include <cmath>
#include <map>

#include "solver/case/reader.hpp"
#include "solver/case_mesh.hpp"
#include "solver/case_plan.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

constexpr double pi = 3.14159265358979323846;

Case parse(const std::string& text) {
  return parse_case("[cell]\nfile = \"nmc111_pouch\"\n" + text + "[[step]]\ncharge = \"1C\"\n", "case.toml");
}

struct Sums {
  double volume = 0, matrix = 0;
  int cells = 0;
};

double volume(const Grid& grid, int i, int j, int k) {
  const auto size = [&](int d, int n) { return grid.edges[d][n + 1] - grid.edges[d][n]; };
  const double ring = pi * (grid.edges[1][j + 1] + grid.edges[1][j]) * size(1, j);
  return size(0, i) * (grid.axisymmetric ? ring : size(1, j)) * size(2, k);
}

template <class F>
void for_all(const Grid& grid, F f) {
  const auto n = [&](int d) { return static_cast<int>(grid.edges[d].size()) - 1; };
  for (int k = 0; k < n(2); ++k)
    for (int j = 0; j < n(1); ++j)
      for (int i = 0; i < n(0); ++i) f(i, j, k);
}

std::map<Region, Sums> sums_of(const Grid& grid) {
  std::map<Region, Sums> sums;
  for_all(grid, [&](int i, int j, int k) {
    const GridCell c = grid.cell(i, j, k);
    if (!c.exists) return;
    Sums& s = sums[c.region];
    s.volume += volume(grid, i, j, k);
    s.matrix += c.matrix * volume(grid, i, j, k);
    ++s.cells;
  });
  return sums;
}

/// Whether an existing cell has no neighbour on a side.
bool is_bare(const Grid& grid, int i, int j, int k, int side) {
  std::array<int, 3> n{i, j, k};
  const int d = side / 2;
  n[d] += side % 2 == 0 ? -1 : 1;
  if (n[d] < 0 || n[d] + 1 >= static_cast<int>(grid.edges[d].size())) return true;
  return !grid.cell(n[0], n[1], n[2]).exists;
}

double terminal_area(const Grid& grid, Terminal which) {
  double area = 0;
  for_all(grid, [&](int i, int j, int k) {
    if (!grid.cell(i, j, k).exists) return;
    for (int side = 0; side < 6; ++side)
      if (is_bare(grid, i, j, k, side) && grid.terminal(i, j, k, side) == which) {
        const int d = side / 2, n = d == 0 ? i : d == 1 ? j : k;
        area += volume(grid, i, j, k) / (grid.edges[d][n + 1] - grid.edges[d][n]);
      }
  });
  return area;
}

}  // namespace

TEST_CASE("the grid of a plain case has the very edges of the layered mesh, in any dimension") {
  const Case plain =
      parse("[negative]\nporosity = { layers = [0.2, 0.3], fractions = [0.3, 0.7] }\n[mesh]\ngrading = 2\n");
  const Mesh mesh = layered_mesh(*plain.cell, plain.mesh);
  for (const std::string dimension : {"1", "2", "3", "\"axisymmetric\""}) {
    const std::string extent = dimension == "1" ? "" : "width = 1e-4\n";
    const Case input = parse(
        "[negative]\nporosity = { layers = [0.2, 0.3], fractions = [0.3, 0.7] }\n[geometry]\ndimension = " + dimension +
        "\n" + extent + "[mesh]\ngrading = 2\nseparator = 10\nwidth = 4\nheight = 3\n");
    const Grid grid = grid_of(input);
    REQUIRE(grid.edges[0].size() == mesh.volume.size() + 1);
    for (std::size_t i = 0; i < mesh.volume.size(); ++i) {
      const GridCell c = grid.cell(static_cast<int>(i), 0, 0);
      CHECK(grid.edges[0][i] == mesh.points[i][0]);
      CHECK(c.region == mesh.region[i]);
      CHECK(c.xi_from == mesh.xi_from[i]);
      CHECK(c.xi_to == mesh.xi_to[i]);
      CHECK(c.matrix == 1);
      CHECK(c.exists);
    }
    CHECK(terminal_area(grid, Terminal::negative) == Approx(grid.footprint).epsilon(1e-12));
    CHECK(terminal_area(grid, Terminal::positive) == Approx(grid.footprint).epsilon(1e-12));
    if (dimension == "\"axisymmetric\"") CHECK(grid.footprint == Approx(1e-8).epsilon(1e-12));
    if (dimension == "3") CHECK(grid.footprint == Approx(0.25e-8).epsilon(1e-12));
    if (dimension == "2") CHECK(grid.footprint == 0.5e-4);
  }
}

TEST_CASE("straight grooves have edges on their walls: every cell is all channel or all matrix") {
  const Case input =
      parse("[geometry]\ndimension = 2\nwidth = \"60 um\"\n[[channel]]\nwidth = \"15 um\"\ndepth = 0.7\n");
  const Grid grid = grid_of(input);
  for_all(grid, [&](int i, int j, int k) {
    const double matrix = grid.cell(i, j, k).matrix;
    CHECK((matrix == 0 || matrix == 1));
  });
  for (const auto& [region, sums] : sums_of(grid)) {
    const double channel = is_electrode(region) ? 0.25 * 0.7 : 0;
    CHECK(sums.matrix / sums.volume == Approx(1 - channel).epsilon(1e-12));
  }
}

TEST_CASE("cut cells hold the channels' volume to 1e-3: holes, cones, trees, in space and around an axis") {
  const std::string space = "[geometry]\ndimension = 3\nwidth = \"60 um\"\n";
  const std::string mesh = "[mesh]\nfineness = \"coarse\"\n";
  for (const std::string& text :
       {space + "[[channel]]\nshape = \"round\"\nwidth = \"30 um\"\nwidth_bottom = \"12 um\"\ndepth = 0.9\n",
        space + "arrangement = \"hexagonal\"\n[[channel]]\nshape = \"round\"\nwidth = \"20 um\"\n",
        space + "[[channel]]\nshape = \"grid\"\nwidth = \"12 um\"\nwidth_bottom = \"5 um\"\n",
        space + "[[channel]]\nshape = \"tree\"\nwidth = \"10 um\"\nbranches = 4\ngenerations = 2\n",
        std::string("[geometry]\ndimension = \"axisymmetric\"\nwidth = \"60 um\"\n[[channel]]\nshape = "
                    "\"round\"\nwidth = \"30 um\"\nwidth_bottom = \"10 um\"\n")}) {
    INFO(text);
    const Case input = parse(text + mesh);
    for (const auto& [region, sums] : sums_of(grid_of(input))) {
      const double Phi = region == Region::negative   ? input.cell->negative.channel_fraction
                         : region == Region::positive ? input.cell->positive.channel_fraction
                                                      : 0;
      CHECK(1 - sums.matrix / sums.volume == Approx(Phi).epsilon(1e-3).margin(1e-12));
      if (is_electrode(region)) CHECK(Phi > 0.01);
    }
  }
}

TEST_CASE("cells are finest at walls and interfaces and grow smoothly") {
  const Case input =
      parse("[geometry]\ndimension = 2\nwidth = \"60 um\"\n[[channel]]\nwidth = \"15 um\"\ndepth = 0.6\n");
  const Grid grid = grid_of(input);
  for (const int d : {0, 1})
    for (std::size_t i = 2; i < grid.edges[d].size(); ++i) {
      const double a = grid.edges[d][i - 1] - grid.edges[d][i - 2], b = grid.edges[d][i] - grid.edges[d][i - 1];
      INFO("direction " << d << " edge " << i);
      CHECK(std::max(a / b, b / a) <= 1.5);
    }
}

TEST_CASE("a pouch with tabs: foils at both faces, tabs of the foil alone, terminals at their ends") {
  const Case input = parse(
      "[geometry]\ndimension = 3\nwidth = \"100 mm\"\n[negative.foil]\nthickness = \"10 um\"\n"
      "[positive.foil]\nthickness = \"16 um\"\n[negative.tab]\nwidth = \"20 mm\"\noffset = \"15 mm\"\nheight = \"12 "
      "mm\"\n"
      "[positive.tab]\nwidth = \"30 mm\"\noffset = \"60 mm\"\nheight = \"8 mm\"\n"
      "[mesh]\nnegative = 4\nseparator = 2\npositive = 4\nwidth = 10\nheight = 9\n");
  const Grid grid = grid_of(input);
  const double H = input.geometry.height, area = 0.1 * H;
  CHECK(grid.footprint == Approx(area).epsilon(1e-12));
  CHECK(grid.edges[0].front() == -5e-6);
  auto sums = sums_of(grid);
  CHECK(sums[Region::negative_foil].volume == Approx(5e-6 * (area + 0.02 * 0.012)).epsilon(1e-9));
  CHECK(sums[Region::positive_foil].volume == Approx(8e-6 * (area + 0.03 * 0.008)).epsilon(1e-9));
  CHECK(sums[Region::negative].volume == Approx(input.cell->negative.thickness * area).epsilon(1e-9));
  CHECK(terminal_area(grid, Terminal::negative) == Approx(5e-6 * 0.02).epsilon(1e-9));
  CHECK(terminal_area(grid, Terminal::positive) == Approx(8e-6 * 0.03).epsilon(1e-9));
}

TEST_CASE("a cell that a wall cuts knows how the wall stands") {
  Case c = shipped_case("nmc111_pouch");
  c.geometry.dimension = 3;
  c.geometry.width = c.geometry.height = 60e-6;
  Channel hole;
  hole.form = ChannelForm::round;
  hole.mouth = hole.bottom = 40e-6;
  c.geometry.negative = {hole};
  set_mesh(c, 4, 2, 4);
  c.mesh.width = c.mesh.height = 24;
  const Mesh mesh = mesh_of(grid_of(c));
  int cut = 0;
  for (int P = 0; P < mesh.cells(); ++P) {
    const auto& square = mesh.wall_normal[P];
    const double sum = square[0] + square[1] + square[2];
    if (mesh.matrix[P] == 0 || mesh.matrix[P] == 1) {
      CHECK(sum == 0);
      continue;
    }
    const double y = mesh.centre[P][1], z = mesh.centre[P][2];
    CHECK(sum > 0.4);
    CHECK(sum <= 1 + 1e-12);
    CHECK(square[0] < 1e-20);  // a straight hole
    CHECK(square[1] / sum == Approx(y * y / (y * y + z * z)).margin(0.25));
    ++cut;
  }
  CHECK(cut > 4 * 24);
}

TEST_CASE("a case with its plan as lists has the same grid, to the last bit") {
  for (const std::string text :
       {"[geometry]\ndimension = 2\nwidth = \"60 um\"\n[[channel]]\nwidth = \"15 um\"\ndepth = 0.7\n",
        "[geometry]\ndimension = 3\nwidth = \"60 um\"\narrangement = \"hexagonal\"\n[[channel]]\nshape = "
        "\"square\"\nwidth = \"20 um\"\nwidth_bottom = \"12 um\"\n",
        "[negative]\nporosity = [0.2, 0.2, 0.3]\n"}) {
    INFO(text);
    const Case plain = parse(text);
    const std::vector<CaseChange> plan = plan_of(plain, Layers::as_declared);
    CHECK(!plan.empty());
    const Case planned = changed(plain, plan);
    CHECK(plan_of(planned, Layers::as_declared).empty());
    const Case again = parse_case(planned.resolved, "resolved.toml");
    for (int d = 0; d < 3; ++d) {
      CHECK(grid_of(again).edges[d] == grid_of(planned).edges[d]);
      if (text[1] == 'g') CHECK(grid_of(planned).edges[d] == grid_of(plain).edges[d]);
    }
  }
  const Case tapered = parse(
      "[geometry]\ndimension = 2\nwidth = \"60 um\"\n[[channel]]\nwidth = \"20 um\"\nwidth_bottom = \"10 um\"\n"
      "[mesh]\nwidth = [5, 7]\n");
  const auto edges = grid_of(tapered).edges[1];
  CHECK(edges.size() == 13);
  CHECK(edges[5] == Approx(7.5e-6));  // half of the mean of mouth and bottom
  CHECK(tapered.resolved.find("width = [5, 7]") != std::string::npos);
  CHECK_THROWS_WITH(grid_of(changed(tapered, {{"mesh.width", {2, 2, 2, 2}}})),
                    says("[mesh] width has 4 pieces where there are 3 between walls, ends and layers"));
}
