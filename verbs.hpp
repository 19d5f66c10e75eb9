#pragma once
/// What the program does, a function a verb; each returns its exit code.
#include <string>
#include <vector>

namespace porelith {

/// What the user typed behind the verb.
struct CommandLine {
  std::string case_path;
  std::vector<std::string> set;      ///< "table.key=value" each
  std::string out;                   ///< "" = results/<name of the case>
  std::string petsc;                 ///< options for PETSc, as on a command line
  std::string key;                   ///< of `explain`; "" = all
  std::vector<std::string> folders;  ///< of `compare`: runs
  bool markdown = false;             ///< `explain` as docs/keys.md
  std::vector<std::string> words;    ///< all of it, for the manifest
};

int run(const CommandLine& line);
int check(const CommandLine& line);
int compare(const CommandLine& line);
int explain(const CommandLine& line);
int schema(const CommandLine& line);

/// Runs one verb and turns what it throws into its sentence on stderr and its exit code.
int with_errors_told(int (*verb)(const CommandLine&), const CommandLine& line);

}  // namespace porelith
