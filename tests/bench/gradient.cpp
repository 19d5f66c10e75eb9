/// What slopes cost on top of a solve: seconds of a run, of one that keeps its tape, and of going back along it for one
/// result by every number of the model and for two, in turn, as ratios.
/// Then how near slopes at the default mesh and tolerance are to converged ones, on the cells that are shipped.
///   bench_gradient            all of them
///   bench_gradient 1D | 2D | 3D | accuracy
#include "solver/gradient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "solver/case/reader.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/last_step.hpp"
#include "solver/simulation.hpp"
#include "solver/taped_run.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

Case line() {
  Case c = shipped_case("kokam_marquis2019");
  c.initial = {};
  c.initial.sto_negative = 19986.609595075 / 24983.2619938437;
  c.initial.sto_positive = 30730.7554385565 / 51217.9257309275;
  c.protocol = {at_rate(*c.cell, 1)};
  set_mesh(c, 20, 10, 12);
  c.mesh.shell_grading = 10;
  c.solver.rtol = 3e-4;
  return c;
}

Case shipped(const std::string& name, const std::vector<std::string>& overrides) {
  return read_case(std::string(PORELITH_SOURCE_DIR) + "/cases/" + name + "/case.toml", overrides);
}

/// About 10^4 control volumes.
Case hole() {
  return shipped("tapered_holes", {"mesh.negative=17", "mesh.separator=6", "mesh.positive=17", "mesh.width=16",
                                   "mesh.height=16", "mesh.shells=12"});
}

template <class Work>
double seconds_of(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

ResultSlope slope_of(const Results& results, const char* name) {
  const LastStep last = last_step(results);
  for (const ScalarResult& scalar : scalar_results())
    if (scalar.name == name) return scalar.slope(results, last);
  return {};
}

void row(const char* name, const Case& c, int times) {
  std::vector<double> plain, taped, one, two;
  int cells = 0, stages = 0;
  for (int i = 0; i < times; ++i) {
    plain.push_back(seconds_of([&] { simulate(c); }));
    TapedRun run;
    taped.push_back(seconds_of([&] { run = simulate_taped(c); }));
    const ResultSlope capacity = slope_of(run.results, "capacity"), margin = slope_of(run.results, "plating_margin");
    one.push_back(seconds_of([&] { run.sensitivity(c).backward({capacity}); }));
    two.push_back(seconds_of([&] { run.sensitivity(c).backward({capacity, margin}); }));
    cells = run.results.mesh.cells(), stages = static_cast<int>(run.tape.stages.stages().size());
  }
  const double s = median(plain);
  std::printf("%-4s %7d %7d | %10.3f | %8.3f %8.3f %8.3f\n", name, cells, stages, 1e3 * s, median(taped) / s - 1,
              median(one) / s, (median(two) - median(one)) / s);
  std::fflush(stdout);
}

/// Slopes of charge and energy by all numbers of the case.
std::vector<Gradient> all_slopes(const Case& c, std::vector<Along>& by) {
  const TapedRun run = simulate_taped(c);
  by = along(c, run, names_along(c));
  return gradients(c, run, {"capacity", "energy"}, by);
}

/// How many are within 2 % of those of a run four times as fine, and which are not, with the size that they have: per
/// cent of the result, per cent of the number.
void accuracy_of(const std::string& cell, const char* start) {
  const std::string text = "[cell]\nfile = \"" + cell + "\"\n" + start;
  const Case usual = parse_case(text, "case.toml");
  const Case fine = parse_case(
      text + "[mesh]\nnegative = 80\nseparator = 40\npositive = 80\nshells = 60\n[solver]\nrtol = 1e-7\n", "case.toml");
  std::vector<Along> by, same;
  const std::vector<Gradient> slopes = all_slopes(usual, by), converged = all_slopes(fine, same);
  int within = 0, of = 0;
  std::string apart;
  for (std::size_t r = 0; r < slopes.size(); ++r)
    for (std::size_t k = 0; k < by.size(); ++k) {
      const double slope = slopes[r].slopes[k], truth = converged[r].slopes[k];
      if (!std::isfinite(slope) || !std::isfinite(truth)) continue;
      ++of;
      if (std::abs(slope - truth) <= 0.02 * std::abs(truth))
        ++within;
      else
        apart += fmt::format("; {} by {}: {:+.1f} % ({:.1g} % per %)", slopes[r].name, by[k].name,
                             100 * (slope / truth - 1), truth * by[k].value / converged[r].value);
    }
  std::printf("%-18s %3d of %3d within 2 %%%s\n", cell.c_str(), within, of, apart.c_str());
  std::fflush(stdout);
}

void accuracy() {
  for (const char* cell : {"kokam_ecker2015", "kokam_marquis2019", "lfp_18650", "lgm50_chen2020", "nmc111_pouch"})
    for (const char* start :
         {"[initial]\nsoc = 1\n[[step]]\ndischarge = \"1C\"\n", "[initial]\nsoc = 0.1\n[[step]]\ncharge = \"1C\"\n"})
      accuracy_of(cell, start);
}

}  // namespace

int main(int count, char** words) {
  const std::string which = count > 1 ? words[1] : "";
  std::printf("%-4s %7s %7s | %10s | %8s %8s %8s\n", "", "cells", "stages", "solve ms", "tape", "one", "one more");
  std::printf("%-4s %7s %7s | %10s | %26s\n", "", "", "", "", "over the solve's");
  if (which.empty() || which == "1D") row("1D", line(), 41);
  if (which.empty() || which == "2D") row("2D", shipped("grooved", {}), 3);
  if (which.empty() || which == "3D") row("3D", hole(), 1);
  if (which.empty() || which == "accuracy") accuracy();
  return 0;
}
