/// The program's verbs, a line each.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "program/verb_tools.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/stamp.hpp"
#include "solver/base/team.hpp"

namespace {

using porelith::CommandLine;

/// Options that every verb with a case takes.
CLI::App* takes_case(CLI::App* verb, CommandLine& line) {
  verb->add_option("CASE", line.case_path, "folder that holds case.toml, or a case file")->required();
  verb->add_option(
          "--set", line.set,
          "table.key=value changes the case, e.g. negative.thickness=85um; key= takes one out; may be repeated")
      ->allow_extra_args(false);
  verb->add_option("--petsc", line.petsc, "options for PETSc in quotes, e.g. \"-ksp_monitor\"");
  return verb;
}

/// The option of verbs that stop in good order and go on later, or at least keep what they have.
void may_be_stopped(CLI::App* verb, CommandLine& line) {
  verb->add_option(
      "--max-walltime", line.max_walltime,
      "stop in good order after this time, e.g. 3h55m or 1-12:00:00 (d-hh:mm:ss), as after Ctrl-C, with exit code 75");
}

/// What a mistyped verb was meant to be, as a sentence; "" if the verb is right.
std::string mistyped_verb(const CLI::App& app, const std::vector<std::string>& words) {
  if (words.size() < 2 || words[1].empty() || words[1][0] == '-') return "";
  std::vector<std::string> verbs;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) verbs.push_back(verb->get_name());
  if (std::find(verbs.begin(), verbs.end(), words[1]) != verbs.end()) return "";
  const std::string near = porelith::nearest_name(words[1], verbs);
  return fmt::format("{} is not a verb.{}", words[1],
                     near.empty() ? " porelith --help lists them." : " Did you mean " + near + "?");
}

int print_text(const CommandLine& line) {
  porelith::tell(stdout, "{}", line.text);
  return porelith::exit_ok;
}

int refuse(const CommandLine& line) { throw std::invalid_argument(line.text); }

}  // namespace

int main(int argc, char** argv) {
  CommandLine line;
  line.words.assign(argv, argv + argc);
  int (*verb)(const CommandLine&) = nullptr;
  auto whom = porelith::WorkOf::first_rank;

  CLI::App app("Porelith simulates porous battery electrodes, plain or graded, with Newman's model.", "porelith");
  app.set_version_flag("--version", porelith::program().version);
  app.require_subcommand(1);
  app.footer("A first run: porelith run cases/quickstart");

  auto* run = takes_case(app.add_subcommand("run", "solves a case; writes curves, fields and pictures"), line);
  run->add_option("--out", line.out, "folder for the results; results/<name of the case> if not given");
  run->add_flag("--resume", line.resume, "goes on from the newest checkpoint in the folder; without one, begins");
  may_be_stopped(run, line);
  run->add_option("--checkpoint-every", line.checkpoint_every, "e.g. 10min; output.checkpoint_every if not given");
  run->callback([&] { verb = porelith::run, whom = porelith::WorkOf::all_ranks; });

  auto* check = takes_case(
      app.add_subcommand("check", "reads and judges a case without solving; prints what follows from it"), line);
  check->callback([&] { verb = porelith::check; });

  auto* mesh =
      takes_case(app.add_subcommand("mesh", "tells and writes what would be solved: cells, channels, quality"), line);
  mesh->add_option("--out", line.out, "folder for mesh.vtu; results/<name of the case> if not given");
  mesh->callback([&] { verb = porelith::mesh, whom = porelith::WorkOf::all_ranks; });

  auto* compare = app.add_subcommand("compare", "draws the curves of several runs in one picture");
  compare->add_option("RUNS", line.folders, "folders that runs have left")->required();
  compare->add_option("--out", line.out, "the picture; comparison.png if not given");
  compare->callback([&] { verb = porelith::compare; });

  auto* sample = takes_case(
      app.add_subcommand("sample", "solves points of a case's design space into a dataset; goes on where it stopped"),
      line);
  sample->add_option("--samples", line.samples, "feasible points to solve; as the case says if not given")
      ->check(CLI::PositiveNumber);
  sample->add_option("--seed", line.seed, "seed of the points; as the case says if not given");
  sample->add_option("--out", line.out, "folder of the campaign; results/<name of the case>/campaign if not given");
  may_be_stopped(sample, line);
  sample->callback([&] { verb = porelith::sample, whom = porelith::WorkOf::all_ranks; });

  auto* train = app.add_subcommand("train", "trains a surrogate on a dataset; prints and draws its honest error");
  train->add_option("DATASET", line.dataset, "dataset.h5, or the folder of a campaign")->required();
  train->add_option("--out", line.out,
                    "folder for model.h5, training.json and pictures; that of the dataset if not given");
  train->add_option("--members", line.members,
                    "networks of the ensemble; this and the rest as the case says if not given");
  train->add_option("--hidden", line.hidden, "neurons of each hidden layer, e.g. 32,32")->delimiter(',');
  train->add_option("--width", line.width, "neurons of every hidden layer, in place of --hidden");
  train->add_option("--depth", line.depth, "hidden layers, in place of --hidden");
  train->add_option("--activation", line.activation, "tanh, relu or leaky_relu");
  train->add_option("--epochs", line.epochs, "at most; training stops early");
  train->add_option("--seed", line.seed, "of weights, order and split");
  train->callback([&] { verb = porelith::train; });

  auto* predict =
      app.add_subcommand("predict", "what a surrogate says of a design: values, intervals, inside or outside");
  predict->add_option("MODEL", line.model, "model.h5 of a training")->required();
  predict->add_option("VALUES", line.values, "name=value of each input")->required();
  predict->callback([&] { verb = porelith::predict; });

  auto* design = takes_case(
      app.add_subcommand("design", "searches the best design of a case: samples, surrogate, solver, report"), line);
  design->add_option("--samples", line.samples, "feasible points to solve first; as the case says if not given")
      ->check(CLI::PositiveNumber);
  design->add_option("--out", line.out, "folder for the results; results/<name of the case> if not given");
  may_be_stopped(design, line);
  design->callback([&] { verb = porelith::design, whom = porelith::WorkOf::all_ranks; });

  auto* explain = app.add_subcommand("explain", "tells what a key of a case file means; without a key, lists all");
  explain->add_option("KEY", line.key, "a table, a key, or table.key");
  explain->add_flag("--markdown", line.markdown, "all keys as the page docs/keys.md");
  explain->callback([&] { verb = porelith::explain; });

  app.add_subcommand("schema", "prints the JSON Schema of case files, for editors")->callback([&] {
    verb = porelith::schema;
  });

  if (argc == 1) {
    if (porelith::Team::world().first()) porelith::tell(stderr, "{}", app.help());
    return porelith::exit_usage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // --help, --version
    std::ostringstream text, none;
    app.exit(wish, text, none);
    line.text = text.str();
    verb = print_text, whom = porelith::WorkOf::first_rank;
  } catch (const CLI::ParseError& error) {
    const std::string mistyped = mistyped_verb(app, line.words);
    line.text = mistyped.empty() ? std::string(error.what()) + ". porelith --help tells how it is used." : mistyped;
    verb = refuse, whom = porelith::WorkOf::first_rank;
  }
  return porelith::with_errors_told(verb, whom, line);
}
