/// How fast channelled and pouch cells are solved, by size and ranks, and in how much memory. Each figure is of a
/// program of its own, so that its peak of memory is its own too.
///   bench_channels                     the groove, the pouch, and the tables up to 40,000 cells
///   bench_channels groove | pouch      2D groove at 3C, P4D pouch at 1C, one core
///   bench_channels hole [CELLS]        3D tapered hole, whole 3C charge on two ranks; 50,000
///   bench_channels krylov [CELLS]      Krylov iterations a solve on grids up to so many cells; 640,000
///   bench_channels ranks [CELLS]       one rank and two in turn; 100,000
///   bench_channels memory [CELLS]      slope of peak memory over cells, 20 shells; 40,000
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "solver/base/team.hpp"
#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"
#include "tests/support/launcher.hpp"

using namespace porelith;

namespace {

/// What one solve took; on several ranks seconds and memory of all together.
struct Measured {
  long cells = 0, steps = 0, newton = 0, iterations = 0, preconditioners = 0;
  double user = 0, wall = 0, memory = 0;  ///< [s], [s], [bytes]
  double end = 0, voltage = 0;
  double iterations_a_solve() const { return double(iterations) / newton; }
};

constexpr const char* line_format = "{} {} {} {} {} {:.6g} {:.6g} {:.6g} {:.12g} {:.12g}\n";

/// The child: one case, solved without writing anything.
int solve(const std::string& path, const std::vector<std::string>& overrides) {
  const Team team = Team::world();
  const Case input = read_case(path, overrides);
  const auto start = std::chrono::steady_clock::now();
  const Results r = simulate(input, nullptr, team);
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  const double user = team.sum(used.ru_utime.tv_sec + 1e-6 * used.ru_utime.tv_usec);
  const double memory = team.sum(1024.0 * used.ru_maxrss);
  const long cells = team.sum(static_cast<long>(r.mesh.cells()));
  if (r.status != "complete") std::fprintf(stderr, "%s\n", r.status.c_str());
  if (r.status != "complete") return 1;
  if (team.first())
    fmt::print(line_format, cells, r.counts.steps, r.counts.newton, r.counts.linear_iterations,
               r.counts.preconditioners, user, team.max(wall), memory, r.curve.back().time, r.curve.back().voltage());
  else
    team.max(wall);
  return 0;
}

std::string program;

Measured measure(int ranks, const std::string& which, const std::vector<std::string>& overrides) {
  std::string command = ranks > 1 ? fmt::format("mpirun --oversubscribe -n {} ", ranks) : "";
  command += fmt::format("{} solve {}/cases/{}/case.toml", program, PORELITH_SOURCE_DIR, which);
  for (const std::string& set : overrides) command += fmt::format(" '{}'", set);
  FILE* pipe = popen(command.c_str(), "r");
  Measured m;
  const bool read =
      pipe && std::fscanf(pipe, "%ld %ld %ld %ld %ld %lf %lf %lf %lf %lf", &m.cells, &m.steps, &m.newton, &m.iterations,
                          &m.preconditioners, &m.user, &m.wall, &m.memory, &m.end, &m.voltage) == 10;
  if (!pipe || pclose(pipe) != 0 || !read) {
    std::fprintf(stderr, "failed: %s\n", command.c_str());
    std::exit(1);
  }
  return m;
}

void head() {
  std::printf("%-8s %5s %8s %6s %7s %8s %6s | %8s %8s | %9s %9s\n", "", "ranks", "cells", "steps", "Newton",
              "its/solve", "prec.", "user s", "wall s", "MB", "kB/cell");
}

void row(const char* name, int ranks, const Measured& m) {
  std::printf("%-8s %5d %8ld %6ld %7ld %8.2f %6ld | %8.2f %8.2f | %9.1f %9.2f\n", name, ranks, m.cells, m.steps,
              m.newton, m.iterations_a_solve(), m.preconditioners, m.user, m.wall, 1e-6 * m.memory,
              1e-3 * m.memory / m.cells);
  std::fflush(stdout);
}

/// A quarter of a tapered hole's square as about so many nearly alike cells.
std::vector<std::string> grid(double cells) {
  const double q = std::cbrt(cells / 10.24);
  const auto count = [&](double part) { return std::max(2L, std::lround(part * q)); };
  return {fmt::format("mesh.negative={}", count(1.7)), fmt::format("mesh.separator={}", count(0.6)),
          fmt::format("mesh.positive={}", count(1.7)), fmt::format("mesh.width={}", count(1.6)),
          fmt::format("mesh.height={}", count(1.6))};
}

std::vector<std::string> with(std::vector<std::string> overrides, const std::vector<std::string>& more) {
  overrides.insert(overrides.end(), more.begin(), more.end());
  return overrides;
}

void small(const char* which) {
  head();
  std::vector<double> walls, users;
  Measured m;
  for (int i = 0; i < 5; ++i) {
    m = measure(1, which, {});
    walls.push_back(m.wall), users.push_back(m.user);
    row(which, 1, m);
  }
  std::printf("%s: least wall %.2f s, least user %.2f s; ends at %.2f s, %.4f V\n", which,
              *std::min_element(walls.begin(), walls.end()), *std::min_element(users.begin(), users.end()), m.end,
              m.voltage);
}

void hole(double cells) {
  head();
  row("hole", 2, measure(2, "tapered_holes", grid(cells)));
}

void krylov(double most) {
  std::printf("The first second of the 3C charge\n");
  head();
  std::vector<double> its;
  for (double cells = 10'000; cells <= 1.01 * most; cells *= 4) {
    const Measured m = measure(1, "tapered_holes", with(grid(cells), {"step.1.until.time=1"}));
    row("krylov", 1, m);
    its.push_back(m.iterations_a_solve());
  }
  std::printf("krylov: from the first to the last %+.0f %%\n", 100 * (its.back() / its.front() - 1));
}

void ranks(double cells) {
  std::printf("The first second of the 3C charge\n");
  head();
  std::vector<double> gains;
  for (int i = 0; i < 3; ++i) {
    std::array<Measured, 2> m;
    for (int n : {1, 2}) {
      m[n - 1] = measure(n, "tapered_holes", with(grid(cells), {"step.1.until.time=1"}));
      row("ranks", n, m[n - 1]);
    }
    gains.push_back(m[0].wall / m[1].wall);
    std::printf("ranks: two are %.2f times as fast as one; user seconds %.2f of one's\n", gains.back(),
                m[1].user / m[0].user);
  }
}

void memory(double most) {
  std::printf("The first 5 s of the 3C charge, 20 shells\n");
  head();
  std::vector<Measured> m;
  for (double cells : {most / 4, most}) {
    m.push_back(measure(1, "tapered_holes", with(grid(cells), {"mesh.shells=20", "step.1.until.time=5"})));
    row("memory", 1, m.back());
  }
  std::printf("memory: %.2f kB a cell more for more cells\n",
              1e-3 * (m[1].memory - m[0].memory) / double(m[1].cells - m[0].cells));
}

}  // namespace

int main(int count, char** words) {
  let_root_launch();
  program = words[0];
  const std::vector<std::string> all(words + 1, words + count);
  if (all.size() > 1 && all[0] == "solve") return solve(all[1], {all.begin() + 2, all.end()});
  const std::string what = all.empty() ? "" : all[0];
  const auto cells = [&](double usual) { return all.size() > 1 ? std::atof(all[1].c_str()) : usual; };
  if (what.empty() || what == "groove") small("grooved");
  if (what.empty() || what == "pouch") small("pouch_tabs");
  if (what == "hole") hole(cells(50'000));
  if (what.empty() || what == "krylov") krylov(cells(what.empty() ? 40'000 : 640'000));
  if (what == "ranks") ranks(cells(100'000));
  if (what.empty() || what == "memory") memory(cells(40'000));
  return 0;
}
