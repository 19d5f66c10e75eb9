#pragma once
/// What one solve of a design leaves for the dataset.
#include <string>
#include <vector>

#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/left_table.hpp"

namespace porelith {

struct Results;

/// Points of the curve on its common coordinate, the share of the last step's charge: 0, 1/(n-1), ..., 1.
inline constexpr int curve_points = 65;

struct Sample {
  long index = 0;
  std::vector<double> x;
  std::string status;                       ///< "complete", "infeasible: <why>", "failed: <why>"
  std::vector<double> scalars;              ///< as scalar_results(); NaN unless complete
  std::vector<double> curve;                ///< voltage [V] at curve_points; NaN unless complete
  double seconds = 0;                       ///< of the solve
  long newton = 0;                          ///< iterations, the machine-free cost
  std::vector<LeftTable> left_tables = {};  ///< laws that it used beyond their tables, also where it failed
};

inline bool complete(const Sample& sample) { return sample.status == "complete"; }

/// Scalars and curve of a complete run into its sample; a run that gives none makes the sample "failed: <why>".
void measure(const Results& results, Sample& sample);

}  // namespace porelith
