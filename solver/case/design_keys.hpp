#pragma once
/// A design study as written: variables, what they set, rivals.
#include <optional>
#include <string>
#include <vector>

#include "solver/case/design.hpp"
#include "solver/text/holds.hpp"

namespace porelith {

struct VariableKeys {
  std::string name, scale = "linear";
  std::optional<double> low, high, start;
  bool integer = false;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(keys.side() == "design.rival" ? "A number that the rival's search may choose."
                                             : "A number that the search may choose.");
    keys.key("name", &VariableKeys::name, {unit::one, any(), "required"}, "Name of the variable in expressions.")
        .key("low", &VariableKeys::low, {unit::one, any(), "required"}, "Lower bound, included.")
        .key("high", &VariableKeys::high, {unit::one, any(), "required"}, "Upper bound, included.")
        .key("scale", &VariableKeys::scale, {unit::one, any(), "", {"linear", "log"}},
             "Whether points are even in the variable or in its logarithm.")
        .key("integer", &VariableKeys::integer, {}, "Whole numbers only.")
        .key("start", &VariableKeys::start, {unit::one, any(), "required"}, "Value of the baseline.");
  }
};

/// What one case key is set to, as expressions in the variables.
struct SetKeys {
  std::string key;
  std::vector<std::string> expressions;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "What follows from the variables: a case key, such as \"negative.porosity\" or \"step.1.charge\", and an "
        "expression for it.");
    keys.key("<key>", &SetKeys::expressions, {unit::one, any(), "nothing set"},
             "Any key that holds numbers; an expression in the variables gives its value in the key's SI unit, a list "
             "of expressions equal layers.");
  }
};

/// A name for a part of expressions.
struct LetKeys {
  std::string name, expression;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "Names for parts of expressions: \"mean = (n1 + n2)/2\". Each may use variables, results and other such names; "
        "objective, constraints, feasible and set may use them, where there are results only objective and "
        "constraints.");
    keys.key("<name>", &LetKeys::expression, {unit::one, any(), "no names"},
             "Any name that is neither a variable's nor a result's, and the expression that it stands for.");
  }
};

struct FamilyKeys {
  std::string name, meaning, against;
  std::vector<VariableKeys> variables;
  std::vector<SetKeys> set;
  std::vector<std::string> feasible;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("A family of designs that the optimum has to beat, searched by the solver.");
    keys.key("name", &FamilyKeys::name, {unit::one, any(), "required"}, "What the report calls it.")
        .key("meaning", &FamilyKeys::meaning, {unit::one, any(), ""},
             "What it keeps and what it may change, for the report.")
        .key("against", &FamilyKeys::against, {unit::one, any(), ""},
             "Name of a rival above, over which the report tells this one's gain as well.")
        .key("feasible", &FamilyKeys::feasible, {unit::one, any(), "no conditions"},
             "Expressions in its variables; where one is below 0 the point is not solved.");
  }
};

struct DesignKeys {
  Design plain;  ///< whatever needs no more than its own value; without its families
  std::string sense = "maximise";
  std::vector<LetKeys> let;
  FamilyKeys space;
  std::vector<FamilyKeys> rivals;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.key("sense", &DesignKeys::sense, {unit::one, any(), "", {"maximise", "minimise"}},
             "Whether the objective is to be great or small.");
  }
};

}  // namespace porelith
