#include "solver/cell/cell.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
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

namespace {

double active_of_the_file(const std::vector<ActiveMaterial>& materials) {
  return std::accumulate(materials.begin(), materials.end(), 0.0,
                         [](double sum, const ActiveMaterial& a) { return sum + a.eps_s; });
}

}  // namespace

double Electrode::eps(double from, double to) const { return porosity->mean(from, to); }

double Electrode::eps(double from, double to, double y) const {
  if (porosity_field.empty()) return eps(from, to);
  const double xi = (from + to) / 2;
  const auto deep = [&](const std::array<double, 3>& point) { return (point[0] - xi) * thickness; };
  auto above = std::lower_bound(porosity_field.begin(), porosity_field.end(), xi,
                                [](const std::array<double, 3>& point, double at) { return point[0] < at; });
  auto below = above;
  double nearest = std::numeric_limits<double>::infinity(), found = 0;
  const auto try_one = [&](const std::array<double, 3>& point) {
    const double d = deep(point) * deep(point) + (point[1] - y) * (point[1] - y);
    if (d < nearest) nearest = d, found = point[2];
  };
  for (; above != porosity_field.end() && deep(*above) * deep(*above) < nearest; ++above) try_one(*above);
  for (; below != porosity_field.begin() && deep(*std::prev(below)) * deep(*std::prev(below)) < nearest; --below)
    try_one(*std::prev(below));
  return found;
}

double Electrode::B_with(double eps, double from, double to) const {
  if (!transport_efficiency.by_rule()) return transport_efficiency->mean(from, to);
  return std::pow(eps, bruggeman_exponent());
}

double Electrode::eps_s_with(double eps, std::size_t m, double from, double to) const {
  const ActiveMaterial& material = materials[m];
  if (!material.active_fraction.by_rule()) return material.active_fraction->mean(from, to);
  switch (solid) {
    case Solid::composition:
      return material.eps_s * ((1 - eps) / (1 - reference_porosity));
    case Solid::filler:
      return material.eps_s * (1 + (reference_porosity - eps) / active_of_the_file(materials));
    case Solid::fixed:
      break;
  }
  return material.eps_s;
}

double Electrode::sigma_with(double eps, double from, double to) const {
  const double as_given = conductivity->mean(from, to);
  if (conductivity_exponent.by_rule()) return as_given;
  double active = 0;
  for (std::size_t m = 0; m < materials.size(); ++m) active += eps_s_with(eps, m, from, to);
  return as_given * std::pow(active / active_of_the_file(materials), conductivity_exponent);
}

void Electrode::add_porosity(double by) {
  porosity = porosity->scaled(1, by);
  for (auto& point : porosity_field) point[2] += by;
}

Profile Electrode::active_fraction(std::size_t m) const {
  const ActiveMaterial& material = materials[m];
  if (!material.active_fraction.by_rule()) return material.active_fraction;
  if (solid == Solid::fixed) return material.eps_s;
  if (solid == Solid::composition) {
    const double share = material.eps_s / (1 - reference_porosity);
    return porosity->scaled(-share, share);
  }
  const double total = active_of_the_file(materials);
  return porosity->scaled(-material.eps_s / total, material.eps_s * (1 + reference_porosity / total));
}

namespace {

/// Where one of the electrode's profiles says so, rising.
template <class Places>
std::vector<double> places_of(const Electrode& e, const Places& places) {
  std::set<double> at;
  const auto add = [&](const Profile& p) { at.insert(places(p).begin(), places(p).end()); };
  add(e.porosity);
  add(e.conductivity);
  if (!e.transport_efficiency.by_rule()) add(e.transport_efficiency);
  for (const ActiveMaterial& m : e.materials) {
    add(m.R);
    if (!m.active_fraction.by_rule()) add(m.active_fraction);
  }
  constexpr double nearest = 1e-9;  // places closer than this are one, and none where the electrode ends
  std::vector<double> list{0};
  for (const double place : at)
    if (place - list.back() >= nearest && 1 - place >= nearest) list.push_back(place);
  list.erase(list.begin());
  return list;
}

}  // namespace

std::vector<double> Electrode::jumps() const {
  return places_of(*this, [](const Profile& p) -> const std::vector<double>& { return p.jumps(); });
}

std::vector<double> Electrode::borders() const {
  return places_of(*this, [](const Profile& p) -> const std::vector<double>& { return p.borders(); });
}

}  // namespace porelith
