/// What slopes cost on top of a solve: seconds of a run, of one that keeps its tape, and of going back along it for one
/// result by every number of the model and for two, in turn, as ratios.
///   bench_gradient            all of them
///   bench_gradient 1D | 2D | 3D
#include <algorithm>
#include <chrono>
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

}  // namespace

int main(int count, char** words) {
  const std::string which = count > 1 ? words[1] : "";
  std::printf("%-4s %7s %7s | %10s | %8s %8s %8s\n", "", "cells", "stages", "solve ms", "tape", "one", "one more");
  std::printf("%-4s %7s %7s | %10s | %26s\n", "", "", "", "", "over the solve's");
  if (which.empty() || which == "1D") row("1D", line(), 41);
  if (which.empty() || which == "2D") row("2D", shipped("grooved", {}), 3);
  if (which.empty() || which == "3D") row("3D", hole(), 1);
  return 0;
}
