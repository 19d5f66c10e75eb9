#include <cmath>

#include "solver/base/error.hpp"
#include "solver/case/reader.hpp"
#include "solver/cell/cell.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

const std::string head = "[cell]\nfile = \"nmc111_pouch\"\n";
const std::string step = "[[step]]\ncharge = \"1C\"\n";
const std::string plane = "[geometry]\ndimension = 2\nwidth = \"60 um\"\n";
const std::string space = "[geometry]\ndimension = 3\nwidth = \"60 um\"\n";
const std::string groove = "[[channel]]\nwidth = \"15 um\"\n";

Case parse(const std::string& text) { return parse_case(head + text + step, "case.toml"); }

std::string complaint(const std::string& text) {
  return sentence_of<CaseError>([&] { parse(text); });
}

}  // namespace

TEST_CASE("a case without geometry is one-dimensional and meshed as ever") {
  const Case plain = parse("");
  CHECK(plain.geometry.dimension == 1);
  CHECK_FALSE(plain.geometry.has_channels());
  CHECK(plain.mesh.negative == 20);
  CHECK(plain.mesh.separator == 10);
  CHECK(plain.mesh.shells == 15);
  CHECK(plain.mesh.grading == 1);
  CHECK(plain.mesh.width == 0);
  CHECK(plain.cell->negative.channel_fraction == 0);
}

TEST_CASE("fineness gives the counts that the case does not") {
  const Case coarse = parse("[mesh]\nfineness = \"coarse\"\nnegative = 33\n");
  CHECK(coarse.mesh.negative == 33);
  CHECK(coarse.mesh.positive == 10);
  CHECK(coarse.mesh.separator == 5);
  CHECK(coarse.mesh.shells == 10);
  const Case fine = parse(space + "[mesh]\nfineness = \"fine\"\nheight = 5\n");
  CHECK(fine.mesh.negative == 40);
  CHECK(fine.mesh.width == 32);
  CHECK(fine.mesh.height == 5);
}

TEST_CASE("channels go into the electrodes that are named, in metres") {
  const Case read =
      parse(plane + groove + "[[channel]]\nelectrode = \"negative\"\nwidth = \"20 um\"\nwidth_bottom = \"8 um\"\n" +
            "depth = 0.5\nfrom = \"collector\"\n");
  CHECK(read.geometry.dimension == 2);
  REQUIRE(read.geometry.negative.size() == 2);
  REQUIRE(read.geometry.positive.size() == 1);
  const Channel& second = read.geometry.negative[1];
  CHECK(second.mouth == 2e-5);
  CHECK(second.bottom == 8e-6);
  CHECK(second.depth == 0.5);
  CHECK_FALSE(second.from_separator);
  CHECK(read.cell->positive.channel_fraction == Approx(0.25).epsilon(1e-12));
  CHECK(parse("[geometry]\ndimension = \"2\"\nwidth = 6e-5\n").geometry.dimension == 2);
}

TEST_CASE(
    "unit cells: hexagonal ones are sqrt(3) times as high, axisymmetric ones have the area of a channel's share") {
  const Geometry square = parse(space).geometry;
  CHECK(square.height == 6e-5);
  CHECK(square.unit_cell(1).reach_z == 3e-5);
  const Geometry hexagonal = parse(space + "arrangement = \"hexagonal\"\n").geometry;
  CHECK(hexagonal.height == Approx(6e-5 * std::sqrt(3)).epsilon(1e-14));
  const std::string around = "[geometry]\ndimension = \"axisymmetric\"\nwidth = \"60 um\"\n";
  constexpr double pi = 3.14159265358979323846;
  CHECK(parse(around).geometry.unit_cell(1).reach_y == Approx(6e-5 / std::sqrt(pi)).epsilon(1e-14));
  CHECK(parse(around + "arrangement = \"hexagonal\"\n").geometry.unit_cell(1).reach_y ==
        Approx(6e-5 * std::sqrt(std::sqrt(3) / 2 / pi)).epsilon(1e-14));
}

TEST_CASE("kept porosity: the matrix stays, a quarter of the active mass goes") {
  const Case plain = parse(""), carved = parse(plane + groove);
  CHECK(carved.cell->negative.eps(0, 1) == plain.cell->negative.eps(0, 1));
  CHECK(carved.cell->negative.eps_s(0, 0, 1) == plain.cell->negative.eps_s(0, 0, 1));
  CHECK(carved.cell->negative.thickness == plain.cell->negative.thickness);
  CHECK(carved.cell->negative.channel_fraction == Approx(0.25).epsilon(1e-12));
  CHECK_THAT(carved.resolved, says("# negative: channels take Phi = 0.25 of the volume; kept: porosity"));
}

