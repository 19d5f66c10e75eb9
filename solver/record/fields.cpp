#include "solver/record/fields.hpp"

#include <algorithm>
#include <cmath>

namespace porelith {

namespace {

/// Those that Snapshot has a member for.
bool is_named(const Slot& slot) {
  const auto names = {"c_e", "phi_e", "phi_s", "voltage", "current", "charge", "energy", "j", "c_ss", "c_s"};
  return std::find(names.begin(), names.end(), slot.name) != names.end();
}

std::size_t further_before(const Results& results, const Slot& slot) {
  std::size_t n = 0;
  for (const Slot& other : results.slots) {
    if (other.name == slot.name && other.bed == slot.bed) break;
    n += !is_named(other);
  }
  return n;
}

template <class Values, class SomeSnapshot>
FieldIn<Values> find(const Results& results, SomeSnapshot& s, const Slot& slot) {
  const auto bed = static_cast<std::size_t>(slot.bed);
  if (slot.name == "c_e") return {&s.c_e};
  if (slot.name == "phi_e") return {&s.phi_e};
  if (slot.name == "phi_s") return {&s.phi_s};
  if (slot.name == "j") return {&s.j.at(bed)};
  if (slot.name == "c_ss") return {&s.c_ss.at(bed)};
  if (slot.name == "c_s") return {&s.c_s.at(bed), bed < s.c_mean.size() ? &s.c_mean[bed] : nullptr};
  if (is_named(slot)) return {};
  const std::size_t k = further_before(results, slot);
  return {&s.further.at(k), slot.home == Home::shell ? &s.further_mean.at(k) : nullptr};
}

}  // namespace

FieldIn<std::vector<double>> field_of(const Results& results, Snapshot& snapshot, const Slot& slot) {
  return find<std::vector<double>>(results, snapshot, slot);
}

FieldIn<const std::vector<double>> field_of(const Results& results, const Snapshot& snapshot, const Slot& slot) {
  return find<const std::vector<double>>(results, snapshot, slot);
}

void shape(const Results& results, Snapshot& s) {
  for (auto* lists : {&s.j, &s.c_ss, &s.c_s, &s.c_mean}) lists->resize(results.beds.size());
  const auto further =
      std::count_if(results.slots.begin(), results.slots.end(), [](const Slot& s) { return !is_named(s); });
  s.further.resize(static_cast<std::size_t>(further));
  s.further_mean.resize(static_cast<std::size_t>(further));
}

std::vector<double> particle_means(const Bed& bed, const std::vector<double>& shells, const std::vector<double>* kept) {
  if (!bed.every_particle) return *kept;
  const std::size_t n = bed.shell_edges.size() - 1;
  std::vector<double> means(bed.cells.size(), 0.0);
  for (std::size_t p = 0; p < bed.cells.size(); ++p)
    for (std::size_t k = 0; k < n; ++k)
      means[p] += shells.at(p * n + k) * (std::pow(bed.shell_edges[k + 1], 3) - std::pow(bed.shell_edges[k], 3));
  return means;
}

std::vector<double> particle_means(const Results& results, const Snapshot& snapshot, const Slot& slot) {
  const auto field = field_of(results, snapshot, slot);
  return particle_means(results.beds.at(static_cast<std::size_t>(slot.bed)), *field.values, field.mean);
}

std::string mean_name(const Slot& slot) { return (slot.name == "c_s" ? "c" : slot.name) + "_mean"; }

}  // namespace porelith
