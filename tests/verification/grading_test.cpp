/// Porosity free in every control volume: fields in cases, slopes by them, and optima that other code knows.
#include <cmath>

#include "solver/case/echo.hpp"
#include "solver/case/reader.hpp"
#include "solver/cell/cell.hpp"
#include "solver/figures/ohmic.hpp"
#include "solver/simulation.hpp"
#include "surrogate/design/solve_store.hpp"
#include "surrogate/grading/grading_study.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

const std::string ohmic_case = std::string(PORELITH_SOURCE_DIR) + "/cases/graded_layers";

/// Of a run of 1 s at 100 A/m2 from 1 V [ohm cm2]
double resistance(const Results& results) { return 1e4 * (1 - results.curve.back().voltage()) / 100; }

/// Seven points of fields through two electrodes in two dimensions, and a charge at them.
const char* const plane_case = R"(
[cell]
file = "nmc111_pouch"
[negative]
thickness = "112.4 um"
porosity = 0.3
[geometry]
dimension = 2
width = "60 um"
[[channel]]
electrode = "positive"
width = "15 um"
[initial]
soc = 0.1
[[step]]
charge = "2C"
until = { time = "60 s" }
[mesh]
negative = 5
separator = 2
positive = 4
width = 5
shells = 5
[solver]
rtol = 1e-7
newton = 1e-6
[design]
strategy = "gradient"
objective = "mean_voltage"
sense = "minimise"
[[design.grading]]
name = "n"
low = 0.1
high = 0.5
filter = "20 um"
[[design.grading]]
name = "p"
electrode = "positive"
low = 0.1
high = 0.5
keep = "loading"
)";

}  // namespace

TEST_CASE("a field of porosity gives what the same layers give, and its case can be written and read") {
  const Case input = read_case(ohmic_case);  // 400 control volumes
  std::vector<double> layers, field;
  for (int i = 0; i < 20; ++i) layers.push_back(0.3 + 0.015 * i);
  const GradedVolumes volumes = graded_volumes(input, Side::positive);
  for (std::size_t i = 0; i < volumes.size(); ++i)
    field.push_back(layers[static_cast<std::size_t>(10 * (volumes.xi_from[i] + volumes.xi_to[i]))]);
  const Case as_layers = changed(input, {{"positive.porosity", layers}});
  const Case as_field = changed(input, porosity_changes(volumes, field));
  const double R = resistance(simulate(as_layers));
  CHECK(resistance(simulate(as_field)) == Approx(R).epsilon(1e-10));
  const Case again = parse_case(echo_of(as_field), as_field.file);
  CHECK(resistance(simulate(again)) == Approx(R).epsilon(1e-10));
  CHECK(again.sha256 == as_field.sha256);
  // and what the ordinary solver finds is the ohmic electrode's resistance by O1 to O4
  OhmicElectrode e;
  e.L = 80e-6, e.T = input.temperature, e.filler = 0.025, e.s0 = 100, e.k0 = 2, e.b = 4;
  e.i0 = 3.2255461840278232, e.R_p = 5e-6;
  std::vector<double> edges;
  for (int i = 0; i <= 20; ++i) edges.push_back(i / 20.0);
  e.eps = Profile::layers(edges, layers);
  CHECK(R == Approx(1e4 * solve_ohmic(ohmic_medium(e, 400)).R).epsilon(3e-5));
}

TEST_CASE("an ohmic electrode's best layers and free profile are those that are known, in 30 solves each") {
  const Case input = changed(read_case(ohmic_case), {{"mesh.positive", {100}}});
  const auto study = [](const Case& at) {
    const GradedSpace space(at);
    const Goal goal(*at.design, at.design->space);
    Design design = *at.design;
    design.finer = 1;
    return run_grading_study(space, design, goal, space.physics(goal), {});
  };
  const auto check = [](const GradingOutcome& outcome, const std::string& name, double R) {
    const GradedDesign* design = outcome.called(name);
    REQUIRE(design);
    std::printf("  %-16s %.5f ohm cm2, %ld solves\n", name.c_str(), design->value, design->found.solves);
    CHECK(design->value == Approx(R).epsilon(0).margin(0.002));  // computed independently, 400 slices
    CHECK(design->found.solves <= 30);
  };
  const GradingOutcome free = study(input);
  check(free, "best uniform", 5.35100);
  check(free, "best 2 layers", 5.11670);
  check(free, "best 5 layers", 5.00860);
  check(free, "best 20 layers", 4.97152);
  CHECK(free.called("best uniform")->porosities[0][0] == Approx(0.54246).margin(1e-3));
  CHECK(free.called("free")->value < 4.968);
  CHECK(free.called("free")->found.solves <= 30);
  CHECK(free.called("coatable")->layers == std::vector<int>{4});  // of 20 um

  const GradingOutcome kept = study(changed(read_case(ohmic_case + "/mean_kept.toml"), {{"mesh.positive", {100}}}));
  check(kept, "uniform start", 6.88012);
  check(kept, "best 2 layers", 5.86674);
  check(kept, "best 5 layers", 5.51146);
  check(kept, "best 20 layers", 5.37261);
  CHECK(kept.called("free")->x.front() == Approx(0.4).epsilon(1e-13));
}