TEST_CASE("kept active mass: all solids rise by 1/(1 - Phi), transport follows by Bruggeman, graded or not") {
  for (const std::string solid : {"composition", "filler", "fixed"}) {
    INFO(solid);
    const std::string electrode = "[negative]\nsolid = \"" + solid + "\"\nporosity = [0.30, 0.35, 0.40]\n" +
                                  (solid == "fixed" ? "active_fraction = 0.5\n" : "");
    const Case plain = parse(electrode),
               denser = parse(electrode + plane + "keep = \"active_mass\"\n[[channel]]\nwidth = \"9 um\"\n");
    const double Phi = 0.15;
    const Electrode &before = plain.cell->negative, &after = denser.cell->negative;
    for (const double xi : {0.1, 0.5, 0.9}) {
      const double eps = before.eps(xi, xi + 0.01), eps_now = after.eps(xi, xi + 0.01);
      CHECK((1 - eps_now) * (1 - Phi) == Approx(1 - eps).epsilon(1e-12));
      CHECK(after.eps_s(0, xi, xi + 0.01) * (1 - Phi) == Approx(before.eps_s(0, xi, xi + 0.01)).epsilon(1e-12));
      const double b = std::log(before.reference_transport_efficiency) / std::log(before.reference_porosity);
      CHECK(after.B(xi, xi + 0.01) == Approx(std::pow(eps_now, b)).epsilon(1e-12));
    }
    CHECK(after.thickness == before.thickness);
  }
}

TEST_CASE("a transport efficiency that is given follows a denser electrode by its own exponent") {
  const Case read = parse("[negative]\nporosity = 0.4\ntransport_efficiency = 0.2\n" + plane +
                          "keep = \"active_mass\"\n[[channel]]\nwidth = \"9 um\"\n");
  const double eps = 1 - 0.6 / 0.85;
  CHECK(read.cell->negative.B(0, 1) == Approx(std::pow(eps, std::log(0.2) / std::log(0.4))).epsilon(1e-12));
  CHECK_THAT(complaint("[negative]\nporosity = 0.4\ntransport_efficiency = [0.2, 0.3]\n" + plane +
                       "keep = \"active_mass\"\n[[channel]]\nwidth = \"9 um\"\n"),
             says("give [negative] bruggeman_exponent instead"));
}

TEST_CASE("kept areal capacity: the electrode gets thicker by 1/(1 - Phi)") {
  const Case plain = parse(""), thicker = parse(plane + "keep = \"areal_capacity\"\n" + groove);
  CHECK(thicker.cell->positive.thickness == Approx(plain.cell->positive.thickness / 0.75).epsilon(1e-12));
  CHECK(thicker.cell->positive.eps(0, 1) == plain.cell->positive.eps(0, 1));
  const Case tree =
      parse(space + "keep = \"areal_capacity\"\n[[channel]]\nshape = \"tree\"\nwidth = \"12 um\"\nbranches = 4\n");
  const Electrode& e = tree.cell->negative;
  CHECK(e.thickness * (1 - e.channel_fraction) == Approx(plain.cell->negative.thickness).epsilon(1e-9));
}

TEST_CASE("the resolved case with channels reads back to itself, and carves once") {
  for (const char* shape : {"groove", "round", "tree"}) {
    const Case read =
        parse(space + "keep = \"areal_capacity\"\narrangement = \"square\"\n[[channel]]\nshape = \"" + shape +
              "\"\nwidth = \"12 um\"\n[[channel]]\nelectrode = \"negative\"\nwidth = \"7 um\"\n"
              "[negative.foil]\nthickness = \"10 um\"\n");
    const Case again = parse_case(read.resolved, "/elsewhere/case.toml");
    CHECK(again.resolved == read.resolved);
    CHECK(again.cell->negative.thickness == read.cell->negative.thickness);
    CHECK(again.geometry.negative.size() == 2);
    REQUIRE(again.geometry.negative_foil);
    CHECK(again.geometry.negative_foil->thickness == 5e-6);
  }
}

