#pragma once
/// (D11) Search over gradings along the solver's slopes.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/grading/graded_choice.hpp"

namespace porelith {

struct FieldSearchOptions {
  long budget = 60;         ///< solves at most
  double radius = 0.25;     ///< of the first step, of the range
  double shorter = 0.3;     ///< the first step after a restart over the one before
  double worth = 1e-5;      ///< gain over the merit below which a search begins anew, and then ends
  int most_variables = 40;  ///< of SLSQP; beyond them MMA
  /// Of each grading the largest step of porosity between neighbouring numbers; empty: any.
  std::vector<double> largest_steps = {};
  std::function<bool()> stop = [] { return false; };
};

struct FieldFound {
  std::string method;
  std::vector<double> x;  ///< the best that keeps all constraints; empty where there was none
  double merit = 0;
  long solves = 0, gradients = 0;
  double cost = 0;     ///< solves, and gradients by their linearisations over those of the solve
  double seconds = 0;  ///< of solves
  std::vector<std::pair<long, double>> progress;  ///< solves until then, merit
  bool used_up = false;                           ///< it ended for want of solves
  std::string missing;                            ///< why a design had no slopes, the last time
};

/// From one design. @param goal of physics' family
FieldFound search_fields(const GradedChoice& choice, const Goal& goal, const Physics& physics,
                         const std::vector<double>& start, const FieldSearchOptions& options);

}  // namespace porelith
