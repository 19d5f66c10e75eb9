#include "solver/case/grading_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "solver/newman/observables/scalar_results.hpp"
#include "solver/text/named_expression.hpp"
#include "solver/text/toml.hpp"

namespace porelith {
namespace {

class GradingReader {
 public:
  GradingReader(const Draft& draft, Problems& problems) : draft_(draft), problems_(problems) {}

  /// @param space with its own variables
  std::vector<Grading> read(DesignFamily& space, const NamedTexts& let) {
    for (std::size_t i = 0; i < draft_.design.gradings.size(); ++i) one(i, space, let);
    return list_;
  }

 private:
  void one(std::size_t i, DesignFamily& space, const NamedTexts& let) {
    const GradingKeys& keys = draft_.design.gradings[i];
    const std::string item = fmt::format("design.grading {}", i + 1);
    bool named = true;
    const auto add = [&](const std::string& key, const std::string& sentence) {
      const bool given = draft_.given.count(item + "." + key) != 0;
      problems_.add(draft_.where(given ? item + "." + key : item), fmt::format("[{}] {} {}", item, key, sentence));
    };
    for (const auto& [key, value] : {std::pair("low", keys.low), {"high", keys.high}})
      if (!value && draft_.given.count(item + "." + key) == 0) add(key, "is missing");
    check_name(keys.name, space, let, [&](const std::string& key, const std::string& sentence) {
      named = false;
      add(key, sentence);
    });
    Grading g;
    g.negative = keys.electrode == "negative";
    for (const Grading& other : list_)
      if (other.negative == g.negative) add("electrode", "= " + toml_quoted(keys.electrode) + " is graded already");
    const Electrode& electrode = g.negative ? draft_.cell.negative : draft_.cell.positive;
    const double low = keys.low.value_or(0), high = keys.high.value_or(1);
    const double start = keys.start.value_or(electrode.porosity->mean());
    if (keys.low && keys.high && !(low < high))
      add("high", fmt::format("= {} is not above low = {}", high, low));
    else if (keys.low && keys.high && !(start >= low && start <= high))
      add("start", fmt::format("= {:.6g} is outside [{}, {}]", start, low, high));
    if (draft_.given.count(item + ".keep") != 0 && !keys.mean.empty())
      add("mean", "stands beside keep; give one of them");
    if (keys.mean.size() > 1) add("mean", "is a list; it takes one expression");
    for (const std::string& mean : keys.mean) try {
        check_expression(mean, space.names(), let);
      } catch (const std::invalid_argument& error) {
        add("mean", fmt::format("= {}: {}", toml_quoted(mean), error.what()));
      }
    if (!list_.empty() && draft_.given.count(item + ".layers") != 0 && keys.layers.size() != list_[0].layers.size())
      add("layers", fmt::format("has {} numbers, the first grading {}; the best are told for all gradings together",
                                keys.layers.size(), list_[0].layers.size()));
    if (!named) return;  // else it joins even where it is wrong: others may name it
    g.name = keys.name, g.low = low, g.high = high, g.filter = keys.filter;
    g.mean = keys.mean.empty() ? "" : keys.mean.front();
    g.mean_kept = g.mean.empty() && keys.keep == "active_mass";
    g.follows = g.mean.empty() && keys.keep == "loading";
    g.layers = list_.empty() || draft_.given.count(item + ".layers") != 0 ? keys.layers : list_[0].layers;
    g.thinnest = keys.thinnest, g.largest_step = keys.largest_step;
    g.variable = space.variables.size();
    space.variables.push_back({keys.name, low, high, false, false, start});
    if (g.follows) space.set[keys.electrode + ".thickness"] = {thickness_of(electrode, keys.name, start)};
    list_.push_back(g);
  }

  /// That the active mass of an area stays: active fractions are linear in the porosity.
  static std::string thickness_of(const Electrode& electrode, const std::string& name, double start) {
    double at_none = 0, at_half = 0;
    for (std::size_t m = 0; m < electrode.materials.size(); ++m)
      at_none += electrode.eps_s_with(0, m, 0, 1), at_half += electrode.eps_s_with(0.5, m, 0, 1);
    const double slope = 2 * (at_half - at_none);
    return fmt::format("{}*{}/({} + {}*{})", electrode.thickness.value, at_none + slope * start, at_none, slope, name);
  }

  template <class Add>
  void check_name(const std::string& name, const DesignFamily& space, const NamedTexts& let, const Add& add) const {
    const auto taken = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (name.empty())
      add("name", "is missing");
    else if (!is_variable_name(name))
      add("name", fmt::format("= {} cannot stand in expressions; use letters, digits and _, and no function's name",
                              toml_quoted(name)));
    else if (taken(space.names()) || taken(scalar_result_names()) ||
             std::any_of(let.begin(), let.end(), [&](const auto& l) { return l.first == name; }))
      add("name", fmt::format("= {} is the name of something else already", toml_quoted(name)));
  }

  const Draft& draft_;
  Problems& problems_;
  std::vector<Grading> list_;
};

}  // namespace

std::vector<Grading> read_gradings(const Draft& draft, DesignFamily& space, Problems& problems) {
  return GradingReader(draft, problems).read(space, space.let);
}

/// What goes together with gradings.
void check_gradings(const Draft& draft, const Design& design, Problems& problems) {
  if (draft.design.gradings.empty()) return;
  if (!design.rivals.empty())
    problems.add(draft.where("design.rival 1"),
                 "[[design.rival]] has no place beside [[design.grading]]: what a grading is held against are the best "
                 "uniform electrode, the best layers and what can be coated");
  if (design.strategy != "gradient")
    problems.add(draft.where(draft.given.count("design.strategy") != 0 ? "design.strategy" : "design.grading 1"),
                 fmt::format("[design] strategy = {} cannot choose a porosity for every control volume of "
                             "[[design.grading]]; write \"gradient\"",
                             toml_quoted(design.strategy)));
  if (draft.geometry.dimension == "3")
    problems.add(draft.where("geometry.dimension"),
                 "[geometry] dimension = 3 has a height, and [[design.grading]] knows porosities over depth and width; "
                 "write 1, 2 or axisymmetric");
  for (std::size_t i = 0; i < design.space.variables.size(); ++i)
    if (design.space.variables[i].integer)
      problems.add(
          draft.where(fmt::format("design.variable {}.integer", i + 1)),
          fmt::format("[design.variable {}] integer = true has no slope, which [[design.grading]] needs", i + 1));
}

}  // namespace porelith
