/// Skew faces (S4): exact for fields that are linear in each layer, order 2 on smooth ones, conservative, and the same
/// cell as P2D on meshes of every shape.
#include <cmath>
#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "solver/newman/model.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/manufactured.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

const std::vector<std::pair<Cut, const char*>> cuts{
    {Cut::hexahedra, "hexahedra"}, {Cut::tetrahedra, "tetrahedra"}, {Cut::prisms, "prisms"},
    {Cut::pyramids, "pyramids"},   {Cut::mixed, "mixed"},           {Cut::quadrilaterals, "quadrilaterals"},
    {Cut::triangles, "triangles"}};

Case sample() { return shipped_case("lgm50_chen2020"); }

Mesh shaken_mesh(const Case& c, Cut cut, double shake, int n = 4) {
  BoxMesh block = layered_boxes(*c.cell, n, 2, equal_edges(60, n), equal_edges(60, n));
  block.cut = cut;
  block.shake = shake;
  return gmsh_mesh(make_boxes(block), thicknesses_of(*c.cell), {});
}

double dot(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

TEST_CASE("on any mesh a field that is linear in each layer has exact fluxes through its faces") {
  const Case c = sample();
  const double L_n = c.cell->negative.thickness, L_s = c.cell->separator.thickness;
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
    SkewCorrection skew(mesh, B, sigma, Team::alone());
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

/// Mean errors of the fields that Newton's method finds for the sources of the chosen ones.
FieldErrors errors_on(Cut cut, int n) {
  Case c = sample();
  c.mesh.shells = 4;
  constexpr double W = 60;
  BoxMesh block = layered_boxes(*c.cell, n, n, equal_edges(W, n), equal_edges(W, n));
  block.cut = cut;
  GmshFile file = make_boxes(block);
  bend(file, W, {0, block.planes[0], block.planes[1], block.x.back()});
  return smooth_errors(c, gmsh_mesh(file, thicknesses_of(*c.cell), {}), W * 1e-6);
}

}  // namespace

TEST_CASE("a manufactured solution across three layers is found with order 2 on bent meshes") {
  for (const auto& [cut, name] : cuts) {
    if (cut != Cut::hexahedra && cut != Cut::tetrahedra && cut != Cut::mixed) continue;
    FieldErrors before{};
    for (int n : {4, 8}) {
      const FieldErrors now = errors_on(cut, n);
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
  c.protocol = {at_rate(*c.cell, 1)};
  set_mesh(c, 6, 3, 8);
  const Results plain = simulate(c);
  c.output.max_snapshots = 10;
  for (const auto& [cut, name] : cuts) {
    INFO(name);
    BoxMesh block = layered_boxes(*c.cell, 6, 3, equal_edges(40, 2), equal_edges(40, 2));
    block.cut = cut;
    block.shake = 0.15;
    const Results r = simulate_on(gmsh_mesh(make_boxes(block), thicknesses_of(*c.cell), {}), c);
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
