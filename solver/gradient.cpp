#include "solver/gradient.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "solver/active_branch.hpp"
#include "solver/base/error.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/last_step.hpp"
#include "solver/smooth_extreme.hpp"
#include "solver/taped_run.hpp"

namespace porelith {

namespace {

constexpr double rounding = 1e-12;  // of where a curve ends
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// The stop that leaves a result no slope; "" where none does.
std::string fixed_by(const Case& input, const TapedRun& run, const ResultSlope& slope) {
  if (run.tape.ends.empty() || run.tape.ends.back().by != TapedEnd::By::observable) return "";
  const TapedEnd& end = run.tape.ends.back();
  const Stop& stop = (end.of_protocol ? input.until : input.protocol[run.tape.ends.size() - 1].stops)[end.stop];
  const bool same = slope.times.empty() && slope.values.size() == 1 && slope.values[0].observable == end.observable &&
                    slope.values[0].row + 1 == run.results.accepted.size();
  return same ? why(stop) : "";
}

/// Results by their names, and how they follow the accepted states.
struct Named {
  std::vector<Gradient> gradients;
  std::vector<ResultSlope> slopes;
};

Named named(const Case& input, const TapedRun& run, const std::vector<std::string>& results) {
  const LastStep last = last_step(run.results);
  Named list;
  for (const std::string& name : results) {
    const auto& all = scalar_results();
    const auto found = std::find_if(all.begin(), all.end(), [&](const ScalarResult& s) { return s.name == name; });
    if (found == all.end()) {
      const std::string near = nearest_name(name, scalar_result_names());
      throw std::invalid_argument(
          fmt::format("{} is no scalar result{}", name,
                      near.empty() ? fmt::format("; there are {}", fmt::join(scalar_result_names(), ", "))
                                   : fmt::format(". Did you mean {}?", near)));
    }
    if (!found->of_the_run && !last.missing.empty())
      throw SolveFailure(fmt::format("{} has no slopes: {}", name, last.missing));
    Gradient gradient;
    gradient.name = name, gradient.unit = found->unit;
    gradient.value = found->value(run.results, last);
    list.slopes.push_back(found->slope(run.results, last));
    gradient.fixed = fixed_by(input, run, list.slopes.back());
    list.gradients.push_back(std::move(gradient));
  }
  return list;
}

/// @throws SolveFailure where a curve has no such coordinate
CurveGradient curve_of(const TapedRun& run, const CurveWanted& wanted, std::vector<ResultSlope>& slopes) {
  const CurveOver curve(run.results, wanted.over, run.tape.rows);
  if (!curve.missing().empty())
    throw SolveFailure(
        fmt::format("{} over {} has no slopes: {}", wanted.name, name_of(wanted.over).name, curve.missing()));
  const std::size_t k = observable_called(wanted.name);
  CurveGradient gradient{wanted.name, observables()[k].unit, wanted.over, wanted.at, {}, {}};
  if (gradient.at.empty()) gradient.at = curve.points(wanted.points);
  for (const double at : gradient.at) {
    gradient.values.push_back(at <= curve.end() * (1 + rounding) ? curve.value(at, k) : no_number);
    slopes.push_back(curve.slope(at, k));
  }
  return gradient;
}

/// All by every number of the run, and from there by those asked for.
std::vector<Gradient> backward(Named list, Sensitivity& sensitivity, const TapedRun& run,
                               const std::vector<Along>& by) {
  std::vector<RunChange> backward = sensitivity.backward(list.slopes);
  for (std::size_t r = 0; r < backward.size(); ++r) {
    Gradient& gradient = list.gradients[r];
    gradient.by = std::move(backward[r]);
    for (const Along& a : by)
      gradient.slopes.push_back(a.missing.empty() ? run.model->team().sum(dot(*gradient.by, *a.change)) : no_number);
  }
  return std::move(list.gradients);
}

}  // namespace

std::vector<Gradient> gradients(const Case& input, const TapedRun& run, const std::vector<std::string>& results,
                                const std::vector<Along>& by) {
  Named list = named(input, run, results);
  Sensitivity sensitivity = run.sensitivity(input);
  for (std::size_t r = 0; r < results.size(); ++r)
    list.gradients[r].branch = active_branch(run, results[r], list.slopes[r]);
  return backward(std::move(list), sensitivity, run, by);
}

std::vector<Gradient> smooth_gradients(const Case& input, const TapedRun& run, const std::vector<std::string>& results,
                                       const std::vector<Along>& by) {
  Named list = named(input, run, results);
  Sensitivity sensitivity = run.sensitivity(input);
  for (std::size_t r = 0; r < results.size(); ++r)
    if (auto smooth = smooth_extreme(run, results[r])) {
      list.gradients[r].value = smooth->value;
      list.slopes[r] = std::move(smooth->slope);
    }
  return backward(std::move(list), sensitivity, run, by);
}

std::optional<double> smooth_value(const TapedRun& run, const std::string& result) {
  const auto smooth = smooth_extreme(run, result);
  return smooth ? std::optional(smooth->value) : std::nullopt;
}

AllGradients gradients(const Case& input, const TapedRun& run, const std::vector<std::string>& results,
                       const std::vector<CurveWanted>& curves, const std::vector<Along>& by) {
  Named list = named(input, run, results);
  Sensitivity sensitivity = run.sensitivity(input);
  std::vector<ResultSlope> wanted;
  std::vector<std::size_t> places(results.size(), 0);
  for (std::size_t r = 0; r < results.size(); ++r) {
    Gradient& gradient = list.gradients[r];
    const auto between = [&](const ResultSlope::OfValue& value) { return run.tape.rows[value.row] < 0; };
    const auto& values = list.slopes[r].values;
    if (std::any_of(values.begin(), values.end(), between)) {
      gradient.missing = "it lies between two time steps, where the current turns";
      gradient.slopes.assign(by.size(), no_number);
      continue;
    }
    gradient.branch = active_branch(run, gradient.name, list.slopes[r]);
    places[r] = wanted.size();
    wanted.push_back(list.slopes[r]);
  }
  AllGradients all;
  const std::size_t first_point = wanted.size();
  for (const CurveWanted& curve : curves) all.curves.push_back(curve_of(run, curve, wanted));
  const std::vector<std::vector<double>> slopes = slopes_along(sensitivity, run, wanted, by);
  for (std::size_t r = 0; r < results.size(); ++r) {
    Gradient& gradient = list.gradients[r];
    if (gradient.missing.empty()) gradient.slopes = slopes[places[r]];
  }
  std::size_t at = first_point;
  for (CurveGradient& curve : all.curves) {
    curve.slopes.assign(by.size(), {});
    for (std::size_t point = 0; point < curve.at.size(); ++point, ++at)
      for (std::size_t d = 0; d < by.size(); ++d)
        curve.slopes[d].push_back(std::isfinite(curve.values[point]) ? slopes[at][d] : no_number);
  }
  all.results = std::move(list.gradients);
  return all;
}

std::vector<std::vector<double>> slopes_along(Sensitivity& sensitivity, const TapedRun& run,
                                              const std::vector<ResultSlope>& results, const std::vector<Along>& by) {
  std::vector<std::vector<double>> slopes(results.size(), std::vector<double>(by.size(), no_number));
  std::vector<std::size_t> there;
  std::vector<RunChange> directions;
  for (std::size_t d = 0; d < by.size(); ++d)
    if (by[d].missing.empty()) there.push_back(d), directions.push_back(*by[d].change);
  if (there.empty() || results.empty()) return slopes;
  if (there.size() <= results.size()) {
    const std::vector<std::vector<double>> forward = sensitivity.forward(results, directions);
    for (std::size_t d = 0; d < there.size(); ++d)
      for (std::size_t r = 0; r < results.size(); ++r) slopes[r][there[d]] = forward[d][r];
    return slopes;
  }
  const std::vector<RunChange> backward = sensitivity.backward(results);
  for (std::size_t r = 0; r < results.size(); ++r)
    for (std::size_t d = 0; d < there.size(); ++d)
      slopes[r][there[d]] = run.model->team().sum(dot(backward[r], directions[d]));
  return slopes;
}

}  // namespace porelith
