#pragma once
/// What one solve of a design leaves for the dataset.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/left_table.hpp"

namespace porelith {

struct Results;

/// Points of the curve on its common coordinate, the share of the last step's charge: 0, 1/(n-1), ..., 1.
inline constexpr int curve_points = 65;

/// What follows from a design to first order: slopes by its d variables, each in its own unit; NaN where there is none.
struct SampleSlopes {
  std::vector<double> scalars;          ///< row-major, scalars x d
  std::vector<double> curve = {};       ///< row-major, curve_points x d, each at its share; empty unless asked for
  std::vector<std::int64_t> one_sided;  ///< as scalar_results(): 1 where another place or time is as good
  std::string missing;                  ///< why some or all of them are missing; "" where none is
  double seconds = 0;                   ///< that they took
};

struct Sample {
  long index = 0;
  std::vector<double> x;
  std::string status;                       ///< "complete", "infeasible: <why>", "failed: <why>"
  std::vector<double> scalars;              ///< as scalar_results(); NaN unless complete
  std::vector<double> curve;                ///< voltage [V] at curve_points; NaN unless complete
  double seconds = 0;                       ///< of the solve
  long newton = 0;                          ///< iterations, the machine-free cost
  std::vector<LeftTable> left_tables = {};  ///< laws that it used beyond their tables, also where it failed
  std::optional<SampleSlopes> slopes = {};  ///< where they were asked for
  bool chosen = false;  ///< by a search, for what it hoped to find; else a random point of its space
};

inline bool complete(const Sample& sample) { return sample.status == "complete"; }

/// Scalars and curve of a complete run into its sample; a run that gives none makes the sample "failed: <why>".
void measure(const Results& results, Sample& sample);

}  // namespace porelith
