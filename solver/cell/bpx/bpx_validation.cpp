#include "solver/cell/bpx/bpx_validation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace porelith {

namespace {

void same_length(BpxSection& s, const std::string& key, const std::vector<double>& time,
                 const std::vector<double>& values) {
  if (time.empty() || values.empty() || time.size() == values.size()) return;
  s.problem(key, fmt::format("{} has {} values where Time [s] has {}", s.name_of(key), values.size(), time.size()));
}

}  // namespace

std::vector<Validation> read_validation(BpxSection section) {
  std::vector<Validation> all;
  for (auto& [name, experiment] : section.sections()) {
    Validation v;
    v.name = name;
    v.time = experiment.numbers("Time [s]", Need::required);
    v.current = experiment.numbers("Current [A]", Need::required);
    v.voltage = experiment.numbers("Voltage [V]", Need::required);
    v.temperature = experiment.numbers("Temperature [K]", Need::optional);
    same_length(experiment, "Current [A]", v.time, v.current);
    same_length(experiment, "Voltage [V]", v.time, v.voltage);
    same_length(experiment, "Temperature [K]", v.time, v.temperature);
    const auto back = std::is_sorted_until(v.time.begin(), v.time.end());
    if (back != v.time.end()) {
      experiment.problem("Time [s]", fmt::format("{} goes back to {} in entry {}", experiment.name_of("Time [s]"),
                                                 *back, back - v.time.begin() + 1));
    }
    experiment.close();
    if (experiment.exists()) all.push_back(std::move(v));
  }
  return all;
}

}  // namespace porelith
