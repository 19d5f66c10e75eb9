/// Slopes by each control volume: together they are the slope by a shift that is the same everywhere.
#include "solver/gradient_field.hpp"

#include <cstdio>

#include "solver/case_change.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

Case line() {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 8, 4, 8);
  c.mesh.shells = 6;
  c.solver.rtol = 1e-3;
  c.protocol = {at_rate(*c.cell, 1)};
  return c;
}

Case grooved() {
  Case c = thick_charge(1);
  cut(c, 2, 60e-6, ChannelForm::groove, 20e-6);
  set_mesh(c, 6, 3, 5);
  c.solver.rtol = 1e-3;
  return c;
}

const std::vector<std::string> results{"capacity", "plating_margin", "c_e_min", "mean_voltage"};

const GradientField& field_of(const std::vector<GradientField>& fields, const std::string& number) {
  return *std::find_if(fields.begin(), fields.end(), [&](const GradientField& f) { return f.number == number; });
}

/// Over an electrode; of `kept` what is left.
double sum_over(Region electrode, const TapedRun& run, const std::vector<double>& values) {
  const std::vector<double> volumes = true_volumes(run);
  double sum = 0;
  for (std::size_t P = 0; P < volumes.size(); ++P)
    if (run.model->mesh().region[P] == electrode && std::isfinite(values[P])) sum += volumes[P] * values[P];
  return sum;
}

/// Of everything cell by cell, and of what no cell has for itself.
double by_shift(const Case& c, const TapedRun& run, const Gradient& gradient,
                const std::function<void(Case&, double)>& shift, double step) {
  const CaseAt at = [&](double by) {
    Case shifted = c;
    shift(shifted, by);
    return shifted;
  };
  return dot(*gradient.by, change_along(at, step, run));
}

void add_up(const Case& c) {
  const TapedRun run = simulate_taped(c);
  REQUIRE(run.results.status == "complete");
  const std::vector<FieldNumber> numbers = field_numbers(c, run);
  double worst = 0;
  for (const Gradient& gradient : gradients(c, run, results, {})) {
    const std::vector<GradientField> fields = gradient_fields(run, gradient, numbers);
    const auto same = [&](const char* number, const std::function<void(Case&, double)>& shift, double step) {
      INFO(gradient.name << " by " << number);
      const GradientField& field = field_of(fields, number);
      const double sum = sum_over(Region::negative, run, field.slope);
      const double whole = by_shift(c, run, gradient, shift, step);
      const double scale = std::max(std::abs(whole), 1e-3 * std::abs(gradient.value) / (1e3 * step));
      worst = std::max(worst, std::abs(sum - whole) / scale);
      CHECK(std::abs(sum - whole) <= 1e-10 * scale);
      CHECK(std::abs(sum_over(Region::negative, run, field.kept)) <= 1e-12 * scale);
    };
    same(
        "porosity",
        [](Case& s, double by) {
          auto& e = s.cell->negative.porosity.value;
          e = e.scaled(1, by);
        },
        1e-3);
    same(
        "active_fraction",
        [](Case& s, double by) {
          Electrode& e = s.cell->negative;
          e.materials[0].active_fraction = e.active_fraction(0).scaled(1, by);
        },
        1e-3);
    same(
        "particle_radius",
        [](Case& s, double by) {
          auto& R = s.cell->negative.materials[0].R.value;
          R = R.scaled(1, by);
        },
        2e-9);
  }
  std::printf("  off the slope by a shift of all by %.1e at most\n", worst);
}

}  // namespace

TEST_CASE("slopes by each control volume add up to that by a shift of all") { add_up(line()); }

TEST_CASE("slopes by each control volume add up where porosity is graded") {
  Case c = line();
  c.cell->negative.porosity = Profile::layers({0, 0.5, 1}, {0.2, 0.3});
  add_up(c);
}

TEST_CASE("slopes by each control volume add up between channels") { add_up(grooved()); }

TEST_CASE("slopes by each control volume add up where walls lie on faces and channels end at the collectors") {
  Case c = grooved();
  c.mesh.width = 6;
  add_up(c);
}

TEST_CASE("in a blend each material has slopes of its own, which add up to the model's by its active fraction") {
  Case c = blended_case();
  set_mesh(c, 6, 3, 6);
  c.mesh.shells = 8;
  c.solver.rtol = 1e-3;
  c.protocol = {at_rate(*c.cell, 1)};
  c.protocol[0].stops = {{Quantity::time, 1500}};
  const TapedRun run = simulate_taped(c);
  const Gradient gradient = gradients(c, run, {"end_voltage"}, {}).at(0);
  const std::vector<GradientField> fields = gradient_fields(run, gradient, field_numbers(c, run));
  for (const char* name : {"Graphite", "Silicon"}) {
    INFO(name);
    const std::string material = name;
    const double sum = sum_over(Region::negative, run, field_of(fields, "active_fraction_" + material).slope);
    CHECK(sum ==
          Approx(dot(gradient.by->model, change_with(*run.model, "negative." + material + ".eps_s"))).epsilon(1e-10));
    CHECK(sum != 0);
  }
  CHECK(
      std::none_of(fields.begin(), fields.end(), [](const GradientField& f) { return f.number == "particle_radius"; }));
}

TEST_CASE("one more pore counts where the slope says") {
  const Case c = line();
  const TapedRun run = simulate_taped(c);
  const Gradient gradient = gradients(c, run, {"capacity"}, {}).at(0);
  const GradientField field = field_of(gradient_fields(run, gradient, field_numbers(c, run)), "porosity");
  // layers that are the cells' own: the last one of the negative electrode a little more porous
  const double by = by_shift(
      c, run, gradient,
      [](Case& s, double shift) {
        Profile& eps = s.cell->negative.porosity.value;
        eps = Profile::layers({0, 0.875, 1}, {eps.at(0), eps.at(0) + shift});
      },
      1e-3);
  const int last =
      static_cast<int>(std::count(run.results.mesh.region.begin(), run.results.mesh.region.end(), Region::negative)) -
      1;
  CHECK(field.slope[last] * true_volumes(run)[last] == Approx(by).epsilon(1e-9));
  CHECK(field.slope[last] > field.slope[0]);
}
