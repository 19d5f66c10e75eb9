#include "surrogate/dataset/design_space.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "solver/base/clock.hpp"
#include "solver/base/error.hpp"
#include "solver/base/sha256.hpp"
#include "solver/base/wrong_thread.hpp"
#include "solver/case/case.hpp"
#include "solver/case/echo.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_plan.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/simulation.hpp"
#include "solver/text/toml.hpp"
#include "surrogate/dataset/points.hpp"

namespace porelith {
namespace {

/// The names that its set and feasible use, directly or by others: an objective's are none of a sample's business.
NamedTexts used_let(const DesignFamily& family) {
  std::set<std::string> used;
  const auto use = [&](const std::string& expression) {
    for (const std::string& name : names_in(expression)) used.insert(name);
  };
  for (const auto& [key, expressions] : family.set)
    for (const auto& expression : expressions) use(expression);
  for (const auto& condition : family.feasible) use(condition);
  NamedTexts list;
  for (auto let = family.let.rbegin(); let != family.let.rend(); ++let) {  // those before it may be used by it alone
    if (used.count(let->first) == 0) continue;
    use(let->second);
    list.insert(list.begin(), *let);
  }
  return list;
}

/// The family in full, for its hash.
std::string described(const DesignFamily& family) {
  std::string text;
  for (const auto& v : family.variables)
    text += fmt::format("variable {} {} {} {} {}\n", v.name, v.low, v.high, v.log, v.integer);
  for (const auto& [key, expressions] : family.set) {
    text += "set " + key;
    for (const auto& expression : expressions) text += " | " + expression;
    text += "\n";
  }
  for (const auto& condition : family.feasible) text += "feasible " + condition + "\n";
  for (const auto& [name, expression] : used_let(family)) text += "let " + name + " " + expression + "\n";
  return text;
}

std::string first_sentence(const CaseError& error) {
  return error.problems().empty() ? error.what() : error.problems().front().sentence;
}

}  // namespace

DesignSpace::DesignSpace(const Case& base, const DesignFamily& family)
    : base_(std::make_shared<Case>(base)), family_(family), plan_(std::make_shared<std::vector<CaseChange>>()) {
  const std::vector<std::string> names = family_.names();
  for (const auto& [key, expressions] : family_.set) {
    set_.emplace_back(key, std::vector<NamedExpression>());
    for (const auto& expression : expressions) set_.back().second.emplace_back(expression, names, family_.let);
  }
  for (const auto& condition : family_.feasible) feasible_.emplace_back(condition, names, family_.let);
  std::vector<CaseChange> plan;
  try {
    for (CaseChange& planned : plan_of(changed(*base_, changes(start()), Care::variant), Layers::as_declared))
      if (family_.set.count(planned.key) == 0) plan.push_back(std::move(planned));
  } catch (const CaseError&) {  // a baseline that cannot be read says so itself, where it is solved
  }
  plan_ = std::make_shared<std::vector<CaseChange>>(std::move(plan));
}

std::vector<CaseChange> DesignSpace::changes(const std::vector<double>& x) const {
  std::vector<CaseChange> list = plan();
  for (const auto& [key, expressions] : set_) {
    list.push_back({key, {}});
    for (const auto& expression : expressions) list.back().values.push_back(expression.value(x));
  }
  return list;
}

std::vector<std::string> DesignSpace::overrides(const std::vector<double>& x) const {
  std::vector<std::string> list;
  for (const CaseChange& change : changes(x)) list.push_back(override_of(change));
  return list;
}

std::string DesignSpace::outside(const std::vector<double>& x) const {
  for (std::size_t i = 0; i < family_.variables.size(); ++i) {
    const DesignVariable& v = family_.variables[i];
    if (!(x.at(i) >= v.low && x[i] <= v.high))
      return fmt::format("{} = {:.6g} is outside [{}, {}]", v.name, x[i], v.low, v.high);
    if (v.integer && x[i] != std::floor(x[i])) return fmt::format("{} = {:.6g} is not a whole number", v.name, x[i]);
  }
  for (const auto& condition : feasible_) {
    const double value = condition.value(x);
    if (!(value >= 0)) return fmt::format("{} is {:.6g}, not >= 0", condition.text(), value);
  }
  return "";
}

std::string DesignSpace::infeasible(const std::vector<double>& x) const {
  std::string why = outside(x);
  if (!why.empty()) return why;
  try {
    initial_stoichiometries(case_at(x));
  } catch (const CaseError& error) {
    return first_sentence(error);
  }
  return "";
}

int more_halvings(const MeshOptions& mesh, double finer) {
  if (mesh.file.empty()) return 0;
  return std::min(static_cast<int>(std::ceil(std::log2(finer) - 1e-9)), MeshOptions::most_splits - mesh.split);
}

namespace {

/// A count of the mesh, and what it becomes on a finer one.
struct Refined {
  const char* key;   ///< of [mesh]
  const char* what;  ///< for people
  CellCounts from, to;
};

/// Every direction that is divided at all, and the shells; a separator whose cells follow its neighbours' still does.
/// The elements of a mesh file are halved, as often as it takes.
std::vector<Refined> refined(const MeshOptions& mesh, double finer) {
  std::vector<Refined> list;
  if (const int more = more_halvings(mesh, finer); more > 0)
    list.push_back({"split", "halvings of the file's elements", mesh.split, mesh.split + more});
  const auto add = [&](const char* key, const char* what, const CellCounts& n) {
    const auto more = [&](int of) { return static_cast<int>(std::ceil(of * finer - 1e-9)); };
    CellCounts to = more(n);
    if (!n.pieces.empty()) {
      std::vector<int> pieces;
      for (const int of : n.pieces) pieces.push_back(more(of));
      to = pieces;
    }
    if (n > 0) list.push_back({key, what, n, to});
  };
  if (mesh.file.empty()) {
    add("negative", "cells through the negative electrode", mesh.negative);
    add("separator", "through the separator", mesh.separator);
    add("positive", "through the positive electrode", mesh.positive);
    add("width", "along the width", mesh.width);
    add("height", "along the height", mesh.height);
  }
  add("shells", "shells a particle", mesh.shells);
  return list;
}

}  // namespace

Case DesignSpace::case_at(const std::vector<double>& x, double finer, const std::vector<CaseChange>& further) const {
  std::vector<CaseChange> all = changes(x);
  all.insert(all.end(), further.begin(), further.end());
  Case at = changed(*base_, all, Care::variant);
  if (finer == 1) return at;
  for (const Refined& part : refined(at.mesh, finer))
    all.push_back({std::string("mesh.") + part.key, part.to.values()});
  return changed(*base_, all, Care::variant);
}

std::string refined_text(const Case& input, double finer) {
  std::string text;
  if (!input.mesh.file.empty() && more_halvings(input.mesh, finer) == 0)
    text = fmt::format("the elements of {} as they are, halved {} times", input.mesh.file, input.mesh.split);
  for (const Refined& part : refined(input.mesh, finer))
    text += fmt::format("{}{} for {} {}", text.empty() ? "" : ", ", part.to.all, part.from.all, part.what);
  if (input.mesh.file.empty() && input.mesh.separator == 0) text += ", the separator's as their neighbours";
  return text;
}

Sample DesignSpace::solve(long index, const std::vector<double>& x, double finer, Recorder* recorder) const {
  return solve(
      index, x, [recorder](const Case& at) { return simulate(at, recorder); }, finer);
}

Sample DesignSpace::solve(long index, const std::vector<double>& x, const std::function<Results(const Case&)>& run,
                          double finer) const {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Sample sample;
  sample.index = index;
  sample.x = x;
  sample.scalars.assign(scalar_results().size(), nan);
  sample.curve.assign(curve_points, nan);
  const auto start = std::chrono::steady_clock::now();
  try {
    const std::string why = outside(x);
    if (!why.empty()) {
      sample.status = "infeasible: " + why;
      return sample;
    }
    Case at = case_at(x, finer);
    at.output.max_snapshots = 0;
    at.output.interval = std::numeric_limits<double>::infinity();  // nobody looks at its rows
    const Results results = run(at);
    sample.newton = results.counts.newton;
    sample.seconds = results.seconds;
    sample.left_tables = results.left_tables;
    sample.status = results.status;
    if (results.status == "complete") measure(results, sample);
    return sample;
  } catch (const CaseError& error) {
    sample.status = "infeasible: " + first_sentence(error);
  } catch (const WriteError&) {
    throw;  // of the recorder: no matter of the point
  } catch (const WrongThread&) {
    throw;  // nor is this
  } catch (const std::exception& error) {
    sample.status = std::string("failed: ") + error.what();
  }
  sample.seconds = seconds_since(start);
  return sample;
}

Results DesignSpace::results(const std::vector<double>& x, double finer) const { return simulate(case_at(x, finer)); }

const Case& DesignSpace::base() const { return *base_; }

bool DesignSpace::may_share_threads() const { return porelith::may_share_threads(base()); }

std::string DesignSpace::cell_hash() const { return base().cell_sha256(); }

std::string DesignSpace::case_hash() const {
  std::string text = echo_of(*base_, Echo::of_samples()) + "\n" + described(family_);
  for (const CaseChange& planned : plan()) text += "plan " + override_of(planned) + "\n";
  return sha256(text);
}

std::vector<KeyValue> DesignSpace::content() const {
  std::vector<KeyValue> list = values_of(*base_, Echo::of_samples());
  for (const CaseChange& planned : plan()) {
    list.erase(std::remove_if(list.begin(), list.end(), [&](const KeyValue& v) { return v.key == planned.key; }),
               list.end());
    const std::vector<int> counts(planned.values.begin(), planned.values.end());
    list.push_back({planned.key, counts.size() == 1 ? fmt::format("{}", counts[0]) : fmt::format("{}", counts)});
  }
  for (const auto& v : family_.variables)
    list.push_back(
        {"design.variable." + v.name,
         fmt::format("{} to {}{}{}", v.low, v.high, v.log ? ", logarithmic" : "", v.integer ? ", whole numbers" : "")});
  for (const auto& [key, expressions] : family_.set)
    list.push_back({fmt::format("design.set.{}", toml_quoted(key)), fmt::format("{}", fmt::join(expressions, " | "))});
  for (std::size_t k = 0; k < family_.feasible.size(); ++k)
    list.push_back({fmt::format("design.feasible.{}", k + 1), family_.feasible[k]});
  for (const auto& [name, expression] : used_let(family_)) list.push_back({"design.let." + name, expression});
  return list;
}

}  // namespace porelith
