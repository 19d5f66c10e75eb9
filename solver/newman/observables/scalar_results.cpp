#include "solver/newman/observables/scalar_results.hpp"

#include <cmath>

#include "solver/newman/observables/observables.hpp"
#include "solver/record/last_step.hpp"

namespace porelith {

namespace {

constexpr double seconds_an_hour = 3600;

double capacity(const Results& r, const LastStep&) { return std::abs(r.steps.back().charge) / seconds_an_hour; }
double energy(const Results& r, const LastStep&) { return std::abs(r.steps.back().energy) / seconds_an_hour; }

/// What the terminals show.
std::vector<ScalarResult> of_the_last_step() {
  return {
      {"capacity", "A.h", "charge passed in the last step, either way", "capacity, last step", false, capacity},
      {"areal_capacity", "mA.h.cm-2", "the same over the area of the whole cell", "areal capacity, last step", false,
       [](const Results& r, const LastStep& last) {
         return capacity(r, last) / r.area * 0.1;  // 1 A.h.m-2 = 0.1 mA.h.cm-2
       }},
      {"energy", "W.h", "energy passed in the last step, either way", "energy, last step", false, energy},
      {"duration", "s", "time of the last step", "duration, last step", false,
       [](const Results& r, const LastStep&) { return r.steps.back().end - r.steps.back().start; }},
      {"end_voltage", "V", "voltage at the end of the last step", "voltage at the end", false,
       [](const Results& r, const LastStep&) { return r.accepted.back().voltage(); }},
      {"mean_voltage", "V", "energy over charge of the last step", "mean voltage, last step", false,
       [](const Results& r, const LastStep& last) { return energy(r, last) / capacity(r, last); }},
  };
}

double reduced(Reduction how, std::size_t k, const Results& r, const LastStep& last) {
  if (how == Reduction::mean_over_charge) return last.mean(k);
  const CurveRow* row = extreme_row(r.accepted, k, how);
  return row ? row->values[k] : std::nan("");
}

}  // namespace

const CurveRow* extreme_row(const std::vector<CurveRow>& rows, std::size_t k, Reduction how) {
  const double sense = how == Reduction::least ? 1 : -1;
  const CurveRow* found = nullptr;
  for (const CurveRow& row : rows)
    if (std::isfinite(row.values[k]) && (!found || sense * row.values[k] < sense * found->values[k])) found = &row;
  return found;
}

std::string spoken_of(Reduction how, const std::string& observable) {
  const std::string word = how == Reduction::least ? "least " : how == Reduction::greatest ? "greatest " : "";
  return observable.rfind(word, 0) == 0 ? observable : word + observable;
}

const std::vector<ScalarResult>& scalar_results() {
  static const std::vector<ScalarResult> all = [] {
    std::vector<ScalarResult> list = of_the_last_step();
    for (std::size_t k = 0; k < observables().size(); ++k)
      for (const Reduced& one : observables()[k].reduced) {
        const Reduction how = one.how;
        const bool whole = how != Reduction::mean_over_charge;
        list.push_back({one.name, observables()[k].unit, one.meaning, spoken_of(how, observables()[k].spoken), whole,
                        [how, k](const Results& r, const LastStep& last) { return reduced(how, k, r, last); }});
      }
    return list;
  }();
  return all;
}

std::vector<std::string> scalar_result_names() {
  std::vector<std::string> names;
  for (const auto& result : scalar_results()) names.push_back(result.name);
  return names;
}

}  // namespace porelith
