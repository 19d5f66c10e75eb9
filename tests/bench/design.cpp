/// Is the loop's confirmed optimum as good as what the solver alone finds with ten times the solves? Over several
/// seeds of cases/graded_fast_charge. Usage: bench_design [SEEDS]
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "solver/case/reader.hpp"
#include "surrogate/design/loop.hpp"
#include "surrogate/design/parallel.hpp"
#include "surrogate/design/solver_search.hpp"

using namespace porelith;

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr int more_solves = 10;

/// The campaign's points, solved on all threads.
Dataset sampled(const DesignSpace& space, int samples, unsigned seed, int threads) {
  Dataset data;
  data.family = space.family();
  for (const auto& u : sample_points("sobol", 8 * samples, space.dimension(), seed)) {
    const auto x = space.from_unit(u);
    if (static_cast<int>(data.samples.size()) == samples) break;
    if (space.infeasible(x).empty()) {
      data.samples.emplace_back();
      data.samples.back().x = x;
    }
  }
  for_all(static_cast<long>(data.samples.size()), threads,
          [&](long k) { data.samples[k] = space.solve(k, data.samples[k].x); });
  return data;
}

}  // namespace

int main(int argc, char** argv) {
  const int seeds = argc > 1 ? std::atoi(argv[1]) : 8;
  const std::string path = std::string(PORELITH_SOURCE_DIR) + "/cases/graded_fast_charge";
  Design design = *read_case(path).design;
  const DesignSpace space(path, {}, design.space);
  const Physics physics = physics_of(space);
  const Goal goal(design, design.space);
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  int at_least_as_good = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    design.seed = static_cast<unsigned>(seed);
    const auto begun = Clock::now();
    Dataset data = sampled(space, design.samples, design.seed, threads);
    DesignOutcome outcome;
    LoopOptions options;
    options.threads = threads;
    if (argc > 2) options.say = [](const std::string& text) { std::printf("    %s\n", text.c_str()); };
    const LoopResult loop = run_loop(design, physics, data, options, outcome);
    const double ours = space.solve(0, loop.best).scalars[0], our_seconds = since(begun);

    SolverSearchOptions alone;
    alone.budget = more_solves * outcome.solves_of_loop;
    alone.threads = threads;
    alone.seed = design.seed;
    alone.starts = {space.start()};
    alone.target = ours;
    const auto searched = Clock::now();
    const SolverSearch found = search_on_solver(goal, physics, alone);
    at_least_as_good += ours >= found.best;
    std::printf("seed %d: loop %.5f -> %.5f, %ld solves, %.1f s; %s %.5f, %ld solves, %.1f s%s; x", seed,
                outcome.before_last_steps, ours, outcome.solves_of_loop, our_seconds, found.method.c_str(), found.best,
                found.solves, since(searched),
                ours >= found.best ? "" : fmt::format("  BETTER by {:.2g}", found.best - ours).c_str());
    for (const double value : loop.best) std::printf(" %.4f", value);
    std::printf(" |");
    for (const double value : found.x) std::printf(" %.4f", value);
    std::printf("\n");
    std::fflush(stdout);
  }
  std::printf("the loop's optimum is at least as good with %d of %d seeds\n", at_least_as_good, seeds);
  return 0;
}
