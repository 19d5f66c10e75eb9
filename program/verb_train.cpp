/// The verbs `train` and `predict`: a surrogate from a dataset, and what it says of a design.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "postprocess/training_pictures.hpp"
#include "program/verb_tools.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/json_writer.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/case/keys.hpp"
#include "solver/text/toml.hpp"
#include "solver/text/units.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/gate/surrogate.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

/// The dataset itself, or the one in a campaign's folder.
std::string dataset_path(const std::string& given) {
  return fs::is_directory(given) ? (fs::path(given) / "dataset.h5").string() : given;
}

/// Whether an option of the command line is what the key of [design] allows. @throws std::invalid_argument
void check_range(const char* option, const char* key, double value) {
  const Range& range = find_key(std::string("design.") + key)->range;
  if (!range.holds(value)) throw std::invalid_argument(fmt::format("{} {} is {}", option, value, range.violation()));
}

/// --hidden, or --width and --depth. @param own what holds without them
std::vector<int> hidden_of(const CommandLine& line, const std::vector<int>& own) {
  if (!line.width && !line.depth) {
    for (const int neurons : line.hidden) check_range("--hidden", "hidden", neurons);
    return line.hidden.empty() ? own : line.hidden;
  }
  if (!line.hidden.empty())
    throw std::invalid_argument("--hidden says what --width and --depth say; give one or the other");
  constexpr int deepest = 20;
  const int width = line.width.value_or(own.front()), depth = line.depth.value_or(static_cast<int>(own.size()));
  check_range("--width", "hidden", width);
  if (depth < 1 || depth > deepest)
    throw std::invalid_argument(fmt::format("--depth {} is outside [1, {}]", depth, deepest));
  return std::vector<int>(static_cast<std::size_t>(depth), width);
}

std::string activation_of(const CommandLine& line, const std::string& own) {
  if (line.activation.empty()) return own;
  const auto& choices = find_key("design.activation")->choices;
  if (std::find(choices.begin(), choices.end(), line.activation) != choices.end()) return line.activation;
  const std::string near = nearest_name(line.activation, choices);
  throw std::invalid_argument(fmt::format("--activation {} is none of {}.{}", line.activation, fmt::join(choices, ", "),
                                          near.empty() ? "" : " Did you mean " + near + "?"));
}

/// What the dataset's case asks for, unless the command line says otherwise.
TrainOptions options_of(const CommandLine& line, const TrainOptions& own) {
  TrainOptions options = own;
  options.members = line.members.value_or(own.members);
  options.hidden = hidden_of(line, own.hidden);
  options.activation = activation_of(line, own.activation);
  options.epochs = line.epochs.value_or(own.epochs);
  options.seed = line.seed.value_or(own.seed);
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  check_range("--members", "members", options.members);
  check_range("--epochs", "epochs", options.epochs);
  return options;
}

void print_report(const TrainingReport& report, const TrainingSet& meaning, long samples) {
  tell(stdout, "{} samples; judged on {} of them that neither training nor calibration has seen\n\n", samples,
       report.truth.rows());
  tell(stdout, "  {:<20} {:>12} {:>20}  unit\n", "scalar", "mean error", "inside 90 % interval");
  for (std::size_t j = 0; j < meaning.scalars.size(); ++j) {
    const auto k = static_cast<long>(j);
    tell(stdout, "  {:<20} {:>10.3g} % {:>18.1f} %  {}\n", meaning.scalars[j], 100 * report.relative_error[k],
         100 * report.coverage[k], meaning.scalar_units[j]);
  }
  if (report.curve_truth.cols() > 0) {
    const bool volts = meaning.curve_unit == "V";
    tell(stdout, "\n  {} curve: mean error {:.3g} {}\n", meaning.curve_name, report.curve_error * (volts ? 1000 : 1),
         volts ? "mV" : meaning.curve_unit);
  }
  tell(stdout, "  trained in {:.3g} s\n", report.seconds);
}

