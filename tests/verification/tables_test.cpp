/// A table passes its own charge and energy, its rows carry its values and the voltage for them, and a cut-off concerns
/// only the direction that leads to it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "solver/base/constants.hpp"
#include "solver/figures/figures.hpp"
#include "solver/newman/model.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/run_memory.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

Step table_step(Control quantity, std::vector<double> time, std::vector<double> value) {
  Step s;
  s.label = "table";
  s.control = Control::table;
  s.stops = {{Quantity::time, time.back()}};
  s.table = std::make_shared<DriveTable>(DriveTable{quantity, std::move(time), std::move(value)});
  return s;
}

Case with_table(Step step, double soc = 0.5, const std::string& cell = "lgm50_chen2020") {
  Case c = shipped_case(cell);
  c.initial.soc = soc;
  c.protocol = {std::move(step)};
  return c;
}

/// Of a table: its integral to every row, and its size (what passes each way).
struct Integral {
  explicit Integral(const DriveTable& of) : table(of) {
    for (std::size_t k = 1; k < of.time.size(); ++k)
      to.push_back(to.back() + (of.time[k] - of.time[k - 1]) * (of.value[k] + of.value[k - 1]) / 2);
  }
  std::size_t row(double t) const {
    const auto after = std::upper_bound(table.time.begin(), table.time.end(), t);
    return std::clamp<std::ptrdiff_t>(after - table.time.begin() - 1, 0, static_cast<long>(table.time.size()) - 2);
  }
  double value(double t) const {
    const std::size_t k = row(t);
    return table.value[k] +
           (table.value[k + 1] - table.value[k]) * (t - table.time[k]) / (table.time[k + 1] - table.time[k]);
  }
  double until(double t) const {
    const std::size_t k = row(t);
    return to[k] + (t - table.time[k]) * (table.value[k] + value(t)) / 2;
  }
  const DriveTable& table;
  std::vector<double> to{0};
};

struct Misses {
  double charge = 0, value = 0;  ///< largest, over what passes each way; of the table's largest value
};

/// Rows at the time of a jump may stand on either side of it.
Misses misses(const Results& r, const DriveTable& table, const char* passed) {
  const Integral exact(table);
  double way = 0, largest = 0;
  for (std::size_t k = 1; k < table.time.size(); ++k)
    way += (table.time[k] - table.time[k - 1]) * (std::abs(table.value[k]) + std::abs(table.value[k - 1])) / 4;
  for (double v : table.value) largest = std::max(largest, std::abs(v));
  Misses worst;
  for (const CurveRow& row : r.curve) {
    const bool power = table.quantity == Control::power;
    const double value = row.current() * (power ? row.voltage() : 1);
    double off = std::abs(value - exact.value(row.time));
    const std::size_t k = exact.row(row.time);
    if (k > 0 && table.time[k - 1] == table.time[k] && row.time == table.time[k])
      off = std::min(off, std::abs(value - table.value[k - 1]));
    worst.value = std::max(worst.value, off / largest);
    worst.charge = std::max(worst.charge, std::abs(observed(row, passed) - exact.until(row.time)) / way);
  }
  return worst;
}

/// Largest difference in voltage of the rows at one time, the last of each time.
double voltage_apart(const Results& coarse, const Results& fine) {
  double apart = 0;
  std::size_t k = 0;
  for (std::size_t i = 0; i + 1 < coarse.curve.size(); ++i) {
    if (coarse.curve[i + 1].time == coarse.curve[i].time) continue;
    while (k + 1 < fine.curve.size() && fine.curve[k + 1].time <= coarse.curve[i].time) ++k;
    if (std::abs(fine.curve[k].time - coarse.curve[i].time) < 1e-9)
      apart = std::max(apart, std::abs(fine.curve[k].voltage() - coarse.curve[i].voltage()));
  }
  return apart;
}

DriveTable random_cycle(int seconds, double amplitude, unsigned seed) {
  std::mt19937 random(seed);
  DriveTable table;
  for (int s = 0; s <= seconds; ++s) {
    table.time.push_back(s);
    table.value.push_back(amplitude * (random() / 2147483648.0 - 1));
  }
  return table;
}

/// Every value stays until the next row.
DriveTable held(const DriveTable& rows) {
  DriveTable table;
  for (std::size_t k = 1; k < rows.time.size(); ++k) {
    table.time.insert(table.time.end(), {rows.time[k - 1], rows.time[k]});
    table.value.insert(table.value.end(), {rows.value[k - 1], rows.value[k - 1]});
  }
  return table;
}

Step step_of(const DriveTable& t) { return table_step(t.quantity, t.time, t.value); }

DriveTable saw(int teeth) {
  DriveTable table;
  for (int k = 0; k < teeth; ++k) {  // up in a second, back in a hundredth
    table.time.insert(table.time.end(), {1.01 * k, 1.01 * k + 1});
    table.value.insert(table.value.end(), {-5, 5});
  }
  return table;
}

}  // namespace

