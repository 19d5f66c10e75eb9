/// Nothing lost: a 3D run under mpirun is stopped at random time steps and killed with SIGKILL at random moments, every
/// other time while it writes a checkpoint, the whole of it or one rank, and goes on each time. Its curve must be the
/// uninterrupted run's, byte for byte; of a lost rank mpirun must tell.
///   bench_kills [RESTARTS] [KILLS] [RANKS]
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <thread>

#include "solver/base/petsc.hpp"
#include "solver/case/echo.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_mesh.hpp"
#include "solver/results/curve.hpp"
#include "solver/results/keeping_recorder.hpp"
#include "solver/simulation.hpp"
#include "tests/support/launcher.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

namespace fs = std::filesystem;

Case block() {
  return parse_case(R"([cell]
file = "lgm50_chen2020"
[geometry]
dimension = 3
width = "60 um"
[[channel]]
shape = "round"
width = "30 um"
width_bottom = "12 um"
[mesh]
negative = 4
separator = 2
positive = 4
width = 3
height = 3
shells = 6
[[step]]
discharge = "2C"
until = { time = "100 s" }
[[step]]
rest = "20 s"
[[step]]
charge = "1C"
until = { time = "60 s" }
)",
                    "case.toml");
}

/// The curve, kept by the first rank; asks to stop after so many time steps.
class Curve : public Recorder {
 public:
  Curve(std::string path, const Team& team, long stop_after) : path_(std::move(path)), team_(team), left_(stop_after) {}
  void begin(const Results& so_far) override {
    if (team_.first()) writer_.emplace(path_, so_far.curve);
  }
  void row(const CurveRow& row) override {
    if (writer_) writer_->add(row);
  }
  bool stop_requested() override { return left_-- == 0; }

 private:
  std::string path_;
  Team team_;
  long left_;
  std::optional<CurveWriter> writer_;
};

/// A checkpoint before every time step, so that about half of a run's time is spent in one.
class EagerRecorder : public KeepingRecorder {
 public:
  using KeepingRecorder::KeepingRecorder;
  bool keep_requested() override { return true; }
};

/// What every rank does: the run, from where the folder's checkpoint says.
int work(const std::string& folder, long stop_after) {
  const Team team = Team::world();
  set_petsc_options("-newton_direct false");  // as in large meshes, on one rank too
  write_text(fmt::format("{}/pid_{}", folder, team.rank()), fmt::format("{}", ::getpid()));
  const Case input = block();
  Curve curve(folder + "/curve.csv", team, stop_after);
  Checkpoints checkpoints(folder, {values_of(input), input.cell_sha256()}, team);
  std::vector<std::string> warnings;
  auto kept = checkpoints.newest(warnings);
  for (const auto& warning : warnings) fmt::print(stderr, "BROKEN: {}\n", warning);
  if (!warnings.empty()) return 3;
  EagerRecorder recorder(&curve, checkpoints, team, {}, kept ? kept->memory : "");
  const Results results = simulate(input, &recorder, team);
  return results.status == "complete" ? 0 : results.status == "stopped" ? 75 : 2;
}

/// mpirun with this program's workers, in a process group of its own.
class Launch {
 public:
  Launch(const std::string& program, const std::string& folder, int ranks, long stop_after = -1) {
    const std::string count = std::to_string(ranks), stop = std::to_string(stop_after);
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::setpgid(0, 0);
    if (!freopen((folder + "/log").c_str(), "a", stderr)) std::_Exit(126);
    ::execlp("mpirun", "mpirun", "--oversubscribe", "-n", count.c_str(), program.c_str(), "--worker", folder.c_str(),
             stop.c_str(), nullptr);
    std::_Exit(127);
  }

  /// Whether it has ended within so many seconds.
  bool ended_within(double seconds) {
    for (double waited = 0; waited <= seconds; waited += 0.01) {
      if (ended_ || ::waitpid(pid_, &status_, WNOHANG) == pid_) return ended_ = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  int code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_); }
  void kill_all() { ::kill(-pid_, SIGKILL); }

 private:
  pid_t pid_;
  int status_ = 0;
  bool ended_ = false;
};

struct Tally {
  int kills = 0, of_one_rank = 0, told = 0, inside = 0, finished_runs = 0, wrong = 0, hung = 0;
};

/// Whether a set has no index yet, or a kill has left it so.
bool inside_a_checkpoint(const std::string& folder) {
  std::error_code missing;
  for (const auto& set : fs::directory_iterator(folder + "/checkpoint", missing))
    if (!fs::exists(set.path() / "index.json", missing)) return true;
  return false;
}

