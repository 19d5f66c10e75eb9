#pragma once
/// Where a result would gain: its slope by each control volume's porosity, active fraction and particle radius, per
/// volume (R6).
#include <string>
#include <vector>

#include "solver/base/held.hpp"
#include "solver/gradient.hpp"
#include "solver/record/gradient_field.hpp"

namespace porelith {

struct ParameterChange;

/// A number that each control volume of the electrodes has, and how the model's numbers there follow it.
struct FieldNumber {
  std::string name;              ///< "porosity"
  std::string meaning;           ///< a clause, with what follows
  std::string unit;              ///< "1", "m"
  Held<ParameterChange> change;  ///< of a unit more everywhere: what is cell by cell
  std::vector<double> share;     ///< of each own cell's volume that it is about; 0 where there is none
};

/// Porosity with what follows it as the case's `solid` says. Collective.
FieldNumber porosity_number(const Case& input, const TapedRun& run);

/// The same, porosity alone, active fraction, particle radius; of
/// blends also each material's. Collective.
std::vector<FieldNumber> field_numbers(const Case& input, const TapedRun& run);

/// The sum of slope times true_volumes() over an electrode is the slope by a shift that is the same everywhere in it.
/// Collective.
std::vector<GradientField> gradient_fields(const TapedRun& run, const Gradient& gradient,
                                           const std::vector<FieldNumber>& numbers);

/// Of this rank's own cells, as often as the whole cell has them [m3]
std::vector<double> true_volumes(const TapedRun& run);

}  // namespace porelith
