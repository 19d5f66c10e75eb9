#include "solver/cell/bpx/bpx_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/base/constants.hpp"

namespace porelith {

namespace {

constexpr double voltage_tolerance = 1e-3;           ///< [V]
constexpr double balance_tolerance = 0.01;           ///< of the electrodes' capacities
constexpr double nominal_tolerance = 0.3;            ///< of an electrode's capacity against the nominal one
constexpr double flat = 1e-6;                        ///< spread of a potential that counts as constant [V]
constexpr double noise = 1e-3;                       ///< rise of a potential that counts as one of the data [V]
constexpr double least_salt = 10, most_salt = 3000;  ///< [mol m-3] within which a cell may well come to be

/// Capacity between the stoichiometry limits [A h]
double capacity(const Cell& cell, const Electrode& electrode) {
  double sites = 0;
  for (std::size_t m = 0; m < electrode.materials.size(); ++m) {
    const ActiveMaterial& material = electrode.materials[m];
    sites += electrode.eps_s(m, 0, 1) * material.c_s_max * (material.sto_max - material.sto_min);
  }
  return faraday * cell.area * electrode.thickness * (1 - electrode.channel_fraction) * sites / 3600;
}

/// The cell voltage at which the potentials of all materials at a limit leave it farthest from a cut-off.
double farthest_voltage(const Cell& cell, bool full, double cut_off) {
  double farthest = cut_off;
  for (const auto& p : cell.positive.materials) {
    for (const auto& n : cell.negative.materials) {
      const double voltage = p.U(full ? p.sto_min : p.sto_max).value - n.U(full ? n.sto_max : n.sto_min).value;
      if (std::fabs(voltage - cut_off) > std::fabs(farthest - cut_off)) farthest = voltage;
    }
  }
  return farthest;
}

void doubt_voltage(const Cell& cell, bool full, std::vector<std::string>& sentences) {
  const double cut_off = full ? cell.V_max : cell.V_min;
  const double voltage = farthest_voltage(cell, full, cut_off);
  if (std::fabs(voltage - cut_off) <= voltage_tolerance) return;
  sentences.push_back(
      fmt::format("The open-circuit voltage at {} state of charge is {:.4f} V by the stoichiometry limits, {:.1f} mV "
                  "{} the {} cut-off of {} V.",
                  full ? "100 %" : "0 %", voltage, 1e3 * std::fabs(voltage - cut_off),
                  voltage > cut_off ? "above" : "below", full ? "upper" : "lower", cut_off));
}

void doubt_capacities(const Cell& cell, std::vector<std::string>& sentences) {
  const double negative = capacity(cell, cell.negative), positive = capacity(cell, cell.positive);
  if (std::fabs(negative - positive) > balance_tolerance * std::max(negative, positive)) {
    sentences.push_back(
        fmt::format("Between their stoichiometry limits the negative electrode holds {:.4g} A h and the positive "
                    "{:.4g} A h; they should be equal.",
                    negative, positive));
  }
  const auto against_nominal = [&](const char* name, double value) {
    if (std::fabs(value / cell.nominal_capacity - 1) <= nominal_tolerance) return;
    sentences.push_back(fmt::format(
        "The {} electrode holds {:.4g} A h between its stoichiometry limits; the nominal capacity is {:.4g} A h.", name,
        value, cell.nominal_capacity));
  };
  against_nominal("negative", negative);
  against_nominal("positive", positive);
}

void doubt_transport(const char* layer, double porosity, double transport_efficiency,
                     std::vector<std::string>& sentences) {
  if (transport_efficiency <= porosity) return;
  sentences.push_back(
      fmt::format("{}: the transport efficiency {} is larger than the porosity {}: a tortuosity below 1.", layer,
                  transport_efficiency, porosity));
}

/// Where a law of the salt concentration, positive about c_e0, first turns negative on the way to `end`.
void doubt_salt(const char* law_name, const Function& law, double start, double end,
                std::vector<std::string>& sentences) {
  constexpr int steps = 1000;
  if ((end - start) * (end > start ? 1 : -1) <= 0 || law.is_constant()) return;
  for (int k = 0; k <= steps; ++k) {
    const double c_e = start + (end - start) * k / steps;
    if (law(c_e).value > 0) continue;
    sentences.push_back(fmt::format(
        "Electrolyte / {} is not positive at {:.4g} mol/m3 and beyond: a run that comes there has no meaning.",
        law_name, c_e));
    return;
  }
}

/// Points of [from, to], evenly and where a table bends.
std::vector<double> points_of(const Function& law, double from, double to) {
  constexpr int points = 1001;
  std::vector<double> x(points);
  for (int k = 0; k < points; ++k) x[k] = from + (to - from) * k / (points - 1);
  for (double kink : law.kinks())
    if (kink > from && kink < to) x.push_back(kink);
  std::sort(x.begin(), x.end());
  return x;
}

/// Where D_s, positive between the stoichiometry limits, is not beyond them: particles of a run may well come there.
void doubt_diffusivity(const char* electrode, const ActiveMaterial& m, std::vector<std::string>& sentences) {
  if (m.D_s.is_constant()) return;
  for (const bool below : {true, false}) {
    std::vector<double> sto = below ? points_of(m.D_s, 0, m.sto_min) : points_of(m.D_s, m.sto_max, 1);
    if (below) std::reverse(sto.begin(), sto.end());
    for (double x : sto) {
      const double D_s = m.D_s(x).value;
      if (D_s > 0 && std::isfinite(D_s)) continue;
      sentences.push_back(
          fmt::format("{} / {}Diffusivity [m2.s-1] is {:.4g} at stoichiometry {:.4g}, outside the limits ({:.4g} to "
                      "{:.4g}): a run whose particles come there fails.",
                      electrode, m.name.empty() ? "" : "Particle / " + m.name + " / ", D_s, x, m.sto_min, m.sto_max));
      break;
    }
  }
}

std::vector<double> values(const Function& law, const std::vector<double>& x) {
  std::vector<double> value(x.size()), slope(x.size());
  law.evaluate(static_cast<int>(x.size()), x.data(), value.data(), slope.data());
  return value;
}

/// Where and how far a potential rises, trough to peak, by more than the noise of data.
struct Rise {
  double from, to, by;
};

std::vector<Rise> rises(const ActiveMaterial& material) {
  const std::vector<double> x = points_of(material.U, material.sto_min, material.sto_max), U = values(material.U, x);
  std::vector<Rise> found;
  std::size_t trough = 0, peak = 0;
  const auto close = [&] {
    if (U[peak] - U[trough] > noise) found.push_back({x[trough], x[peak], U[peak] - U[trough]});
  };
  for (std::size_t k = 1; k < x.size(); ++k) {
    if (U[k] > U[peak]) peak = k;
    if (U[peak] - U[k] <= noise && U[k] >= U[trough]) continue;
    close();
    trough = peak = k;
  }
  close();
  return found;
}

void doubt_potentials(const char* name, const Electrode& electrode, std::vector<std::string>& sentences) {
  constexpr std::size_t most = 3;
  for (const ActiveMaterial& material : electrode.materials) {
    const std::string key =
        std::string(name) + (material.name.empty() ? "" : " / Particle / " + material.name) + " / OCP [V]";
    if (is_flat(material)) {
      sentences.push_back(fmt::format("{} is {:.6g} V at every stoichiometry: it says nothing of the charge.", key,
                                      material.U(material.sto_min).value));
      continue;
    }
    std::vector<Rise> all = rises(material);
    if (all.empty()) continue;
    std::sort(all.begin(), all.end(), [](const Rise& a, const Rise& b) { return a.by > b.by; });
    std::string where;
    for (std::size_t k = 0; k < std::min(most, all.size()); ++k)
      where += fmt::format("{} by {:.3g} mV from {:.6g} to {:.6g}", k == 0 ? "" : ",", 1e3 * all[k].by, all[k].from,
                           all[k].to);
    if (all.size() > most) where += fmt::format(" and in {} more places", all.size() - most);
    sentences.push_back(
        fmt::format("{} rises with stoichiometry,{}; a potential falls as its host fills: where it rises, full "
                    "particles draw lithium from empty ones.",
                    key, where));
  }
}

}  // namespace

bool is_flat(const ActiveMaterial& material) {
  const std::vector<double> U = values(material.U, points_of(material.U, material.sto_min, material.sto_max));
  const auto [least, greatest] = std::minmax_element(U.begin(), U.end());
  return *greatest - *least <= flat;  // not where a value is NaN
}

void require_on_range(BpxSection& section, const std::string& key, const Function& law, double from, double to,
                      bool positive, const std::string& of) {
  const std::vector<double> x = points_of(law, from, to), value = values(law, x);
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (std::isfinite(value[k]) && (value[k] > 0 || !positive)) continue;
    section.problem(key,
                    fmt::format("{} is {:.6g} at {:.6g} {}; it must be {} from {:.6g} to {:.6g}", section.name_of(key),
                                value[k], x[k], of, positive ? "positive" : "a finite number", from, to));
    return;
  }
}

