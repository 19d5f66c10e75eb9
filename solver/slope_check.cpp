#include "solver/slope_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/taped_run.hpp"

namespace porelith {

namespace {

/// What is left of a run's numbers when Newton's method and the landings have done all that they can, relative.
constexpr double left_over = 1e-11;
/// Errors of differences may be so many times what their doubt is.
constexpr double sure = 3;

/// A point of differences, in steps, and its weights over the step: of fourth order, of the same with half the step,
/// and in the slope behind the point less that before it.
struct Point {
  double at, coarse, fine, jump;
};
using Formula = std::vector<Point>;
const std::array<Formula, 3> formulas{{
    {{-2, 1.0 / 12, 0, 0},
     {-1, -2.0 / 3, 1.0 / 6, -1},
     {-0.5, 0, -4.0 / 3, 4},
     {0, 0, 0, -6},
     {0.5, 0, 4.0 / 3, 4},
     {1, 2.0 / 3, -1.0 / 6, -1},
     {2, -1.0 / 12, 0, 0}},
    {{0, -25.0 / 12, -25.0 / 6, 0},
     {0.5, 0, 8, 0},
     {1, 4, -6, 0},
     {1.5, 0, 8.0 / 3, 0},
     {2, -3, -0.5, 0},
     {3, 4.0 / 3, 0, 0},
     {4, -0.25, 0, 0}},
    {{0, 25.0 / 12, 25.0 / 6, 0},
     {-0.5, 0, -8, 0},
     {-1, -4, 6, 0},
     {-1.5, 0, -8.0 / 3, 0},
     {-2, 3, 0.5, 0},
     {-3, -4.0 / 3, 0, 0},
     {-4, 0.25, 0, 0}},
}};

/// A formula all of whose cases can be read, with them; from one side where a number is at the end of its range.
std::pair<Formula, std::vector<Case>> readable(const Along& by) {
  for (const Formula& formula : formulas) try {
      std::vector<Case> cases;
      for (const Point& point : formula) cases.push_back(by.case_at(point.at * by.step));
      return {formula, std::move(cases)};
    } catch (const CaseError&) {
      if (&formula == &formulas.back()) throw;
    }
  return {};
}

struct Difference {
  double coarse = 0, fine = 0, jump = 0;
  double doubt() const { return std::max(std::abs(coarse - fine), std::abs(jump)); }
};

/// Of each result: least and greatest values by the rows of the base, the others as they are.
std::vector<Difference> differences_of(const FrozenRun& frozen, const Along& by,
                                       const std::vector<ResultSlope>& slopes) {
  const auto& results = scalar_results();
  const Results& base = frozen.base().results;
  std::vector<Difference> of(slopes.size());
  const auto [formula, cases] = readable(by);
  for (std::size_t k = 0; k < formula.size(); ++k) {
    const Point& point = formula[k];
    const Results varied = point.at == 0 ? base : frozen.solve(cases[k]);
    const std::vector<double> values = scalars_of(varied);
    for (std::size_t r = 0; r < slopes.size(); ++r) {
      const double value = (results[r].of_the_run ? moved_by(slopes[r], base, varied) : values[r]) / by.step;
      of[r].coarse += point.coarse * value, of[r].fine += point.fine * value, of[r].jump += point.jump * value;
    }
  }
  return of;
}

/// What a result's rounding goes with: itself, or of least and greatest values the largest that they were taken from.
double size_of(const ResultSlope& slope, bool of_the_run, double value, const Results& base) {
  double size = std::abs(value);
  if (of_the_run)
    for (const ResultSlope::OfValue& of : slope.values)
      for (const CurveRow& row : base.accepted) size = std::max(size, std::abs(row.values[of.observable]));
  return size;
}

CheckedSlope compared(const std::string& result, const Along& by, double size, double slope, const Difference& seen) {
  const double scale = std::max(std::abs(seen.fine), left_over / slope_tolerance * size / by.step);
  CheckedSlope one{result,
                   by.name,
                   slope,
                   seen.fine,
                   std::abs(slope - seen.fine) / scale,
                   seen.doubt() / scale,
                   CheckedSlope::Verdict::agrees};
  if (!(one.deviation <= slope_tolerance))
    one.verdict = one.deviation <= sure * one.doubt ? CheckedSlope::Verdict::unsettled : CheckedSlope::Verdict::differs;
  return one;
}

}  // namespace

std::vector<CheckedSlope> checked_slopes(const FrozenRun& frozen, const Case& base, const std::vector<Along>& by) {
  const TapedRun& run = frozen.base();
  const std::vector<double> values = scalars_of(run.results);
  const std::vector<ResultSlope> slopes = scalar_slopes_of(run.results);
  const std::vector<RunChange> backward = run.sensitivity(base).backward(slopes);
  std::vector<CheckedSlope> list;
  for (const Along& number : by) {
    if (!number.missing.empty() || !number.case_at) continue;
    const std::vector<Difference> seen = differences_of(frozen, number, slopes);
    for (std::size_t r = 0; r < slopes.size(); ++r) {
      if (!std::isfinite(values[r])) continue;
      const ScalarResult& result = scalar_results()[r];
      const double slope = run.model->team().sum(dot(backward[r], *number.change));
      const double size = size_of(slopes[r], result.of_the_run, values[r], run.results);
      if (std::max(std::abs(slope), std::abs(seen[r].fine)) * number.step < left_over * size) continue;
      list.push_back(compared(result.name, number, size, slope, seen[r]));
    }
  }
  return list;
}

}  // namespace porelith
