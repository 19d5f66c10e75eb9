/// Manufactured solutions on grids: planes, bodies of revolution and boxes with order 2; walls of channels that run
/// through cells with order 2 too.
#include <cstdio>

#include "solver/case_mesh.hpp"
#include "solver/case_parameters.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manufactured.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

struct Orders {
  double c_e, phi_e, phi_s;
};

/// Prints a row of the table; orders against the row before.
Orders tell(const char* name, int n, const FieldErrors& now, const FieldErrors& before) {
  const auto order = [](double coarse, double fine) { return std::log2(coarse / fine); };
  const Orders o{order(before.c_e, now.c_e), order(before.phi_e, now.phi_e), order(before.phi_s, now.phi_s)};
  std::printf("  %-12s %3d cells a layer: c_e %.3e mol/m3, phi_e %.3e V, phi_s %.3e V", name, n, now.c_e, now.phi_e,
              now.phi_s);
  if (before.c_e > 0) std::printf("; orders %.2f %.2f %.2f", o.c_e, o.phi_e, o.phi_s);
  std::printf("\n");
  return o;
}

/// A grid of the LG M50 without channels.
Case gridded(int dimension, bool axisymmetric, int n) {
  Case c = shipped_case("lgm50_chen2020");
  c.geometry.dimension = dimension;
  c.geometry.axisymmetric = axisymmetric;
  c.geometry.width = c.geometry.height = 120e-6;
  set_mesh(c, n, n, 4);
  c.mesh.width = n;
  c.mesh.height = dimension > 2 ? n : 0;
  return c;
}

}  // namespace

TEST_CASE("a manufactured solution across three layers is found with order 2 in planes, round an axis and in boxes") {
  const auto check = [](const char* name, int dimension, bool axisymmetric, const std::vector<int>& counts) {
    FieldErrors before{};
    for (const int n : counts) {
      const Case c = gridded(dimension, axisymmetric, n);
      const Grid grid = grid_of(c);
      const FieldErrors now = smooth_errors(c, mesh_of(grid), grid.edges[1].back());
      const Orders o = tell(name, n, now, before);
      if (n == counts.back()) {
        CHECK(o.c_e == Approx(2).margin(0.05));
        CHECK(o.phi_e == Approx(2).margin(0.05));
        CHECK(o.phi_s == Approx(2).margin(0.05));
      }
      before = now;
    }
  };
  check("plane", 2, false, {10, 20, 40});
  check("axisymmetric", 2, true, {10, 20, 40});
  check("box", 3, false, {6, 12});
}

