#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/observers.hpp"

namespace porelith {

// A line an observable: NAME stands for `ObservableType NAME_observable()` in a file of its own, or of its kind. They
// are the columns of a curve in this order.
// clang-format off
#define PORELITH_OBSERVABLES(observable) \
  observable(current) \
  observable(voltage) \
  observable(charge) \
  observable(energy) \
  observable(soc) \
  observable(plating_margin) \
  observable(c_e_min) \
  observable(c_e_max) \
  observable(uniformity_neg) \
  observable(uniformity_pos) \
  observable(temperature) \
  /* the last */
// clang-format on

#define PORELITH_DECLARED(name) ObservableType name##_observable();
PORELITH_OBSERVABLES(PORELITH_DECLARED)

const std::vector<ObservableType>& observable_types() {
#define PORELITH_LISTED(name) name##_observable(),
  static const std::vector<ObservableType> all{PORELITH_OBSERVABLES(PORELITH_LISTED)};
  return all;
}

const std::vector<Observable>& observables() {
  static const std::vector<Observable> all = [] {
    std::vector<Observable> list;
    for (const ObservableType& type : observable_types()) list.push_back(type.about);
    return list;
  }();
  return all;
}

std::vector<std::string> observable_names() {
  std::vector<std::string> names;
  for (const Observable& observable : observables()) names.push_back(observable.name);
  return names;
}

std::vector<std::size_t> columns_of(const std::vector<std::string>& also) {
  std::vector<std::size_t> columns;
  for (std::size_t k = 0; k < observables().size(); ++k) {
    const Observable& observable = observables()[k];
    if (!observable.rare || std::find(also.begin(), also.end(), observable.name) != also.end()) columns.push_back(k);
  }
  return columns;
}

std::size_t observable_called(std::string_view name) {
  for (std::size_t k = 0; k < observables().size(); ++k)
    if (observables()[k].name == name) return k;
  throw std::invalid_argument(
      fmt::format("{} is no observable; there are {}", name, fmt::join(observable_names(), ", ")));
}

double observed(const CurveRow& row, std::string_view observable) {
  return row.values.at(observable_called(observable));
}

}  // namespace porelith
