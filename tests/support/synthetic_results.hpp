#pragma once
/// Results that look like those of a run, made from formulas: a discharge and a rest of a graphite/NMC-like cell.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "solver/base/constants.hpp"
#include "solver/newman/layout.hpp"
#include "solver/record/results.hpp"
#include "tests/support/rows.hpp"

namespace porelith {

namespace synthetic {

inline constexpr int negative_cells = 20, separator_cells = 10, positive_cells = 20, shells = 15;
inline constexpr double area = 0.1027;

inline void add_layer(Results& r, Region region, int n, double thickness, double eps, double eps_s) {
  Cells& mesh = r.mesh;
  for (int k = 0; k < n; ++k) {
    const double left = mesh.points.back()[0], right = left + thickness / n;
    const int first = static_cast<int>(mesh.points.size()) - 1;
    const double from = static_cast<double>(k) / n, to = static_cast<double>(k + 1) / n;
    mesh.points.push_back({right, 0, 0});
    mesh.vertices.push_back({first, first + 1});
    mesh.centre.push_back({0.5 * (left + right), 0, 0});
    mesh.volume.push_back(area * thickness / n);
    mesh.region.push_back(region);
    const bool mirrored = region == Region::positive;
    mesh.xi_from.push_back(mirrored ? 1 - to : from);
    mesh.xi_to.push_back(mirrored ? 1 - from : to);
    r.eps.push_back(eps);
    r.B.push_back(std::pow(eps, 1.5));
    r.sigma.push_back(region == Region::separator ? 0 : region == Region::negative ? 100 : 0.5);
    r.eps_s.push_back(eps_s);
  }
}

inline void add_bed(Results& r, const std::string& electrode, double R, double c_s_max, int first, int n) {
  Bed bed{electrode, "", c_s_max, {}, {}, {}, {}};
  for (int P = first; P < first + n; ++P) {
    bed.cells.push_back(P);
    bed.R.push_back(R);
    bed.a.push_back(3 * r.eps_s[static_cast<std::size_t>(P)] / R);
  }
  for (int k = 0; k <= shells; ++k) bed.shell_edges.push_back(std::pow(static_cast<double>(k) / shells, 0.7));
  r.beds.push_back(bed);
}

/// How far the gradients have grown at time t [s]; they fall again after the discharge ends.
inline double growth(double t, double end) {
  const double grown = 1 - std::exp(-std::min(t, end) / 150);
  return t <= end ? grown : grown * std::exp(-(t - end) / 150);
}

/// The slots of Newman's model for these cells and beds.
inline std::vector<Slot> slots_of(const Results& r) {
  std::vector<Layout::BedShape> shapes;
  for (const Bed& bed : r.beds)
    shapes.push_back({static_cast<int>(bed.cells.size()), static_cast<int>(bed.shell_edges.size()) - 1, bed.c_s_max});
  return Layout(r.mesh.cells(), 1000, shapes).slots;
}

inline Snapshot snapshot_at(const Results& r, double t, double end, double current, double voltage) {
  Snapshot s{t, voltage, current, {}, {}, {}, {}, {}, {}};
  const double g = growth(t, end), done = std::min(t, end) / end, L = r.mesh.points.back()[0];
  for (int P = 0; P < r.mesh.cells(); ++P) {
    const auto p = static_cast<std::size_t>(P);
    const double x = r.mesh.centre[p][0] / L;
    s.c_e.push_back(1000 + 620 * g * std::cos(pi * x) + 60 * g * std::cos(3 * pi * x));
    s.phi_e.push_back(-0.1 - 0.25 * done - 0.06 * g * (1 - std::cos(pi * x)));
    s.phi_s.push_back(r.mesh.region[p] == Region::negative   ? 0
                      : r.mesh.region[p] == Region::positive ? voltage + 0.004 * g * (1 - x)
                                                             : std::numeric_limits<double>::quiet_NaN());
  }
  for (std::size_t b = 0; b < r.beds.size(); ++b) {
    const Bed& bed = r.beds[b];
    const double sign = b == 0 ? 1 : -1;
    s.j.emplace_back();
    s.c_ss.emplace_back();
    s.c_s.emplace_back();
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      const auto p = static_cast<std::size_t>(bed.cells[i]);
      const double xi = 0.5 * (r.mesh.xi_from[p] + r.mesh.xi_to[p]);
      const double shape = 1 + (0.9 * (1 - done) - 0.5 * done) * (std::cosh(2 * xi) / (std::sinh(2.0) / 2) - 1);
      const double depth = b == 0 ? 75.6e-6 * r.area : 85.2e-6 * r.area;  // electrode volume over its thickness share
      const double j = sign * current * shape / (faraday * bed.a[i] * depth);
      const double mean = bed.c_s_max * (b == 0 ? 0.9 - 0.85 * done : 0.27 + 0.6 * done);
      s.j.back().push_back(j);
      s.c_ss.back().push_back(mean - sign * 0.04 * bed.c_s_max * g * shape);
      for (int k = 0; k < shells; ++k) {
        const double rho =
            0.5 * (bed.shell_edges[static_cast<std::size_t>(k)] + bed.shell_edges[static_cast<std::size_t>(k) + 1]);
        s.c_s.back().push_back(mean - sign * 0.04 * bed.c_s_max * g * shape * (rho * rho - 0.6) / 0.4);
      }
    }
  }
  return s;
}

}  // namespace synthetic

