/// `train DATASET`: a surrogate, and its honest error.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
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
#include "solver/case/keys.hpp"
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

struct TrainLine {
  std::string dataset;                 ///< a dataset, or the folder of a campaign
  std::string out;                     ///< "" = the folder of the dataset
  std::optional<int> members, epochs;  ///< instead of the case's own
  std::optional<unsigned> seed;
  std::vector<int> hidden;          ///< neurons a hidden layer; empty = the case's own
  std::optional<int> width, depth;  ///< the same with equal layers
  std::string activation;           ///< "" = the case's own
};

/// --hidden, or --width and --depth. @param own what holds without them
std::vector<int> hidden_of(const TrainLine& line, const std::vector<int>& own) {
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

std::string activation_of(const TrainLine& line, const std::string& own) {
  if (line.activation.empty()) return own;
  const auto& choices = find_key("design.activation")->choices;
  if (std::find(choices.begin(), choices.end(), line.activation) != choices.end()) return line.activation;
  const std::string near = nearest_name(line.activation, choices);
  throw std::invalid_argument(fmt::format("--activation {} is none of {}.{}", line.activation, fmt::join(choices, ", "),
                                          near.empty() ? "" : " Did you mean " + near + "?"));
}

/// What the dataset's case asks for, unless the command line says otherwise.
TrainOptions options_of(const TrainLine& line, const TrainOptions& own) {
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

}  // namespace

void declare_train(Verb& verb) {
  auto line = std::make_shared<TrainLine>();
  verb.argument("DATASET", line->dataset, "dataset.h5, or the folder of a campaign");
  verb.option("--out", line->out, "folder for model.h5, training.json and pictures; that of the dataset if not given");
  verb.option("--members", line->members, "networks of the ensemble; this and the rest as the case says if not given");
  verb.option("--hidden", line->hidden, "neurons of each hidden layer, e.g. 32,32");
  verb.option("--width", line->width, "neurons of every hidden layer, in place of --hidden");
  verb.option("--depth", line->depth, "hidden layers, in place of --hidden");
  verb.option("--activation", line->activation, "tanh, relu or leaky_relu");
  verb.option("--epochs", line->epochs, "at most; training stops early");
  verb.option("--seed", line->seed, "of weights, order and split");
  verb.does(WorkOf::first_rank, [line] { return train(*line); });
}

}  // namespace porelith
