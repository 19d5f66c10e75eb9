#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "solver/case/echo.hpp"
#include "solver/case_mesh.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/simulation.hpp"
#include "surrogate/dataset/unit_cube.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/small_campaign.hpp"

using namespace porelith;

TEST_CASE("points of the unit cube go to bounds, logarithms and whole numbers") {
  const Scratch scratch;
  std::string text = small_study;
  text += "[[design.variable]]\nname = \"k\"\nlow = 3\nhigh = 6\nstart = 4\ninteger = true\n";
  text.replace(text.find("[design.set]"), 12, "[design.set]\n\"mesh.shells\" = \"k\"");
  const DesignSpace space = small_space(scratch.path(), text);
  CHECK(UnitCube(space.family().variables).design({0, 0, 0}) == std::vector<double>{0.2, 0.5, 3});
  const auto middle = UnitCube(space.family().variables).design({0.5, 0.5, 0.999});
  CHECK(middle[0] == Approx(0.3));
  CHECK(middle[1] == Approx(1.0));
  CHECK(middle[2] == 6);
  CHECK(space.case_at({0.3, 1, 5}).mesh.shells == 5);
  CHECK(space.start() == std::vector<double>{0.3, 1, 4});
}

TEST_CASE("a point's case has what the expressions set, coupled as they say") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  const Case at = space.case_at({0.25, 0.8});
  CHECK(at.cell->negative.eps(0, 0.4) == Approx(0.25));
  CHECK(at.cell->negative.eps(0.6, 1) == Approx(0.35));
  CHECK(at.cell->positive.thickness == Approx(0.8e-4));
  CHECK_FALSE(at.design);
  CHECK(echo_of(at).find("negative") != std::string::npos);
  const Case fine = space.case_at({0.25, 0.8}, 2);
  CHECK(fine.mesh.negative == 8);
  CHECK(fine.mesh.separator == 6);
  CHECK(fine.mesh.shells == 12);
  const Case plain = read_case(scratch.path(), space.overrides({0.25, 0.8}));  // what a user would type
  CHECK(plain.cell->positive.thickness == at.cell->positive.thickness);
}

TEST_CASE("points that cannot be are told before they are solved") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  CHECK(space.infeasible({0.3, 1}).empty());
  CHECK_THAT(space.infeasible({0.1, 1}), says("n = 0.1 is outside [0.2, 0.4]"));
  CHECK_THAT(space.infeasible({0.39, 1.9}), says("0.5 - n - p/10 is -0.08"));
  std::string text = small_study;
  text.replace(text.find("0.6 - n"), 7, "5*n - 1");  // 0.5 at the start, 1 at n = 0.4
  const DesignSpace bold = small_space(scratch.path(), text);
  CHECK_THAT(bold.infeasible({0.4, 0.5}), says("porosity"));
  CHECK_THAT(bold.solve(0, {0.4, 0.5}).status, says("infeasible: "));
}

TEST_CASE("a sample's scalars and curve are those of the run") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  const Sample sample = space.solve(3, {0.3, 1});
  REQUIRE(sample.status == "complete");
  Case at = space.case_at({0.3, 1});
  at.output.interval = 0.05;
  const Results fine = simulate(at);
  const StepSummary& step = fine.steps.back();
  const auto scalar = [&](const std::string& name) {
    for (std::size_t k = 0; k < scalar_results().size(); ++k)
      if (scalar_results()[k].name == name) return sample.scalars[k];
    throw std::invalid_argument(name);
  };
  CHECK(scalar("capacity") == Approx(step.charge / 3600));
  CHECK(scalar("areal_capacity") == Approx(step.charge / 3600 * 1000 / (at.cell->area * 1e4)));
  CHECK(scalar("energy") == Approx(step.energy / 3600));
  CHECK(scalar("duration") == Approx(200));
  CHECK(scalar("end_voltage") == Approx(fine.curve.back().voltage()));
  CHECK(scalar("mean_voltage") == Approx(step.energy / step.charge));
  double c_e_min = 1e9;
  for (const auto& row : fine.curve) c_e_min = std::min(c_e_min, observed(row, "c_e_min"));
  CHECK(scalar("c_e_min") == Approx(c_e_min).epsilon(1e-3));
  CHECK(scalar("uniformity_neg") > 0.1);
  CHECK(scalar("uniformity_neg") < 1);
  double worst = 0;
  for (int k = 0; k < curve_points; ++k) {  // constant current: share of the charge is share of the time
    const double t = 200.0 * k / (curve_points - 1);
    std::size_t i = 1;
    while (i + 1 < fine.curve.size() && fine.curve[i].time < t) ++i;
    const CurveRow &a = fine.curve[i - 1], &b = fine.curve[i];
    const double V = a.voltage() + (b.voltage() - a.voltage()) * (t - a.time) / (b.time - a.time);
    worst = std::max(worst, std::abs(V - sample.curve[k]));
  }
  INFO("worst deviation " << 1e3 * worst << " mV");
  CHECK(worst < 0.4e-3);  // the cubic through accepted states
}

