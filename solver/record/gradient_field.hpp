#pragma once
/// Where a result of a run would gain: slopes by what each control volume is made of, as files and pictures take them.
#include <string>
#include <vector>

#include "solver/record/branch.hpp"

namespace porelith {

/// A result's slopes by a number that each control volume of the electrodes has, of this rank's own cells; not a number
/// where a cell has none.
struct GradientField {
  std::string number;  ///< "porosity"
  std::string unit;    ///< "A.h.m-3"
  std::string meaning;
  std::vector<double> slope;  ///< per volume of the whole cell
  std::vector<double> kept;   ///< with what is the same everywhere in the electrode taken off: where its sum stays
};

struct ResultFields {
  std::string result, unit, spoken;
  double value;
  std::vector<GradientField> fields;
  Branch branch = {};
  std::string fixed = "";  ///< the stop that fixes it: then there are no fields
};

/// Slopes of a curve at fixed places of its coordinate.
struct CurveSlopes {
  std::string curve, unit, spoken;
  std::string over, over_unit, over_spoken;  ///< its coordinate
  std::vector<double> at, values;            ///< points
  struct By {
    std::string number, unit;
    double at;                        ///< where the run has it
    std::vector<double> slopes, off;  ///< at the points; how far off they may be, or empty
  };
  std::vector<By> by;
};

}  // namespace porelith