TEST_CASE("slopes by every control volume's porosity, in two dimensions, are those of differences of runs") {
  const Case input = parse_case(plane_case, "plane.toml");
  const GradedSpace space(input);
  const Goal goal(*input.design, input.design->space);
  const Physics physics = space.physics(goal);
  const GradedChoice choice = GradedChoice::of_volumes(space);
  Eigen::VectorXd u = choice.nearest(space.start());
  for (Eigen::Index i = 0; i < u.size(); ++i) u[i] += 0.15 * std::sin(3.7 * static_cast<double>(i));
  const GradedChoice::Made made = choice.make(u);
  REQUIRE(made.refused.empty());
  CHECK(made.x[0] == Approx(0.3).epsilon(1e-14));  // the negative electrode's mean is kept, the positive's free
  const Sloped at = physics.sloped(0, made.x, true);
  REQUIRE(complete(at.sample));
  REQUIRE(at.slopes.size() > 0);
  const auto k = static_cast<Eigen::Index>(physics.sloped_results.front());
  const Eigen::VectorXd slope = choice.pull(made, at.slopes.row(k).transpose());
  const auto value = [&](const Eigen::VectorXd& v) {
    const Sample sample = physics.solve(0, choice.make(v).x, 1);
    REQUIRE(complete(sample));
    return sample.scalars[static_cast<std::size_t>(k)];
  };
  constexpr double h = 0.01;
  for (const Eigen::Index i : {Eigen::Index(0), Eigen::Index(12), u.size() - 8}) {
    Eigen::VectorXd above = u, below = u;
    above[i] += h, below[i] -= h;
    const double difference = (value(above) - value(below)) / (2 * h);
    CHECK(slope[i] == Approx(difference).epsilon(1e-2));
  }
}

TEST_CASE("slopes through a mean that follows another electrode's are those of differences") {
  const Case input = changed(read_case(std::string(PORELITH_SOURCE_DIR) + "/cases/free_grading"),
                             {{"mesh.negative", {12}}, {"mesh.positive", {9}}});
  const GradedSpace space(input);
  for (const GradedChoice& choice : {GradedChoice::of_volumes(space), GradedChoice::of_layers(space, {3, 2})}) {
    Eigen::VectorXd u = choice.nearest(space.start());
    for (Eigen::Index i = 0; i < u.size(); ++i) u[i] += 0.2 * std::sin(2.3 * static_cast<double>(i));
    Eigen::VectorXd weights(static_cast<Eigen::Index>(space.dimension()));
    for (Eigen::Index i = 0; i < weights.size(); ++i) weights[i] = std::cos(1.7 * static_cast<double>(i));
    const auto value = [&](const Eigen::VectorXd& at) {
      const std::vector<double> x = choice.make(at).x;
      return weights.dot(Eigen::Map<const Eigen::VectorXd>(x.data(), weights.size()));
    };
    const Eigen::VectorXd slope = choice.pull(choice.make(u), weights);
    constexpr double h = 1e-6;
    for (Eigen::Index i = 0; i < u.size(); ++i) {
      Eigen::VectorXd above = u, below = u;
      above[i] += h, below[i] -= h;
      CHECK(slope[i] == Approx((value(above) - value(below)) / (2 * h)).epsilon(1e-6).margin(1e-8));
    }
  }
}

TEST_CASE("a plating margin as a constraint is kept and used up; the journal answers for all of it a second time") {
  const Case input = parse_case(R"(
[cell]
file = "nmc111_pouch"
[negative]
thickness = "112.4 um"
porosity = 0.3
[positive]
thickness = "104.6 um"
[initial]
soc = 0
[[step]]
charge = "4C"
until = { time = "100 s" }
[mesh]
negative = 12
separator = 4
positive = 8
shells = 6
[solver]
rtol = 1e-5
[design]
strategy = "gradient"
objective = "n"
sense = "minimise"
constraints = "plating_margin - 0.01"
finer = 1
[[design.grading]]
name = "n"
low = 0.15
high = 0.5
filter = "10 um"
keep = "thickness"
layers = [3]
)",
                                "dense.toml");
  const Scratch scratch;
  const GradedSpace space(input);
  const Goal goal(*input.design, input.design->space);
  std::vector<GradingOutcome> outcomes;
  long asked = 0;
  for (int session = 0; session < 2; ++session) {
    Physics physics = space.physics(goal);
    physics.sloped = [&asked, solve = physics.sloped](long index, const std::vector<double>& x, bool slope) {
      ++asked;
      return solve(index, x, slope);
    };
    SolveStore store(scratch / "answers.journal", "dense");
    outcomes.push_back(run_grading_study(space, *input.design, goal, store.remembering(physics, ""), {}));
    if (session == 1) CHECK(asked == 0);
    CHECK(asked >= 0);
    asked = 0;
  }
  CHECK(outcomes[0].called("free")->x == outcomes[1].called("free")->x);
  for (const char* name : {"best uniform", "free", "best 3 layers"}) {
    const GradedDesign& design = *outcomes[0].called(name);
    std::printf("  %-16s mean %.5f, margin %.3g V to spare, %ld solves\n", name, design.value, design.constraints[0],
                design.found.solves);
    CHECK(design.constraints[0] >= 0);
    CHECK(design.constraints[0] < 1e-4);
  }
  CHECK(outcomes[0].called("free")->value < outcomes[0].called("best 3 layers")->value);
  CHECK(outcomes[0].called("best 3 layers")->value < outcomes[0].called("best uniform")->value);
  // the least uniform porosity by halving an interval, without any slope
  const auto margin = [&](double n) {
    std::vector<double> x(space.dimension(), n);
    const Sample sample = space.solve(0, x);
    REQUIRE(complete(sample));
    return goal
        .judge({n}, Eigen::Map<const Eigen::VectorXd>(sample.scalars.data(),
                                                      static_cast<Eigen::Index>(sample.scalars.size())))
        .constraints[0];
  };
  double below = 0.15, above = 0.5;
  REQUIRE((margin(below) < 0 && margin(above) > 0));
  while (above - below > 1e-5) {
    const double middle = (below + above) / 2;
    (margin(middle) < 0 ? below : above) = middle;
  }
  CHECK(outcomes[0].called("best uniform")->value == Approx(above).epsilon(0).margin(5e-4));
}
