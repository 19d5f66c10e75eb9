/// `ask MODEL`: a question to a surrogate that is there already: answered at once, then what a solver would be asked.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "program/surrogate_of.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/case/reader.hpp"
#include "solver/text/units.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/design/query.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

struct AskLine {
  std::string model;                ///< its file, or the folder of a training or a study
  std::vector<std::string> values;  ///< "variable=value" each: a design, in place of a search
  std::string given;                ///< a case whose [design] has objective and constraints
  std::string maximise, minimise;
  std::vector<std::string> constraints, bounds;
  std::optional<double> interval;
  std::optional<int> designs;
  std::optional<unsigned> seed;
};

/// The dataset that the model has learned from, or one beside it; nothing where there is none.
std::optional<Dataset> dataset_beside(const std::string& model, const TrainingSet& meaning) {
  const fs::path path = fs::path(model).parent_path() / "dataset.h5";
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  Dataset data = Dataset::read(path.string());
  if (data.case_hash != meaning.case_hash || data.family.names() != meaning.inputs) return std::nullopt;
  return data;
}

/// The space of a model, with its conditions where a dataset tells them.
DesignFamily family_of(const TrainingSet& meaning, const std::optional<Dataset>& data) {
  if (data) return data->family;
  DesignFamily family;
  for (std::size_t k = 0; k < meaning.inputs.size(); ++k)
    family.variables.push_back({meaning.inputs[k], meaning.low[k], meaning.high[k], meaning.log[k], false,
                                0.5 * (meaning.low[k] + meaning.high[k])});
  return family;
}

/// "name=low:high", either of them may be left out.
void narrow(DesignFamily& family, const std::string& bound, const TrainingSet& meaning) {
  const std::size_t sign = bound.find('='), colon = bound.find(':');
  if (sign == std::string::npos || colon == std::string::npos || colon < sign)
    throw std::invalid_argument(fmt::format("--bound {} is not name=low:high", bound));
  const std::string name = bound.substr(0, sign), low = bound.substr(sign + 1, colon - sign - 1),
                    high = bound.substr(colon + 1);
  const auto found = std::find(meaning.inputs.begin(), meaning.inputs.end(), name);
  if (found == meaning.inputs.end()) throw std::invalid_argument("--bound " + no_input(name, meaning));
  const auto k = static_cast<std::size_t>(found - meaning.inputs.begin());
  DesignVariable& variable = family.variables[k];
  const auto number = [&](const std::string& text) {
    try {
      return number_of(text, meaning.input_units[k]);
    } catch (const UnitError& error) {
      throw std::invalid_argument(fmt::format("--bound {} {}", bound, error.what()));
    }
  };
  if (!low.empty()) variable.low = number(low);
  if (!high.empty()) variable.high = number(high);
  if (!(variable.low < variable.high))
    throw std::invalid_argument(fmt::format("--bound {} leaves {} no range", bound, name));
  if (variable.low < meaning.low[k] || variable.high > meaning.high[k])
    throw std::invalid_argument(fmt::format("--bound {} is beyond [{:g}, {:g}], which the surrogate knows", bound,
                                            meaning.low[k], meaning.high[k]));
  variable.start = std::clamp(variable.start, variable.low, variable.high);
}

/// What is asked: of the case if one is given, and of the command line.
Design question_of(const AskLine& line, const TrainingSet& meaning, const std::optional<Dataset>& data) {
  Design design;
  if (!line.given.empty()) {
    const Case input = read_case(line.given);
    if (!input.design) throw CaseError({{{line.given, 0, 0}, "has no [design]: it asks nothing"}});
    design.objective = input.design->objective;
    design.maximise = input.design->maximise;
    design.constraints = input.design->constraints;
    design.interval = input.design->interval;
  }
  if (!line.maximise.empty() && !line.minimise.empty())
    throw std::invalid_argument("--maximise and --minimise are two questions; ask one at a time");
  for (const bool most : {true, false}) {
    const std::string& text = most ? line.maximise : line.minimise;
    if (text.empty()) continue;
    design.objective = text;
    design.maximise = most;
  }
  design.constraints.insert(design.constraints.end(), line.constraints.begin(), line.constraints.end());
  design.space = family_of(meaning, data);
  for (const std::string& bound : line.bounds) narrow(design.space, bound, meaning);
  design.interval = line.interval.value_or(design.interval);
  if (!(design.interval > 0)) throw std::invalid_argument("--interval is to be above 0");
  return design;
}

