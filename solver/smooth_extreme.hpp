#pragma once
/// (R8) Least and greatest values of a run made smooth: what optimisers climb along.
#include <optional>
#include <string>

#include "solver/newman/observables/result_slope.hpp"

namespace porelith {

struct TapedRun;

struct SmoothExtreme {
  double value;
  ResultSlope slope;
};

/// Of a scalar result that is a least or greatest value: over all its places at all times at which it is least, below
/// the least (above the greatest) by no more than ten times what a stop on it is landed within (0.1 mV of a plating
/// margin); nothing of other results. Collective.
std::optional<SmoothExtreme> smooth_extreme(const TapedRun& run, const std::string& result);

}  // namespace porelith
