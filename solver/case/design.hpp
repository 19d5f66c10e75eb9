#pragma once
/// What a case asks of a design study: which keys vary, what is wanted, what must hold. Plain data.
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace porelith {

/// Variables that Sobol's sequence has direction numbers for.
inline constexpr int most_sobol_variables = 41;

/// One number that a search may choose.
struct DesignVariable {
  std::string name;
  double low = 0, high = 1;  ///< bounds, included
  bool log = false;          ///< even in its logarithm
  bool integer = false;
  double start = 0;  ///< the baseline's value
};

/// Variables and the case keys that follow from them.
struct DesignFamily {
  std::string name;
  std::vector<DesignVariable> variables;
  /// Case key ("negative.porosity") -> expressions in the variables; several make an array. In the key's SI unit.
  std::map<std::string, std::vector<std::string>> set;
  /// Expressions in the variables; each must be >= 0 or the point is not solved.
  std::vector<std::string> feasible;
  /// Names for parts of expressions, each in variables, results and the names before it.
  std::vector<std::pair<std::string, std::string>> let = {};
  std::string meaning = "";  ///< of a rival: what it keeps and what it may change, for people
  std::string against = "";  ///< of a rival: another one that its gain is told over
};

struct Design {
  DesignFamily space;
  std::vector<DesignFamily> rivals;  ///< e.g. the uniform electrodes of the same freedom
  std::string objective;             ///< expression in results and variables
  bool maximise = true;
  std::vector<std::string> constraints;  ///< expressions in results and variables; each must be >= 0
  int samples = 512;
  std::string sampling = "sobol";  ///< or "latin_hypercube"
  unsigned seed = 1;
  int members = 5;                  ///< networks of the ensemble
  std::vector<int> hidden{32, 32};  ///< neurons a hidden layer
  std::string activation = "tanh";  ///< "relu", "leaky_relu"
  int epochs = 1500;                ///< at most; early stopping ends sooner
  double interval = 0.01;  ///< the gate accepts a calibrated 90 % half width up to this part of the objective's range
  int rounds = 8;          ///< of search, solve, retrain at most
  int solves_a_round = 8;
  bool last_steps = true;     ///< of the solver alone, after the rounds
  double finer = 2;           ///< mesh of the final check over the case's own; 1 = none finer
  bool search_rivals = true;  ///< whether the best of each rival family is sought
  int fresh_designs = 100;    ///< that the gate is held against; 0 = none
  double solver_alone = 10;   ///< solves of a search without the surrogate, over the study's; 0 = no such search
};

}  // namespace porelith