std::vector<std::string> doubts(const Cell& cell) {
  std::vector<std::string> sentences;
  doubt_voltage(cell, true, sentences);
  doubt_voltage(cell, false, sentences);
  doubt_capacities(cell, sentences);
  doubt_potentials("Negative electrode", cell.negative, sentences);
  doubt_potentials("Positive electrode", cell.positive, sentences);
  doubt_transport("Negative electrode", cell.negative.reference_porosity, cell.negative.reference_transport_efficiency,
                  sentences);
  doubt_transport("Separator", cell.separator.porosity, cell.separator.transport_efficiency, sentences);
  doubt_transport("Positive electrode", cell.positive.reference_porosity, cell.positive.reference_transport_efficiency,
                  sentences);
  for (const auto& m : cell.negative.materials) doubt_diffusivity("Negative electrode", m, sentences);
  for (const auto& m : cell.positive.materials) doubt_diffusivity("Positive electrode", m, sentences);
  const Electrolyte& e = cell.electrolyte;
  const double low = std::min(least_salt, 0.5 * e.c_e0), high = std::max(most_salt, 1.5 * e.c_e0);
  doubt_salt("Diffusivity [m2.s-1]", e.D_e, e.c_e0, low, sentences);
  doubt_salt("Diffusivity [m2.s-1]", e.D_e, e.c_e0, high, sentences);
  doubt_salt("Conductivity [S.m-1]", e.kappa, e.c_e0, low, sentences);
  doubt_salt("Conductivity [S.m-1]", e.kappa, e.c_e0, high, sentences);
  return sentences;
}

}  // namespace porelith
