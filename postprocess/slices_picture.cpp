#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "postprocess/pictures.hpp"
#include "postprocess/slices.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {
namespace {

/// The snapshot when the plating margin of a charge was least, else the last.
std::size_t chosen_snapshot(const Results& results) {
  const auto& rows = results.curve;
  const auto& kept = results.snapshots;
  const auto least = std::min_element(rows.begin(), rows.end(), [](const CurveRow& a, const CurveRow& b) {
    return observed(a, "plating_margin") < observed(b, "plating_margin");
  });
  if (least == rows.end() || !(least->current() < 0)) return kept.size() - 1;
  const auto nearer = [&](const Snapshot& a, const Snapshot& b) {
    return std::abs(a.time - least->time) < std::abs(b.time - least->time);
  };
  return static_cast<std::size_t>(std::min_element(kept.begin(), kept.end(), nearer) - kept.begin());
}

}  // namespace

void add_slices_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder, const Team& team) {
  if (results.mesh.dimension < 2 || results.snapshots.empty()) return;
  const Snapshot& s = results.snapshots[chosen_snapshot(results)];
  SliceQuantity salt{"salt concentration  c_e  [mol/l]", s.c_e};
  SliceQuantity rate{"reaction rate of the matrix, in or out  [A/cm^3]", reaction_in_electrodes(results, s)};
  SliceQuantity drop{"φ_s − φ_e  in the negative electrode  [mV]", {}};
  for (double& value : salt.values) value *= 1e-3;
  for (double& value : rate.values) value = std::abs(value);
  for (std::size_t P = 0; P < results.mesh.region.size(); ++P)
    drop.values.push_back(results.mesh.region[P] == Region::negative ? 1000 * (s.phi_s[P] - s.phi_e[P]) : NAN);
  const TimeUnit unit = time_unit(std::max(results.snapshots.back().time, s.time));
  const std::string at = fmt::format("after {:.4g} {}, {:.4g} V", s.time / unit.seconds, unit.name, s.voltage);
  add_slices(gnuplot, results.mesh, {salt, rate, drop}, {results.title, at},
             (std::filesystem::path(folder) / "slices").string(), team);
}

}  // namespace porelith
