/// How many solves a search along the solver's slopes takes from random starts: to within 0.1 % of the best that is
/// known, and until it has ended itself. Usage: bench_gradient_search [CASE [STARTS [BEST [RADIUS [WORTH [SEED]]]]]]
#include "surrogate/design/gradient_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "solver/case/reader.hpp"

using namespace porelith;

namespace {

using Clock = std::chrono::steady_clock;

constexpr double same = 1e-3;  ///< of the value

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n == 0 ? 0 : 0.5 * (values[(n - 1) / 2] + values[n / 2]);
}

}  // namespace

int main(int argc, char** argv) {
  const Case input = read_case(argc > 1 ? argv[1] : std::string(PORELITH_SOURCE_DIR) + "/cases/graded_fast_charge");
  const Design& design = *input.design;
  const DesignSpace space(input, design.space);
  const Goal goal(design, design.space);
  const Physics physics = sloped_physics_of(space, goal, static_cast<int>(std::thread::hardware_concurrency()));
  GradientSearchOptions options;
  options.starts = argc > 2 ? std::atoi(argv[2]) : 8;
  if (argc > 4) options.radius = std::atof(argv[4]);
  if (argc > 5) options.worth = std::atof(argv[5]);
  if (argc > 6) options.seed = static_cast<unsigned>(std::atoi(argv[6]));
  GradientSearch search(goal, physics, options);
  History history;
  const auto begun = Clock::now();
  pursue(search, sloped_evaluator_of(physics), history, physics.threads);
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  double best = argc > 3 ? std::atof(argv[3]) : -1e300;
  for (const Ascent& a : search.ascents())
    if (!a.progress.empty()) best = std::max(best, a.progress.back().merit);
  std::vector<double> reach, ended;
  double solver_seconds = 0;
  for (const Ascent& a : search.ascents()) {
    double reached = 1e9;
    for (const Ascent::Better& b : a.progress)
      if (b.merit >= best - same * std::abs(best)) reached = std::min(reached, b.cost);
    const double found = a.progress.empty() ? NAN : a.progress.back().merit;
    std::printf(
        "start %2zu: to 0.1 %% after %6.1f, ended after %6.1f (%ld solves, %ld gradients, %ld restarts) at %.8g, "
        "%.4f %% short%s\n",
        reach.size() + 1, reached, a.cost, a.solves, a.gradients, a.restarts, goal.objective(found),
        100 * (best - found) / std::abs(best), a.missing.empty() ? "" : (": " + a.missing).c_str());
    reach.push_back(reached);
    ended.push_back(a.cost);
    solver_seconds += a.seconds;
    for (const auto& name : a.by_differences) std::printf("   by differences: %s\n", name.c_str());
    for (const double value : a.progress.empty() ? a.start : a.progress.back().x) std::printf(" %.4f", value);
    std::printf("\n");
  }
  std::printf("%s: median %.1f solves to 0.1 %% of %.8g, %.1f until ended; %.1f s, solves alone %.1f s of one core\n",
              search.name().c_str(), median(reach), goal.objective(best), median(ended), seconds, solver_seconds);
  return 0;
}
