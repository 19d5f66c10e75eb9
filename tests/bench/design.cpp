/// Is the loop's confirmed optimum as good as what the solver alone finds with ten times the solves? Over several
/// seeds of cases/graded_fast_charge. Usage: bench_design [SEEDS]
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "solver/base/threads.hpp"
#include "solver/case/reader.hpp"
#include "surrogate/design/loop.hpp"
#include "surrogate/design/solver_search.hpp"

using namespace porelith;

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr int more_solves = 10;
constexpr double same = 1e-6;  ///< of the value: nobody could tell such a difference

/// The campaign's points, solved on all threads that may share the work.
Dataset sampled(const DesignSpace& space, const Physics& physics, int samples, unsigned seed) {
  Dataset data;
  data.family = space.family();
  for (const auto& u : sample_points("sobol", 8 * samples, space.dimension(), seed)) {
    const auto x = UnitCube(space.family().variables).design(u);
    if (static_cast<int>(data.samples.size()) == samples) break;
    if (space.infeasible(x).empty()) {
      data.samples.emplace_back();
      data.samples.back().x = x;
    }
  }
  for_all(static_cast<long>(data.samples.size()), physics.threads,
          [&](long k) { data.samples[k] = space.solve(k, data.samples[k].x); });
  return data;
}

/// What a design gives on a mesh twice as fine each way, with time steps a hundred times as exact.
double confirmed(const DesignSpace& exact, const std::vector<double>& x) { return exact.solve(0, x, 2).scalars[0]; }

void print_design(const char* who, const std::vector<double>& x) {
  std::printf("         %s", who);
  for (const double value : x) std::printf(" %.4f", value);
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  const int seeds = argc > 1 ? std::atoi(argv[1]) : 8;
  const std::string path = std::string(PORELITH_SOURCE_DIR) + "/cases/graded_fast_charge";
  const Case input = read_case(path);
  Design design = *input.design;
  const DesignSpace space(input, design.space);
  const DesignSpace exact(changed(input, {{"solver.rtol", {input.solver.rtol / 100}}}), design.space);
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const Physics physics = physics_of(space, threads);
  const Goal goal(design, design.space);
  int as_good_here = 0, as_good_confirmed = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    design.seed = static_cast<unsigned>(seed);
    const auto begun = Clock::now();
    Dataset data = sampled(space, physics, design.samples, design.seed);
    DesignOutcome outcome;
    LoopOptions options;
    options.threads = threads;
    if (argc > 2) options.say = [](const std::string& text) { std::printf("    %s\n", text.c_str()); };
    const LoopResult loop = run_loop(design, physics, data, options, outcome);
    const double ours = space.solve(0, loop.best).scalars[0], our_seconds = since(begun);

    SolverSearchOptions alone;
    alone.budget = more_solves * outcome.solves_of_loop;
    alone.seed = design.seed;
    alone.starts = {space.start()};
    alone.target = ours;
    const auto searched = Clock::now();
    const SolverSearch found = search_on_solver(goal, physics, alone);
    const double seconds = since(searched);
    const double our_truth = confirmed(exact, loop.best), their_truth = confirmed(exact, found.x);
    as_good_here += ours >= found.best;
    as_good_confirmed += our_truth >= (1 - same) * their_truth;
    std::printf("seed %d: loop %.5f, last steps %.9f, confirmed %.7f, %ld solves, %.1f s\n", seed,
                outcome.before_last_steps, ours, our_truth, outcome.solves_of_loop, our_seconds);
    std::printf("        %s alone    %.9f, confirmed %.7f, %ld solves, %.1f s\n", found.method.c_str(), found.best,
                their_truth, found.solves, seconds);
    print_design("loop ", loop.best);
    print_design("alone", found.x);
    std::fflush(stdout);
  }
  std::printf(
      "the loop's optimum is at least as good as the solver's alone with %d times the solves: %d of %d seeds on "
      "the case's mesh, %d of %d confirmed (to one part in a million)\n",
      more_solves, as_good_here, seeds, as_good_confirmed, seeds);
  return as_good_confirmed == seeds ? 0 : 1;
}
