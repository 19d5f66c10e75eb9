/// What a state gives in numbers: slopes against differences, the state of charge against the charge that passed, and
/// one list for curves, stops, reports and objectives.
#include <cstdio>
#include <set>

#include "solver/base/hdf5_reader.hpp"
#include "solver/case/keys.hpp"
#include "solver/case_mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/figures/figures.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/results/curve.hpp"
#include "solver/results/hdf5.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/observed.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/tempered.hpp"

using namespace porelith;

namespace {

void check_slopes(const Model& model) {
  const Observers observers(model);
  const State x = state_without_ties(model);
  for (std::size_t k = 0; k < observables().size(); ++k)
    for (unsigned seed = 1; seed <= 5; ++seed) {
      INFO(observables()[k].name << ", direction " << seed);
      CHECK(slope_error(observers, model, k, x, seed) < 1e-7);
    }
}

}  // namespace

TEST_CASE("every observable's slope is its central difference, in a blend, across layers and at channels") {
  for (Case c : {shipped_case("lgm50_chen2020"), blended_case()}) {
    set_mesh(c, 5, 3, 6);
    check_slopes(model_of(c, layered_mesh(*c.cell, c.mesh)));
    check_slopes(model_of(c, layered_mesh(*c.cell, c.mesh, {3})));
  }
  Case holes = thick_charge(1);
  cut(holes, 2, 60e-6, ChannelForm::groove, 20e-6);
  set_mesh(holes, 6, 3, 5);
  check_slopes(model_of(holes, mesh_of(holes)));
}

TEST_CASE("every observable's slope by the numbers of the model is the difference of models that have others") {
  std::vector<Case> cases{shipped_case("lgm50_chen2020"), blended_case(), thick_charge(1)};
  cases[1].cell->electrolyte.thermodynamic_factor = Function::expression("0.8 + 3e-4*x");
  cut(cases[2], 2, 60e-6, ChannelForm::groove, 20e-6);
  cases[2].geometry.negative[0].bottom = 9e-6;  // its wall runs through cells
  cases[2].mesh.width = 4;
  for (Case& c : cases) {
    set_mesh(c, 6, 3, 5);
    const Mesh mesh = mesh_of(c);
    const Model model = model_of(c, mesh);
    State x = state_without_ties(model);
    Scatter(model, 6).unsettle(x);
    for (int P = 0; P < model.layout().cells; ++P)  // least where the solid ends
      x[model.layout().phi_e + P] += 2 * std::min(mesh.centre[P][0] / c.cell->negative.thickness, 1.2);
    const ParameterSlopeErrors errors = parameter_slope_errors(c, mesh, x, Team::alone());
    std::printf("  %-20s %2zu slopes that are not 0, off by %.1e\n", c.title.c_str(), errors.seen.size(), errors.worst);
    CHECK(errors.worst < 1e-6);
    for (const char* wanted :
         {"soc by eps_s of bed 0", "soc by volumes", "plating_margin by B", "plating_margin by owners' distances",
          "plating_margin by t_plus", "plating_margin by ln chi", "plating_margin by temperature",
          "uniformity_neg by a of bed 0", "uniformity_neg by volumes", "uniformity_pos by volumes"}) {
      INFO(wanted);
      CHECK(std::count(errors.seen.begin(), errors.seen.end(), wanted) == 1);
    }
  }
}

TEST_CASE("the state of charge is that of the lithium, and moves with the charge that passes") {
  for (Case c : {shipped_case("lgm50_chen2020"), shipped_case("kokam_ecker2015"), blended_case()}) {
    set_mesh(c, 8, 4, 8);
    c.initial.soc = 0.8;
    c.protocol = {at_rate(*c.cell, 2), rest_for(300), at_rate(*c.cell, -1)};
    c.protocol[0].stops.push_back({Quantity::time, 600});
    c.protocol[2].stops.push_back({Quantity::time, 600});
    const Results r = simulate(c);
    REQUIRE(r.status == "complete");
    CHECK(observed(r.accepted.front(), "soc") == Approx(0.8).epsilon(1e-9));
    // Where the charge that fills the window is, from two states: all others have to lie on the line.
    const CurveRow &from = r.accepted.front(), &to = r.accepted[r.accepted.size() / 2];
    const double per_charge = (observed(to, "soc") - observed(from, "soc")) / (to.charge() - from.charge());
    double worst = 0;
    for (const CurveRow& row : r.accepted)
      worst = std::max(worst, std::abs(observed(row, "soc") - 0.8 - per_charge * row.charge()));
    INFO(c.title << ": off the line by " << worst);
    CHECK(worst < 1e-9);
    if (c.cell->negative.materials.size() == 1) {
      const ActiveMaterial& m = c.cell->negative.materials[0];
      const double window = 96485.33212 * (m.sto_max - m.sto_min) * m.c_s_max * c.cell->negative.eps_s(0, 0, 1) *
                            c.cell->negative.thickness * c.cell->area;
      CHECK(per_charge == Approx(-1 / window).epsilon(1e-8));
    }
  }
}