std::string training_json(const TrainingReport& report, const TrainingSet& meaning, const TrainOptions& options,
                          long samples) {
  JsonWriter json;
  json.add("format", "porelith training");
  json.add("version", 1);
  json.add("cell hash", meaning.cell_hash);
  json.add("case hash", meaning.case_hash);
  json.object("options");
  json.add("members", options.members);
  json.list("hidden");
  for (const int neurons : options.hidden) json.add("", neurons);
  json.end();
  json.add("activation", options.activation);
  json.add("epochs", options.epochs);
  json.add("seed", static_cast<long>(options.seed));
  json.end();
  json.add("samples", samples);
  json.add("unseen samples", static_cast<long>(report.truth.rows()));
  json.object("scalars");
  for (std::size_t j = 0; j < meaning.scalars.size(); ++j) {
    json.object(meaning.scalars[j]);
    json.add("unit", meaning.scalar_units[j]);
    json.add("mean relative error", report.relative_error[static_cast<long>(j)]);
    json.add("coverage of the 90 % interval", report.coverage[static_cast<long>(j)]);
    json.end();
  }
  json.end();
  if (report.curve_truth.cols() > 0) {
    json.object("curve");
    json.add("name", meaning.curve_name);
    json.add("unit", meaning.curve_unit);
    json.add("mean error", report.curve_error);
    json.end();
  }
  json.list("epochs of each network");
  for (const auto& history : report.learning) json.add("", static_cast<long>(history.size()));
  json.end();
  json.add("seconds", report.seconds);
  return json.finish();
}

/// A unit by its symbol, as some key of a case has it.
Unit unit_called(const std::string& symbol) {
  for (const Table& table : tables()) {
    for (const Key& key : table.keys) {
      if (key.unit.symbol == symbol) return key.unit;
    }
  }
  return {symbol, symbol, symbol};
}

/// A number in the input's unit, or with a unit of its own: "85um" for an input in m.
double number_of(const std::string& text, const std::string& unit) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (!text.empty() && *end == '\0' && std::isfinite(value)) return value;
  return read_quantity(text, unit_called(unit));
}

/// The point that "name=value"s make, in the order of the inputs; everything wrong with it at once.
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
      const std::string near = nearest_name(name, meaning.inputs);
      complain(fmt::format("{} is no input of this surrogate; {}", name,
                           near.empty() ? fmt::format("there are {}", fmt::join(meaning.inputs, ", "))
                                        : fmt::format("did you mean {}?", near)));
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

/// Why a point is outside, or that it is not.
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

/// Where a training or a study leaves its model, in this folder or in those that belong to it; "" if there is none.
std::string model_near(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::path& place : {folder, folder / "campaign", folder / ".."})
    for (const char* name : {"model.h5", "surrogate.h5"})
      if (fs::is_regular_file(place / name, ignored)) return (place / name).lexically_normal().string();
  return "";
}

/// @throws CaseError, with the model that was probably meant
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

}  // namespace

int train(const CommandLine& line) {
  const std::string path = dataset_path(line.dataset);
  const Dataset dataset = Dataset::read(path);
  const TrainOptions options = options_of(line, dataset.training);  // a wrong one is told before any work
  const TrainingSet data = dataset.training_set();
  const std::string beside = fs::path(path).parent_path().string();
  const std::string folder = !line.out.empty() ? line.out : beside.empty() ? "." : beside;
  make_folder(folder);
  TrainingReport report;
  const Surrogate surrogate = Surrogate::train(data, options, &report);
  const std::string model = (fs::path(folder) / "model.h5").string();
  surrogate.save(model);
  write_whole_file((fs::path(folder) / "training.json").string(),
                   training_json(report, surrogate.meaning(), options, data.size()));
  print_report(report, surrogate.meaning(), data.size());
  const Drawn drawn = draw_training(report, surrogate.meaning(), folder);
  if (!drawn.warning.empty()) tell(stderr, "warning: {}\n", drawn.warning);
  tell(stdout, "  model in {}\n", model);
  return exit_ok;
}

int predict(const CommandLine& line) {
  const Surrogate surrogate = load_model(line.model);
  const TrainingSet& meaning = surrogate.meaning();
  const Eigen::VectorXd x = point_of(line.values, meaning);
  const Prediction said = surrogate.predict(x);
  for (std::size_t j = 0; j < meaning.scalars.size(); ++j) {
    const auto k = static_cast<long>(j);
    const std::string unit = meaning.scalar_units[j] == "1" ? "" : " " + meaning.scalar_units[j];
    tell(stdout, "{:<20} {:>12.6g} +- {:<9.3g}{}\n", meaning.scalars[j], said.scalars[k], said.half_width[k], unit);
  }
  tell(stdout, "{}\n", place_of(said, x, meaning));
  return exit_ok;
}

}  // namespace porelith