TEST_CASE("ramps, saw-teeth, jumps and a drive cycle pass their own charge to 1e-9 of what passes each way") {
  DriveTable jumps{Control::current, {0, 3, 3, 4, 10, 10, 11}, {1, 2, -4, -4, 5, 0, 3}};
  const std::pair<const char*, DriveTable> tables[] = {
      {"one ramp", {Control::current, {0, 5, 5.001}, {2.5, -2.5, 2.5}}},
      {"slow ramps", {Control::current, {0, 900, 1800, 4000}, {0, 5, -3, 0.5}}},
      {"saw", saw(200)},
      {"drive cycle", random_cycle(300, 10, 1)},
      {"jumps", jumps},
      {"held noise", held(random_cycle(300, 10, 5))}};
  for (const auto& [name, table] : tables) {
    const Results r = simulate(with_table(step_of(table)));
    REQUIRE(r.status == "complete");
    const Misses miss = misses(r, table, "charge");
    std::printf("  %-12s: charge off by %.1e of each way, rows by %.1e of the largest; %ld steps for %zu rows\n", name,
                miss.charge, miss.value, r.counts.steps, table.time.size());
    CHECK(r.curve.back().time == table.time.back());
    CHECK(miss.charge < 1e-9);
    CHECK(miss.value < 1e-9);
  }
}

TEST_CASE("a row of a table carries the voltage of its current: within 0.3 mV of a run at rtol 1e-7") {
  const std::pair<const char*, DriveTable> tables[] = {{"saw", saw(30)},
                                                       {"2C drive cycle", random_cycle(120, 10, 2)},
                                                       {"ramps", {Control::current, {0, 100, 101, 200}, {0, 8, -5, 2}}},
                                                       {"jumps", {Control::current, {0, 5, 5, 30}, {0, 5, -5, -5}}},
                                                       {"held noise", held(random_cycle(60, 10, 4))}};
  for (const auto& [name, table] : tables) {
    Case c = with_table(step_of(table));
    c.output.interval = 0.37;  // between the rows of the table and between time steps
    const Results coarse = simulate(c);
    c.solver.rtol = 1e-7;
    const Results fine = simulate(c);
    const double apart = voltage_apart(coarse, fine);
    std::printf("  %-14s: %.3f mV apart, %ld and %ld steps\n", name, 1e3 * apart, coarse.counts.steps,
                fine.counts.steps);
    CHECK(coarse.curve.size() > 20);
    CHECK(apart < 3e-4);
    CHECK(std::abs(coarse.curve.back().energy() - fine.curve.back().energy()) <
          1e-3 * std::abs(fine.curve.back().energy()) + 0.1);
  }
}

TEST_CASE("rows that a bent voltage asks for carry the table's current too") {
  const DriveTable table{Control::current, {0, 2, 4, 6}, {10, -10, 10, -10}};
  const Results r = simulate(with_table(step_of(table)));
  REQUIRE(r.curve.size() > static_cast<std::size_t>(r.counts.steps) + 1);  // there are such rows
  CHECK(misses(r, table, "charge").value < 1e-9);
}

TEST_CASE("lithium follows a table's charge to 1e-9") {
  Case c = with_table(step_of(random_cycle(200, 10, 3)));
  c.output.max_snapshots = 10;
  const Results r = simulate(c);
  double amount[2] = {0, 0}, charge[2] = {r.snapshots.front().time, 0};
  const Snapshot* at[2] = {&r.snapshots.front(), &r.snapshots.back()};
  for (int s = 0; s < 2; ++s)
    for (std::size_t b = 0; b < r.beds.size(); ++b) {
      if (r.beds[b].electrode != "negative") continue;
      const auto& edges = r.beds[b].shell_edges;
      const std::size_t shells = edges.size() - 1;
      for (std::size_t i = 0; i < r.beds[b].cells.size(); ++i) {
        const int P = r.beds[b].cells[i];
        for (std::size_t k = 0; k < shells; ++k)
          amount[s] += r.eps_s[P] * r.mesh.volume[P] * (std::pow(edges[k + 1], 3) - std::pow(edges[k], 3)) *
                       at[s]->c_s[b][i * shells + k];
      }
    }
  charge[1] = r.curve.back().charge();
  const double way = 200 * 10 / 4.0;  // A.s each way on average
  const double off = (amount[0] - amount[1]) * faraday * r.area / r.mesh.footprint - charge[1];
  std::printf("  lithium misses the charge by %.1e of what passes each way\n", off / way);
  CHECK(std::abs(off) < 1e-9 * way);
}

TEST_CASE("a table of power passes its own energy, one of voltage is held at every row") {
  const DriveTable power{Control::power, {0, 10, 12, 30, 30, 60}, {5, 20, -15, -15, 10, 0}};
  const Results p = simulate(with_table(step_of(power)));
  REQUIRE(p.status == "complete");
  const Misses miss = misses(p, power, "energy");
  std::printf("  energy off by %.1e, power by %.1e\n", miss.charge, miss.value);
  CHECK(miss.charge < 1e-6);
  CHECK(miss.value < 1e-6);

  const DriveTable volts{Control::voltage, {0, 60, 120, 120, 200}, {3.75, 3.9, 3.6, 3.7, 3.7}};
  const Results v = simulate(with_table(step_of(volts)));
  REQUIRE(v.status == "complete");
  const Integral exact(volts);
  double off = 0;
  for (const CurveRow& row : v.curve)
    if (row.time != 120) off = std::max(off, std::abs(row.voltage() - exact.value(row.time)));
  CHECK(off < 1e-9);
  CHECK(v.curve.back().time == 200);
}

