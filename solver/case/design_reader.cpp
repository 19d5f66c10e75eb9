#include "solver/case/design_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <set>
#include <stdexcept>

#include "solver/case/draft.hpp"
#include "solver/case/grading_reader.hpp"
#include "solver/case/keys.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/text/named_expression.hpp"
#include "solver/text/toml.hpp"
#include "surrogate/learners/registry.hpp"

namespace porelith {
namespace {

std::string shown(const std::vector<std::string>& expressions, std::size_t i) {
  return fmt::format("{}{}", expressions.size() == 1 ? "" : fmt::format("item {} ", i + 1),
                     toml_quoted(expressions[i]));
}

/// One family: [design] itself or a [[design.rival]].
class FamilyReader {
 public:
  FamilyReader(const Draft& draft, std::string label, const FamilyKeys& keys, const NamedTexts& let, Problems& problems)
      : draft_(draft), label_(std::move(label)), keys_(keys), problems_(problems) {
    family_.let = let;
  }

  DesignFamily read() {
    family_.name = keys_.name;
    for (std::size_t i = 0; i < keys_.variables.size(); ++i) variable(i);
    if (label_ == "design") {
      gradings_ = read_gradings(draft_, family_, problems_);
      for (const Grading& g : gradings_) used_.insert(g.name);
    }
    if (family_.variables.empty() && label_ == "design" && draft_.design.gradings.empty() &&
        keys_.variables.empty())  // a rival may be one design
      problems_.add(draft_.where(label_), "[design] has no [[design.variable]]; a design study needs at least one");
    for (const auto& entry : keys_.set) set(entry);
    family_.feasible = keys_.feasible;
    for (std::size_t i = 0; i < keys_.feasible.size(); ++i) condition(i);
    unused_variables();
    return family_;
  }

  std::vector<std::string> names() const { return family_.names(); }
  const std::vector<Grading>& gradings() const { return gradings_; }

 private:
  /// "design.rival" for "design.rival 2"
  std::string table() const { return label_.substr(0, label_.find(' ')); }

  void variable(std::size_t i) {
    const VariableKeys& keys = keys_.variables[i];
    const std::string item = fmt::format("{}.variable {}", label_, i + 1);
    const auto add = [&](const std::string& key, const std::string& sentence) {
      const bool given = draft_.given.count(item + "." + key) != 0;
      problems_.add(draft_.where(given ? item + "." + key : item), fmt::format("[{}] {} {}", item, key, sentence));
    };
    for (const auto& [key, value] : {std::pair("low", keys.low), {"high", keys.high}, {"start", keys.start}}) {
      if (!value && draft_.given.count(item + "." + key) == 0) add(key, "is missing");
    }
    if (keys.name.empty()) return add("name", "is missing");
    if (!is_variable_name(keys.name))
      return add("name",
                 fmt::format("= {} cannot stand in expressions; use letters, digits and _, and no function's name",
                             toml_quoted(keys.name)));
    const auto results = scalar_result_names();
    if (std::find(results.begin(), results.end(), keys.name) != results.end())
      return add("name",
                 fmt::format("= {} is the name of a result; call the variable something else", toml_quoted(keys.name)));
    const auto known = names();
    if (std::find(known.begin(), known.end(), keys.name) != known.end())
      return add("name", fmt::format("= {} is taken by variable {}", toml_quoted(keys.name),
                                     std::find(known.begin(), known.end(), keys.name) - known.begin() + 1));
    const double low = keys.low.value_or(0), high = keys.high.value_or(low + 1), start = keys.start.value_or(low);
    family_.variables.push_back({keys.name, low, high, keys.scale == "log", keys.integer, start});
    numbers_of_.push_back(i);
    if (!keys.low || !keys.high || !keys.start) return;
    if (!(low < high)) return add("high", fmt::format("= {} is not above low = {}", high, low));
    if (keys.scale == "log" && !(low > 0)) add("low", fmt::format("= {} must be > 0 where scale = \"log\"", low));
    if (!(start >= low && start <= high)) add("start", fmt::format("= {} is outside [{}, {}]", start, low, high));
    const auto whole = [](double v) { return v == static_cast<double>(static_cast<long>(v)); };
    if (keys.integer && !(whole(low) && whole(high) && whole(start)))
      add("integer", "= true needs whole numbers as low, high and start");
  }

