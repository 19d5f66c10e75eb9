#include "solver/cell/cell.hpp"

#include <cmath>
#include <numeric>
#include <set>

#include "solver/cell/side.hpp"

namespace porelith {

const Electrode& electrode_of(const Cell& cell, Side side) {
  return side == Side::negative ? cell.negative : cell.positive;
}

double Electrode::bruggeman_exponent() const {
  if (!bruggeman.by_rule()) return bruggeman;
  if (reference_transport_efficiency == 1) return 0;
  return std::log(reference_transport_efficiency) / std::log(reference_porosity);
}

double Electrode::eps(double from, double to) const { return porosity->mean(from, to); }

double Electrode::B(double from, double to) const {
  if (!transport_efficiency.by_rule()) return transport_efficiency->mean(from, to);
  return std::pow(eps(from, to), bruggeman_exponent());
}

double Electrode::eps_s(std::size_t m, double from, double to) const {
  const ActiveMaterial& material = materials[m];
  if (!material.active_fraction.by_rule()) return material.active_fraction->mean(from, to);
  const double porosity_here = eps(from, to);
  switch (solid) {
    case Solid::composition:
      return material.eps_s * ((1 - porosity_here) / (1 - reference_porosity));
    case Solid::filler: {
      const double total = std::accumulate(materials.begin(), materials.end(), 0.0,
                                           [](double sum, const ActiveMaterial& a) { return sum + a.eps_s; });
      return material.eps_s * (1 + (reference_porosity - porosity_here) / total);
    }
    case Solid::fixed:
      break;
  }
  return material.eps_s;
}

Profile Electrode::active_fraction(std::size_t m) const {
  const ActiveMaterial& material = materials[m];
  if (!material.active_fraction.by_rule()) return material.active_fraction;
  if (solid == Solid::fixed) return material.eps_s;
  if (solid == Solid::composition) {
    const double share = material.eps_s / (1 - reference_porosity);
    return porosity->scaled(-share, share);
  }
  const double total = std::accumulate(materials.begin(), materials.end(), 0.0,
                                       [](double sum, const ActiveMaterial& a) { return sum + a.eps_s; });
  return porosity->scaled(-material.eps_s / total, material.eps_s * (1 + reference_porosity / total));
}

std::vector<double> Electrode::jumps() const {
  std::set<double> at;
  const auto add = [&](const Profile& p) { at.insert(p.jumps().begin(), p.jumps().end()); };
  add(porosity);
  add(conductivity);
  if (!transport_efficiency.by_rule()) add(transport_efficiency);
  for (const ActiveMaterial& m : materials) {
    add(m.R);
    if (!m.active_fraction.by_rule()) add(m.active_fraction);
  }
  constexpr double nearest = 1e-9;  // jumps closer than this are one, and none where the electrode ends
  std::vector<double> jumps{0};
  for (const double jump : at)
    if (jump - jumps.back() >= nearest && 1 - jump >= nearest) jumps.push_back(jump);
  jumps.erase(jumps.begin());
  return jumps;
}

}  // namespace porelith
