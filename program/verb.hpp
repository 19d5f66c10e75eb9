#pragma once
/// A verb of the program: its options, and what it does. The reader of command lines stays behind this.
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace porelith {

/// Who does a verb's work where a launcher has started several.
enum class WorkOf { all_ranks, first_rank };

/// What was typed comes to this.
struct Command {
  std::vector<std::string> words;  ///< all of them, for the manifest
  std::function<int()> work;       ///< returns the exit code
  WorkOf whom = WorkOf::first_rank;
};

/// What a verb declares itself on. What its options fill must live as long as its work.
class Verb {
 public:
  Verb(CLI::App& app, Command& command) : app_(app), command_(command) {}

  void argument(const char* name, std::string& to, const char* help);
  void argument(const char* name, std::vector<std::string>& to, const char* help);  ///< one or more
  void optional_arguments(const char* name, std::vector<std::string>& to, const char* help);
  void optional_argument(const char* name, std::string& to, const char* help);
  void option(const char* name, std::string& to, const char* help);
  void option(const char* name, std::optional<int>& to, const char* help);
  void option(const char* name, std::optional<unsigned>& to, const char* help);
  void option(const char* name, std::optional<double>& to, const char* help);
  void option(const char* name, std::vector<int>& to, const char* help);  ///< with commas between
  void repeated(const char* name, std::vector<std::string>& to, const char* help);
  void count(const char* name, std::optional<int>& to, const char* help);  ///< positive
  void flag(const char* name, bool& to, const char* help);

  void does(WorkOf whom, std::function<int()> work);
  const std::vector<std::string>& words() const { return command_.words; }

 private:
  CLI::App& app_;
  Command& command_;
};

/// The case of a verb that takes one, with its changes.
struct CaseLine {
  std::string path;
  std::vector<std::string> set;  ///< "table.key=value" each
  std::string petsc;             ///< options for PETSc, as on a command line

  void declare_on(Verb& verb);
};

/// --max-walltime, of verbs that stop in good order and go on later, or at least keep what they have.
void declare_walltime(Verb& verb, std::string& max_walltime);

}  // namespace porelith