  void set(const SetKeys& entry) {
    const std::string where = fmt::format("{}.set.{}", label_, entry.key);
    const auto add = [&](const std::string& sentence) {
      problems_.add(draft_.where(where), fmt::format("[{}.set] {} {}", label_, toml_quoted(entry.key), sentence));
    };
    const Key* key = find_key(entry.key);
    if (key == nullptr || entry.key.rfind("design", 0) == 0) {
      std::string plain;  // without the numbers of list items
      for (const auto& part : split_path(entry.key)) {
        if (part.find_first_not_of("0123456789") != std::string::npos) plain += (plain.empty() ? "" : ".") + part;
      }
      const std::string near = key == nullptr ? nearest_name(plain, key_paths()) : "";
      add(fmt::format("is not a key of a case that a variable could set.{}",
                      near.empty() ? " `porelith explain` lists all keys." : " Did you mean " + near + "?"));
      return;
    }
    for (const Grading& g : gradings_) {
      const std::string table = g.negative ? "negative" : "positive";
      if (entry.key == table + ".porosity" || entry.key == table + ".porosity_field")
        return add(fmt::format("is what grading {} chooses, control volume by control volume", g.name));
      if (entry.key == table + ".thickness" && g.follows)
        return add(fmt::format("follows from grading {}, which keeps the loading", g.name));
    }
    const std::string type = key->type();
    const bool profile = type == "profile";
    if (!profile && type != "number" && type != "whole number" && type != "current" && type != "function of x")
      return add(fmt::format("holds {}, which no expression gives", type));
    if (entry.expressions.empty()) return add("is an empty list; it needs an expression");
    if (!profile && entry.expressions.size() > 1)
      return add(
          fmt::format("is given {} expressions; only a profile through depth takes a list", entry.expressions.size()));
    for (std::size_t i = 0; i < entry.expressions.size(); ++i) try {
        check_expression(entry.expressions[i], names(), family_.let);
        for (const auto& name : names_in(entry.expressions[i], family_.let)) used_.insert(name);
      } catch (const std::invalid_argument& error) {
        add(fmt::format("= {}: {}", shown(entry.expressions, i), error.what()));
      }
    family_.set[entry.key] = entry.expressions;
  }

  /// A feasibility condition: known names, and fulfilled by the baseline.
  void condition(std::size_t i) {
    const auto add = [&](const std::string& sentence) {
      problems_.add(draft_.where(label_ + ".feasible"),
                    fmt::format("[{}] feasible = {}{}", label_, shown(keys_.feasible, i), sentence));
    };
    try {
      const double value = NamedExpression(keys_.feasible[i], names(), family_.let).value(family_.start());
      if (!(value >= 0)) add(fmt::format(" is {:.6g} at the start values; it must be >= 0 there", value));
    } catch (const std::invalid_argument& error) {
      add(fmt::format(": {}", error.what()));
    }
  }

  void unused_variables() {
    for (std::size_t i = 0; i < family_.variables.size(); ++i) {
      const std::string& name = family_.variables[i].name;
      if (used_.count(name) != 0) continue;
      const std::string item = fmt::format("{}.variable {}", label_, numbers_of_.at(i) + 1);
      problems_.add(draft_.where(item + ".name"),
                    fmt::format("[{}] name = {} stands in no expression of [{}.set]: it would change nothing", item,
                                toml_quoted(name), table()));
    }
  }

