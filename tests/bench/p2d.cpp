/// How fast a P2D solve is, by meshes and tolerances, with counts that do not depend on the machine.
///   bench_p2d            the table
///   PORELITH_YARDSTICK=<program> bench_p2d    runs that program in turn with the first row and prints the ratio of
///   medians
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "solver/simulation.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

/// The Marquis2019 1C discharge to 3.105 V from the published start.
Case marquis(int electrode, int separator, int shells, double rtol) {
  Case c = shipped_case("kokam_marquis2019");
  c.initial = {};
  c.initial.sto_negative = 19986.609595075 / 24983.2619938437;
  c.initial.sto_positive = 30730.7554385565 / 51217.9257309275;
  c.protocol = {at_rate(*c.cell, 1)};
  set_mesh(c, electrode, separator, shells);
  c.mesh.shell_grading = 10;
  c.solver.rtol = rtol;
  return c;
}

double voltage_at(const Results& r, double t) {  // cubic through four rows
  int i = 0, n = static_cast<int>(r.curve.size());
  while (i < n && r.curve[i].time < t) ++i;
  i = std::max(0, std::min(i - 2, n - 4));
  double V = 0;
  for (int a = i; a < i + 4; ++a) {
    double w = r.curve[a].voltage();
    for (int b = i; b < i + 4; ++b)
      if (b != a) w *= (t - r.curve[b].time) / (r.curve[a].time - r.curve[b].time);
    V += w;
  }
  return V;
}

double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

/// Wall time that the yardstick itself reports ("... 6.300 ms" at the end of its line) [ms]
double yardstick(const std::string& program) {
  FILE* pipe = popen((program + " 20 20 1e-4 1 2>&1 >/dev/null").c_str(), "r");
  if (!pipe) return 0;
  char line[512] = "";
  double ms = 0;
  while (std::fgets(line, sizeof line, pipe))
    if (const char* end = std::strstr(line, " ms")) {
      while (end > line && (std::isdigit(end[-1]) || end[-1] == '.')) --end;
      ms = std::atof(end);
    }
  pclose(pipe);
  return ms;
}

}  // namespace

int main() {
  // The converged solution to measure by: far below 0.1 mV from PyBaMM's own (verify.reference).
  const Results exact = simulate(marquis(100, 50, 60, 1e-7));
  std::printf("Marquis2019, 1C discharge to 3.105 V; against 100/50/100 cells x 60 shells at rtol 1e-7, from 1 s on\n");
  std::printf("%-14s %8s %6s | %8s %8s | %6s %5s %7s %7s | %9s %9s\n", "cells x shells", "rtol", "points", "RMS mV",
              "worst mV", "steps", "rej.", "Newton", "laws", "median ms", "least ms");
  struct Row {
    int electrode, separator, shells;
    double rtol;
  };
  const char* program = std::getenv("PORELITH_YARDSTICK");
  bool first = true;
  for (const Row& row : {Row{20, 10, 12, 3e-4}, Row{12, 6, 10, 3e-4}, Row{10, 5, 8, 1e-3}, Row{20, 10, 15, 1e-4},
                         Row{20, 20, 20, 1e-4}, Row{40, 20, 20, 1e-5}, Row{100, 50, 30, 1e-6}}) {
    const Case c = marquis(row.electrode, row.separator, row.shells, row.rtol);
    Results r = simulate(c);
    double sum = 0, worst = 0;
    int n = 0;
    for (const CurveRow& p : exact.curve) {
      if (p.time < 1 || p.time > r.curve.back().time) continue;
      const double e = std::abs(voltage_at(r, p.time) - p.voltage());
      sum += e * e, worst = std::max(worst, e), ++n;
    }
    std::vector<double> ours, theirs;
    for (int i = 0; i < 41; ++i) {
      ours.push_back(milliseconds([&] { r = simulate(c); }));
      if (first && program) theirs.push_back(yardstick(program));
    }
    std::printf("%3d/%2d/%3d x %2d %8.0e %6zu | %8.3f %8.3f | %6ld %5ld %7ld %7ld | %9.3f %9.3f\n", row.electrode,
                row.separator, row.electrode, row.shells, row.rtol, r.curve.size(), 1e3 * std::sqrt(sum / n),
                1e3 * worst, r.counts.steps, r.counts.rejected, r.counts.newton, r.counts.law_evaluations, median(ours),
                *std::min_element(ours.begin(), ours.end()));
    if (first && program)
      std::printf("    %s in turn: median %.3f ms; ratio of medians %.3f\n", program, median(theirs),
                  median(ours) / median(theirs));
    first = false;
  }
}