TEST_CASE("the hash of a campaign's case follows what its samples depend on, and nothing else") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  const auto hash = [&](const std::vector<std::string>& overrides) {
    const Case input = read_case(scratch.path(), overrides);
    return DesignSpace(input, input.design->space).case_hash();
  };
  CHECK(hash({}) == space.case_hash());
  CHECK(hash({"output.vtk=false", "design.samples=9", "design.objective=capacity"}) == space.case_hash());
  CHECK(hash({"solver.rtol=1e-4"}) != space.case_hash());
  CHECK(hash({"design.variable.1.low=0.21"}) != space.case_hash());
  CHECK(hash({"design.feasible=0.6 - n - p/10"}) != space.case_hash());
}

TEST_CASE("a point solved from numbers is the point's case solved, also where a list or a table of steps is set") {
  const Scratch scratch;
  const auto same = [](const DesignSpace& space, const std::vector<double>& x) {
    const Sample quick = space.solve(0, x);
    REQUIRE(quick.status == "complete");
    Sample plain = quick;
    Case at = space.case_at(x);
    at.output.max_snapshots = 0;
    const Results results = simulate(at);
    measure(results, plain);
    plain.newton = results.counts.newton;
    return same_sample(quick, plain);
  };
  CHECK(same(small_space(scratch.path()), {0.22, 1.7}));
  std::string text = small_study;
  text.replace(text.find("[design.set]"), 12,
               "[design.set]\n\"step.1.discharge\" = \"10*n\"\n\"mesh.shells\" = \"5 + 0*p\"");
  CHECK(same(small_space(scratch.path(), text), {0.31, 0.6}));
}

TEST_CASE("a mesh twice as fine has twice the cells in every direction, and twice the shells") {
  const Scratch scratch;
  struct Kind {
    const char* name;
    std::string geometry;
    std::string said;  ///< of the finer mesh
  };
  const std::string flat = "[geometry]\ndimension = 2\nwidth = 1e-4\n",
                    deep = "[geometry]\ndimension = 3\nwidth = 1e-4\nheight = 1e-4\n";
  for (const Kind& kind : {Kind{"a line", "",
                                "8 for 4 cells through the negative electrode, 6 for 3 through the "
                                "separator, 8 for 4 through the positive electrode, 12 for 6 shells a particle"},
                           Kind{"a plane", flat + "[mesh]\nwidth = 3\n", "6 for 3 along the width"},
                           Kind{"a block", deep + "[mesh]\nwidth = 3\nheight = 2\n", "4 for 2 along the height"},
                           Kind{"a plane whose separator follows", flat + "[mesh]\nwidth = 3\nseparator = 0\n",
                                "4 for 2 through the separator"}}) {
    INFO(kind.name);
    std::string text = small_study;
    const auto mesh = kind.geometry.find("[mesh]\n");
    if (mesh != std::string::npos) {
      std::string more = kind.geometry.substr(mesh + 7);
      if (more.find("separator") != std::string::npos) text.erase(text.find("separator = 3\n"), 14);
      text.insert(text.find("[mesh]\n") + 7, more);
    }
    text.insert(text.find("[[step]]"), kind.geometry.substr(0, mesh));
    const DesignSpace space = small_space(scratch.path(), text);
    const Case coarse = space.case_at(space.start()), fine = space.case_at(space.start(), 2);
    const Mesh a = mesh_of(coarse), b = mesh_of(fine);
    const int directions = coarse.geometry.dimension;
    CHECK(b.cells() == a.cells() << directions);
    CHECK(fine.mesh.shells == 2 * coarse.mesh.shells);
    CHECK_THAT(refined_text(coarse, 2), says(kind.said));
    CHECK(space.case_at(space.start(), 1.5).mesh.separator == (3 * coarse.mesh.separator + 1) / 2);  // never too few
  }
}

TEST_CASE("the elements of a mesh file are halved as often as it takes, and that is said") {
  Case c = shipped_case("lgm50_chen2020");
  c.mesh.file = "cell.msh";
  c.mesh.shells = 15;
  CHECK(refined_text(c, 2) == "1 for 0 halvings of the file's elements, 30 for 15 shells a particle");
  CHECK(refined_text(c, 2.5) == "2 for 0 halvings of the file's elements, 38 for 15 shells a particle");
  CHECK(refined_text(c, 1) == "the elements of cell.msh as they are, halved 0 times, 15 for 15 shells a particle");
  c.mesh.split = 4;  // no more than [mesh] split may be
  CHECK(refined_text(c, 2) == "the elements of cell.msh as they are, halved 4 times, 30 for 15 shells a particle");
}