  const Draft& draft_;
  std::string label_;
  const FamilyKeys& keys_;
  Problems& problems_;
  DesignFamily family_;
  std::vector<std::size_t> numbers_of_;  ///< of each good variable in the case file, from 0
  std::set<std::string> used_;
  std::vector<Grading> gradings_;
};

/// [design.let] in such an order that each name stands behind those that it uses.
NamedTexts read_let(const Draft& draft, Problems& problems) {
  std::vector<std::string> known = scalar_result_names();
  const auto add_variables = [&](const FamilyKeys& family) {
    for (const VariableKeys& variable : family.variables)
      if (std::count(known.begin(), known.end(), variable.name) == 0) known.push_back(variable.name);
  };
  add_variables(draft.design.space);
  for (const GradingKeys& grading : draft.design.gradings)
    if (std::count(known.begin(), known.end(), grading.name) == 0) known.push_back(grading.name);
  for (const FamilyKeys& rival : draft.design.rivals) add_variables(rival);

  const auto complain = [&](const LetKeys& let, const std::string& sentence) {
    problems.add(draft.where("design.let." + let.name), fmt::format("[design.let] {}{}", let.name, sentence));
  };
  std::vector<LetKeys> waiting;
  for (const LetKeys& let : draft.design.let) {
    if (!is_variable_name(let.name))
      complain(let, " cannot stand in expressions; use letters, digits and _, and no function's name");
    else if (std::count(known.begin(), known.end(), let.name) != 0)
      complain(let, " is the name of a variable or a result; call it something else");
    else
      waiting.push_back(let);
  }
  NamedTexts let;
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t k = 0; k < waiting.size(); ++k) {
      const auto names = names_in(waiting[k].expression);
      const bool ready = std::none_of(names.begin(), names.end(), [&](const std::string& name) {
        return std::any_of(waiting.begin(), waiting.end(), [&](const LetKeys& w) { return w.name == name; });
      });
      if (!ready) continue;
      try {
        check_expression(waiting[k].expression, known, let);
        let.emplace_back(waiting[k].name, waiting[k].expression);
      } catch (const std::invalid_argument& error) {
        complain(waiting[k], fmt::format(" = {}: {}", toml_quoted(waiting[k].expression), error.what()));
      }
      waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(k));
      moved = true;
      break;
    }
  }
  for (const LetKeys& circle : waiting)
    complain(circle, fmt::format(" = {} leads back to itself", toml_quoted(circle.expression)));
  return let;
}

/// Whether a name asks for something by mass or volume: "energy_mass", "specific_capacity", "wh_kg".
bool by_mass_or_volume(std::string name) {
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto has = [&](std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(), [&](const char* w) { return name.find(w) != std::string::npos; });
  };
  if (has({"gravimetric", "volumetric", "wh_kg", "whkg", "wh_l", "whl"})) return true;
  return has({"mass", "volume", "density", "weight", "specific"}) &&
         (has({"energy", "capacity", "power"}) || name.size() < 8);
}

/// The first unknown name of such a kind in an expression; "" if there is none.
std::string asked_by_mass_or_volume(const std::string& expression, const std::vector<std::string>& known) {
  for (const auto& name : names_in(expression))
    if (std::count(known.begin(), known.end(), name) == 0 && by_mass_or_volume(name)) return name;
  return "";
}

