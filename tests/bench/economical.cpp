/// What an economical study spends, in counted work of solves on the case's mesh: until it is within 0.1 % of the best
/// that is known, and until it has ended itself. Usage: bench_economical [CASE [SEEDS [BEST [PART [say]]]]]
#include "surrogate/design/economical.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "solver/case/reader.hpp"
#include "surrogate/dataset/cheap_members.hpp"

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
  const int seeds = argc > 2 ? std::atoi(argv[2]) : 8;
  const double part = argc > 4 ? std::atof(argv[4]) : 0.5;
  Design design = *input.design;
  const DesignSpace space(input, design.space);
  const Goal goal(design, design.space);
  const int threads = static_cast<int>(std::thread::hardware_concurrency());
  const Physics physics = sloped_physics_of(space, goal, threads);
  Economy economy;
  std::optional<DesignSpace> cheap;
  if (part > 0) {
    cheap.emplace(coarser(space, part));
    economy.cheap.push_back(
        {"the coarser mesh", sloped_physics_of(*cheap, goal, threads), unknowns_of(*cheap) / unknowns_of(space)});
    std::printf("a linearisation on the coarser mesh is %.3f of one\n", economy.cheap[0].work);
  }
  if (argc > 6) economy.tolerance = std::atof(argv[6]);
  if (argc > 7) economy.scouts = std::atoi(argv[7]);
  if (argc > 8) economy.doubt = std::atof(argv[8]);
  std::vector<DesignOutcome> all;
  std::vector<double> seconds;
  double best = argc > 3 ? std::atof(argv[3]) : -1e300;
  for (int seed = 1; seed <= seeds; ++seed) {
    design.seed = static_cast<unsigned>(seed);
    LoopOptions options;
    options.threads = threads;
    if (argc > 5 && argv[5][0] == 's')
      options.say = [](const std::string& text) { std::printf("  %s\n", text.c_str()); };
    Dataset data, cheap_data;
    data.family = cheap_data.family = space.family();
    DesignOutcome outcome;
    const auto begun = Clock::now();
    run_economical(design, physics, economy, data, cheap_data, options, outcome);
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begun).count());
    if (!outcome.work_progress.empty())
      best = std::max(best, outcome.work_progress.back().second * (design.maximise ? 1 : -1));
    all.push_back(outcome);
  }
  std::vector<double> reach, ended;
  for (std::size_t k = 0; k < all.size(); ++k) {
    double reached = 1e9, found = std::nan("");
    for (const auto& [work, value] : all[k].work_progress) {
      found = value * (design.maximise ? 1 : -1);
      if (found >= best - same * std::abs(best)) reached = std::min(reached, work);
    }
    std::printf(
        "seed %zu: to 0.1 %% after %.1f, ended after %.1f (%ld solves, %ld cheap, %ld slopes, %ld scouts, %ld words) "
        "at %.8g, %.4f %% short; %.1f s; %s\n",
        k + 1, reached, all[k].work, all[k].dear_solves, all[k].cheap_solves, all[k].slopes_asked, all[k].scouts,
        all[k].words_taken, found, 100 * (best - found) / std::abs(best), seconds[k], all[k].ended.c_str());
    for (const Cost& cost : all[k].costs)
      std::printf("   %s %ld solves, %.1f work, %.2f s (solver %.2f)\n", cost.part.c_str(), cost.solves, cost.work,
                  cost.seconds, cost.solver_seconds);
    reach.push_back(reached);
    ended.push_back(all[k].work);
  }
  std::printf("median %.1f solves to 0.1 %% of %.8g, %.1f until ended\n", median(reach), best, median(ended));
  return 0;
}
