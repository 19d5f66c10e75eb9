/// Straight lines between the rows of a curve against the steps' own polynomials, looked at fifty times a step.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

#include "solver/case_parameters.hpp"
#include "solver/figures/figures.hpp"
#include "solver/march/between_rows.hpp"
#include "solver/march/protocol.hpp"
#include "solver/simulation.hpp"
#include "surrogate/dataset/design_space.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

struct Point {
  double t, V, I;
};

struct Deviation {
  double V = 0;       ///< [V]
  double I = 0;       ///< over the larger current of the two rows [1]
  double V_bare = 0;  ///< of straight lines between accepted states alone [V]
  long steps = 0, rows = 0;

  void compare(const Point& a, const Point& b, const Point& p, double& worst_V) {
    const double w = (p.t - a.t) / (b.t - a.t);
    worst_V = std::max(worst_V, std::abs(p.V - a.V - w * (b.V - a.V)));
  }
};

/// Runs the case's protocol and looks at every step between its ends.
Deviation deviation_of(const Case& c) {
  Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
  Stepper stepper(model, c.solver);
  const Layout& l = model.layout();
  const Observers observers(model);
  Deviation worst;
  Point last{};
  ProtocolListener listener;
  const auto at = [&](double t) {
    return Point{t, stepper.interpolated(t, l.voltage), stepper.interpolated(t, l.current)};
  };
  listener.between = [&](int) {
    const State &x = stepper.state(), &y = stepper.candidate();
    last = {stepper.time(), x[l.voltage], x[l.current]};
    const Point end{stepper.candidate_time(), y[l.voltage], y[l.current]};
    std::vector<Point> rows{last};
    between_rows(stepper, l, [&](double t) { rows.push_back(at(t)); });
    rows.push_back(end);
    ++worst.steps;
    worst.rows += static_cast<long>(rows.size()) - 1;
    constexpr int looks = 50;
    for (int i = 1; i < looks; ++i) {
      const Point p = at(last.t + (end.t - last.t) * i / looks);
      const auto right =
          std::upper_bound(rows.begin(), rows.end() - 1, p.t, [](double t, const Point& r) { return t < r.t; });
      const Point &a = *(right - 1), &b = *right;
      worst.compare(a, b, p, worst.V);
      worst.compare(last, end, p, worst.V_bare);
      const double w = (p.t - a.t) / (b.t - a.t), most = std::max(std::abs(a.I), std::abs(b.I));
      if (most > 0) worst.I = std::max(worst.I, std::abs(p.I - a.I - w * (b.I - a.I)) / most);
    }
  };
  run_protocol(stepper, observers, model.rest(initial_stoichiometries(c)), c.protocol, {}, listener);
  return worst;
}

Case discharge(const char* cell, double rate) {
  Case c = shipped_case(cell);
  c.protocol = {at_rate(*c.cell, rate)};
  return c;
}

Case cycles(int n) {
  Case c = shipped_case("lgm50_chen2020");
  for (int k = 0; k < n; ++k) {
    c.protocol.push_back(at_rate(*c.cell, 1));
    c.protocol.push_back(rest_for(1800));
    c.protocol.push_back(at_rate(*c.cell, -0.5));
    c.protocol.push_back(hold_at(c.cell->V_max, 0.05 * c.cell->nominal_capacity));
  }
  return c;
}

/// Half-minute pulses with rests.
Case pulses() {
  Case c = shipped_case("nmc111_pouch");
  c.initial.soc = 0.8;
  for (int k = 0; k < 6; ++k) {
    Step pulse = at_rate(*c.cell, k % 2 == 0 ? 3 : -2);
    pulse.stops.push_back({Quantity::time, 30});
    c.protocol.push_back(pulse);
    c.protocol.push_back(rest_for(600));
  }
  return c;
}

bool same(const std::vector<CurveRow>& a, const std::vector<CurveRow>& b) {
  const auto equal = [](const CurveRow& x, const CurveRow& y) {
    return x.time == y.time && x.values == y.values && x.step == y.step;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

}  // namespace

TEST_CASE("straight lines between rows stay within 0.5 mV and 0.1 % of current of the steps' polynomials") {
  const std::pair<const char*, Case> cases[] = {{"LG M50 C/10", discharge("lgm50_chen2020", 0.1)},
                                                {"LG M50 1C", discharge("lgm50_chen2020", 1)},
                                                {"LG M50 3C", discharge("lgm50_chen2020", 3)},
                                                {"Kokam 5C", discharge("kokam_marquis2019", 5)},
                                                {"LFP 1C", discharge("lfp_18650", 1)},
                                                {"pouch, pulses", pulses()},
                                                {"LG M50, 3 CC-CV cycles", cycles(3)}};
  std::printf("  %-26s %8s %8s %12s %10s %10s\n", "", "steps", "rows", "bare [mV]", "V [mV]", "I [%]");
  for (const auto& [name, c] : cases) {
    const Deviation d = deviation_of(c);
    std::printf("  %-26s %8ld %8ld %12.3f %10.3f %10.4f\n", name, d.steps, d.rows, 1e3 * d.V_bare, 1e3 * d.V,
                100 * d.I);
    INFO(name);
    CHECK(d.V < 0.5e-3);
    CHECK(d.I < 1e-3);
    CHECK(d.rows < 2.5 * d.steps);
  }
}

TEST_CASE("figures are summed over accepted steps: whatever rows are asked for, they are the same to the bit") {
  Case c = cycles(1);
  const Results plain = simulate(c);
  REQUIRE(plain.status == "complete");
  CHECK(plain.curve.size() > plain.accepted.size());
  const auto figures = run_figures(plain, *c.cell);
  REQUIRE(figures.size() > 10);
  Sample sample;
  sample.curve.resize(curve_points);
  measure(plain, sample);
  for (const double interval : {20.0, 2000.0, std::numeric_limits<double>::infinity()}) {
    c.output.interval = interval;
    const Results rows = simulate(c);
    CHECK(rows.curve.size() != plain.curve.size());
    CHECK(same(rows.accepted, plain.accepted));
    const auto again = run_figures(rows, *c.cell);
    REQUIRE(again.size() == figures.size());
    for (std::size_t k = 0; k < figures.size(); ++k) {
      INFO(figures[k].symbol);
      CHECK(again[k].value == figures[k].value);
    }
    Sample other;
    other.curve.resize(curve_points);
    measure(rows, other);
    CHECK(other.scalars == sample.scalars);
  }
}

TEST_CASE("the curve holds every accepted state, and in between rows in order of time") {
  const Results r = simulate(cycles(1));
  auto next = r.curve.begin();
  for (const CurveRow& state : r.accepted) {
    next = std::find_if(next, r.curve.end(),
                        [&](const CurveRow& row) { return row.time == state.time && row.step == state.step; });
    REQUIRE(next != r.curve.end());
    CHECK(next->voltage() == state.voltage());
  }
  CHECK(std::is_sorted(r.curve.begin(), r.curve.end(),
                       [](const CurveRow& a, const CurveRow& b) { return a.time < b.time; }));
}
