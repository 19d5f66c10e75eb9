/// A cut-off concerns only the direction that leads to it; what it does to a table; stops of the whole protocol; steps
/// of no length.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "solver/case/reader.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

Results run(const std::string& text) { return simulate(parse_case(text, "case.toml")); }

std::string lgm50(double soc, const std::string& rest) {
  return "[cell]\nfile = \"lgm50_chen2020\"\n[initial]\nsoc = " + std::to_string(soc) + "\n" + rest;
}

const CurveRow& row_at(const Results& r, double t) {
  return *std::min_element(r.curve.begin(), r.curve.end(), [t](const CurveRow& a, const CurveRow& b) {
    return std::abs(a.time - t) < std::abs(b.time - t);
  });
}

}  // namespace

TEST_CASE("a drive with regeneration is followed from a cell whose open circuit lies above the upper cut-off") {
  const std::string drive =
      "[cell]\nfile = \"nmc111_pouch\"\n[[step]]\ncurrent_table = { time = [0, 10, 11, 600, 601, 605, 606, 1200], "
      "current "
      "= [0.002, 0.002, 12.5, 12.5, -25, -25, 12.5, 12.5] }\n";
  const Results r = run(drive);
  CHECK(r.status == "complete");
  CHECK(r.curve.front().voltage() > 4.2);
  CHECK(r.steps[0].end == 1200);
  CHECK(r.steps[0].ended == "1200 s passed");
}

TEST_CASE("a table in the wrong sign on a full cell ends at once, and says that no time passed") {
  const Results r =
      run("[cell]\nfile = \"nmc111_pouch\"\n[[step]]\ncurrent_table = { time = [0, 600], current = [-5, -5] }\n");
  CHECK(r.steps[0].end == 0);
  CHECK(r.steps[0].ended.find("voltage rose to 4.2 V") == 0);
  CHECK(r.steps[0].ended.find(": no time passed") != std::string::npos);
  // From nearly full it ends early, which is told with the table's length.
  const Results early =
      run("[cell]\nfile = \"lgm50_chen2020\"\n[initial]\nsoc = 0.8\n[[step]]\ncurrent_table = { time = [0, 6000], "
          "current = [-5, -5] }\n");
  CHECK(early.steps[0].ended.find("s into a table of 6000 s") != std::string::npos);
  CHECK(early.curve.back().voltage() == Approx(4.2).margin(1e-5));
}

TEST_CASE("a cut-off can end a table, hold its voltage, or let the cell rest until the table turns") {
  const std::string table =
      "[[step]]\ncurrent_table = { time = [0, 300, 301, 600, 601, 900], current = [10, 10, -4, -4, 10, 10] }\n";
  const double soc = 0.06;  // at 2C the lower cut-off comes within the first 300 s
  const Results end = run(lgm50(soc, table));
  CHECK(end.steps[0].ended.find("voltage fell to 2.5 V, ") == 0);
  CHECK(end.curve.back().voltage() == Approx(2.5).margin(1e-5));
  const double t_cut = end.curve.back().time;
  REQUIRE(t_cut < 299);

  const Results hold = run(lgm50(soc, table + "cut_off = \"hold\"\n"));
  REQUIRE(hold.status == "complete");
  CHECK(hold.steps[0].end == 900);
  CHECK(hold.steps[0].ended.find("900 s passed; held for ") == 0);
  double least = 10;
  for (const CurveRow& row : hold.curve) {
    least = std::min(least, row.voltage());
    if (row.time > t_cut + 1 && row.time < 300) {  // held: less current than the table asks for
      CHECK(row.voltage() == Approx(2.5).margin(1e-6));
      CHECK(row.current() < 10);
      CHECK(row.current() > 0);
    }
    if (row.time > 302 && row.time < 600) CHECK(row.current() == Approx(-4).epsilon(1e-9));
  }
  CHECK(least > 2.5 - 1e-5);

  const Results rest = run(lgm50(soc, table + "cut_off = \"rest\"\n"));
  REQUIRE(rest.status == "complete");
  CHECK(rest.steps[0].end == 900);
  CHECK(rest.steps[0].ended.find("900 s passed; at rest for ") == 0);
  for (const CurveRow& row : rest.curve) {
    if (row.time > t_cut + 1e-3 && row.time < 300 + 10.0 / 14) CHECK(std::abs(row.current()) < 1e-9);
    if (row.time > 301 && row.time < 600) CHECK(row.current() == Approx(-4).epsilon(1e-9));
  }
}

TEST_CASE("the upper cut-off holds a table of power that charges on, until it asks for less") {
  const Results r = run(lgm50(0.9,
                              "[[step]]\ncut_off = \"hold\"\npower_table = { time = [0, 1200, 2400], power = [-40, "
                              "-20, 0] }\n"));
  REQUIRE(r.status == "complete");
  CHECK(r.steps[0].end == 2400);
  double most = 0;
  for (const CurveRow& row : r.curve) most = std::max(most, row.voltage());
  CHECK(most < 4.2 + 1e-5);
  CHECK(most > 4.2 - 1e-6);
  const CurveRow& late = row_at(r, 2380);  // followed again: 20 W * 20/1200
  CHECK(late.current() * late.voltage() == Approx(-20 * (2400 - late.time) / 1200).epsilon(1e-6));
}

TEST_CASE("a protocol is repeated until the cell is empty, wherever that comes") {
  const std::string steps =
      "[[step]]\ncurrent_table = { time = [0, 200, 201, 250], current = [10, 10, -5, -5] }\n[[step]]\nrest = 30\n";
  const Results r = run(lgm50(0.3, "[protocol]\nrepeat = 1000\nuntil = { empty = true }\n" + steps));
  REQUIRE(r.status == "complete");
  CHECK(r.steps.size() > 2);
  CHECK(r.steps.size() < 40);
  CHECK(r.steps.back().ended.find("voltage fell to 2.5 V, ") == 0);
  CHECK(r.steps.back().ended.find(", which ends the protocol") != std::string::npos);
  CHECK(r.curve.back().voltage() == Approx(2.5).margin(1e-5));
  const Results hours =
      run(lgm50(0.9, "[protocol]\nrepeat = 1000\nuntil = { time = 1000, soc_below = 0.1 }\n" + steps));
  CHECK(hours.curve.back().time == 1000);
  CHECK(hours.steps.back().ended == "1000 s of the protocol passed");
  const Results share = run(lgm50(0.9, "[protocol]\nrepeat = 1000\nuntil = { soc_below = 0.7 }\n" + steps));
  CHECK(observed(share.curve.back(), "soc") == Approx(0.7).margin(1e-6));
}

TEST_CASE("stops beyond a jump say so") {
  const Results r =
      run(lgm50(0.2, "[[step]]\ncurrent_table = { time = [0, 100, 100, 200], current = [1, 1, 400, 400] }\n"));
  CHECK(r.steps[0].end == 100);
  CHECK(r.steps[0].ended.find("voltage fell to 2.5 V") == 0);
  std::printf("  %s\n", r.steps[0].ended.c_str());
  const bool told = r.steps[0].ended.find("at the jump of the current to 400 A") != std::string::npos ||
                    r.steps[0].ended.find("before the current of the step was reached") != std::string::npos;
  CHECK(told);
}
