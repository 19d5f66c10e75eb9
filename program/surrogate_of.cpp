#include "program/surrogate_of.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "solver/base/error.hpp"
#include "solver/case/keys.hpp"
#include "solver/text/toml.hpp"
#include "solver/text/units.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

/// A unit by its symbol, as some key of a case has it.
Unit unit_called(const std::string& symbol) {
  for (const Table& table : tables()) {
    for (const Key& key : table.keys) {
      if (key.unit.symbol == symbol) return key.unit;
    }
  }
  return {symbol, symbol, symbol};
}

}  // namespace

double number_of(const std::string& text, const std::string& unit) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (!text.empty() && *end == '\0' && std::isfinite(value)) return value;
  return read_quantity(text, unit_called(unit));
}

std::string no_input(const std::string& name, const TrainingSet& meaning) {
  const std::string near = nearest_name(name, meaning.inputs);
  return fmt::format("{} is no input of this surrogate; {}", name,
                     near.empty() ? fmt::format("there are {}", fmt::join(meaning.inputs, ", "))
                                  : fmt::format("did you mean {}?", near));
}

Eigen::VectorXd point_of(const std::vector<std::string>& values, const TrainingSet& meaning) {
  Eigen::VectorXd x(static_cast<long>(meaning.inputs.size()));
  std::vector<bool> given(meaning.inputs.size());
  std::string wrong;
  const auto complain = [&](const std::string& sentence) { wrong += (wrong.empty() ? "" : "; ") + sentence; };
  for (const std::string& value : values) {
    const std::size_t sign = value.find('=');
    const std::string name = value.substr(0, sign);
    const auto found = std::find(meaning.inputs.begin(), meaning.inputs.end(), name);
    if (sign == std::string::npos) {
      complain(fmt::format("{} has no value; write {}=...", value, value));
    } else if (found == meaning.inputs.end()) {
      complain(no_input(name, meaning));
    } else {
      const auto k = static_cast<std::size_t>(found - meaning.inputs.begin());
      if (given[k]) complain(fmt::format("{} is given twice", name));
      given[k] = true;
      try {
        x[static_cast<long>(k)] = number_of(value.substr(sign + 1), meaning.input_units[k]);
      } catch (const UnitError& error) {
        complain(fmt::format("{} = {} {}", name, toml_quoted(value.substr(sign + 1)), error.what()));
      }
    }
  }
  std::vector<std::string> missing;
  for (std::size_t k = 0; k < given.size(); ++k) {
    if (!given[k]) missing.push_back(meaning.inputs[k]);
  }
  if (!missing.empty())
    complain(fmt::format("{} {} missing", fmt::join(missing, ", "), missing.size() > 1 ? "are" : "is"));
  if (!wrong.empty()) throw std::invalid_argument(wrong);
  return x;
}

std::string place_of(const Prediction& said, const Eigen::VectorXd& x, const TrainingSet& meaning) {
  const std::string distance = fmt::format("distance to the data {:.3g}, up to 1 is near", said.distance);
  if (said.inside) return "inside: " + distance;
  std::string reasons;
  for (std::size_t k = 0; k < meaning.inputs.size(); ++k) {
    const double value = x[static_cast<long>(k)];
    if (value >= meaning.low[k] && value <= meaning.high[k]) continue;
    reasons +=
        fmt::format("{} = {:g} is outside [{:g}, {:g}]; ", meaning.inputs[k], value, meaning.low[k], meaning.high[k]);
  }
  return "outside: " + reasons + distance + "; ask the solver";
}

std::string model_near(const std::string& given) {
  const fs::path folder = given;
  std::error_code ignored;
  for (const fs::path& place : {folder, folder / "campaign", folder / ".."})
    for (const char* name : {"model.h5", "surrogate.h5"})
      if (fs::is_regular_file(place / name, ignored)) return (place / name).lexically_normal().string();
  return "";
}

Surrogate load_model(const std::string& path) {
  std::error_code ignored;
  const bool folder = fs::is_directory(path, ignored);
  std::string sentence = "is a folder where a model's file is expected";
  if (!folder) try {
      return Surrogate::load(path);
    } catch (const CaseError& error) {
      sentence = error.problems().front().sentence;
    }
  const std::string parent = fs::path(path).parent_path().string();
  const std::string near = model_near(folder ? path : parent.empty() ? "." : parent);
  if (!near.empty() && fs::path(near) != fs::path(path).lexically_normal())
    sentence += fmt::format(". Did you mean {}?", near);
  else if (folder)
    sentence += "; it holds none: `porelith train` makes a model.h5 of a dataset";
  throw CaseError({{{path, 0, 0}, sentence}});
}

}  // namespace porelith