void print_scalars(const Prediction& said, const TrainingSet& meaning) {
  for (std::size_t j = 0; j < meaning.scalars.size(); ++j) {
    const auto k = static_cast<long>(j);
    tell(stdout, "  {:<20} {:>12.6g} +- {:<9.3g}{}\n", meaning.scalars[j], said.scalars[k], said.half_width[k],
         meaning.scalar_units[j] == "1" ? "" : " " + meaning.scalar_units[j]);
  }
}

std::string design_text(const std::vector<double>& x, const TrainingSet& meaning) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < x.size(); ++k) parts.push_back(fmt::format("{}={:.6g}", meaning.inputs[k], x[k]));
  return fmt::format("{}", fmt::join(parts, " "));
}

void print_design(const Foretold& it, const Goal& goal, const std::string& name, const Surrogate& surrogate) {
  const Eigen::VectorXd x = Eigen::Map<const Eigen::VectorXd>(it.x.data(), static_cast<long>(it.x.size()));
  tell(stdout, "{:<3} {} = {:.6g} +- {:.3g}\n", name, goal.expression(), it.value, it.half_width);
  for (std::size_t k = 0; k < goal.constraints().size(); ++k) {
    const auto row = static_cast<long>(k);
    const double middle = it.constraints[row], width = it.constraint_half_widths[row];
    tell(stdout, "    {} = {:.4g} +- {:.3g}: {}\n", goal.constraints()[k].text(), middle, width,
         middle - width >= 0  ? "kept"
         : middle + width < 0 ? "broken"
                              : "open");
  }
  tell(stdout, "    {}\n    {}\n", design_text(it.x, surrogate.meaning()),
       place_of(surrogate.predict(x), x, surrogate.meaning()));
}

/// What so many solves would cost, as the solves of the dataset did.
std::string cost_of(std::size_t solves, const std::optional<Dataset>& data) {
  std::vector<long> newton;
  std::vector<double> seconds;
  if (data)
    for (const Sample& sample : data->samples)
      if (complete(sample)) newton.push_back(sample.newton), seconds.push_back(sample.seconds);
  if (newton.empty()) return "no dataset beside the model tells their work";
  std::sort(newton.begin(), newton.end());
  std::sort(seconds.begin(), seconds.end());
  const auto n = static_cast<double>(solves);
  return fmt::format("about {:.0f} linearisations, {:.3g} s where its samples were solved",
                     n * static_cast<double>(newton[newton.size() / 2]), n * seconds[seconds.size() / 2]);
}

void print_solves(const std::vector<std::string>& names, const std::string& why, const std::optional<Dataset>& data) {
  if (names.empty()) {
    tell(stdout, "would solve: nothing; {}\n", why);
    return;
  }
  tell(stdout, "would solve: {} design{} ({}), {}; {}\n", names.size(), names.size() > 1 ? "s" : "",
       fmt::join(names, ", "), why, cost_of(names.size(), data));
}

/// Of a design that was typed: nobody picked it.
void ask_of_design(const AskLine& line, const Surrogate& surrogate, const std::optional<Goal>& goal,
                   const std::optional<Dataset>& data) {
  const TrainingSet& meaning = surrogate.meaning();
  const Eigen::VectorXd x = point_of(line.values, meaning);
  const Prediction said = surrogate.predict(x);
  print_scalars(said, meaning);
  if (goal) {
    print_design(foretold(*goal, surrogate, {x.begin(), x.end()}), *goal, "", surrogate);
  } else {
    tell(stdout, "  {}\n", place_of(said, x, meaning));
  }
  if (said.inside)
    print_solves({}, "it lies where the surrogate's intervals are calibrated", data);
  else
    print_solves({"this"}, "it lies where no data are like it", data);
}

