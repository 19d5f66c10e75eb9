/// Narrow grooves and slow kinetics: what is resolved in 2D becomes the medium with a secondary pore network of
/// F. L. E. Usseglio-Viretta et al., J. Electrochem. Soc. 167 (2020) 100513: channels and matrix conduct side by side.
#include <cmath>
#include <cstdio>

#include "solver/base/constants.hpp"
#include "solver/laws/electrolyte.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"

using namespace porelith;

namespace {

/// Their through-plane tortuosity 1.92/eps: D_eff/D = eps/tau.
double transport(double eps) { return eps * eps / 1.92; }

/// Charge so slow that salt and potentials hardly differ, over kinetics slower still: the reaction is the same
/// everywhere, and the salt of an electrode falls as the parabola q (x2^2 - x1^2)/(2 D B) of a medium of transport B.
Case slow_charge() {
  Case c = shipped_case("nmc111_pouch");
  c.temperature = 298.15;
  c.initial.soc = 0.5;
  for (Electrode* e : {&c.cell->negative, &c.cell->positive}) e->materials[0].K *= 1e-4;
  c.protocol = {at_rate(*c.cell, -0.005)};
  c.protocol[0].stops = {{Quantity::time, 20000}};
  c.solver.rtol = 1e-8;
  c.output.max_snapshots = 2;
  return c;
}

/// Mean salt of the cells whose centre is at this depth, weighted with their pores.
double salt_at(const Results& r, double x) {
  double salt = 0, pores = 0;
  for (int P = 0; P < r.mesh.cells(); ++P)
    if (std::abs(r.mesh.centre[P][0] - x) < 1e-12) {
      salt += r.mesh.volume[P] * r.eps[P] * r.snapshots.back().c_e[P];
      pores += r.mesh.volume[P] * r.eps[P];
    }
  return salt / pores;
}

/// Through-plane transport of the negative electrode as its salt profile has it, matrix and grooves together.
double resolved_transport(double eps, double channel, double pitch) {
  Case c = slow_charge();
  Electrode& e = c.cell->negative;
  e.porosity = eps;
  e.transport_efficiency = transport(eps);
  cut(c, 2, pitch, ChannelForm::groove, channel * pitch);
  c.geometry.positive.clear();
  set_mesh(c, 20, 8, 4);
  c.mesh.width = 12;
  const Results r = simulate(c);
  INFO(r.status);
  REQUIRE(r.status == "complete");
  const double L = e.thickness, near = L / 40, far = 29 * L / 40;  // centres of the 1st and the 15th of 20 slices
  double D, slope;
  ElectrolyteLaw(c.cell->electrolyte, c.cell->T_ref)
      .at(c.temperature)
      .diffusivity(1, &c.cell->electrolyte.c_e0.value, &D, &slope);
  const double sink = (1 - c.cell->electrolyte.t_plus) * -r.curve.back().current() / (r.area * faraday * L);
  return sink * (far * far - near * near) / (2 * D * (salt_at(r, far) - salt_at(r, near)));
}

}  // namespace

TEST_CASE("narrow grooves at equal active mass carry salt as a secondary pore network does, within 0.5 %") {
  struct Row {
    double reference, channel, gain;  // porosity without channels; channel fraction of the best compromise; their gain
  };
  for (const Row& row : {Row{.20, .0597, 3.39}, Row{.25, .0723, 2.77}, Row{.30, .0841, 2.36}, Row{.35, .0953, 2.08},
                         Row{.40, .1060, 1.88}, Row{.50, .1283, 1.62}}) {
    const double eps = 1 - (1 - row.reference) / (1 - row.channel);  // the matrix gets denser
    const double medium = (transport(eps) * (1 - row.channel) + row.channel) / transport(row.reference);
    const double resolved = resolved_transport(eps, row.channel, 4e-6) / transport(row.reference);
    std::printf("  porosity %.2f, channels %.4f: gain %.4f resolved, %.4f of the medium (%+.3f %%), %.2f published\n",
                row.reference, row.channel, resolved, medium, 100 * (resolved / medium - 1), row.gain);
    CHECK(resolved == Approx(medium).epsilon(0.005));
    CHECK(resolved == Approx(row.gain).margin(0.005 + 0.005 * row.gain));  // rounded to two places
  }
}

namespace {

/// The matrix of an electrode and its grooves as one medium.
void blend(Electrode& e, double channel) {
  const double eps = e.eps(0, 1), B = e.B(0, 1), eps_s = e.eps_s(0, 0, 1);
  e.porosity = channel + (1 - channel) * eps;
  e.transport_efficiency = channel + (1 - channel) * B;
  e.conductivity = e.conductivity->scaled(1 - channel);
  e.materials[0].active_fraction = (1 - channel) * eps_s;
}

double seconds_to_cut_off(const Case& c) {
  const Results r = simulate(c);
  INFO(r.status);
  REQUIRE(r.status == "complete");
  return r.curve.back().time;
}

}  // namespace

TEST_CASE("the narrower the grooves, the nearer a 3C charge comes to that of the medium, within 0.5 % at last") {
  const double channel = 0.25;  // what is left at the narrowest pitch shrinks with the cells at the mouths
  Case medium = thick_charge(3);
  blend(medium.cell->negative, channel);
  blend(medium.cell->positive, channel);
  set_mesh(medium, 48, 20, 10);
  medium.mesh.grading = 3;
  medium.solver.rtol = 3e-5;
  const double limit = seconds_to_cut_off(medium);
  double before = 1;
  for (const double pitch : {60e-6, 15e-6, 3.75e-6}) {
    Case c = thick_charge(3);
    cut(c, 2, pitch, ChannelForm::groove, channel * pitch);
    set_mesh(c, 48, 20, 10);
    c.mesh.grading = 3;
    c.mesh.width = 8;
    c.solver.rtol = 3e-5;
    const double off = seconds_to_cut_off(c) / limit - 1;
    std::printf("  pitch %5.2f um: %+.3f %% of the medium's %.2f s\n", pitch * 1e6, 100 * off, limit);
    CHECK(std::abs(off) < before);
    before = std::abs(off);
  }
  CHECK(before < 0.005);
}
