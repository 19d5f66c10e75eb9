#pragma once
/// The scalar results of a solve: what campaigns record, reports print, and objectives may name.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "solver/newman/observables/result_slope.hpp"
#include "solver/record/curve_row.hpp"
#include "solver/record/observable.hpp"

namespace porelith {

struct Results;
struct LastStep;

struct ScalarResult {
  std::string name, unit, meaning;
  std::string spoken;       ///< in reports
  bool of_the_run = false;  ///< it needs no last step along its charge
  std::function<double(const Results&, const LastStep&)> value = {};
  /// d(value)/d(accepted states), what the model's numbers and the rows do to it
  std::function<ResultSlope(const Results&, const LastStep&)> slope = {};
};

/// In this order everywhere: what the terminals show of the last step of the protocol, then what the observables are
/// reduced to, in the order of their registry.
const std::vector<ScalarResult>& scalar_results();

/// The first row with the least or the greatest finite value of an observable, `k` its place; null if there is none.
const CurveRow* extreme_row(const std::vector<CurveRow>& rows, std::size_t k, Reduction how);

/// A scalar result that is the least or greatest value of an observable over the run.
struct Extreme {
  std::size_t observable;
  Reduction how;
};
/// Nothing of other results.
std::optional<Extreme> extreme_called(const std::string& result);

/// "least plating margin"
std::string spoken_of(Reduction how, const std::string& observable);

/// Their names alone.
std::vector<std::string> scalar_result_names();

}  // namespace porelith