void ask_for_best(const Surrogate& surrogate, const Goal& goal, const Design& design, const QueryOptions& options,
                  const std::optional<Dataset>& data) {
  tell(stdout, "asked: {} {}", design.maximise ? "greatest" : "least", design.objective);
  for (const std::string& constraint : design.constraints) tell(stdout, ", {} >= 0", constraint);
  tell(stdout, "{}\n", data ? "" : " (no dataset beside the model: conditions of its space are not known)");
  const QueryAnswer answer = answered(goal, surrogate, data ? data->samples : std::vector<Sample>{}, options);
  if (!answer.solved.empty())
    tell(stdout, "best that is solved: {} = {:.6g}\n    {}\n", goal.expression(), answer.solved_value,
         design_text(answer.solved, surrogate.meaning()));
  if (answer.designs.empty()) {
    tell(stdout, "the surrogate promises nothing: no design of the space keeps its conditions where it was searched\n");
    return;
  }
  tell(stdout,
       "by the surrogate, 90 % intervals {:.2g} times as wide as of random designs, for a search picked these:\n",
       surrogate.picks_widened_by());
  for (std::size_t k = 0; k < answer.designs.size(); ++k)
    print_design(answer.designs[k], goal, fmt::format("{}.", k + 1), surrogate);
  std::vector<std::string> names;
  for (const std::size_t k : answer.to_solve) names.push_back(std::to_string(k + 1));
  const double allowed = options.interval * answer.range;
  const bool sure = answer.designs.front().sure;
  print_solves(names,
               sure ? fmt::format("1 is sure to {:.3g}, {:g} of the objective's range", allowed, options.interval)
               : names.empty() ? std::string("none is better than what is solved, as far as intervals reach")
                               : fmt::format("for a half width up to {:.3g} ({:g} of the objective's range)", allowed,
                                             options.interval),
               data);
}

int ask(const AskLine& line) {
  std::error_code ignored;
  const std::string near = fs::is_directory(line.model, ignored) ? model_near(line.model) : "";
  const std::string path = near.empty() ? line.model : near;
  const Surrogate surrogate = load_model(path);
  const TrainingSet& meaning = surrogate.meaning();
  const std::optional<Dataset> data = dataset_beside(path, meaning);
  const Design design = question_of(line, meaning, data);
  std::optional<Goal> goal;
  if (!design.objective.empty()) goal.emplace(design, design.space);
  if (!line.values.empty()) {
    ask_of_design(line, surrogate, goal, data);
    return exit_ok;
  }
  if (!goal) throw std::invalid_argument("nothing is asked; give a design, --case, --maximise or --minimise");
  QueryOptions options;
  options.interval = design.interval;
  options.designs = line.designs.value_or(options.designs);
  options.seed = line.seed.value_or(options.seed);
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  ask_for_best(surrogate, *goal, design, options, data);
  return exit_ok;
}

}  // namespace

void declare_ask(Verb& verb) {
  auto line = std::make_shared<AskLine>();
  verb.argument("MODEL", line->model, "model.h5 or surrogate.h5, or the folder of a training or a study");
  verb.optional_arguments("VALUES", line->values, "name=value of each input: a design, in place of a search");
  verb.option("--case", line->given, "case whose [design] says what is sought; options below add to it");
  verb.option("--maximise", line->maximise, "expression in results and variables that is to be great");
  verb.option("--minimise", line->minimise, "expression that is to be small");
  verb.repeated("--constraint", line->constraints, "expression that must be >= 0; may be repeated");
  verb.repeated("--bound", line->bounds, "name=low:high narrows the space, e.g. n1=0.2:0.3; may be repeated");
  verb.option("--interval", line->interval, "half width that will do, of the objective's range; 0.01 if not given");
  verb.count("--designs", line->designs, "designs to tell at most; 4 if not given");
  verb.option("--seed", line->seed, "seed of the search");
  verb.does(WorkOf::first_rank, [line] { return ask(*line); });
}

}  // namespace porelith
