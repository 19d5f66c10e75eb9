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

/// An electrode whose porosity is free in every control volume.
struct GradingKeys {
  std::string name, electrode = "negative", keep = "active_mass";
  std::optional<double> low, high, start;
  double filter = 0;
  std::vector<std::string> mean;
  std::vector<int> layers{2, 3, 5};
  double thinnest = 20e-6, largest_step = 0.1;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "An electrode whose porosity is free in every control volume, from a uniform start. Needs strategy = "
        "\"gradient\".");
    keys.key("name", &GradingKeys::name, {unit::one, any(), "required"},
             "Name in expressions, where it stands for the mean porosity.")
        .key("electrode", &GradingKeys::electrode, {unit::one, any(), "", {"negative", "positive"}},
             "Which electrode it is.")
        .key("low", &GradingKeys::low, {unit::one, inside(0, 1), "required"}, "Least porosity anywhere.")
        .key("high", &GradingKeys::high, {unit::one, inside(0, 1), "required"}, "Greatest porosity anywhere.")
        .key("start", &GradingKeys::start, {unit::one, inside(0, 1), "the electrode's mean"},
             "Porosity everywhere at the start, which is the baseline.")
        .key("filter", &GradingKeys::filter, {unit::metre, between(0, 0.01), ""},
             "Length over which porosity is smoothed: radius of a cone that each control volume's value is the mean "
             "over; 0 = each is free.")
        .key("keep", &GradingKeys::keep, {unit::one, any(), "", {"active_mass", "thickness", "loading"}},
             "What stays as pores move. active_mass: mass and thickness, so that the mean porosity stays; thickness: "
             "the mean is free and the active mass follows it; loading: the mean is free and the thickness follows it, "
             "so that the active mass of an area stays.")
        .key("mean", &GradingKeys::mean, {unit::one, any(), "as keep says"},
             "In place of keep: an expression for the mean porosity, in variables and gradings above.")
        .key("layers", &GradingKeys::layers, {unit::one, between(1, 1000), ""},
             "Numbers of equal layers whose best porosities are told beside the free profile; all gradings as many.")
        .key("thinnest_layer", &GradingKeys::thinnest, {unit::metre, above(0, 0.01), ""},
             "Thinnest layer that can be coated: equal layers, as many as fit into the thickness.")
        .key("largest_step", &GradingKeys::largest_step, {unit::one, above(0, 1), ""},
             "Largest step of porosity from one coated layer to the next.");
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
  std::vector<GradingKeys> gradings;
  std::vector<FamilyKeys> rivals;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.key("sense", &DesignKeys::sense, {unit::one, any(), "", {"maximise", "minimise"}},
             "Whether the objective is to be great or small.");
  }
};

}  // namespace porelith
