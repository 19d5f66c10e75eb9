#include "program/grading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>

#include "postprocess/grading_view.hpp"
#include "program/stopping.hpp"
#include "program/study.hpp"
#include "program/verb.hpp"
#include "solver/base/clock.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/case/case.hpp"
#include "solver/case/echo.hpp"
#include "solver/case/reader.hpp"
#include "surrogate/design/solve_store.hpp"
#include "surrogate/grading/grading_study.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

void say(const std::string& text) { tell(stderr, "{}\n", text); }

class GradingPage {
 public:
  GradingPage(const GradedSpace& space, const Case& input, const GradingOutcome& outcome, fs::path folder)
      : space_(space), input_(input), outcome_(outcome), folder_(std::move(folder)) {}

  void write() const {
    for (const GradedDesign& design : outcome_.designs) write_case(design);
    write_whole_file((folder_ / "grading.csv").string(), table());
    if (input_.output.pictures) {
      make_folder((folder_ / "pictures").string());
      const Drawn drawn = draw_gradings(views(), (folder_ / "pictures").string());
      if (!drawn.warning.empty()) say("warning: " + drawn.warning);
    }
    const std::string text = report();
    write_whole_file((folder_ / "report.txt").string(), text);
    tell(stdout, "{}", text);
  }

 private:
  const char* word(std::size_t grading) const { return word_of(space_.volumes(grading).side); }

  /// As a case, read again: what is written must be one.
  void write_case(const GradedDesign& design) const {
    const std::string folder = (folder_ / design.folder).string(), file = (fs::path(folder) / "case.toml").string();
    make_folder(folder);
    const Case at = space_.case_at(design.x, outcome_.finer);
    write_whole_file(
        file, fmt::format("# {}, of {}: {} = {:.6g}{}.\n", design.name, input_.file, outcome_.objective,
                          design.value_finer, outcome_.finer == 1 ? "" : ", on the finer mesh that confirmed it") +
                  echo_of(at));
    read_case(file);
  }

  /// A row a control volume.
  std::string table() const {
    std::string text = "electrode,depth_from_um,depth_to_um,across_from_um,across_to_um,share_of_volume";
    for (const GradedDesign& design : outcome_.designs) text += "," + design.folder;
    text += "\n";
    for (std::size_t g = 0; g < space_.gradings().size(); ++g) {
      const GradedVolumes& v = space_.volumes(g);
      std::vector<std::vector<double>> eps;
      for (const GradedDesign& design : outcome_.designs) eps.push_back(space_.porosities(design.x, g));
      for (std::size_t i = 0; i < v.size(); ++i) {
        text += fmt::format("{},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}", word(g), 1e6 * v.thickness * v.xi_from[i],
                            1e6 * v.thickness * v.xi_to[i], 1e6 * v.across[i][0], 1e6 * v.across[i][1], v.volume[i]);
        for (const auto& design : eps) text += fmt::format(",{:.6g}", design[i]);
        text += "\n";
      }
    }
    return text;
  }

  std::vector<GradingView> views() const {
    std::vector<GradingView> list;
    for (std::size_t g = 0; g < space_.gradings().size(); ++g) {
      const GradedVolumes& v = space_.volumes(g);
      const Grading& grading = space_.gradings()[g];
      GradingView view;
      view.title = fmt::format("{} electrode", word(g));
      for (std::size_t i = 0; i < v.size(); ++i)
        view.depth.push_back({v.thickness * v.xi_from[i], v.thickness * v.xi_to[i]});
      view.across = v.across, view.volume = v.volume, view.low = grading.low, view.high = grading.high;
      for (const GradedDesign& design : outcome_.designs) {
        auto at = design.name == "free" ? view.designs.begin() : view.designs.end();
        view.designs.insert(at, {design.name, space_.porosities(design.x, g)});
      }
      list.push_back(std::move(view));
    }
    return list;
  }

  std::string percent(const Gain& gain) const {
    if (outcome_.finer == 1) return fmt::format("{:+.3f} %", 100 * gain.finer);
    return fmt::format("{:+.3f} ± {:.3f} %", 100 * gain.finer, 100 * gain.error);
  }

