#pragma once
/// What the program does, a file a verb: each declares its options and says what it does with them.
#include <vector>

#include "program/verb.hpp"

namespace porelith {

void declare_run(Verb& verb);
void declare_check(Verb& verb);
void declare_mesh(Verb& verb);
void declare_compare(Verb& verb);
void declare_sample(Verb& verb);
void declare_train(Verb& verb);
void declare_predict(Verb& verb);
void declare_ask(Verb& verb);
void declare_design(Verb& verb);
void declare_explain(Verb& verb);
void declare_schema(Verb& verb);

struct NamedVerb {
  const char* name;
  const char* help;
  void (*declare)(Verb&);
};

/// All of them, as --help lists them.
inline const std::vector<NamedVerb>& verbs() {
  static const std::vector<NamedVerb> all{
      {"run", "solves a case; writes curves, fields and pictures", declare_run},
      {"check", "reads and judges a case without solving; prints what follows from it", declare_check},
      {"mesh", "tells and writes what would be solved: cells, channels, quality", declare_mesh},
      {"compare", "draws the curves of several runs in one picture", declare_compare},
      {"sample", "solves points of a case's design space into a dataset; goes on where it stopped", declare_sample},
      {"train", "trains a surrogate on a dataset; prints and draws its honest error", declare_train},
      {"predict", "what a surrogate says of a design: values, intervals, inside or outside", declare_predict},
      {"ask", "the best design by a surrogate that is there already, then what a solver would be asked", declare_ask},
      {"design", "searches the best design of a case: samples, surrogate, solver, report", declare_design},
      {"explain", "tells what a key of a case file means; without a key, lists all", declare_explain},
      {"schema", "prints the JSON Schema of case files, for editors", declare_schema},
  };
  return all;
}

}  // namespace porelith