/// The objective and the constraints, in results and variables: of the study, and of each rival that is searched by
/// them.
void check_wishes(const Draft& draft, const Design& design, Problems& problems) {
  const auto names_of = [](const DesignFamily& family) {
    std::vector<std::string> known = scalar_result_names();
    for (const auto& variable : family.variables) known.push_back(variable.name);
    return known;
  };
  const std::vector<std::string> known = names_of(design.space);
  const auto check = [&](const std::string& key, const std::string& text, const std::string& expression) {
    try {
      check_expression(expression, known, design.space.let);
    } catch (const std::invalid_argument& error) {
      const std::string asked = asked_by_mass_or_volume(expression, known);
      const std::string why =
          asked.empty() ? error.what()
                        : asked +
                              " is no result of a study: the only mass and volume that are known are those of the "
                              "cell's file, and they do not follow a design; energy and areal_capacity do";
      problems.add(draft.where("design." + key), fmt::format("[design] {} = {}: {}", key, text, why));
      return;
    }
    for (std::size_t i = 0; i < design.rivals.size() && design.search_rivals; ++i) {
      const std::vector<std::string> of_rival = names_of(design.rivals[i]);
      for (const std::string& name : names_in(expression, design.space.let))
        if (std::find(of_rival.begin(), of_rival.end(), name) == of_rival.end())
          problems.add(draft.where(fmt::format("design.rival {}", i + 1)),
                       fmt::format("[design.rival {}] has no variable {}, which [design] {} = {} needs", i + 1, name,
                                   key, text));
    }
  };
  if (!design.objective.empty()) {
    check("objective", toml_quoted(design.objective), design.objective);
  } else if (draft.given.count("design.objective") == 0) {
    problems.add(draft.where("design"), fmt::format("[design] objective is missing; write an expression of {}",
                                                    fmt::join(scalar_result_names(), ", ")));
  }
  for (const Key& key : find_table("design")->keys)
    if (!key.learner.empty() && !takes(design.learner, key.name) && draft.given.count("design." + key.name) != 0)
      problems.add(draft.where("design." + key.name),
                   fmt::format("[design] {} is an option of learner {}; here learner = {}", key.name,
                               toml_quoted(key.learner), toml_quoted(design.learner)));
  if (design.gradings.empty() && design.sampling == "sobol" &&
      static_cast<int>(design.space.variables.size()) > most_sobol_variables)
    problems.add(draft.where(draft.given.count("design.sampling") != 0 ? "design.sampling" : "design"),
                 fmt::format("[design] sampling = \"sobol\" has points for at most {} variables, not {}; write "
                             "\"latin_hypercube\"",
                             most_sobol_variables, design.space.variables.size()));
  for (std::size_t i = 0; i < design.constraints.size(); ++i)
    check("constraints", shown(design.constraints, i), design.constraints[i]);
}

}  // namespace

std::optional<Design> read_design(const Draft& draft, Problems& problems) {
  if (draft.given.count("design") == 0) return std::nullopt;
  Design design = draft.design.plain;
  design.maximise = draft.design.sense == "maximise";
  const NamedTexts let = read_let(draft, problems);
  FamilyReader own(draft, "design", draft.design.space, let, problems);
  design.space = own.read();
  design.gradings = own.gradings();
  const auto whole = [](const DesignVariable& variable) { return variable.integer; };
  if (draft.given.count("design.strategy") == 0 &&
      std::any_of(design.space.variables.begin(), design.space.variables.end(), whole))
    design.strategy = "surrogate";  // along whole numbers there are no slopes
  check_gradings(draft, design, problems);
  design.space.name = "design";
  std::set<std::string> names;
  for (std::size_t i = 0; i < draft.design.rivals.size(); ++i) {
    const std::string label = fmt::format("design.rival {}", i + 1);
    const auto add = [&](const std::string& key, const std::string& sentence) {
      problems.add(draft.where(key.empty() ? label : label + "." + key), fmt::format("[{}] {}", label, sentence));
    };
    const FamilyKeys& rival = draft.design.rivals[i];
    if (!rival.against.empty() && names.count(rival.against) == 0)
      add("against", fmt::format("against = {} names no rival above{}", toml_quoted(rival.against),
                                 names.empty() ? "" : fmt::format("; there are {}", fmt::join(names, ", "))));
    if (rival.name.empty())
      add("", "name is missing");
    else if (!names.insert(rival.name).second)
      add("name", fmt::format("name = {} is taken by another rival", toml_quoted(rival.name)));
    design.rivals.push_back(FamilyReader(draft, label, rival, let, problems).read());
    design.rivals.back().meaning = rival.meaning;
    design.rivals.back().against = rival.against;
  }
  check_wishes(draft, design, problems);
  return design;
}

}  // namespace porelith