void wait_for_a_checkpoint(const std::string& folder) {
  for (int i = 0; i < 20000 && !inside_a_checkpoint(folder); ++i)
    std::this_thread::sleep_for(std::chrono::microseconds(100));
}

/// Those that have started and not ended. @return how many these were
int end_ranks(const std::string& folder, int from, int ranks) {
  int struck = 0;
  for (int r = from; r < ranks; ++r)
    if (std::error_code e; fs::exists(fmt::format("{}/pid_{}", folder, r), e))
      struck += ::kill(std::atoi(file_text(fmt::format("{}/pid_{}", folder, r)).c_str()), SIGKILL) == 0;
  return struck;
}

/// One run, killed again and again until it gets through.
void run_with_kills(const std::string& program, int ranks, double usual, int most, const std::string& expected,
                    std::mt19937& random, Tally& tally) {
  const Scratch folder;
  while (true) {
    for (int r = 0; r < ranks; ++r) fs::remove(folder / fmt::format("pid_{}", r));
    fs::remove(folder / "log");
    Launch run(program, folder.path(), ranks);
    const bool kill = tally.kills < most;
    const double after = std::uniform_real_distribution<>(0.2, 0.7)(random) * usual;
    if (run.ended_within(kill ? after : 600)) {
      ++tally.finished_runs;
      tally.wrong += run.code() != 0 || file_text(folder / "curve.csv") != expected;
      if (run.code() != 0) fmt::print("exit code {}:\n{}\n", run.code(), file_text(folder / "log"));
      return;
    }
    if (!kill) return void(++tally.hung), run.kill_all();
    if (++tally.kills % 2 == 0) wait_for_a_checkpoint(folder.path());
    bool one_rank = false;
    if (const bool one = random() % 2; one && fs::exists(folder / "pid_0")) {
      const int rank = static_cast<int>(random() % ranks);
      one_rank = end_ranks(folder.path(), rank, rank + 1) > 0;
    } else {
      end_ranks(folder.path(), 0, ranks);  // first: mpirun's end would leave them some more milliseconds
      run.kill_all();
    }
    if (!run.ended_within(60)) ++tally.hung, run.kill_all();
    end_ranks(folder.path(), 0, ranks);
    tally.of_one_rank += one_rank;
    const std::string log = file_text(folder / "log");
    const bool told = log.find("exited on signal 9 (Killed)") != std::string::npos;
    if (one_rank && !told) fmt::print("one rank was killed, mpirun said: {}\n", log.empty() ? "nothing" : log);
    tally.told += one_rank && told;
    tally.inside += inside_a_checkpoint(folder.path());
  }
}

}  // namespace

int main(int argc, char** argv) {
  let_root_launch();
  if (argc == 4 && std::string(argv[1]) == "--worker") return work(argv[2], std::atol(argv[3]));
  const auto argument = [&](int k, int otherwise) { return argc > k ? std::atoi(argv[k]) : otherwise; };
  const int restarts = argument(1, 20), kills = argument(2, 50), ranks = argument(3, 4);
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::mt19937 random(20);

  const Scratch through;
  const auto begun = std::chrono::steady_clock::now();
  Launch whole(program, through.path(), ranks);
  if (!whole.ended_within(600) || whole.code() != 0) return fmt::print("{}\n", file_text(through / "log")), 1;
  const double usual = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const std::string expected = file_text(through / "curve.csv");
  const long rows = std::count(expected.begin(), expected.end(), '\n') - 1;
  fmt::print("{} ranks, {} rows, {:.1f} s uninterrupted\n", ranks, rows, usual);

  int bitwise = 0;
  for (int k = 0; k < restarts; ++k) {
    const Scratch folder;
    Launch first(program, folder.path(), ranks, random() % (rows - 4));
    const bool stopped = first.ended_within(600) && first.code() == 75;
    Launch second(program, folder.path(), ranks);
    const bool complete = second.ended_within(600) && second.code() == 0;
    bitwise += stopped && complete && file_text(folder / "curve.csv") == expected;
  }
  fmt::print("{} of {} restarts at random time steps gave the uninterrupted curve, byte for byte\n", bitwise, restarts);

  Tally tally;
  while (tally.kills < kills) run_with_kills(program, ranks, usual, kills, expected, random, tally);
  fmt::print(
      "{} kills with SIGKILL, {} of one rank alone (told {} times), {} inside a checkpoint; {} runs got through, {} of "
      "them wrong; {} hung\n",
      tally.kills, tally.of_one_rank, tally.told, tally.inside, tally.finished_runs, tally.wrong, tally.hung);
  return bitwise == restarts && tally.wrong == 0 && tally.hung == 0 && tally.told == tally.of_one_rank ? 0 : 1;
}