/// 20 + 10 + 20 control volumes, 15 shells: a 1C discharge of 5 A.h over one hour, then a rest of 20 minutes.
inline Results synthetic_results(int snapshots = 100, int rows = 400) {
  Results r;
  r.title = "LG M50, 1C discharge (synthetic)";
  r.area = r.mesh.footprint = synthetic::area;
  r.mesh.points.push_back({0, 0, 0});
  synthetic::add_layer(r, Region::negative, synthetic::negative_cells, 85.2e-6, 0.25, 0.75);
  synthetic::add_layer(r, Region::separator, synthetic::separator_cells, 12e-6, 0.47, 0);
  synthetic::add_layer(r, Region::positive, synthetic::positive_cells, 75.6e-6, 0.335, 0.665);
  synthetic::add_bed(r, "negative", 5.86e-6, 33133, 0, synthetic::negative_cells);
  synthetic::add_bed(r, "positive", 5.22e-6, 63104, synthetic::negative_cells + synthetic::separator_cells,
                     synthetic::positive_cells);
  r.slots = synthetic::slots_of(r);

  const double end = 3500, last = 4700, I = 5;
  const auto voltage = [&](double t) {
    const double s = std::min(t, end) / end;
    const double open = 4.15 - 0.9 * s - 0.65 * std::pow(s, 12) + 0.05 * std::sin(5 * s);
    return open - 0.1 * (t <= end ? 1 : 0) - 0.08 * synthetic::growth(t, end);
  };
  double energy = 0, before = 0;
  for (int k = 0; k < rows; ++k) {
    const double t = last * k / (rows - 1), current = t <= end ? I : 0, g = synthetic::growth(t, end);
    energy += (std::min(t, end) - std::min(before, end)) * I * voltage(t);
    before = t;
    r.curve.push_back(
        curve_row(t,
                  {current, voltage(t), I * std::min(t, end), energy, 1 - std::min(t, end) / 3600,
                   0.08 + 0.5 * std::min(t, end) / end * std::min(t, end) / end + 0.05 * g, 1000 - 680 * g,
                   1000 + 680 * g, 0.6 + 0.3 * std::min(t, end) / end, 0.7 + 0.2 * std::min(t, end) / end},
                  t <= end ? 0 : 1));
  }
  for (int k = 0; k < snapshots; ++k) {
    const double t = last * k / std::max(snapshots - 1, 1);
    r.snapshots.push_back(synthetic::snapshot_at(r, t, end, t <= end ? I : 0, voltage(t)));
  }
  r.steps = {{"discharge at 1C", "voltage fell to 2.5 V", 0, end, I * end, energy},
             {"rest", "20 min were over", end, last, 0, 0}};
  r.figures = {{"areal capacity, negative", "areal_capacity_neg", 4.9, "mA.h.cm-2",
                "lithium the negative electrode can take up"}};
  r.counts = {412, 7, 980, 20160, 987};
  r.seconds = 0.0123;
  r.status = "complete";
  return r;
}

}  // namespace porelith
