/// What a campaign costs beside its solves, and what a second rank gains: cases/graded_fast_charge, one and two ranks
/// in turn. The machine should have nothing else to do; processor times bear some company, wall times do not.
///   bench_campaign [SAMPLES [ROUNDS]]
#include "surrogate/dataset/campaign.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"
#include "surrogate/dataset/ranks.hpp"
#include "tests/support/launcher.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

const std::string study = std::string(PORELITH_SOURCE_DIR) + "/cases/graded_fast_charge";

double wall_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Processor time of this process [s]
double processor_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

DesignSpace space_of_study() {
  const Case input = read_case(study);
  return DesignSpace(input, input.design->space);
}

CampaignOptions options_of(const std::string& folder, int samples) {
  CampaignOptions options;
  options.samples = samples;
  options.folder = folder;
  return options;
}

/// One rank of a campaign that a launcher started; the first one prints its wall time and all processor time.
int be_a_rank(const std::string& folder, int samples) {
  Ranks ranks;
  const DesignSpace space = space_of_study();
  CampaignTime time;
  CampaignOptions options = options_of(folder, samples);
  options.time = &time;
  ranks.wait_for_all();
  const double wall = wall_now(), processor = processor_now();
  run_campaign(space, options);
  const double took = wall_now() - wall, mine = processor_now() - processor;
  double all = 0, longest = 0;
  for (int k = 0; k < ranks.size(); ++k) {
    const double theirs = ranks.sum(k == ranks.rank() ? mine : 0.0);
    all += theirs, longest = std::max(longest, theirs);
  }
  if (ranks.first()) std::printf("%.17g %.17g %.17g %.17g\n", took, all, longest, time.solving / time.all);
  return 0;
}

struct Timing {
  double with_start = 1e9;  ///< wall time of the command [s]
  double wall = 1e9;        ///< of the campaign alone [s]
  double processor = 1e9;   ///< of all ranks, the campaign alone [s]
  double longest = 1e9;  ///< processor time of the rank that took most: the wall time, had each a core of its own [s]
  double busy = 0;       ///< processors that it kept busy: a clock that changes its pace changes this little
  double solving = 0;    ///< share of the ranks' wall time in the solver

  void keep_best(const Timing& other) {
    with_start = std::min(with_start, other.with_start);
    wall = std::min(wall, other.wall);
    processor = std::min(processor, other.processor);
    longest = std::min(longest, other.longest);
    busy = std::max(busy, other.busy);
    solving = std::max(solving, other.solving);
  }
};

/// A campaign on so many ranks, from nothing.
Timing campaign_on(int ranks, const std::string& self, int samples) {
  const Scratch scratch;
  std::string command = self + " rank " + scratch / "campaign" + " " + std::to_string(samples);
  if (ranks > 1) command = "mpirun --oversubscribe -n " + std::to_string(ranks) + " " + command;
  Timing timing;
  const double begun = wall_now();
  std::FILE* pipe = popen(command.c_str(), "r");
  const int read =
      std::fscanf(pipe, "%lf %lf %lf %lf", &timing.wall, &timing.processor, &timing.longest, &timing.solving);
  if (pclose(pipe) != 0 || read != 4) {
    std::fprintf(stderr, "failed: %s\n", command.c_str());
    std::exit(1);
  }
  timing.with_start = wall_now() - begun;
  timing.busy = timing.processor / timing.wall;
  return timing;
}

/// Processor time of the bare solves of a campaign's samples [s]
double bare_solves(const DesignSpace& space, const std::vector<Sample>& samples) {
  double sum = 0;
  for (const Sample& sample : samples) {
    Case at = space.case_at(sample.x);
    at.output.max_snapshots = 0;
    at.output.interval = 0;
    const double begun = processor_now();
    simulate(at);
    sum += processor_now() - begun;
  }
  return sum;
}

void tell(const char* what, const Timing& t, int samples) {
  std::printf("  %-9s %9.2f %14.2f %18.2f %8.3f %16.3f %14.1f\n", what, t.wall, t.with_start, t.processor, t.busy,
              1e3 * t.processor / samples, 100 * t.solving);
}

}  // namespace

int main(int argc, char** argv) {
  let_root_launch();
  if (argc == 4 && std::string(argv[1]) == "rank") return be_a_rank(argv[2], std::atoi(argv[3]));
  const int samples = argc > 1 ? std::atoi(argv[1]) : 5000, rounds = argc > 2 ? std::atoi(argv[2]) : 5;

  Timing one, two;
  double bare = 1e9, campaign = 1e9;
  const DesignSpace space = space_of_study();
  for (int round = 0; round < rounds; ++round) {
    one.keep_best(campaign_on(1, argv[0], samples));
    two.keep_best(campaign_on(2, argv[0], samples));
    const Scratch scratch;
    const double begun = processor_now();
    const Dataset data = run_campaign(space, options_of(scratch / "campaign", samples / 5));
    campaign = std::min(campaign, processor_now() - begun);
    bare = std::min(bare, bare_solves(space, data.samples));
  }
  std::printf("%d samples of cases/graded_fast_charge, the best of %d rounds\n", samples, rounds);
  std::printf("  %-9s %9s %14s %18s %8s %16s %14s\n", "", "wall [s]", "with start [s]", "processors [s]", "busy",
              "a sample [ms]", "in solver [%]");
  tell("one rank", one, samples);
  tell("two ranks", two, samples);
  std::printf("  two ranks are %.2f times as fast, %.2f times with the start of MPI; %.2f times by processor time\n",
              one.wall / two.wall, one.with_start / two.with_start, one.longest / two.longest);
  std::printf(
      "  one core: a solve takes %.3f ms, and %.1f %% of a campaign's processor time is spent on anything else\n",
      1e3 * bare / (samples / 5), 100 * (1 - bare / campaign));
}
