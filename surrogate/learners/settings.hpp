#pragma once
/// What a learner may be told: options, declared once beside it. Keys of [design], options of `train` and what datasets
/// and models keep of a training follow.
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "solver/text/range.hpp"

namespace porelith {

/// The learner where none is named: in a case, or in a file from before there were others.
inline const std::string first_learner = "mlp";

using Setting = std::variant<int, double, std::string, std::vector<int>>;
using Settings = std::map<std::string, Setting>;

struct Option {
  std::string name;                  ///< in [design], and behind -- on the command line; no two learners share one
  Setting value;                     ///< that holds without it; says what it may be
  Range range;                       ///< of a number, or of each number of a list
  std::vector<std::string> choices;  ///< of a text
  std::string meaning;               ///< one sentence
};

/// "" if an option may have the value, else "0 is outside [1, 1000]".
std::string violation(const Option& option, const Setting& value);

/// @throws std::invalid_argument if it is not there, or of another kind
template <class Value>
const Value& setting(const Settings& settings, const std::string& name);

/// The options' values: given ones, else their defaults. @throws std::invalid_argument naming what is no option of the
/// learner, or out of its range
Settings completed(const std::vector<Option>& options, const Settings& given, const std::string& learner);

}  // namespace porelith
