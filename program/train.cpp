/// `train DATASET`: a surrogate, and its honest error.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "postprocess/training_pictures.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/json_writer.hpp"
#include "solver/base/tell.hpp"
#include "solver/base/whole_file.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/gate/surrogate.hpp"
#include "surrogate/learners/registry.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

/// The dataset itself, or the one in a campaign's folder.
std::string dataset_path(const std::string& given) {
  return fs::is_directory(given) ? (fs::path(given) / "dataset.h5").string() : given;
}

/// A learner's option as the command line gives it: one of these, by the option's kind.
struct GivenOption {
  std::optional<int> whole;
  std::optional<double> number;
  std::string text;
  std::vector<int> list;

  std::optional<Setting> value() const {
    if (whole) return Setting(*whole);
    if (number) return Setting(*number);
    if (!text.empty()) return Setting(text);
    if (!list.empty()) return Setting(list);
    return std::nullopt;
  }
};

struct TrainLine {
  std::string dataset;  ///< a dataset, or the folder of a campaign
  std::string out;      ///< "" = the folder of the dataset
  std::string learner;  ///< "" = the case's own
  std::optional<unsigned> seed;
  std::map<std::string, GivenOption> options;  ///< of all learners; what is not given is the case's own
  std::optional<int> width, depth;             ///< in place of --hidden: equal layers
};

/// --width and --depth as what they stand for. @param own what holds without them
std::vector<int> equal_layers(const TrainLine& line, const std::vector<int>& own) {
  if (line.options.at("hidden").value())
    throw std::invalid_argument("--hidden says what --width and --depth say; give one or the other");
  constexpr int deepest = 20;
  const int width = line.width.value_or(own.front()), depth = line.depth.value_or(static_cast<int>(own.size()));
  if (const std::string wrong = violation(*find_option("hidden"), width); !wrong.empty())
    throw std::invalid_argument("--width " + wrong);
  if (depth < 1 || depth > deepest)
    throw std::invalid_argument(fmt::format("--depth {} is outside [1, {}]", depth, deepest));
  return std::vector<int>(static_cast<std::size_t>(depth), width);
}

/// What the dataset's case asks for, unless the command line says otherwise.
TrainOptions options_of(const TrainLine& line, const TrainOptions& own) {
  TrainOptions options;
  if (line.learner.empty() || line.learner == own.learner) options = own;
  if (!line.learner.empty()) options.learner = line.learner;
  const std::vector<Option> known = learner_called(options.learner).takes();
  options.settings = completed(known, options.settings, options.learner);
  const auto require = [&](const std::string& name) {
    if (options.settings.count(name) == 0)
      throw std::invalid_argument(fmt::format("--{} is no option of learner {}", name, options.learner));
  };
  for (const auto& [name, given] : line.options) {
    const std::optional<Setting> value = given.value();
    if (!value) continue;
    require(name);
    if (const std::string wrong = violation(*find_option(name), *value); !wrong.empty())
      throw std::invalid_argument(fmt::format("--{} {}", name, wrong));
    options.settings[name] = *value;
  }
  if (line.width || line.depth) {
    require("hidden");
    options.settings["hidden"] = equal_layers(line, setting<std::vector<int>>(options.settings, "hidden"));
  }
  options.seed = line.seed.value_or(own.seed);
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
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
  if (report.slopes_left_out > 0)
    tell(stdout, "  slopes of {} scalars or modes of the curve contradict their values: left out\n",
         report.slopes_left_out);
  tell(stdout, "  trained in {:.3g} s\n", report.seconds);
}

void add_setting(JsonWriter& json, const std::string& name, const Setting& value) {
  if (const int* whole = std::get_if<int>(&value)) json.add(name, *whole);
  if (const double* number = std::get_if<double>(&value)) json.add(name, *number);
  if (const std::string* text = std::get_if<std::string>(&value)) json.add(name, *text);
  if (const auto* list = std::get_if<std::vector<int>>(&value)) {
    json.list(name);
    for (const int n : *list) json.add("", n);
    json.end();
  }
}

std::string training_json(const TrainingReport& report, const TrainingSet& meaning, const TrainOptions& options,
                          long samples) {
  JsonWriter json;
  json.add("format", "porelith training");
  json.add("version", 1);
  json.add("cell hash", meaning.cell_hash);
  json.add("case hash", meaning.case_hash);
  json.object("options");
  json.add("learner", options.learner);
  for (const Option& option : learner_called(options.learner).takes())
    add_setting(json, option.name, options.settings.at(option.name));
  json.add("seed", static_cast<long>(options.seed));
  json.end();
  json.add("samples", samples);
  json.add("outputs whose slopes contradict their values", report.slopes_left_out);
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

int train(const TrainLine& line) {
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

/// As the option's kind has it.
void declare_option(Verb& verb, const Option& option, GivenOption& given) {
  const std::string name = "--" + option.name;
  std::string help = option.meaning.substr(0, option.meaning.size() - 1);  // without its full stop
  help.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(help.front())));
  if (!option.choices.empty()) help += fmt::format(": {}", fmt::join(option.choices, ", "));
  if (std::holds_alternative<int>(option.value)) verb.option(name.c_str(), given.whole, help.c_str());
  if (std::holds_alternative<double>(option.value)) verb.option(name.c_str(), given.number, help.c_str());
  if (std::holds_alternative<std::string>(option.value)) verb.option(name.c_str(), given.text, help.c_str());
  if (std::holds_alternative<std::vector<int>>(option.value))
    verb.option(name.c_str(), given.list, (help + ", e.g. 32,32").c_str());
}

}  // namespace

void declare_train(Verb& verb) {
  auto line = std::make_shared<TrainLine>();
  verb.argument("DATASET", line->dataset, "dataset.h5, or the folder of a campaign");
  verb.option("--out", line->out, "folder for model.h5, training.json and pictures; that of the dataset if not given");
  verb.option("--learner", line->learner, "what learns; this and the rest as the case says if not given");
  for (const Learner* learner : learners())
    for (const Option& option : learner->options()) declare_option(verb, option, line->options[option.name]);
  verb.option("--width", line->width, "neurons of every hidden layer, in place of --hidden");
  verb.option("--depth", line->depth, "hidden layers, in place of --hidden");
  verb.option("--seed", line->seed, "of weights, order and split");
  verb.does(WorkOf::first_rank, [line] { return train(*line); });
}

}  // namespace porelith
