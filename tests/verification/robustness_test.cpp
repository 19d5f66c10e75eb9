/// Random cells at random states of wear and tear of the solver: a Latin hypercube over plausible BPX values.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "solver/base/constants.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

constexpr int samples = 300;

/// n points in [0, 1)^d, one in each of n slices of every coordinate. mt19937_64 is the same on every machine.
std::vector<std::vector<double>> latin_hypercube(int n, int d, std::mt19937_64& random) {
  const auto uniform = [&] { return (random() >> 11) * 0x1p-53; };
  std::vector<std::vector<double>> points(n, std::vector<double>(d));
  for (int k = 0; k < d; ++k) {
    std::vector<int> slice(n);
    for (int i = 0; i < n; ++i) slice[i] = i;
    for (int i = n - 1; i > 0; --i) std::swap(slice[i], slice[static_cast<int>(uniform() * (i + 1))]);
    for (int i = 0; i < n; ++i) points[i][k] = (slice[i] + uniform()) / n;
  }
  return points;
}

/// Reads coordinates of one point in turn.
class Draw {
 public:
  explicit Draw(const std::vector<double>& u) : u_(u) {}
  double linear(double low, double high) { return low + (high - low) * u_.at(next_++); }
  double log(double low, double high) { return low * std::pow(high / low, u_.at(next_++)); }

 private:
  const std::vector<double>& u_;
  std::size_t next_ = 0;
};

double areal_capacity(const Electrode& e) {  // [A s m-2]
  const ActiveMaterial& m = e.materials[0];
  return faraday * e.thickness * m.eps_s * m.c_s_max * (m.sto_max - m.sto_min);
}

void redraw(Electrode& e, Draw& u) {
  e.thickness = u.linear(25e-6, 140e-6);
  const double eps = u.linear(0.18, 0.5);
  e.porosity = eps;
  e.reference_porosity = eps;
  e.reference_transport_efficiency = std::pow(eps, u.linear(1.3, 2.3));
  e.conductivity = u.log(0.1, 300);
  ActiveMaterial& m = e.materials[0];
  m.eps_s = (1 - eps) * u.linear(0.8, 0.97);
  m.R = u.log(0.3e-6, 12e-6);
  // Diffusion times between 1 s and 5 h: below, diffusion does not matter; above, nobody sells the cell.
  m.D_s = m.R->mean() * m.R->mean() / u.log(1, 18000);
  m.K = u.log(2e-7, 1e-4);
  m.K_activation = u.linear(2e4, 6e4);
  m.D_s_activation = u.linear(1e4, 5e4);
}

Case random_cell(const std::vector<double>& point) {
  const char* chemistries[] = {"lgm50_chen2020", "nmc111_pouch", "kokam_marquis2019", "kokam_ecker2015", "lfp_18650"};
  Draw u(point);
  Case c = shipped_case(chemistries[static_cast<int>(u.linear(0, 5))]);
  redraw(c.cell->negative, u);
  redraw(c.cell->positive, u);
  // Balanced by the positive's thickness: more negative than positive by 0 to 25 %.
  c.cell->positive.thickness.value *=
      areal_capacity(c.cell->negative) / areal_capacity(c.cell->positive) / u.linear(1, 1.25);
  c.cell->separator.thickness = u.linear(8e-6, 30e-6);
  c.cell->separator.porosity = u.linear(0.35, 0.6);
  c.cell->separator.transport_efficiency = std::pow(c.cell->separator.porosity, u.linear(1.3, 2.3));
  c.cell->electrolyte.c_e0 = u.linear(800, 1600);
  c.cell->electrolyte.t_plus = u.linear(0.2, 0.45);
  c.temperature = u.linear(263.15, 323.15);
  c.cell->electrolyte.kappa_activation = c.cell->electrolyte.D_e_activation = u.linear(1e4, 2e4);
  c.cell->nominal_capacity =
      std::min(areal_capacity(c.cell->negative), areal_capacity(c.cell->positive)) * c.cell->area / 3600;
  return c;
}

bool all_finite(const CurveRow& r) {
  return std::all_of(r.values.begin(), r.values.end(), [](double value) { return std::isfinite(value); }) &&
         observed(r, "c_e_min") > 0;
}

}  // namespace

TEST_CASE("300 random cells, C/10 to 3C, end at a cut-off or say why not") {
  std::mt19937_64 random(20250704);
  const auto points = latin_hypercube(samples, 40, random);
  const double rates[] = {0.1, 1, 3, -2};

  for (double rate : rates) {
    int complete = 0;
    long steps = 0;
    double slowest = 0, seconds = 0;
    for (int i = 0; i < samples; ++i) {
      Case c = random_cell(points[i]);
      c.initial = {};
      c.initial.soc = rate > 0 ? 1 : 0;
      c.protocol = {at_rate(*c.cell, rate)};
      const Results r = simulate(c);
      INFO("cell " << i << " at " << rate << "C: " << r.status);
      CHECK(std::all_of(r.curve.begin(), r.curve.end(), all_finite));
      if (r.status == "complete") {
        ++complete;
        CHECK(r.steps[0].ended.find("voltage") == 0);
      } else {
        CHECK(r.status.find("failed: step 1 (") == 0);  // with the place and what was tried
        std::printf("    cell %d: %s\n", i, r.status.c_str());
      }
      steps += r.counts.steps;
      seconds += r.seconds;
      slowest = std::max(slowest, r.seconds);
    }
    std::printf("  %+.1fC: %d of %d complete, %.0f steps each, %.2f ms each, slowest %.1f ms\n", rate, complete,
                samples, double(steps) / samples, 1e3 * seconds / samples, 1e3 * slowest);
    if (rate > 0 && rate <= 1) CHECK(complete >= 0.995 * samples);
    CHECK(complete >= 0.98 * samples);
  }
}
