/// Reads the command line and does what it says.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "program/errors_told.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/stamp.hpp"
#include "solver/base/team.hpp"
#include "solver/base/tell.hpp"

namespace {

/// What a mistyped verb was meant to be, as a sentence; "" if the verb is right.
std::string mistyped_verb(const std::vector<std::string>& words) {
  if (words.size() < 2 || words[1].empty() || words[1][0] == '-') return "";
  std::vector<std::string> names;
  for (const auto& verb : porelith::verbs()) names.emplace_back(verb.name);
  if (std::find(names.begin(), names.end(), words[1]) != names.end()) return "";
  const std::string near = porelith::nearest_name(words[1], names);
  return fmt::format("{} is not a verb.{}", words[1],
                     near.empty() ? " porelith --help lists them." : " Did you mean " + near + "?");
}

}  // namespace

int main(int argc, char** argv) {
  porelith::Command command;
  command.words.assign(argv, argv + argc);

  CLI::App app("Porelith simulates porous battery electrodes, plain or graded, with Newman's model.", "porelith");
  app.set_version_flag("--version", porelith::program().version);
  app.require_subcommand(1);
  app.footer("A first run: porelith run cases/quickstart");
  for (const auto& named : porelith::verbs()) {
    porelith::Verb verb(*app.add_subcommand(named.name, named.help), command);
    named.declare(verb);
  }

  if (argc == 1) {
    if (porelith::Team::world().first()) porelith::tell(stderr, "{}", app.help());
    return porelith::exit_usage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // --help, --version
    std::ostringstream text, none;
    app.exit(wish, text, none);
    command = {command.words,
               [said = text.str()] { return porelith::tell(stdout, "{}", said), int(porelith::exit_ok); }};
  } catch (const CLI::ParseError& error) {
    const std::string mistyped = mistyped_verb(command.words);
    const std::string why =
        mistyped.empty() ? std::string(error.what()) + ". porelith --help tells how it is used." : mistyped;
    command = {command.words, [why]() -> int { throw std::invalid_argument(why); }};
  }
  return porelith::with_errors_told(command);
}
