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

/// With the nearest of what there is, or where it is listed: a sentence.
std::string not_known(const std::string& typed, const std::string& of, const std::vector<std::string>& names,
                      const std::string& help) {
  const std::string near = porelith::nearest_name(typed, names);
  return fmt::format("{} is not {}.{}", typed, of,
                     near.empty() ? fmt::format(" {} lists them.", help) : " Did you mean " + near + "?");
}

/// What a mistyped verb was meant to be, as a sentence; "" if the verb is right.
std::string mistyped_verb(const std::vector<std::string>& words) {
  if (words.size() < 2 || words[1].empty() || words[1][0] == '-') return "";
  std::vector<std::string> names;
  for (const auto& verb : porelith::verbs()) names.emplace_back(verb.name);
  if (std::find(names.begin(), names.end(), words[1]) != names.end()) return "";
  return not_known(words[1], "a verb", names, "porelith --help");
}

/// The first option that the verb, words[1], has not, as a sentence; "" if it has all.
std::string mistyped_option(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([&](const CLI::App* v) { return v->check_name(words[1]); }))
    for (const CLI::Option* option : verb->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  if (names.empty()) return "";
  for (const std::string& word : words) {
    const std::string typed = word.substr(0, word.find('='));
    if (typed.rfind("--", 0) != 0 || std::find(names.begin(), names.end(), typed) != names.end()) continue;
    return not_known(typed, "an option of " + words[1], names, fmt::format("porelith {} --help", words[1]));
  }
  return "";
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
    std::string mistyped = mistyped_verb(command.words);
    if (mistyped.empty() && dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
      mistyped = mistyped_option(app, command.words);
    const std::string why =
        mistyped.empty() ? std::string(error.what()) + ". porelith --help tells how it is used." : mistyped;
    command = {command.words, [why]() -> int { throw std::invalid_argument(why); }};
  }
  return porelith::with_errors_told(command);
}