TEST_CASE("what makes no sense is refused with what was meant") {
  CHECK_THAT(complaint(groove), says("[channel 1] shape = \"groove\" needs [geometry] dimension = 2 or 3"));
  CHECK_THAT(complaint(plane + "[[channel]]\nshape = \"round\"\nwidth = 1e-5\n"),
             says("[channel 1] shape = \"round\" needs [geometry] dimension = 3, or \"axisymmetric\""));
  CHECK_THAT(complaint(plane + "[[channel]]\nshape = \"cone\"\nwidth = 1e-5\n"),
             says("is not one of groove, grid, round, square, tree"));
  CHECK_THAT(complaint(plane + "[[channel]]\ndepth = 0.5\n"), says("[channel 1] width is missing"));
  CHECK_THAT(complaint(plane + "[[channel]]\nwidth = \"60 um\"\n"),
             says("leaves nothing between the channels: they stand 60 um apart"));
  CHECK_THAT(complaint(plane + groove + "generations = 3\n"),
             says("[channel 1] generations means nothing for shape = \"groove\""));
  CHECK_THAT(complaint(space + "[[channel]]\nshape = \"tree\"\nwidth = 1e-5\nwidth_bottom = 2e-6\n"),
             says("[channel 1] width_bottom means nothing for shape = \"tree\""));
  CHECK_THAT(complaint(space + "[[channel]]\nshape = \"tree\"\nwidth = 1e-5\nbranches = 3\n"),
             says("take an even number, or spread = \"planar\""));
  CHECK_THAT(complaint(space + "arrangement = \"hexagonal\"\n" + groove),
             says("\"groove\" cannot be arranged hexagonally"));
  CHECK_THAT(complaint("[geometry]\ndimension = 2\n"), says("[geometry] width is missing"));
  CHECK_THAT(complaint("[geometry]\nwidth = 1e-5\n"), says("[geometry] width has no place in one dimension"));
  CHECK_THAT(complaint("[geometry]\ndimension = 4\n"),
             says("[geometry] dimension = 4 is not one of 1, 2, 3, axisymmetric"));
  CHECK_THAT(complaint("[geometry]\ndimension = 4\nwidth = \"60 um\"\n[[channel]]\nwidth = \"9 um\"\n"),
             says("1 problem"));  // not what follows from it
  CHECK_THAT(complaint(plane + "keep = \"active_mass\"\n" + groove),
             says("would press the negative electrode from a porosity of 0.254 to 0.005"));
}

TEST_CASE("tabs need foils, three dimensions, an edge that is long enough, and the cell's area") {
  const std::string pouch = "[geometry]\ndimension = 3\nwidth = \"100 mm\"\n";
  const std::string foils =
      "[negative.foil]\nthickness = \"10 um\"\n[positive.foil]\nthickness = \"15 um\"\nshared = false\n";
  const Case read = parse(
      pouch + foils +
      "[negative.tab]\nwidth = \"20 mm\"\noffset = \"10 mm\"\n[positive.tab]\nwidth = \"20 mm\"\nedge = \"left\"\n");
  const Geometry& g = read.geometry;
  CHECK(g.height == Approx(read.cell->pair_area() / 0.1).epsilon(1e-14));
  CHECK(g.negative_foil->thickness == 5e-6);
  CHECK(g.negative_foil->conductivity == 5.96e7);
  CHECK(g.positive_foil->thickness == 15e-6);
  CHECK(g.negative_tab->offset == 0.01);
  CHECK(g.positive_tab->offset == Approx((g.height - 0.02) / 2).epsilon(1e-14));
  CHECK(g.positive_tab->height == 0.01);
  CHECK(g.unit_cell(1).reach_y == 0.1);

  const std::string tab = "[negative.tab]\nwidth = \"20 mm\"\n";
  CHECK_THAT(complaint(pouch + tab), says("[negative.tab] width needs a foil: give [negative.foil] a thickness"));
  CHECK_THAT(complaint(plane + foils + tab), says("[negative.tab] width needs [geometry] dimension = 3"));
  CHECK_THAT(complaint(pouch + "height = \"10 mm\"\n" + foils + tab), says("but one pair of electrodes has"));
  CHECK_THAT(complaint(pouch + foils + "[negative.tab]\nwidth = \"120 mm\"\n"),
             says("is more than the edge has: 0.1 m"));
  CHECK_THAT(complaint(pouch + foils + tab + "offset = \"90 mm\"\n"), says("less than the tab's width"));
  CHECK_THAT(complaint(pouch + foils + tab + groove),
             says("channels stand in a unit cell that repeats, a pouch does not"));
  CHECK_THAT(complaint("[negative.foil]\nshared = false\n"),
             says("[negative.foil] shared needs a thickness beside it"));
  CHECK_THAT(complaint("[negative.tab]\nedge = \"left\"\n"), says("[negative.tab] edge needs a width beside it"));
}

TEST_CASE("of many cells fewer snapshots are kept, and particles only where the case asks for them") {
  CHECK(parse("").output.max_snapshots == 200);
  const Case read = parse(plane);
  CHECK(read.output.max_snapshots == 20);
  CHECK(read.output.particle_points.empty());
  CHECK(parse(plane + "[output]\nmax_snapshots = 200\n").output.max_snapshots == 200);
  const Case asked = parse(plane + "[output]\nparticle_points = [[\"10 um\", 3e-5, 0], [1e-4, 0, 0]]\n");
  REQUIRE(asked.output.particle_points.size() == 2);
  CHECK(asked.output.particle_points[0][0] == Approx(1e-5).epsilon(1e-15));
  CHECK(asked.output.particle_points[0][1] == 3e-5);
  CHECK_THAT(asked.resolved, says("particle_points = [[1e-05, 3e-05, 0.0], [0.0001, 0.0, 0.0]]"));
  CHECK_THAT(complaint(plane + "[output]\nparticle_points = [[1e-5, 0]]\n"),
             says("[output] particle_points = [[1e-05, 0]] has a point of 2 numbers where [x, y, z] takes three"));
}
