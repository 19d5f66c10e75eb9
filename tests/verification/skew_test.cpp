/// Skew faces (S4): exact for fields that are linear in each layer, order 2 on smooth ones, conservative, and the same
/// cell as P2D on meshes of every shape.
#include <cmath>
#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "meshes/layered.hpp"
#include "solver/base/constants.hpp"
#include "solver/march/linear_solver.hpp"
#include "solver/newman/model.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

constexpr double pi = 3.14159265358979323846;
const std::vector<std::pair<Cut, const char*>> cuts{
    {Cut::hexahedra, "hexahedra"}, {Cut::tetrahedra, "tetrahedra"}, {Cut::prisms, "prisms"},
    {Cut::pyramids, "pyramids"},   {Cut::mixed, "mixed"},           {Cut::quadrilaterals, "quadrilaterals"},
    {Cut::triangles, "triangles"}};

Case sample() { return shipped_case("lgm50_chen2020"); }

Mesh shaken_mesh(const Case& c, Cut cut, double shake, int n = 4) {
  BoxMesh block = layered_boxes(c.cell, n, 2, equal_edges(60, n), equal_edges(60, n));
  block.cut = cut;
  block.shake = shake;
  return gmsh_mesh(make_boxes(block), c.cell, {});
}

double dot(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

TEST_CASE("on any mesh a field that is linear in each layer has exact fluxes through its faces") {
  const Case c = sample();
  const double L_n = c.cell.negative.thickness, L_s = c.cell.separator.thickness;
  for (const auto& [cut, name] : cuts) {
    INFO(name);
    const Mesh mesh = shaken_mesh(c, cut, 0.2);
    REQUIRE(!mesh.skew.empty());
    const std::array<double, 3> conductivity{0.2, 0.7, 0.3}, along{0, 3, mesh.dimension == 3 ? -2.0 : 0.0};
    std::vector<double> B, sigma(mesh.cells(), 1.0), u;
    for (int P = 0; P < mesh.cells(); ++P) {
      B.push_back(conductivity[static_cast<int>(mesh.region[P])]);
      const double x = mesh.centre[P][0];
      const double way =
          std::min(x, L_n) / 0.2 + std::max(0.0, std::min(x - L_n, L_s)) / 0.7 + std::max(0.0, x - L_n - L_s) / 0.3;
      u.push_back(way + dot(along, mesh.centre[P]));
    }
    SkewCorrection skew(mesh, B, sigma, 0, Team::alone());
    skew.find_jumps(u.data(), u.data(), u.data(), 0);
    std::vector<char> at_wall(mesh.cells(), 0);  // the field does not heed the walls
    for (const Wall& w : mesh.walls) at_wall[w.cell] = 1;
    int checked = 0;
    double worst = 0, without = 0;
    for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
      const Face& f = mesh.faces[k];
      if (at_wall[f.owner] || at_wall[f.neighbour]) continue;
      const double G = 1 / (f.d_owner / B[f.owner] + f.d_neighbour / B[f.neighbour]);
      const auto& n = mesh.skew[k].normal;
      // Across an interface, which is a plane x = const, only the slope along x counts.
      const double exact = -n[0] - B[f.owner] * dot(along, n);
      worst = std::max(worst, std::abs(G * (u[f.owner] - u[f.neighbour] + skew.jump(k)[0]) - exact));
      without = std::max(without, std::abs(G * (u[f.owner] - u[f.neighbour]) - exact));
      ++checked;
    }
    std::printf("  %-15s %5d faces: largest error of a flux of 1: %.1e, without the correction %.1e\n", name, checked,
                worst, without);
    CHECK(checked > 0);
    CHECK(worst < 1e-11);
    CHECK(without > 0.05);
  }
}

