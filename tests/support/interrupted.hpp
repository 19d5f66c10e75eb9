#pragma once
/// Runs that are interrupted and go on, for tests: a stop after so many time steps, a folder for the checkpoints.
#include <cstring>
#include <string>
#include <vector>

#include "solver/case/echo.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_mesh.hpp"
#include "solver/results/keeping_recorder.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rows.hpp"

namespace porelith {

/// Asks to stop after a number of time steps, or to keep every so many; counts those there were.
class Interruption : public Recorder {
 public:
  explicit Interruption(long stop_after = -1) : stop_after_(stop_after) {}
  bool stop_requested() override { return asked_++ == stop_after_; }
  long asked() const { return asked_; }

 private:
  long stop_after_, asked_ = 0;
};

/// A current, a rest, a table and a hold in a row: every kind of step, and pieces within one.
inline Case busy_case(const std::string& more = "") {
  return parse_case(R"([cell]
file = "lgm50_chen2020"
[initial]
soc = 0.9
[mesh]
negative = 6
separator = 4
positive = 6
shells = 6
[output]
max_snapshots = 8
)" + more + R"(
[[step]]
discharge = "2C"
until = { time = "600 s" }
[[step]]
rest = "200 s"
[[step]]
current_table = { time = [0, 60, 120, 200], current = [-2, -6, -1, -4] }
[[step]]
charge = "1C"
until = { voltage = "4.1 V", time = "900 s" }
[[step]]
hold = "4.1 V"
until = { time = "300 s" }
)",
                    "case.toml");
}

inline Results solve_on(const Case& input, Recorder* recorder, const Team& team) {
  return input.geometry.dimension == 1 && team.size() == 1
             ? simulate(input, recorder)
             : simulate_on(mesh_of(grid_of(input), team), input, recorder, team);
}

struct Leg {
  Results results;
  long time_steps;
};

/// Solves on from what is in the folder, to the end or for so many time steps.
inline Leg solve_leg(const Case& input, const std::string& folder, const Team& team, long stop_after = -1,
                     double keep_every = 0) {
  Interruption interruption(stop_after);
  Checkpoints checkpoints(folder, {values_of(input), input.cell_sha256()}, team);
  std::vector<std::string> warnings;
  const auto kept = checkpoints.newest(warnings);
  KeepOptions options;
  options.every = keep_every;
  KeepingRecorder recorder(&interruption, checkpoints, team, options, kept ? kept->memory : "");
  Results results = solve_on(input, &recorder, team);
  return {std::move(results), interruption.asked()};
}

/// Equal to the last bit, but for the wall time.
inline void require_same(const Results& one, const Results& two) {
  const auto same = [](const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
  };
  REQUIRE(one.status == two.status);
  REQUIRE(one.curve.size() == two.curve.size());
  for (std::size_t k = 0; k < one.curve.size(); ++k) {
    REQUIRE(same(all_of(one.curve[k]), all_of(two.curve[k])));
  }
  REQUIRE(one.snapshots.size() == two.snapshots.size());
  for (std::size_t k = 0; k < one.snapshots.size(); ++k) {
    const Snapshot &a = one.snapshots[k], &b = two.snapshots[k];
    REQUIRE(a.time == b.time);
    REQUIRE((same(a.c_e, b.c_e) && same(a.phi_e, b.phi_e) && same(a.phi_s, b.phi_s)));
    for (std::size_t bed = 0; bed < a.c_s.size(); ++bed)
      REQUIRE((same(a.j[bed], b.j[bed]) && same(a.c_ss[bed], b.c_ss[bed]) && same(a.c_s[bed], b.c_s[bed])));
  }
  REQUIRE(one.steps.size() == two.steps.size());
  for (std::size_t k = 0; k < one.steps.size(); ++k) {
    REQUIRE(one.steps[k].ended == two.steps[k].ended);
    REQUIRE(one.steps[k].end == two.steps[k].end);
    REQUIRE(one.steps[k].charge == two.steps[k].charge);
    REQUIRE(one.steps[k].energy == two.steps[k].energy);
  }
  REQUIRE(one.counts.steps == two.counts.steps);
  REQUIRE(one.counts.newton == two.counts.newton);
}

}  // namespace porelith
