#pragma once
/// Where a result of a run would gain: slopes by what each control volume is made of, as files and pictures take them.
#include <string>
#include <vector>

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
};

}  // namespace porelith
