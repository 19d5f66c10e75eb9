#pragma once
/// What the program does, a function a verb; each returns its exit code.
#include <optional>
#include <string>
#include <vector>

namespace porelith {

/// What the user typed behind the verb.
struct CommandLine {
  std::string case_path;
  std::vector<std::string> set;                 ///< "table.key=value" each
  std::string out;                              ///< "" = results/<name of the case>
  std::string petsc;                            ///< options for PETSc, as on a command line
  std::string key;                              ///< of `explain`; "" = all
  std::vector<std::string> folders;             ///< of `compare`: runs
  bool resume = false;                          ///< of `run`: from the newest checkpoint
  std::string max_walltime;                     ///< a duration; "" = no end
  std::string checkpoint_every;                 ///< of `run`: a duration; "" = as the case says
  bool markdown = false;                        ///< `explain` as docs/keys.md
  std::string dataset;                          ///< of `train`: a dataset, or the folder of a campaign
  std::string model;                            ///< of `predict`: a model file
  std::vector<std::string> values;              ///< of `predict`: "variable=value" each
  std::optional<int> samples, members, epochs;  ///< instead of the case's own
  std::optional<unsigned> seed;
  std::vector<int> hidden;          ///< neurons a hidden layer; empty = the case's own
  std::optional<int> width, depth;  ///< the same with equal layers
  std::string activation;           ///< "" = the case's own
  std::string text;                 ///< what is to be said where there is no verb
  std::vector<std::string> words;   ///< all of it, for the manifest
};

int run(const CommandLine& line);
int check(const CommandLine& line);
int mesh(const CommandLine& line);
int compare(const CommandLine& line);
int explain(const CommandLine& line);
int schema(const CommandLine& line);
int sample(const CommandLine& line);
int train(const CommandLine& line);
int predict(const CommandLine& line);
int design(const CommandLine& line);

/// Who does a verb's work where a launcher has started several.
enum class WorkOf { all_ranks, first_rank };

/// Runs one verb and turns what it throws on any rank into one sentence on stderr and one exit code. Collective.
int with_errors_told(int (*verb)(const CommandLine&), WorkOf whom, const CommandLine& line);

}  // namespace porelith