  std::string report() const {
    const GradingOutcome& o = outcome_;
    const GradedDesign& start = *o.called("uniform start");
    const GradedDesign& free = *o.called("free");
    const GradedDesign* uniform = o.called("best uniform");
    std::string text = fmt::format("{}: {} {}\n\n", input_.title, o.maximise ? "greatest" : "least", o.objective);
    text += fmt::format("  {:<18}{:>14}{:>14}{:>24}{:>24}{:>24}{:>8}{:>8}\n", "", "value", "own mesh", "over the start",
                        "over the best uniform", "over the free one", "solves", "cost");
    for (const GradedDesign& d : o.designs) {
      text += fmt::format("  {:<18}{:>14.6g}{:>14.6g}{:>24}{:>24}{:>24}{:>8}{:>8.1f}{}\n", d.name, d.value_finer,
                          d.value, &d == &start ? "" : percent(gain_over(o, d, start)),
                          !uniform || &d == uniform ? "" : percent(gain_over(o, d, *uniform)),
                          &d == &free ? "" : percent(gain_over(o, d, free)), d.found.solves, d.found.cost,
                          d.allowed ? "" : "  its constraints do NOT hold");
    }
    text += fmt::format("\nvalue: {}; cost: solves, and gradients by their linearisations.\n",
                        o.finer == 1 ? "on the case's own mesh, so that nothing tells the error of a gain"
                                     : refined_text(input_, o.finer) +
                                           ", a quarter of rtol; ±: how far the case's own mesh has the difference");
    if (!start.constraints.empty() && o.finer != 1)
      text += "± is of the objective alone: what the finer mesh moves in the constraints stands beside them.\n";
    text += fmt::format("The free one was within 0.1 % of its value after {} solves{}.\n", solves_until(free, 1e-3),
                        free.found.used_up ? ", and ended for want of more" : "");
    for (std::size_t k = 0; k < start.constraints.size(); ++k) {
      text += fmt::format("{} >= 0, (on the case's own mesh):", input_.design->constraints[k]);
      for (const GradedDesign& d : o.designs)
        text += fmt::format("{} {} {:.4g} ({:.4g})", &d == &start ? "" : ",", d.name, d.constraints_finer[k],
                            d.constraints[k]);
      text += ".\n";
    }
    for (const GradedDesign& d : o.designs)
      for (std::size_t g = 0; g < d.porosities.size(); ++g)
        text += fmt::format("\n{}, {} electrode, {} layers of {:.4g} um, collector to separator:\n  {:.4f}\n", d.name,
                            word(g), d.layers[g], thickness(d, g) / d.layers[g] * 1e6, fmt::join(d.porosities[g], " "));
    for (std::size_t g = 0; g < space_.gradings().size(); ++g) {
      const Grading& grading = space_.gradings()[g];
      text += fmt::format(
          "\n{} electrode: porosity within [{:g}, {:g}], filter {:g} um; coatable: equal layers of {:g} um or more, "
          "from "
          "one to the next at most {:g}. Means:",
          word(g), grading.low, grading.high, grading.filter * 1e6, grading.thinnest * 1e6, grading.largest_step);
      for (const GradedDesign& d : o.designs)
        text += fmt::format("{} {} {:.4f}", &d == &start ? "" : ",", d.name, d.x[grading.variable]);
      text += ".\n";
    }
    for (const std::string& note : o.notes) text += "\n" + note + "\n";
    return text +
           fmt::format("\n{}; cases, grading.csv and pictures in {}\n", duration_text(o.seconds), folder_.string());
  }

  static long solves_until(const GradedDesign& design, double part) {
    for (const auto& [solves, merit] : design.found.progress)
      if (merit >= design.found.merit - part * std::abs(design.found.merit)) return solves;
    return design.found.solves;
  }

  double thickness(const GradedDesign& design, std::size_t grading) const {
    return graded_volumes(space_.case_at(design.x), space_.volumes(grading).side).thickness;
  }

  const GradedSpace& space_;
  const Case& input_;
  const GradingOutcome& outcome_;
  fs::path folder_;
};

}  // namespace

int grade(const Case& input, const std::string& folder) {
  require_baseline(DesignSpace(input, input.design->space));
  make_folder(folder);
  const GradedSpace space(input);
  const Goal goal(*input.design, input.design->space);
  SolveStore store((fs::path(folder) / "answers.journal").string(),
                   space.space().case_hash() + space.space().cell_hash());
  if (store.found() > 0) say(fmt::format("{} answers of an earlier session are taken over", store.found()));
  const Physics physics = store.remembering(space.physics(goal), "grading");
  GradingOptions options;
  options.stop = stop_requested;
  options.say = say;
  const GradingOutcome outcome = run_grading_study(space, *input.design, goal, physics, options);
  if (stop_requested()) return exit_stopped;
  GradingPage(space, input, outcome, folder).write();
  return exit_ok;
}

}  // namespace porelith