TEST_CASE("rows that lie on a line cost no steps") {
  DriveTable many{Control::current, {}, {}};
  for (int s = 0; s <= 3600; ++s) many.time.push_back(s), many.value.push_back(2 + 1e-3 * s);
  const Results fine = simulate(with_table(step_of(many)));
  const Results two = simulate(with_table(table_step(Control::current, {0, 3600}, {2, 5.6})));
  CHECK(fine.counts.steps <= two.counts.steps + 2);
  CHECK(fine.curve.back().voltage() == Approx(two.curve.back().voltage()).margin(1e-6));
}

TEST_CASE("a saw-tooth of zero mean costs the energy that fine tolerances and shells find") {
  // 5,000 teeth on the LG M50: -0.30002 W.h with 60 shells, 40 and 20 cells at rtol = 1e-5, -0.30008 W.h with 120
  // shells at 1e-6 (-0.3015 W.h with 15 shells graded by 20, which are too thick for a second).
  const Results r = simulate(with_table(step_of(saw(5000))));
  REQUIRE(r.status == "complete");
  const double energy = r.steps[0].energy / 3600;
  std::printf("  saw: %.5f W.h\n", energy);
  CHECK(energy == Approx(-0.30005).margin(3e-4));
  CHECK(std::abs(r.steps[0].charge) < 1e-9 * 2.5 * 5050);
}

TEST_CASE("whatever its shape, a table's energy and what it passes each way are those of rtol 1e-7") {
  std::mt19937 random(11);
  const auto uniform = [&] { return random() / 4294967296.0; };
  DriveTable down{Control::current, {}, {}}, triangles = down, noise = down, square = down;
  for (int k = 0; k < 60; ++k) {
    down.time.insert(down.time.end(), {1.01 * k, 1.01 * k + 1}), down.value.insert(down.value.end(), {5, -5});
    const double t = triangles.time.empty() ? 0 : triangles.time.back() + 0.05 + 3 * uniform();
    triangles.time.insert(triangles.time.end(), {t, t + 0.3 + 2 * uniform()});
    triangles.value.insert(triangles.value.end(), {-4, 6});
    const double level = k % 2 == 0 ? 5 : -5;
    square.time.insert(square.time.end(), {2.0 * k, 2.0 * k + 1.999});
    square.value.insert(square.value.end(), {level, level});
  }
  for (int k = 0; k <= 300; ++k) noise.time.push_back(0.1 * k), noise.value.push_back(20 * uniform() - 10);
  const std::pair<const char*, DriveTable> tables[] = {
      {"saw down", down}, {"triangles", triangles}, {"10 Hz noise", noise}, {"square waves", square}};
  const auto value = [](const Results& r, const std::string& symbol) {
    for (const Figure& f : run_figures(r, Team::alone()))
      if (f.symbol == symbol) return f.value;
    return 0.0;
  };
  for (const auto& [name, table] : tables) {
    Case c = with_table(step_of(table));
    const Results coarse = simulate(c);
    c.solver.rtol = 1e-7;
    const Results fine = simulate(c);
    double exact = 0;  // A s out, piece by piece
    for (std::size_t k = 1; k < table.time.size(); ++k) {
      const double a = table.value[k - 1], b = table.value[k], dt = table.time[k] - table.time[k - 1];
      exact += a > 0 && b > 0       ? dt * (a + b) / 2
               : std::max(a, b) > 0 ? dt * std::pow(std::max(a, b), 2) / 2 / std::abs(b - a)
                                    : 0;
    }
    const double out = value(fine, "energy_discharged"), in = value(fine, "energy_charged"),
                 way = 3600 * (out + in) / 2;
    const double off = std::abs(coarse.steps[0].energy - fine.steps[0].energy) / way;
    const double each = std::max(std::abs(value(coarse, "energy_discharged") / out - 1),
                                 std::abs(value(coarse, "energy_charged") / in - 1));
    const double passed = std::abs(3600 * value(coarse, "capacity_discharged") / exact - 1);
    std::printf("  %-12s: energy off by %.1e of each way, each way by %.1e, charge out by %.1e\n", name, off, each,
                passed);
    CHECK(off < 1e-4);
    CHECK(each < 1e-4);
    CHECK(passed < 1e-9);
    CHECK(observed(coarse.accepted.back(), "soc") == Approx(observed(fine.accepted.back(), "soc")).epsilon(1e-9));
  }
}

TEST_CASE("rows whose potentials were not found are told with their number and the first one's time") {
  CHECK(
      unsolved_rows_text(1, 12.5) ==
      "Between time steps one row of the curve, the first at 12.5 s, has the potentials of the step's polynomial: none "
      "were found that carry the table's value there.");
  CHECK_THAT(unsolved_rows_text(7, 3), says("7 rows of the curve, the first at 3 s, have the potentials"));
}
