#include "solver/newman/observables/scalar_results.hpp"

#include <cmath>

#include "solver/newman/observables/observables.hpp"
#include "solver/record/last_step.hpp"
#include "solver/record/results.hpp"

namespace porelith {

namespace {

constexpr double seconds_an_hour = 3600;

/// The rows with which the last step begins and ends.
struct Ends {
  explicit Ends(const Results& r) : last(r.accepted.size() - 1) {
    while (first > 0 && r.accepted[first - 1].step == r.accepted[last].step) --first;
  }
  std::size_t last, first = last;
};

/// Of what has passed between both ends, times a factor.
ResultSlope passed(const Results& r, const char* observable, double factor) {
  const Ends ends(r);
  const std::size_t k = observable_called(observable);
  return {{{ends.last, k, factor}, {ends.first, k, -factor}}, {}};
}

ResultSlope times(double factor, ResultSlope slope) {
  for (auto& value : slope.values) value.by *= factor;
  for (auto& time : slope.times) time.by *= factor;
  return slope;
}

ResultSlope sum(ResultSlope a, const ResultSlope& b) {
  a.values.insert(a.values.end(), b.values.begin(), b.values.end());
  a.times.insert(a.times.end(), b.times.begin(), b.times.end());
  return a;
}

double capacity(const Results& r, const LastStep&) { return std::abs(r.steps.back().charge) / seconds_an_hour; }
ResultSlope capacity_slope(const Results& r, const LastStep&) {
  return passed(r, "charge", std::copysign(1 / seconds_an_hour, r.steps.back().charge));
}
double energy(const Results& r, const LastStep&) { return std::abs(r.steps.back().energy) / seconds_an_hour; }
ResultSlope energy_slope(const Results& r, const LastStep&) {
  return passed(r, "energy", std::copysign(1 / seconds_an_hour, r.steps.back().energy));
}

constexpr double mA_cm2 = 0.1;  ///< 1 A.h.m-2 [mA.h.cm-2]
double areal_capacity(const Results& r, const LastStep& last) { return capacity(r, last) / r.area * mA_cm2; }
ResultSlope areal_capacity_slope(const Results& r, const LastStep& last) {
  ResultSlope slope = times(mA_cm2 / r.area, capacity_slope(r, last));
  slope.by_area = -areal_capacity(r, last) / r.area;
  return slope;
}

ResultSlope mean_voltage_slope(const Results& r, const LastStep& last) {
  const double charge = capacity(r, last), mean = energy(r, last) / charge;
  return sum(times(1 / charge, energy_slope(r, last)), times(-mean / charge, capacity_slope(r, last)));
}

/// What the terminals show.
std::vector<ScalarResult> of_the_last_step() {
  return {
      {"capacity", "A.h", "charge passed in the last step, either way", "capacity, last step", false, capacity,
       capacity_slope},
      {"areal_capacity", "mA.h.cm-2", "the same over the area of the whole cell", "areal capacity, last step", false,
       areal_capacity, areal_capacity_slope},
      {"energy", "W.h", "energy passed in the last step, either way", "energy, last step", false, energy, energy_slope},
      {"duration", "s", "time of the last step", "duration, last step", false,
       [](const Results& r, const LastStep&) { return r.steps.back().end - r.steps.back().start; },
       [](const Results& r, const LastStep&) {
         return ResultSlope{{}, {{Ends(r).last, 1}, {Ends(r).first, -1}}};
       }},
      {"end_voltage", "V", "voltage at the end of the last step", "voltage at the end", false,
       [](const Results& r, const LastStep&) { return r.accepted.back().voltage(); },
       [](const Results& r, const LastStep&) {
         return ResultSlope{{{Ends(r).last, observable_called("voltage"), 1}}, {}};
       }},
      {"mean_voltage", "V", "energy over charge of the last step", "mean voltage, last step", false,
       [](const Results& r, const LastStep& last) { return energy(r, last) / capacity(r, last); }, mean_voltage_slope},
  };
}

/// Of the mean over the charge, trapezoids: by the values, and by the charges that weigh them.
ResultSlope mean_slope(std::size_t k, const Results& r, const LastStep& last) {
  ResultSlope slope;
  const std::size_t n = last.rows.size(), charge = observable_called("charge");
  const auto value = [&](std::size_t i) { return last.rows[i]->values[k]; };
  const double total = last.rows.back()->charge() - last.rows.front()->charge();
  double by_first = 0, by_last = 0;  // through the shares, which are 0 and 1 there
  std::vector<double> by_charge(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t before = i == 0 ? 0 : i - 1, after = i + 1 == n ? i : i + 1;
    const std::size_t row = last.rows[i] - r.accepted.data();
    slope.values.push_back({row, k, (last.share[after] - last.share[before]) / 2});
    if (i == 0 || i + 1 == n) continue;
    const double by_share = (value(before) - value(after)) / 2;
    by_charge[i] = by_share / total;
    by_first += by_share * (last.share[i] - 1) / total;
    by_last -= by_share * last.share[i] / total;
  }
  by_charge.front() = by_first, by_charge.back() = by_last;
  for (std::size_t i = 0; i < n; ++i)
    slope.values.push_back({static_cast<std::size_t>(last.rows[i] - r.accepted.data()), charge, by_charge[i]});
  return slope;
}

ResultSlope reduced_slope(Reduction how, std::size_t k, const Results& r, const LastStep& last) {
  if (how == Reduction::mean_over_charge) return mean_slope(k, r, last);
  const CurveRow* row = extreme_row(r.accepted, k, how);
  if (!row) return {};
  return {{{static_cast<std::size_t>(row - r.accepted.data()), k, 1}}, {}};
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

std::optional<Extreme> extreme_called(const std::string& result) {
  for (std::size_t k = 0; k < observables().size(); ++k)
    for (const Reduced& one : observables()[k].reduced)
      if (one.name == result && one.how != Reduction::mean_over_charge) return Extreme{k, one.how};
  return std::nullopt;
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
                        [how, k](const Results& r, const LastStep& last) { return reduced(how, k, r, last); },
                        [how, k](const Results& r, const LastStep& last) { return reduced_slope(how, k, r, last); }});
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
