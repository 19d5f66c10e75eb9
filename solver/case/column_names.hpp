#pragma once
/// What the columns of a cycler's or a spreadsheet's table hold, by their titles: "Test_Time(s)", "<I>/mA", "j [A/m2]".
#include <optional>
#include <string>

#include "solver/text/sheet_numbers.hpp"
#include "solver/text/units.hpp"

namespace porelith {

enum class Measured { time, current, voltage, power };

/// "time", "current", ...
const char* word_of(Measured measured);

/// How a unit turns a column's numbers into SI.
struct ColumnUnit {
  double factor = 1;                     ///< to s, A, A m-2, 1 (C-rate), V or W
  Rate::Kind kind = Rate::Kind::ampere;  ///< of a current
  bool is_clock = false;                 ///< a title such as hh:mm:ss
  ClockForm clock = ClockForm::unknown;
};

/// "min", "mA", "mA cm-2", "C", "hh:mm:ss"; spellings as people have them ("sec", "Amps").
/// @throws UnitError what is wrong with it: "fortnights is no unit of time"
ColumnUnit read_column_unit(const std::string& unit, Measured measured);

/// Whether it is a unit of that quantity.
bool is_unit(const std::string& unit, Measured measured);

/// Which way a column called by the way of its current counts as positive.
enum class Way { unsaid, discharge, charge };

struct ColumnTitle {
  std::string name;  ///< in lower-case letters and digits alone: "testtime"
  std::string unit;  ///< "s", or "" where there is none
  Way way = Way::unsaid;
};

/// The title's name and unit apart.
ColumnTitle split_title(const std::string& title, Measured measured);

/// Whether a column of currents is one of currents by area, by its name.
bool is_density(const ColumnTitle& title);

/// How well a title speaks of a quantity: 0 not at all, 1 perhaps, 2 as a date, 3 and 4 outright, the best names most.
int fitness(const ColumnTitle& title, Measured measured);

}  // namespace porelith