TEST_CASE("one list: what is observed is a column of both curves, a stop, and reduced a figure and an objective") {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 5, 3, 6);
  c.output.max_snapshots = 2;
  c.protocol = {at_rate(*c.cell, 1)};
  set_temperature_function(c, "298.15 + t/1000", 3600);
  const Results r = simulate(c);
  const Scratch folder;
  write_results_h5(r, folder / "results.h5");
  const Hdf5Reader h5(folder / "results.h5", results_format, results_version);
  {
    CurveWriter curve(folder / "curve.csv", r.also);
    for (const CurveRow& row : r.curve) curve.add(row);
  }
  const std::vector<CurveRow> csv = read_curve_csv(folder / "curve.csv");
  REQUIRE(csv.size() == r.curve.size());
  const std::vector<std::string> scalars = scalar_result_names();
  const std::vector<Figure> figures = run_figures(r);
  const auto printed = [&](const std::string& symbol) {
    return std::any_of(figures.begin(), figures.end(), [&](const Figure& f) { return f.symbol == symbol; });
  };

  REQUIRE(observables().size() >= terminal_observables);
  CHECK(observables()[0].name == "current");
  CHECK(observables()[1].name == "voltage");
  CHECK(observables()[2].name == "charge");
  CHECK(observables()[3].name == "energy");
  std::set<std::string> names, titles;
  for (std::size_t k = 0; k < observables().size(); ++k) {
    const Observable& o = observables()[k];
    INFO(o.name);
    CHECK(names.insert(o.name).second);
    CHECK(titles.insert(o.title).second);
    CHECK_FALSE((o.unit.empty() || o.meaning.empty() || o.spoken.empty()));
    CHECK(h5.numbers("/curve/" + o.name).back() == r.curve.back().values[k]);
    CHECK(csv.back().values[k] == Approx(r.curve.back().values[k]).epsilon(1e-9));
    if (k >= terminal_observables)
      for (const char* table : {"step.until", "protocol.until"})
        CHECK((find_table(table)->find(o.name + "_below") && find_table(table)->find(o.name + "_above")));
    for (const Reduced& reduced : o.reduced)
      CHECK(std::find(scalars.begin(), scalars.end(), reduced.name) != scalars.end());
  }
  for (const std::string& scalar : scalars) {
    INFO(scalar);
    CHECK(printed(scalar));
  }
  CHECK_THROWS_WITH(observable_called("sock"), says("sock is no observable; there are current, "));
}

TEST_CASE("a step may end at whatever is observed") {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 8, 4, 8);
  c.initial.soc = 0.5;
  struct End {
    const char* name;
    bool rises;
    double value, rate, near;
  };
  for (const End& end : {End{"c_e_max", true, 1300, 2, 0.1}, End{"uniformity_neg", false, 0.7, 2, 1e-6},
                         End{"plating_margin", true, 0.3, 2, 1e-5}, End{"c_e_min", false, 700, 2, 0.1}}) {
    INFO(end.name);
    c.protocol = {at_rate(*c.cell, end.rate)};
    c.protocol[0].stops.push_back({{end.name, end.rises}, end.value});
    const Results r = simulate(c);
    REQUIRE(r.status == "complete");
    CHECK(r.steps[0].ended == why(c.protocol[0].stops.back()));
    CHECK(observed(r.accepted.back(), end.name) == Approx(end.value).margin(end.near));
  }
}
