#include "program/gradient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <sstream>
#include <stdexcept>

#include "postprocess/gradient_view.hpp"
#include "solver/accuracy.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/base/together.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/case/reader.hpp"
#include "solver/gradient_field.hpp"
#include "solver/newman/observables/curve_over.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/results/gradient_h5.hpp"
#include "solver/sloped_run.hpp"
#include "surrogate/dataset/along_design.hpp"

namespace porelith {

namespace {

bool is_one_of(const std::string& name, const std::vector<std::string>& known) {
  return std::find(known.begin(), known.end(), name) != known.end();
}

/// Half as fine in every direction.
Case half_as_fine(const Case& input) {
  Resolution r = resolution_of(input);
  if (input.mesh.file.empty())
    for (CellCounts* n : {&r.negative, &r.separator, &r.positive, &r.width, &r.height})
      if (*n > 0) *n = n->times(0.5, n->pieces.empty() ? 3 : 1);
  r.shells = std::max(4, (r.shells + 1) / 2);
  r.rtol *= 4;
  return changed(input, changes_of(r), Care::full);
}

struct Told {
  std::vector<Along> by;
  std::vector<Gradient> gradients;
  std::vector<CurveGradient> curves;
  int states = 0;                     ///< kept of the run,
  double in_memory = 0, in_file = 0;  ///< which take so much on all ranks together [bytes]
};

SlopedRun solved_run(const Case& input, const Team& team) {
  SlopedRun run(input, team);
  if (run.results().status != "complete") throw SolveFailure(run.results().status);
  return run;
}

/// @param curves that are wanted, at the places of another run's, or as the line says
Told slopes_of(const GradientLine& line, const Case& input, const SlopedRun& solved,
               const std::vector<CurveWanted>& curves) {
  const TapedRun& run = solved.taped();
  std::vector<std::string> wanted = names_in_list(line.by);
  Told told;
  told.states = solved.stages(), told.in_memory = solved.in_memory(), told.in_file = solved.in_file();
  told.by = along_variables(input, run, wanted);
  for (const Along& variable : told.by)
    wanted.erase(std::remove(wanted.begin(), wanted.end(), variable.name), wanted.end());
  if (line.by.empty() || !wanted.empty())
    for (Along& each : along(input, run, wanted)) told.by.push_back(std::move(each));
  if (!line.results.empty()) told.gradients = gradients(input, run, names_in_list(line.results), told.by);
  if (!curves.empty()) told.curves = gradients(input, run, {}, curves, told.by).curves;
  return told;
}

/// Largest first, in relation to both.
std::vector<std::size_t> order_of(const Gradient& gradient, const std::vector<Along>& by) {
  std::vector<std::size_t> order(by.size());
  std::iota(order.begin(), order.end(), 0);
  const auto size = [&](std::size_t k) {
    const double value = by[k].value != 0 ? by[k].value : 1;
    return std::isfinite(gradient.slopes[k]) ? std::abs(gradient.slopes[k] * value) : -1;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  return order;
}

std::string unit_text(const std::string& unit) { return unit == "1" ? "" : " " + unit; }

/// Change in percent of a result for one percent of a number.
double relative(const Gradient& gradient, const Along& by, double slope) { return slope * by.value / gradient.value; }

/// Of a table's cell that may hold commas.
std::string quoted(const std::string& text) { return text.empty() ? "" : "\"" + text + "\""; }

std::string csv_of(const Told& told, const Told& coarse) {
  std::string text =
      "result,result unit,value,number,number unit,at,slope,relative,estimated error,time,step,stop,place,one-sided,"
      "fixed by\n";
  for (std::size_t r = 0; r < told.gradients.size(); ++r)
    for (std::size_t k = 0; k < told.by.size(); ++k) {
      const Gradient& g = told.gradients[r];
      if (!told.by[k].missing.empty()) continue;
      const double off = coarse.gradients.empty() ? NAN : std::abs(coarse.gradients[r].slopes[k] - g.slopes[k]);
      text += fmt::format("{},{},{:.17g},{},{},{:.17g},{:.17g},{:.9g},{:.3g},{:.17g},{},{},{},{},{}\n", g.name, g.unit,
                          g.value, told.by[k].name, told.by[k].unit, told.by[k].value, g.slopes[k],
                          relative(g, told.by[k], g.slopes[k]), off, g.branch.time, g.branch.step + 1,
                          quoted(g.branch.stop), quoted(g.branch.place), quoted(g.branch.one_sided), quoted(g.fixed));
    }
  return text;
}

void tell_table(const Told& told, const Told& coarse) {
  for (std::size_t r = 0; r < told.gradients.size(); ++r) {
    const Gradient& g = told.gradients[r];
    tell(stdout, "\nslopes of {} = {:.6g}{}{}\n", g.name, g.value, unit_text(g.unit),
         g.fixed.empty() ? "" : ": 0, for a stop fixes it (" + g.fixed + ")");
    if (!g.branch.where.empty()) tell(stdout, "  {}\n", g.branch.where);
    if (!g.fixed.empty()) continue;
    if (!g.branch.one_sided.empty())
      tell(stdout, "  one-sided: {}; the slopes are those of the one named, and change where another takes over\n",
           g.branch.one_sided);
    tell(stdout, "  {:<34} {:>12} {:<9} {:>13}  {:>9}  {}\n", "by", "at", "", "slope", "% per %", "half as fine");
    for (const std::size_t k : order_of(g, told.by)) {
      const Along& by = told.by[k];
      if (!by.missing.empty()) continue;
      const std::string at = by.value != 0 ? fmt::format("{:9.4f}", relative(g, by, g.slopes[k])) : std::string(9, ' ');
      const std::string off = coarse.gradients.empty()
                                  ? ""
                                  : fmt::format("{:+.1f} %", 100 * (coarse.gradients[r].slopes[k] / g.slopes[k] - 1));
      tell(stdout, "  {:<34} {:>12.6g} {:<9} {:>13.6g}  {}  {}\n", by.name, by.value, by.unit == "1" ? "" : by.unit,
           g.slopes[k], at, g.slopes[k] == 0 ? "" : off);
    }
  }
}

void tell_missing(const Told& told) {
  std::string none;
  for (const Along& by : told.by)
    if (!by.missing.empty()) none += fmt::format("  {}: {}\n", by.name, by.missing);
  if (!none.empty()) tell(stdout, "\nno slopes by\n{}", none);
}

std::vector<CurveSlopes> curves_of(const Told& told, const Told& coarse) {
  std::vector<CurveSlopes> list;
  for (std::size_t c = 0; c < told.curves.size(); ++c) {
    const CurveGradient& curve = told.curves[c];
    const CoordinateName& over = name_of(curve.over);
    CurveSlopes& slopes = list.emplace_back(CurveSlopes{curve.name,
                                                        curve.unit,
                                                        observables()[observable_called(curve.name)].spoken,
                                                        over.name,
                                                        over.unit,
                                                        over.spoken,
                                                        curve.at,
                                                        curve.values,
                                                        {}});
    for (std::size_t k = 0; k < told.by.size(); ++k) {
      if (!told.by[k].missing.empty()) continue;
      CurveSlopes::By& by = slopes.by.emplace_back(
          CurveSlopes::By{told.by[k].name, told.by[k].unit, told.by[k].value, curve.slopes[k], {}});
      for (std::size_t i = 0; !coarse.curves.empty() && i < curve.at.size(); ++i)
        by.off.push_back(std::abs(coarse.curves[c].slopes[k][i] - curve.slopes[k][i]));
    }
  }
  return list;
}

std::string csv_of(const std::vector<CurveSlopes>& curves) {
  std::string text = "curve,curve unit,over,over unit,where,value,number,number unit,at,slope,estimated error\n";
  for (const CurveSlopes& curve : curves)
    for (const CurveSlopes::By& by : curve.by)
      for (std::size_t i = 0; i < curve.at.size(); ++i)
        text += fmt::format("{},{},{},{},{:.17g},{:.17g},{},{},{:.17g},{:.17g},{:.3g}\n", curve.curve, curve.unit,
                            curve.over, curve.over_unit, curve.at[i], curve.values[i], by.number, by.unit, by.at,
                            by.slopes[i], by.off.empty() ? NAN : by.off[i]);
  return text;
}

/// Each curve at some of its points.
void tell_curves(const std::vector<CurveSlopes>& curves) {
  constexpr std::size_t most = 5;
  for (const CurveSlopes& curve : curves) {
    std::vector<std::size_t> shown;
    const std::size_t n = curve.at.size(), columns = std::min(n, most);
    for (std::size_t i = 0; i < columns; ++i) shown.push_back(columns == 1 ? 0 : i * (n - 1) / (columns - 1));
    tell(stdout, "\nslopes of {}{}, the {} as it is\n", curve.spoken, curve.unit == "1" ? "" : " [" + curve.unit + "]",
         curve.over_spoken);
    const auto row = [&](const std::string& name, const auto& value) {
      std::string text = fmt::format("  {:<34}", name);
      for (const std::size_t i : shown) text += fmt::format(" {:>13.6g}", value(i));
      tell(stdout, "{}\n", text);
    };
    row(curve.over + (curve.over_unit == "1" ? "" : " [" + curve.over_unit + "]"),
        [&](std::size_t i) { return curve.at[i]; });
    row("value", [&](std::size_t i) { return curve.values[i]; });
    for (const CurveSlopes::By& by : curve.by)
      row("by " + by.number + (by.unit == "1" ? "" : " [" + by.unit + "]"),
          [&](std::size_t i) { return by.slopes[i]; });
  }
}

std::string spoken_of(const std::string& result) {
  for (const ScalarResult& scalar : scalar_results())
    if (scalar.name == result) return scalar.spoken;
  return result;
}

/// By what each control volume is made of: files and pictures. Collective.
void write_fields(const Case& solved, const SlopedRun& solved_run, const std::vector<Gradient>& gradients,
                  const std::vector<CurveSlopes>& curves, const Team& team) {
  const TapedRun& run = solved_run.taped();
  const std::vector<FieldNumber> numbers = field_numbers(solved, run);
  std::vector<ResultFields> fields;
  for (const Gradient& g : gradients) {
    std::vector<GradientField> own;
    if (g.fixed.empty()) own = gradient_fields(run, g, numbers);
    fields.push_back({g.name, g.unit, spoken_of(g.name), g.value, std::move(own), g.branch, g.fixed});
  }
  const Cells& mesh = solved_run.results().mesh;
  write_gradient_h5(solved.title, mesh, true_volumes(run), fields, curves, solved.out + "/gradient.h5", team);
  fields.erase(std::remove_if(fields.begin(), fields.end(), [](const ResultFields& f) { return f.fields.empty(); }),
               fields.end());
  if (fields.empty()) return;
  if (solved.output.vtk) write_gradient_vtk(mesh, fields, solved.out, team);
  if (!solved.output.pictures) return;
  const Drawn drawn = draw_gradient(solved.title, mesh, fields, solved.out, team);
  if (!drawn.warning.empty() && team.first()) tell(stderr, "warning: {}\n", drawn.warning);
}

}  // namespace

std::vector<std::string> names_in_list(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');)
    if (!name.empty()) names.push_back(name);
  return names;
}

std::vector<CurveWanted> curves_wanted(const GradientLine& line) {
  constexpr int usual_points = 65;
  std::vector<CurveWanted> list;
  const std::string what = line.at.substr(0, line.at.find('='));
  const auto& all = coordinate_names();
  const auto over = std::find_if(all.begin(), all.end(), [&](const CoordinateName& c) { return c.name == what; });
  if (!line.at.empty() && over == all.end())
    throw std::invalid_argument(fmt::format("--at: {} is none of time, charge and share", what));
  std::vector<double> at;
  if (what.size() < line.at.size()) {
    if (line.points) throw std::invalid_argument("--at names its points; leave --points out");
    for (const std::string& word : names_in_list(line.at.substr(what.size() + 1))) {
      char* end = nullptr;
      at.push_back(std::strtod(word.c_str(), &end));
      if (*end != '\0' || !(at.back() >= 0) || !std::isfinite(at.back()))
        throw std::invalid_argument(fmt::format("--at: {} is no number from 0 on", word));
    }
    if (at.empty()) throw std::invalid_argument(fmt::format("--at {}: there are no points behind the =", line.at));
  }
  for (const std::string& name : names_in_list(line.curves)) {
    if (!is_one_of(name, observable_names())) {
      const std::string near = nearest_name(name, observable_names());
      throw std::invalid_argument(fmt::format("--gradient-curve: {} is no curve of a run{}", name,
                                              near.empty() ? "" : ". Did you mean " + near + "?"));
    }
    list.push_back(
        {name, over == all.end() ? Coordinate::time : over->coordinate, at, line.points.value_or(usual_points)});
  }
  return list;
}

namespace {

/// Where a coordinate ends at the latest, by the times and charges at which steps end; infinite where nothing says.
double latest_end(const Case& input, Coordinate over) {
  double end = std::numeric_limits<double>::infinity();
  if (over == Coordinate::share) return 1;
  const auto first_of = [](const std::vector<Stop>& stops, const Quantity& quantity) {
    double least = std::numeric_limits<double>::infinity();
    for (const Stop& stop : stops)
      if (stop.quantity == quantity) least = std::min(least, stop.value);
    return least;
  };
  if (over == Coordinate::charge) {
    constexpr double seconds_an_hour = 3600;
    return input.protocol.empty() ? end : first_of(input.protocol.back().stops, Quantity::capacity) / seconds_an_hour;
  }
  double sum = 0;
  for (const Step& step : input.protocol) {
    const double of_table = step.table ? step.table->time.back() : std::numeric_limits<double>::infinity();
    sum += std::min(of_table, first_of(step.stops, Quantity::time));
  }
  return std::min(sum, first_of(input.until, Quantity::time));
}

void judge_places(const CurveWanted& curve, const Case& input) {
  const CoordinateName& over = name_of(curve.over);
  const double end = latest_end(input, curve.over);
  for (const double at : curve.at)
    if (at > end * (1 + 1e-9))
      throw std::invalid_argument(
          fmt::format("--at: {} = {:.6g} lies beyond the end: the {} ends at {:.6g}{} at the latest", over.name, at,
                      over.spoken, end, unit_text(over.unit)));
}

}  // namespace

std::vector<Along> along_variables(const Case& input, const TapedRun& run, const std::vector<std::string>& wanted) {
  std::vector<Along> list;
  if (!input.design) return list;
  const DesignSpace space(input, input.design->space);
  const auto& variables = space.family().variables;
  for (std::size_t i = 0; i < variables.size(); ++i)
    if (wanted.empty() || is_one_of(variables[i].name, wanted))
      list.push_back(along_design(space, space.start(), i, run));
  return list;
}

void GradientLine::declare_on(Verb& verb) {
  verb.option("--gradient", results, "slopes of these scalar results, e.g. capacity,plating_margin");
  verb.option("--by", by, "with --gradient: by these numbers, e.g. negative.porosity,step.1.value; all if not given");
  verb.option("--gradient-curve", curves, "slopes of these curves, e.g. voltage,plating_margin");
  verb.option("--at", at,
              "with --gradient-curve: what stays, time, charge or share (of the last step's charge); or some points of "
              "it, e.g. time=60,600 [s]; time if not given");
  verb.count("--points", points, "with --gradient-curve: points of each curve from its beginning to its end; else 65");
}

void judge_gradient(const GradientLine& line, const Case& input) {
  if (!line.asks() && !line.by.empty()) throw std::invalid_argument("--by says what --gradient is taken by; give both");
  if (line.curves.empty() && (!line.at.empty() || line.points))
    throw std::invalid_argument(
        fmt::format("{} is about --gradient-curve; give both", line.at.empty() ? "--points" : "--at"));
  for (const CurveWanted& curve : curves_wanted(line)) judge_places(curve, input);
  for (const std::string& name : names_in_list(line.results)) {
    if (is_one_of(name, scalar_result_names())) continue;
    const std::string near = nearest_name(name, scalar_result_names());
    throw std::invalid_argument(
        fmt::format("--gradient: {} is no scalar result{}", name, near.empty() ? "" : ". Did you mean " + near + "?"));
  }
  if (line.asks()) judge_numbers(line.by, input);
}

void judge_numbers(const std::string& by, const Case& input) {
  std::vector<std::string> known = names_along(input);
  if (input.design)
    for (const DesignVariable& v : input.design->space.variables) known.push_back(v.name);
  for (const std::string& name : names_in_list(by)) {
    if (is_one_of(name, known)) continue;
    const std::string near = nearest_name(name, known);
    throw std::invalid_argument(fmt::format("--by: {} is no number of this case that slopes are taken by{}", name,
                                            near.empty() ? "" : ". Did you mean " + near + "?"));
  }
}

Case as_solved(const Case& input, const Results& results) {
  if (!results.accuracy) return input;
  Case solved = changed(input, changes_of(results.accuracy->resolution), Care::full);
  solved.design = input.design;
  return solved;
}

Case as_solved_before(const Case& input) {
  Case solved = read_case(input.out + "/case.resolved.toml");
  solved.design = input.design;
  solved.out = input.out;
  solved.solver.tape_memory = input.solver.tape_memory;
  return solved;
}

int tell_gradient(const GradientLine& line, const Case& solved, const Team& team) try {
  const SlopedRun run = solved_run(solved, team);
  std::vector<CurveWanted> curves = curves_wanted(line);
  const Told told = slopes_of(line, solved, run, curves);
  for (std::size_t c = 0; c < curves.size(); ++c) {
    curves[c].at = told.curves[c].at;
    for (std::size_t i = 0; i < curves[c].at.size(); ++i)
      if (std::isnan(told.curves[c].values[i]))
        throw SolveFailure(fmt::format("the run ends before its {} is {:.6g}{}", name_of(curves[c].over).spoken,
                                       curves[c].at[i], unit_text(name_of(curves[c].over).unit)));
  }
  Told coarse;
  try {
    const Case half = half_as_fine(solved);
    coarse = slopes_of(line, half, solved_run(half, team), curves);
  } catch (const SolveFailure& failure) {
    if (team.first()) tell(stderr, "warning: how far off the slopes are is not known: {}\n", failure.what());
  }
  const std::vector<CurveSlopes> curve_slopes = curves_of(told, coarse);
  if (team.first()) tell_table(told, coarse), tell_curves(curve_slopes), tell_missing(told);
  together(team, [&] {
    if (team.first() && !line.results.empty()) write_whole_file(solved.out + "/gradient.csv", csv_of(told, coarse));
    if (team.first() && !line.curves.empty())
      write_whole_file(solved.out + "/gradient_curve.csv", csv_of(curve_slopes));
  });
  write_fields(solved, run, told.gradients, curve_slopes, team);
  if (team.first())
    tell(stdout,
         "\nslopes are those of this mesh and these time steps; \"half as fine\": what half the cells, half the "
         "shells and 4 rtol make of them; where it would gain: {}/gradient.h5\n",
         solved.out);
  if (team.first())
    tell(stdout, "{} states of the run were kept for them: {:.1f} MB in memory{}\n", told.states, 1e-6 * told.in_memory,
         told.in_file > 0 ? fmt::format(", {:.1f} MB in a temporary file", 1e-6 * told.in_file) : "");
  return exit_ok;
} catch (const SolveFailure& failure) {
  if (team.first()) tell(stderr, "porelith: no slopes: {}\n", failure.what());
  return exit_solve_failed;
}

}  // namespace porelith
