#pragma once
/// What a case asks of a design study: which keys vary, what is wanted, what must hold. Plain data.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "solver/text/holds.hpp"
#include "surrogate/learners/settings.hpp"

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

  std::vector<std::string> names() const {
    std::vector<std::string> list;
    for (const DesignVariable& variable : variables) list.push_back(variable.name);
    return list;
  }
  /// Of the baseline.
  std::vector<double> start() const {
    std::vector<double> list;
    for (const DesignVariable& variable : variables) list.push_back(variable.start);
    return list;
  }
};

/// A porosity of its own in every control volume of an electrode.
struct Grading {
  std::string name;           ///< in expressions its mean: the variable of that name
  bool negative = true;       ///< which electrode
  double low, high;           ///< of the porosity anywhere [1]
  double filter = 0;          ///< radius of the filter [m]; 0: none
  bool mean_kept = false;     ///< at what it is at the start
  bool follows = false;       ///< the thickness follows, so that the active mass of an area stays
  std::string mean;           ///< expression that gives the mean in place of both; "" where none does
  std::vector<int> layers;    ///< numbers of equal layers whose best are told as well
  double thinnest = 20e-6;    ///< layer that can be coated [m]
  double largest_step = 0.1;  ///< of porosity from one coated layer to the next [1]
  std::size_t variable = 0;   ///< its mean's place among the space's variables
};

struct Design {
  DesignFamily space;
  std::vector<Grading> gradings;     ///< none: the variables are all that there is to choose
  std::vector<DesignFamily> rivals;  ///< e.g. the uniform electrodes of the same freedom
  std::string objective;             ///< expression in results and variables
  bool maximise = true;
  std::vector<std::string> constraints;  ///< expressions in results and variables; each must be >= 0
  std::string strategy = "economical";   ///< or "surrogate", "gradient"
  int samples = 512;
  std::string sampling = "sobol";  ///< or "latin_hypercube"
  unsigned seed = 1;
  std::string slopes = "none";  ///< of samples: "scalars" by all variables, or of the "curve", too
  std::string learner = first_learner;
  Settings settings;       ///< of learners' options; what is not there is as the learner says
  double interval = 0.01;  ///< the gate accepts a calibrated 90 % half width up to this part of the objective's range
  int rounds = 8;          ///< of search, solve, retrain at most
  int solves_a_round = 8;
  bool last_steps = true;       ///< of the solver alone, after the rounds
  std::optional<double> cheap;  ///< control volumes of the cheap member's mesh over the case's; 0: none; as automatic
  double solves = 150;          ///< that an economical study may spend, in counted work
  double seconds = 0;           ///< of wall time, after which it asks for nothing more; 0: no such limit
  double tolerance = 3e-4;      ///< expected gain that it ends at, of the objective's range
  int scouts = 8;               ///< solves where an optimum may hide
  std::vector<std::string> taken;  ///< folders of studies whose solved points are taken over
  double finer = 2;                ///< mesh of the final check over the case's own; 1 = none finer
  bool search_rivals = true;       ///< whether the best of each rival family is sought
  int fresh_designs = 100;         ///< that the gate is held against; 0 = none
  double solver_alone = 10;        ///< solves of a search without the surrogate, over the study's; 0 = no such search

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "A design study: which keys vary, what is wanted, how it is searched. `sample`, `train` and `design` use it; "
        "`run` solves the case as it stands. A search climbs whatever a time step more or less changes: give "
        "`solver.rtol` 1e-5.");
    keys.key("objective", &Design::objective, {unit::one, any(), "required"},
             "What is sought: an expression in scalar results (capacity, energy, ...) and variables.")
        .key("constraints", &Design::constraints, {unit::one, any(), "no constraints"},
             "Expressions in scalar results and variables; each must be >= 0, as in \"plating_margin - 0.01\".")
        .key("strategy", &Design::strategy,
             {unit::one,
              any(),
              "economical; surrogate where a variable takes whole numbers only",
              {"economical", "surrogate", "gradient"},
              true},
             "Who finds the optimum: economical, a model of cheap solves that few dear ones with slopes correct; "
             "surrogates that learn from samples; or a search along the solver's own slopes.")
        .key("cheap", &Design::cheap,
             {unit::one, between(0, 0.9), "0.5, or 0.35 where the dimension is not 1", {}, true},
             "Control volumes in every direction and shells of an economical study's cheap solves, over the case's; "
             "0 = none.")
        .key("solves", &Design::solves, {unit::one, between(1, 1e6), "", {}, true},
             "What an economical study may spend, slopes and cheap solves included: unknowns times linearisations, in "
             "solves of the baseline on the case's mesh.")
        .key("seconds", &Design::seconds, {unit::second, between(0, 1e9), "", {}, true},
             "Wall time after which an economical study asks for nothing more, and says so; 0 = no limit.")
        .key("tolerance", &Design::tolerance, {unit::one, inside(0, 1), "", {}, true},
             "An economical study ends where the next solve would gain less by expectation, as part of the objective's "
             "range.")
        .key("scouts", &Design::scouts, {unit::one, between(0, 10000), "", {}, true},
             "Solves at most that an economical study makes where an optimum may hide that no climb leads to.")
        .key("from", &Design::taken, {unit::one, any(), "no other studies", {}, true},
             "Results folders of other studies with the same variables: what they have solved is taken over. Where "
             "only bounds, objective or constraints differ their solves count as this study's own; else they foretell "
             "what its own correct.")
        .key("samples", &Design::samples, {unit::one, between(1, 10000000), ""},
             "Feasible points that `sample` solves.")
        .key("sampling", &Design::sampling, {unit::one, any(), "", {"sobol", "latin_hypercube"}},
             "How the points are spread.")
        .key("seed", &Design::seed, {unit::one, between(0, 2147483647), ""},
             "Seed of points, weights and searches; the same seed gives the same numbers. Sobol with 0 is unshifted.")
        .key("slopes", &Design::slopes, {unit::one, any(), "", {"none", "scalars", "curve"}, true},
             "Whether samples carry slopes by all variables: of the scalar results, or of these and of the voltage at "
             "each share of the charge. They cost about a solve more.")
        .key("learner", &Design::learner, {}, "What learns from the samples.")
        .key("interval", &Design::interval, {unit::one, above(0, 1), ""},
             "The surrogate is believed where its 90 % half width is at most this part of the objective's range.")
        .key("rounds", &Design::rounds, {unit::one, between(0, 1000), ""},
             "Rounds of search, solve and retraining at most; 0 = none.")
        .key("solves_a_round", &Design::solves_a_round, {unit::one, between(1, 100000), ""},
             "Proposals that the solver checks in a round at most.")
        .key("last_steps", &Design::last_steps, {},
             "After the rounds, the solver's own ascent from the best designs: up to 25 solves a variable and ascent.")
        .key("finer", &Design::finer, {unit::one, between(1, 100), ""},
             "The final check has this many times the case's control volumes in every direction and shells; the "
             "elements of a mesh file are halved, twice where it is more than 2; 1 = no finer mesh.")
        .key("search_rivals", &Design::search_rivals, {},
             "Whether the best of each [[design.rival]] is sought: about 85 solves a variable.")
        .key("fresh_designs", &Design::fresh_designs, {unit::one, between(0, 100000), ""},
             "Random designs, solved afresh, that the gate is held against; 0 = none.")
        .key("solver_alone", &Design::solver_alone, {unit::one, between(0, 1000), ""},
             "A search without the surrogate gets this many times the study's solves, for comparison; 0 = none.");
  }
};

}  // namespace porelith
