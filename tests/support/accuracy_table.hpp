#pragma once
/// Runs that know how exact they are, held against solves that are much finer: estimate, true error, their ratio.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "solver/accuracy.hpp"
#include "solver/simulation.hpp"
#include "tests/support/sample_cells.hpp"

namespace porelith {

enum class Build { nominal, thick, graded };

inline const char* name_of(Build build) {
  return build == Build::nominal ? "nominal" : build == Build::thick ? "thick" : "graded";
}

/// One constant current of a shipped cell from full or empty to its cut-off, on the default mesh.
inline Case table_case(const std::string& cell, double rate, Build build) {
  Case c = shipped_case(cell);
  c.initial = {};
  c.initial.soc = rate > 0 ? 1 : 0;
  if (build == Build::thick) thicken(c, 2);
  if (build == Build::graded)
    for (Electrode* electrode : {&c.cell->negative, &c.cell->positive}) {
      const double eps = electrode->porosity->mean();
      electrode->porosity =
          Profile::polynomial({0.7 * eps, 0.6 * eps});  // 30 % less at the collector, more at the separator
      electrode->solid = Solid::composition;
    }
  c.protocol = {at_rate(*c.cell, rate)};
  return c;
}

struct TableRow {
  std::string what;
  bool judged = false;
  AccuracyEstimate judgement;
  Uncertainty estimate, first_estimate, truth;
  bool holds() const { return truth.end <= estimate.end + 1e-6 && truth.voltage <= estimate.voltage + 1e-5; }
};

inline Results traced(const Case& c, Trace& trace) {
  Results r = simulate(c, &trace);
  return r;
}

/// @param reference cells and shells of the solve that counts as true
inline TableRow table_row(const std::string& cell, double rate, Build build, const Resolution& reference) {
  const Case c = table_case(cell, rate, build);
  TableRow row;
  row.what = fmt::format("{:<18} {:+6.3f}C {:<8}", cell, rate, name_of(build));
  Trace trace, true_trace;
  Results run = traced(c, trace);
  if (run.status != "complete") {
    std::printf("%s %s\n", row.what.c_str(), run.status.c_str());
    return row;
  }
  judge(c, trace, run);
  row.judgement = *run.accuracy;
  row.estimate = row.judgement.worst();
  Trace at_last;
  const Results again = traced(with_resolution(c, row.judgement.resolution), at_last);
  const Results exact = traced(with_resolution(c, reference), true_trace);
  if (exact.status != "complete") {
    std::printf("%s reference: %s\n", row.what.c_str(), exact.status.c_str());
    return row;
  }
  row.judged = true;
  row.truth = apart(steps_of(at_last.points(), again, c.protocol), steps_of(true_trace.points(), exact, c.protocol),
                    3600 * c.cell->nominal_capacity)
                  .at(0);
  std::printf("%s %8.4f %8.4f %6.2f | %8.3f %8.3f %6.2f | %2d %5.1f %-3s %s\n", row.what.c_str(),
              100 * row.estimate.end, 100 * row.truth.end, row.truth.end / row.estimate.end, 1e3 * row.estimate.voltage,
              1e3 * row.truth.voltage, row.truth.voltage / row.estimate.voltage, row.judgement.levels,
              row.judgement.work, row.holds() ? "" : "NO", text_of(row.judgement.resolution).c_str());
  std::fflush(stdout);
  return row;
}

inline void print_titles() {
  std::printf("%-35s %8s %8s %6s | %8s %8s %6s | %2s %5s\n", "", "end %", "true", "ratio", "V, mV", "true", "ratio",
              "n", "work");
}

/// How many estimates hold, and how many runs are within what was asked for, by their estimate and in truth.
struct TableSum {
  int rows = 0, holding = 0, within = 0, truly_within = 0;
  double most_work = 0;
  void add(const TableRow& row) {
    if (!row.judged) return;
    ++rows;
    holding += row.holds();
    within += row.judgement.within;
    truly_within += row.truth.end <= usual_accuracy && row.truth.voltage <= usual_accuracy;
    most_work = std::max(most_work, row.judgement.work);
  }
  void print() const {
    std::printf(
        "%d runs: the true error is at most the estimate in %d (%.1f %%); %d are within 0.1 %% and 1 mV by their "
        "estimate, %d in truth; at most %.1f times the work of the first solve\n",
        rows, holding, 100.0 * holding / rows, within, truly_within, most_work);
  }
};

}  // namespace porelith