namespace {

/// Fields beside a groove whose wall y = w lies anywhere in the cells. Through the depth they are waves that begin and
/// end flat in each electrode; across, t measures y in units of dy/B, so that fluxes are smooth through the wall.
struct WalledFields {
  double w, W, B_m, L;  ///< of one electrode
  double T() const { return w + (W - w) / B_m; }
  double t(double y) const { return y < w ? y : w + (y - w) / B_m; }
  double wave(double x) const { return std::pow(std::sin(pi * x / L), 2); }
  double c_e(double x, double t_) const { return 1000 + 250 * wave(x) * std::cos(pi * t_ / T()); }
  double phi_e(double x, double t_) const { return -0.2 + 0.04 * wave(x) * std::cos(pi * t_ / T()); }
  /// In the matrix alone, flat at the wall.
  double phi_s(double x, double y) const { return 0.01 * std::sin(pi * x / (2 * L)) * (1 + 0.3 * bump(y)); }
  double bump(double y) const { return std::cos(pi * (std::max(y, w) - w) / (W - w)); }
};

/// What of a cell lies on one side of the wall.
struct Piece {
  double y, share;
};

FieldErrors walled_errors(int n, double wall) {
  constexpr double gamma = 50;
  const Case c = gridded(2, false, n);
  Mesh made = mesh_of(grid_of(c));
  const double W = 60e-6, h = W / n, w = wall * W;
  const auto channel = [&](double y) { return std::clamp((w - (y - h / 2)) / h, 0.0, 1.0); };
  made.matrix.assign(made.cells(), 1);
  made.wall_normal.assign(made.cells(), {0, 1, 0});
  for (int P = 0; P < made.cells(); ++P)
    if (made.region[P] != Region::separator) made.matrix[P] = 1 - channel(made.centre[P][1]);

  Model model = model_of(c, std::move(made));
  const Mesh& mesh = model.mesh();
  const Layout& l = model.layout();
  const double V = 3.7, L_n = c.cell->negative.thickness, L_p = c.cell->positive.thickness,
               end = L_n + c.cell->separator.thickness + L_p;
  const State hat = model.rest({0.5, 0.5});
  model.condense(gamma, hat, hat);
  const auto& e = model.electrolyte();
  const Transport bulk{e};
  model.source.assign(mesh.cells(), Triple{});
  State exact = hat;
  exact[l.voltage] = V;
  for (int P = 0; P < mesh.cells(); ++P) {
    exact[l.c_e + P] = 1000, exact[l.phi_e + P] = -0.2, exact[l.phi_s + P] = 0;
    if (mesh.region[P] == Region::separator) continue;
    const bool negative = mesh.region[P] == Region::negative;
    const Electrode& electrode = negative ? c.cell->negative : c.cell->positive;
    const WalledFields f{w, W, electrode.reference_transport_efficiency, electrode.thickness};
    const double x = negative ? mesh.centre[P][0] : end - mesh.centre[P][0];  // from the collector
    const double sign = negative ? 1 : -1, base = negative ? 0 : V, y = mesh.centre[P][1];
    exact[l.c_e + P] = f.c_e(x, f.t(y));
    exact[l.phi_e + P] = f.phi_e(x, f.t(y));
    const double h_x = 1e-4 * f.L, h_t = 1e-4 * f.T(), m = channel(y);
    const auto psi = [&](double x_, double t_) { return f.phi_e(x_, t_) - e.chi() * std::log(f.c_e(x_, t_)); };
    // -div(B k grad u) on one side of the wall, with d/dy = (1/B) d/dt
    const auto divergence = [&](double B, double t, auto law, auto u) {
      const auto along_x = [&](double q) {
        return law(f.c_e(q, t)) * slope([&](double r) { return u(r, t); }, q, h_x);
      };
      const auto along_t = [&](double q) {
        return law(f.c_e(x, q)) * slope([&](double r) { return u(x, r); }, q, h_t);
      };
      return -B * slope(along_x, x, h_x) - slope(along_t, t, h_t) / B;
    };
    Triple& source = model.source[P];
    const double below = std::min(y + h / 2, w), above = std::max(y - h / 2, w);
    const Piece open{(y - h / 2 + below) / 2, m}, matrix{(above + y + h / 2) / 2, 1 - m};
    for (const Piece& piece : {open, matrix}) {
      if (piece.share < 1e-12) continue;
      const bool solid = piece.y > w;
      const double t = f.t(piece.y), B = solid ? f.B_m : 1, eps = solid ? electrode.reference_porosity : 1;
      const double c_e = f.c_e(x, t), phi_s = base + sign * f.phi_s(x, piece.y);
      double aj = 0;
      if (solid)
        for (const ModelBed& bed : model.beds())
          if (bed.electrode == mesh.region[P])
            aj = 3 * electrode.eps_s(0, 0, 1) / bed.R[0] * flux_of(bed, c_e, phi_s - f.phi_e(x, t), c.temperature);
      const double V_piece = piece.share * mesh.volume[P];
      source[0] +=
          V_piece * (eps * (c_e - 1000) / gamma +
                     divergence(
                         B, t, [&](double q) { return bulk.D(q); }, [&](double a, double b) { return f.c_e(a, b); }) -
                     (1 - e.t_plus()) * aj);
      source[1] += V_piece * (divergence(
                                  B, t, [&](double q) { return bulk.kappa(q); }, psi) -
                              faraday * aj);
      if (!solid) continue;
      const double k = pi / (2 * f.L), q = pi / (W - w), wave = 0.01 * std::sin(k * x);
      const double sigma = electrode.conductivity->mean();
      source[2] +=
          V_piece *
          (sigma * sign * wave * (k * k * (1 + 0.3 * f.bump(piece.y)) + q * q * 0.3 * f.bump(piece.y)) + faraday * aj);
    }
    if (model.medium().sigma[P] > 0) exact[l.phi_s + P] = base + sign * f.phi_s(x, y);
  }
  return discrete_errors(model, gamma, hat, exact);
}

}  // namespace

TEST_CASE("where the wall of a channel runs through cells a manufactured solution is found with order 2") {
  // Where in its cells the wall lies changes with the mesh: means over several places.
  const auto mean = [](int n) {
    FieldErrors sum{};
    const std::vector<double> walls{0.27, 0.31, 1.0 / 3, 0.36, 0.41};
    for (const double wall : walls) {
      const FieldErrors now = walled_errors(n, wall);
      sum.c_e += now.c_e / walls.size(), sum.phi_e += now.phi_e / walls.size(), sum.phi_s += now.phi_s / walls.size();
    }
    return sum;
  };
  const FieldErrors first = mean(8);
  tell("cut cells", 8, first, {});
  const FieldErrors second = mean(16), last = mean(32);
  tell("cut cells", 16, second, first);
  tell("cut cells", 32, last, second);
  for (const double over : {first.c_e / last.c_e, first.phi_e / last.phi_e, first.phi_s / last.phi_s})
    CHECK(std::log2(over) / 2 > 1.95);
}