namespace {

using Field = std::function<double(double)>;

/// Derivative of an analytic function, fourth order.
double slope(const Field& f, double x, double h) {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

/// Chosen fields that meet the walls squarely. s measures depth in units of dx/B, so that fluxes are smooth across the
/// interfaces; W is the width along y and z.
struct Manufactured {
  const Cell& cell;
  double W;
  double L_n = cell.negative.thickness, L_s = cell.separator.thickness, L_p = cell.positive.thickness;
  double B_n = cell.negative.reference_transport_efficiency, B_s = cell.separator.transport_efficiency,
         B_p = cell.positive.reference_transport_efficiency;
  double S = L_n / B_n + L_s / B_s + L_p / B_p, V = 3.7;

  double B(double x) const { return x < L_n ? B_n : x < L_n + L_s ? B_s : B_p; }
  double s(double x) const {
    if (x < L_n) return x / B_n;
    return x < L_n + L_s ? L_n / B_n + (x - L_n) / B_s : L_n / B_n + L_s / B_s + (x - L_n - L_s) / B_p;
  }
  double across(double y, double z) const { return 1 + 0.3 * std::cos(pi * y / W) * std::cos(pi * z / W); }
  double c_e(double s, double y, double z) const { return 1000 + 250 * std::cos(pi * s / S) * across(y, z); }
  double phi_e(double s, double y, double z) const { return -0.2 + 0.04 * std::cos(2 * pi * s / S) * across(z, y); }
  double phi_s(double x, double y, double z) const {
    if (x < L_n) return 0.01 * std::sin(pi * x / (2 * L_n)) * across(y, z);
    return V + 0.02 * std::sin(pi * (L_n + L_s + L_p - x) / (2 * L_p)) * across(y, z);
  }
};

/// Root of the kinetics at given fields by bisection, independent of the solver's own.
double flux_of(const ModelBed& bed, double c_e, double phi, double T) {
  const double alpha = bed.particles.alpha()[0], beta = bed.particles.beta()[0], c_max = bed.law.c_s_max();
  double low = (c_max - alpha) / beta, high = -alpha / beta;
  for (int i = 0; i < 200; ++i) {
    const double j = (low + high) / 2, sto = (alpha + beta * j) / c_max;
    const double i0 = bed.law.i0(c_e / 1000, sto), eta = phi - bed.law.potential(sto);
    (eta > 2 * thermal_voltage(T) * std::asinh(faraday * j / (2 * i0)) ? low : high) = j;
  }
  return (low + high) / 2;
}

/// Bends the whole block by an amount that does not shrink with its boxes; layers and walls stay where they are.
void bend(GmshFile& file, double W, const std::vector<double>& planes) {
  for (auto& p : file.points) {
    const double wave = std::sin(2 * pi * p[0] / planes.back()) * std::sin(pi * p[1] / W) * std::sin(pi * p[2] / W);
    const double shift =
        0.12 * W * std::sin(pi * p[1] / W) * std::sin(pi * p[2] / W + 0.5) * std::cos(3 * p[0] / planes.back());
    for (std::size_t k = 0; k + 1 < planes.size(); ++k)
      if (p[0] > planes[k] && p[0] < planes[k + 1]) {
        const double in = (p[0] - planes[k]) / (planes[k + 1] - planes[k]);
        p[0] += 0.1 * (planes[k + 1] - planes[k]) * std::sin(pi * in) * std::cos(pi * p[1] / W);
        break;
      }
    p[1] += shift;
    p[2] += 0.15 * W * wave;
  }
}

struct Errors {
  double c_e, phi_e, phi_s;
};

/// Mean errors of the fields that Newton's method finds for the sources of the chosen ones.
Errors errors_on(Cut cut, int n) {
  Case c = sample();
  c.mesh.shells = 4;
  constexpr double um = 1e-6, W = 60;
  BoxMesh block = layered_boxes(c.cell, n, n, equal_edges(W, n), equal_edges(W, n));
  block.cut = cut;
  GmshFile file = make_boxes(block);
  bend(file, W, {0, block.planes[0], block.planes[1], block.x.back()});
  Model model(c, gmsh_mesh(file, c.cell, {}));
  const Mesh& mesh = model.mesh();
  const Layout& l = model.layout();
  const Manufactured exact{c.cell, W * um};
  const State hat = model.rest({0.5, 0.5});
  constexpr double gamma = 50;
  model.condense(gamma, hat, hat);

  const auto& e = model.electrolyte();
  const auto D = [&](double c_e) {
    double value, by_c_e;
    e.diffusivity(1, &c_e, &value, &by_c_e);
    return value;
  };
  const auto kappa = [&](double c_e) {
    double value, by_c_e;
    e.conductivity(1, &c_e, &value, &by_c_e);
    return value;
  };
  const double h_s = 1e-4 * exact.S, h = 1e-4 * exact.W;
  model.source.assign(mesh.cells(), Triple{});
  State x = hat;
  x[l.voltage] = exact.V;
  for (int P = 0; P < mesh.cells(); ++P) {
    const auto& at = mesh.centre[P];
    const double s = exact.s(at[0]), y = at[1], z = at[2], B = exact.B(at[0]);
    const auto c_e = [&](double s_, double y_, double z_) { return exact.c_e(s_, y_, z_); };
    const auto psi = [&](double s_, double y_, double z_) {
      return exact.phi_e(s_, y_, z_) - e.chi() * std::log(exact.c_e(s_, y_, z_));
    };
    // -div(B k grad u), with d/dx = (1/B) d/ds
    const auto divergence = [&](auto law, auto u) {
      const auto along_s = [&](double q) {
        return law(c_e(q, y, z)) * slope([&](double r) { return u(r, y, z); }, q, h_s);
      };
      const auto along_y = [&](double q) {
        return law(c_e(s, q, z)) * slope([&](double r) { return u(s, r, z); }, q, h);
      };
      const auto along_z = [&](double q) {
        return law(c_e(s, y, q)) * slope([&](double r) { return u(s, y, r); }, q, h);
      };
      return -slope(along_s, s, h_s) / B - B * (slope(along_y, y, h) + slope(along_z, z, h));
    };
    double aj = 0;
    for (const ModelBed& bed : model.beds())
      if (bed.electrode == mesh.region[P])
        aj = bed.a[0] * flux_of(bed, c_e(s, y, z), exact.phi_s(at[0], y, z) - exact.phi_e(s, y, z), c.temperature);
    Triple& source = model.source[P];
    source[0] = model.medium().eps[P] * (c_e(s, y, z) - 1000) / gamma + divergence(D, c_e) - (1 - e.t_plus()) * aj;
    source[1] = divergence(kappa, psi) - faraday * aj;
    if (model.medium().sigma[P] > 0) {
      const bool negative = mesh.region[P] == Region::negative;
      const double k = pi / (2 * (negative ? exact.L_n : exact.L_p));
      const double wave = exact.phi_s(at[0], y, z) - (negative ? 0 : exact.V), across = exact.across(y, z);
      const double sideways = 2 * (pi / exact.W) * (pi / exact.W) * (across - 1) / across;
      source[2] = model.medium().sigma[P] * (k * k + sideways) * wave + faraday * aj;
    }
    for (double& q : source) q *= mesh.volume[P];
    x[l.c_e + P] = c_e(s, y, z);
    x[l.phi_e + P] = exact.phi_e(s, y, z);
    x[l.phi_s + P] = model.medium().sigma[P] > 0 ? exact.phi_s(at[0], y, z) : 0;
  }

  BlockSystem system(mesh.with_ghosts(), static_cast<int>(mesh.faces.size()));
  std::vector<Triple> delta(mesh.cells());
  const auto linear = make_linear_solver(mesh, "petsc");
  int iterations = 0;
  for (double moved = 1; moved > 1e-9; ++iterations) {
    REQUIRE(iterations < 12);
    REQUIRE(model.assemble(gamma, hat, x, system));
    system.border_row.clear();  // V is given
    system.corner = 1, system.border_residual = 0;
    double dV = 0;
    REQUIRE(linear->solve(system, delta, dV).solved);
    const auto update = model.update(delta, 0.1, x);
    moved = std::max({update.largest[0] / 1000, update.largest[1], update.largest[2]});
  }
  Errors sum{0, 0, 0};
  double all = 0, solid = 0;
  for (int P = 0; P < mesh.cells(); ++P) {
    const auto& at = mesh.centre[P];
    const double s = exact.s(at[0]);
    const auto square = [](double a) { return a * a; };
    all += mesh.volume[P];
    sum.c_e += mesh.volume[P] * square(x[l.c_e + P] - exact.c_e(s, at[1], at[2]));
    sum.phi_e += mesh.volume[P] * square(x[l.phi_e + P] - exact.phi_e(s, at[1], at[2]));
    if (model.medium().sigma[P] == 0) continue;
    solid += mesh.volume[P];
    sum.phi_s += mesh.volume[P] * square(x[l.phi_s + P] - exact.phi_s(at[0], at[1], at[2]));
  }
  return {std::sqrt(sum.c_e / all), std::sqrt(sum.phi_e / all), std::sqrt(sum.phi_s / solid)};
}

}  // namespace

TEST_CASE("a manufactured solution across three layers is found with order 2 on bent meshes") {
  for (const auto& [cut, name] : cuts) {
    if (cut != Cut::hexahedra && cut != Cut::tetrahedra && cut != Cut::mixed) continue;
    Errors before{};
    for (int n : {4, 8}) {
      const Errors now = errors_on(cut, n);
      std::printf("  %-10s %2d boxes a layer: c_e %.3e mol/m3, phi_e %.3e V, phi_s %.3e V", name, n, now.c_e, now.phi_e,
                  now.phi_s);
      if (before.c_e > 0) {
        const double o_c = std::log2(before.c_e / now.c_e), o_e = std::log2(before.phi_e / now.phi_e),
                     o_s = std::log2(before.phi_s / now.phi_s);
        std::printf("; orders %.2f %.2f %.2f", o_c, o_e, o_s);
        if (n == 8) {
          CHECK(o_c > 1.8);
          CHECK(o_e > 1.8);
          CHECK(o_s > 1.8);
        }
      }
      std::printf("\n");
      before = now;
    }
  }
}

namespace {

/// Lithium in all particles and salt in all pores. [mol]
std::pair<double, double> inventory(const Results& r, const Snapshot& s) {
  double lithium = 0, salt = 0;
  for (std::size_t b = 0; b < r.beds.size(); ++b) {
    const Bed& bed = r.beds[b];
    for (std::size_t i = 0; i < bed.cells.size(); ++i)
      lithium += r.mesh.volume[bed.cells[i]] * bed.a[i] * bed.R[i] / 3 * s.c_mean[b][i];
  }
  for (int P = 0; P < r.mesh.cells(); ++P) salt += r.mesh.volume[P] * r.eps[P] * s.c_e[P];
  return {lithium, salt};
}

}  // namespace

TEST_CASE("the plain cell on shaken meshes of every shape discharges as P2D does and keeps salt and lithium") {
  Case c = sample();
  c.protocol = {at_rate(c.cell, 1)};
  set_mesh(c, 6, 3, 8);
  const Results plain = simulate(c);
  c.output.max_snapshots = 10;
  for (const auto& [cut, name] : cuts) {
    INFO(name);
    BoxMesh block = layered_boxes(c.cell, 6, 3, equal_edges(40, 2), equal_edges(40, 2));
    block.cut = cut;
    block.shake = 0.15;
    const Results r = simulate_on(gmsh_mesh(make_boxes(block), c.cell, {}), c);
    REQUIRE(r.status == "complete");
    const double longer = r.curve.back().time / plain.curve.back().time - 1;
    const auto [lithium, salt] = inventory(r, r.snapshots.front());
    const auto [lithium_end, salt_end] = inventory(r, r.snapshots.back());
    std::printf(
        "  %-15s %4d cells: %+.2e of the time, salt %+.0e, lithium %+.0e; %ld steps, %ld Newton, %ld Krylov; %.2f s\n",
        name, r.mesh.cells(), longer, salt_end / salt - 1, lithium_end / lithium - 1, long(r.counts.steps),
        long(r.counts.newton), long(r.counts.linear_iterations), r.seconds);
    CHECK(std::abs(longer) < 2e-3);
    CHECK(std::abs(salt_end / salt - 1) < 1e-11);
    CHECK(std::abs(lithium_end / lithium - 1) < 1e-11);
  }
  std::printf("  P2D: %ld steps, %ld Newton\n", long(plain.counts.steps), long(plain.counts.newton));
}
