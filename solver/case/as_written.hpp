#pragma once
/// Values of keys with the text that says them.
#include <string>
#include <vector>

#include "solver/case/case.hpp"
#include "solver/case/column_names.hpp"
#include "solver/text/named_expression.hpp"
#include "solver/text/units.hpp"

namespace porelith {

/// An expression in the time t [s] and the TOML that says it.
struct TimeText {
  NamedExpression law;
  std::string toml;
};

/// A current, voltage or power over time as written, and the file it came from ("" = written in the case).
struct TableText {
  Control quantity = Control::current;
  std::vector<double> time;      ///< [s]
  std::vector<double> value;     ///< [A], [V], [W], or what `kind` says
  std::vector<Rate::Kind> kind;  ///< of each current; empty: all are in ampere
  std::string file;
  std::string title;               ///< of the file's column, "" if it has none
  Way way = Way::unsaid;           ///< what that title says of the sign
  std::vector<std::string> notes;  ///< what was understood in the file that is not plain, a sentence each
};

}  // namespace porelith
