/// Fields chosen beforehand, the sources that make them solve (E1), (E2), (E5), and the order at which we find them
/// again.
#include <cmath>
#include <cstdio>
#include <functional>

#include "solver/base/constants.hpp"
#include "solver/case_parameters.hpp"
#include "solver/linear/linear_solver.hpp"
#include "solver/newman/model.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

constexpr double pi = 3.14159265358979323846, V = 3.7, gamma_ = 50;
using Field = std::function<double(double)>;

/// Derivative of an analytic function, fourth order; h is far below any length of the fields.
double slope(const Field& f, double x, double h) {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

/// The chosen fields. s measures depth in units of dx/B, so that fluxes through B are smooth across the interfaces.
struct Manufactured {
  const Cell& cell;
  double L_n = cell.negative.thickness, L_s = cell.separator.thickness, L_p = cell.positive.thickness;
  double B_n = cell.negative.reference_transport_efficiency, B_s = cell.separator.transport_efficiency,
         B_p = cell.positive.reference_transport_efficiency;
  double S = L_n / B_n + L_s / B_s + L_p / B_p;

  double s(double x) const {
    if (x < L_n) return x / B_n;
    if (x < L_n + L_s) return L_n / B_n + (x - L_n) / B_s;
    return L_n / B_n + L_s / B_s + (x - L_n - L_s) / B_p;
  }
  double B(double x) const { return x < L_n ? B_n : x < L_n + L_s ? B_s : B_p; }
  double c_e_of(double s) const { return 1000 + 250 * std::cos(pi * s / S); }
  double phi_e_of(double s) const { return -0.2 + 0.04 * std::cos(2 * pi * s / S); }
  double phi_s(double x) const {
    if (x < L_n) return 0.01 * std::sin(pi * x / (2 * L_n));
    return V + 0.02 * std::sin(pi * (L_n + L_s + L_p - x) / (2 * L_p));
  }
};

/// Root of the kinetics at given fields by bisection, independent of the solver's own.
double flux(const ModelBed& bed, double c_e, double phi, double T) {
  const double alpha = bed.particles.alpha()[0], beta = bed.particles.beta()[0], c_max = bed.law.c_s_max();
  double low = (c_max - alpha) / beta, high = -alpha / beta;
  for (int i = 0; i < 200; ++i) {
    const double j = (low + high) / 2, sto = (alpha + beta * j) / c_max;
    const double i0 = bed.law.i0(c_e / 1000, sto);
    const double eta = phi - bed.law.potential(sto);
    (eta > 2 * thermal_voltage(T) * std::asinh(faraday * j / (2 * i0)) ? low : high) = j;
  }
  return (low + high) / 2;
}

struct Errors {
  double c_e, phi_e, phi_s;
};

Errors errors_on(int n) {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, n, n, 8);
  Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
  const Mesh& mesh = model.mesh();
  const Layout& l = model.layout();
  const Manufactured exact{*c.cell};
  const State hat = model.rest({0.5, 0.5});
  model.condense(gamma_, hat, hat);

  const auto& e = model.electrolyte();
  const auto law = [](auto evaluate, double c_e) {
    double value, slope;
    evaluate(&c_e, &value, &slope);
    return value;
  };
  // Fluxes as functions of s: N = -D dc/ds, i = -kappa (dphi/ds - chi dln c/ds).
  const double h_s = 1e-4 * exact.S;
  const Field salt = [&](double s) {
    const double D = law([&](double* c, double* v, double* d) { e.diffusivity(1, c, v, d); }, exact.c_e_of(s));
    return -D * slope([&](double q) { return exact.c_e_of(q); }, s, h_s);
  };
  const Field ionic = [&](double s) {
    const double kappa = law([&](double* c, double* v, double* d) { e.conductivity(1, c, v, d); }, exact.c_e_of(s));
    return -kappa * slope([&](double q) { return exact.phi_e_of(q) - e.chi() * std::log(exact.c_e_of(q)); }, s, h_s);
  };

  model.source.assign(mesh.cells(), Triple{});
  State x = hat;
  x[l.voltage] = V;
  for (int P = 0; P < mesh.cells(); ++P) {
    const double at = mesh.centre[P][0], s = exact.s(at);
    double aj = 0;
    for (const ModelBed& bed : model.beds())
      if (bed.electrode == mesh.region[P])
        aj = bed.a[0] * flux(bed, exact.c_e_of(s), exact.phi_s(at) - exact.phi_e_of(s), c.temperature);
    Triple& source = model.source[P];
    source[0] = model.medium().eps[P] * (exact.c_e_of(s) - 1000) / gamma_ + slope(salt, s, h_s) / exact.B(at) -
                (1 - e.t_plus()) * aj;
    source[1] = slope(ionic, s, h_s) / exact.B(at) - faraday * aj;
    if (mesh.region[P] != Region::separator) {
      const bool negative = mesh.region[P] == Region::negative;
      const double k = pi / (2 * (negative ? exact.L_n : exact.L_p)), wave = exact.phi_s(at) - (negative ? 0 : V);
      source[2] = model.medium().sigma[P] * k * k * wave + faraday * aj;
    }
    for (double& q : source) q *= mesh.volume[P];
    x[l.c_e + P] = exact.c_e_of(s);
    x[l.phi_e + P] = exact.phi_e_of(s);
    x[l.phi_s + P] = mesh.region[P] == Region::separator ? 0 : exact.phi_s(at);
  }

  BlockSystem system(mesh.cells(), static_cast<int>(mesh.faces.size()));
  std::vector<Triple> delta(mesh.cells());
  const auto linear = make_linear_solver(mesh, "chain");
  for (int i = 0; i < 30; ++i) {
    REQUIRE(model.assemble(gamma_, hat, x, system));
    double dV = 0;  // the terminals' equation is left at dV = 0
    REQUIRE(linear->solve(system, delta, dV).solved);
    model.update(delta, 0.1, x);
  }
  Errors worst{0, 0, 0};
  for (int P = 0; P < mesh.cells(); ++P) {
    const double at = mesh.centre[P][0], s = exact.s(at);
    worst.c_e = std::max(worst.c_e, std::abs(x[l.c_e + P] - exact.c_e_of(s)));
    worst.phi_e = std::max(worst.phi_e, std::abs(x[l.phi_e + P] - exact.phi_e_of(s)));
    if (mesh.region[P] != Region::separator)
      worst.phi_s = std::max(worst.phi_s, std::abs(x[l.phi_s + P] - exact.phi_s(at)));
  }
  return worst;
}

}  // namespace

TEST_CASE("a manufactured solution across three layers is found with order 2") {
  Errors before{};
  for (int n : {10, 20, 40, 80, 160}) {
    const Errors now = errors_on(n);
    std::printf("  %3d cells a layer: c_e %.3e mol/m3, phi_e %.3e V, phi_s %.3e V", n, now.c_e, now.phi_e, now.phi_s);
    if (before.c_e > 0) {
      const double o_c = std::log2(before.c_e / now.c_e), o_e = std::log2(before.phi_e / now.phi_e),
                   o_s = std::log2(before.phi_s / now.phi_s);
      std::printf("; orders %.3f %.3f %.3f", o_c, o_e, o_s);
      if (n >= 80) {
        CHECK(o_c == Approx(2).margin(0.05));
        CHECK(o_e == Approx(2).margin(0.05));
        CHECK(o_s == Approx(2).margin(0.05));
      }
    }
    std::printf("\n");
    before = now;
  }
}
