#include <algorithm>

#include "solver/base/error.hpp"
#include "solver/case/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

/// LG M50: 5 A.h, 0.1027 m2, 2.5 V to 4.2 V (Chen et al. 2020).
std::string with_cell(const std::string& steps) { return "[cell]\nfile = \"lgm50_chen2020\"\n" + steps; }

std::vector<Step> protocol(const std::string& steps) { return parse_case(with_cell(steps), "case.toml").protocol; }

Step only_step(const std::string& keys) {
  const auto steps = protocol("[[step]]\n" + keys + "\n");
  REQUIRE(steps.size() == 1);
  return steps.front();
}

std::string complaint(const std::string& steps) {
  return sentence_of<CaseError>([&] { parse_case(with_cell(steps), "case.toml"); });
}

std::string step_complaint(const std::string& keys) { return complaint("[[step]]\n" + keys + "\n"); }

/// The value of a stop; NaN if the step has none of it.
double stop(const Step& step, Quantity quantity) {
  for (const auto& stop : step.stops) {
    if (stop.quantity == quantity) return stop.value;
  }
  return std::nan("");
}

bool has(const Step& step, Quantity quantity) { return !std::isnan(stop(step, quantity)); }

}  // namespace

TEST_CASE("discharge is a positive current that falls to the lower cut-off") {
  const Step step = only_step("discharge = \"1C\"");
  CHECK(step.label == "discharge at 1C");
  CHECK(step.control == Control::current);
  CHECK(step.value == 5);
  CHECK(stop(step, Quantity::voltage_below) == 2.5);
  CHECK_FALSE(has(step, Quantity::voltage_above));
}

TEST_CASE("charge is a negative current that rises to the upper cut-off") {
  const Step step = only_step("charge = \"C/20\"");
  CHECK(step.value == -0.25);
  CHECK(stop(step, Quantity::voltage_above) == 4.2);
  CHECK_FALSE(has(step, Quantity::voltage_below));
  CHECK(only_step("charge = 2").value == -2);
  CHECK(only_step("charge = \"24 A/m2\"").value == Approx(-24 * 0.1027).epsilon(1e-12));
}

TEST_CASE("a step's own stop replaces the cut-off on its side") {
  const Step step = only_step("discharge = \"1C\"\nuntil = { voltage = \"3 V\" }");
  CHECK(stop(step, Quantity::voltage_below) == 3);
  CHECK(std::count_if(step.stops.begin(), step.stops.end(),
                      [](const Stop& s) { return s.quantity == Quantity::voltage_below; }) == 1);
  CHECK(stop(only_step("charge = \"1C\"\nuntil = { voltage = 4.1 }"), Quantity::voltage_above) == 4.1);
  CHECK(stop(only_step("charge = \"1C\"\nuntil = { voltage_above = 4.3 }"), Quantity::voltage_above) == 4.3);
}

TEST_CASE("every stop arrives in SI") {
  const Step step = only_step(
      "discharge = \"1C\"\nuntil = { time = \"2 h\", capacity = \"2 A.h\", soc = \"20 %\", plating_margin = \"5 mV\", "
      "salt = \"10 mol/m3\", voltage_above = 5 }");
  CHECK(stop(step, Quantity::time) == 7200);
  CHECK(stop(step, Quantity::capacity) == 7200);  // A.s
  CHECK(stop(step, Quantity::soc_below) == 0.2);
  CHECK(stop(step, Quantity::plating_margin) == 0.005);
  CHECK(stop(step, Quantity::salt) == 10);
  CHECK(stop(step, Quantity::voltage_above) == 5);
  CHECK(stop(only_step("charge = \"1C\"\nuntil = { soc = 0.8 }"), Quantity::soc_above) == 0.8);
}

TEST_CASE("a hold needs an end and has no cut-offs") {
  const Step step = only_step("hold = \"4.2 V\"\nuntil = { current = \"C/20\", current_above = \"2 A\" }");
  CHECK(step.label == "hold at 4.2 V");
  CHECK(step.control == Control::voltage);
  CHECK(step.value == 4.2);
  CHECK(stop(step, Quantity::current_below) == 0.25);
  CHECK(stop(step, Quantity::current_above) == 2);
  CHECK(step.stops.size() == 2);
  CHECK_THAT(step_complaint("hold = 4.2"),
             says("case.toml:4:8: [step 1] hold may never end; add until = { current = \"C/20\" } or a time"));
  CHECK_THAT(step_complaint("hold = 4.2\nuntil = { time = 10, voltage = 3 }"),
             says("[step 1.until] voltage cannot end a step that holds the voltage"));
}

TEST_CASE("power is positive on discharge and stops at the side that it leads to") {
  const Step out = only_step("power = \"10 W\""), in = only_step("power = -5");
  CHECK(out.control == Control::power);
  CHECK(out.label == "discharge at 10 W");
  CHECK(stop(out, Quantity::voltage_below) == 2.5);
  CHECK(in.label == "charge at 5 W");
  CHECK(stop(in, Quantity::voltage_above) == 4.2);
  CHECK_THAT(step_complaint("power = 0"), says("power = 0 moves nothing"));
}

TEST_CASE("a rest is no current for a time") {
  const Step step = only_step("rest = \"30 min\"");
  CHECK(step.label == "rest");
  CHECK(step.value == 0);
  CHECK(step.stops.size() == 1);
  CHECK(stop(step, Quantity::time) == 1800);
}

TEST_CASE("a current table is followed to its end, from a file or from the case") {
  const Scratch folder;
  write_text(folder / "drive.csv", "time [s], current [A]\r\n0, 1\r\n10.5, -2\r\n# a pause\r\n\r\n20,0\r\n");
  write_text(folder / "case.toml", with_cell("[[step]]\ncurrent_table = \"drive.csv\"\n"));
  const Case read = read_case(folder.path());
  const Step& step = read.protocol.front();
  CHECK(step.label == "current table drive.csv");
  CHECK(step.control == Control::table);
  CHECK(step.table->time == std::vector<double>{0, 10.5, 20});
  CHECK(step.table->value == std::vector<double>{1, -2, 0});
  CHECK(stop(step, Quantity::time) == 20);
  CHECK(stop(step, Quantity::voltage_below) == 2.5);
  CHECK(stop(step, Quantity::voltage_above) == 4.2);
  CHECK(parse_case(read.resolved, "/elsewhere/case.toml").protocol.front().table->value == step.table->value);
  CHECK(only_step("current_table = { time = [0, \"1 min\"], current = [1, 2] }").table->time.back() == 60);
}

TEST_CASE(
    "tables hold currents in any unit, voltages or powers, linear or held, and jump between two rows at one time") {
  const auto table = [](const std::string& keys) { return *only_step(keys).table; };
  const DriveTable rates =
      table("current_table = { time = [0, 1, 1, 2, 3], current = [1, \"1C\", \"-C/4\", \"-500 mA\", \"24 A/m2\"] }");
  CHECK(rates.quantity == Control::current);
  CHECK(rates.time == std::vector<double>{0, 1, 1, 2, 3});
  CHECK(rates.value == std::vector<double>{1, 5, -1.25, -0.5, 24 * 0.1027});
  const DriveTable volts = table("voltage_table = { time = [0, \"1 min\"], voltage = [4, \"3900 mV\"] }");
  CHECK(volts.quantity == Control::voltage);
  CHECK(volts.value == std::vector<double>{4, 3.9});
  const Step watts = only_step("power_table = { time = [0, 5], power = [\"10 W\", -5] }");
  CHECK(watts.table->quantity == Control::power);
  CHECK(watts.label == "power table");
  CHECK(has(watts, Quantity::voltage_below));
  CHECK(has(watts, Quantity::voltage_above));
  // A held value lasts until the next row; the last row is no more than the end.
  const DriveTable held =
      table("interpolation = \"hold\"\ncurrent_table = { time = [0, 1, 1, 3, 4], current = [1, 7, 2, 3, 9] }");
  CHECK(held.time == std::vector<double>{0, 1, 1, 3, 3, 4});
  CHECK(held.value == std::vector<double>{1, 1, 2, 2, 3, 3});
  CHECK_THAT(step_complaint("rest = 1\ninterpolation = \"hold\""), says("has no table whose rows could be"));
  CHECK_THAT(step_complaint("current_table = { time = [0, 1, 1, 1], current = [1, 2, 3, 4] }"),
             says("has three rows at 1 s; two are a jump"));
  CHECK_THAT(step_complaint("power_table = { time = [0, 1], power = [1, \"2 A\"] }"), says("has the wrong unit"));
  CHECK_THAT(step_complaint("voltage_table = { time = [0, 1], current = [1, 2] }"),
             says("is neither the name of a CSV file nor { time = [...], voltage = [...] }"));
  CHECK_THAT(step_complaint("current_table = { time = [0, 2, 1], current = [1, \"1X\", 1] }"),
             says("in current, which"));
}

TEST_CASE("a table's rates are echoed so that they read back the same, and repeats share one table") {
  const Case c = parse_case(with_cell("[protocol]\nrepeat = 3\n[[step]]\ncurrent_table = { time = [0, 1], current = "
                                      "[\"C/3\", \"-2 A/m2\"] }\n"),
                            "case.toml");
  REQUIRE(c.protocol.size() == 3);
  CHECK(c.protocol[0].table == c.protocol[2].table);
  CHECK(parse_case(c.resolved, "/elsewhere/case.toml").protocol[0].table->value == c.protocol[0].table->value);
}

TEST_CASE("a bad current table is told by line") {
  const Scratch folder;
  const auto said = [&](const std::string& rows) {
    write_text(folder / "drive.csv", rows);
    write_text(folder / "case.toml", with_cell("[[step]]\ncurrent_table = \"drive.csv\"\n"));
    return sentence_of<CaseError>([&] { read_case(folder.path()); });
  };
  CHECK_THAT(said("0,1\n1,x\n"), says("drive.csv:2:1: the current \"x\" is no number"));
  CHECK_THAT(said("0,1\n1,2,3\n"), says("drive.csv:2:1: holds 3 cells where the first row holds 2"));
  CHECK_THAT(said("0,1\n5,1\n4,2\n"), says("drive.csv:3:1: the time \"4\" goes back from 5 s to 4 s"));
  CHECK_THAT(said("t,I\n"), says("holds no rows of time and current"));
  CHECK_THAT(said("t,I\n0,nan\n1,inf\n"), says("2 problems"));
  CHECK_THAT(step_complaint("current_table = \"none.csv\""),
             says("case.toml:4:17: [step 1] current_table = \"none.csv\" is no file: ") &&
                 says("none.csv is not there; a current table is a CSV file"));
  CHECK_THAT(step_complaint("current_table = { time = [0, 1] }"), says("is neither the name of a CSV file nor { time"));
}

TEST_CASE("a step does exactly one thing") {
  CHECK_THAT(step_complaint("discharge = 1\ncharge = 1"),
             says("case.toml:5:10: [step 1] does both discharge and charge; a step does one thing"));
  CHECK_THAT(step_complaint(""),
             says("[step 1] does nothing; give discharge, charge, hold, power, rest, "
                  "current_table, voltage_table, power_table, current_function, voltage_function or "
                  "power_function"));
  CHECK_THAT(step_complaint("discharge = 0"), says("[step 1] discharge = 0 is not > 0 A"));
  CHECK_THAT(step_complaint("charge = \"-1C\""), says("is not > 0 A"));
  const std::string once = step_complaint("discharge = \"1D\"");  // not also: does nothing
  CHECK_THAT(once, says("1 problem; nothing was run."));
}

TEST_CASE("stops that cannot be reached or have two sides are refused") {
  CHECK_THAT(step_complaint("discharge = 1\nuntil = { current = 0.1 }"),
             says("[step 1.until] current cannot end a step that fixes the current"));
  CHECK_THAT(step_complaint("rest = 60\nuntil = { voltage = 3 }"),
             says("voltage can be reached from either side here; write voltage_below or voltage_above"));
  CHECK_THAT(step_complaint("hold = 4\nuntil = { time = 1, soc = 0.5 }"), says("write soc_below or soc_above"));
}

TEST_CASE("repeats are written out, from a step on if asked") {
  const std::string steps = "[[step]]\nrest = 1\n[[step]]\ndischarge = 1\n[[step]]\ncharge = 1\n";
  CHECK(protocol("[protocol]\nrepeat = 3\n" + steps).size() == 9);
  const auto some = protocol("[protocol]\nrepeat = 3\nrepeat_from = 2\n" + steps);
  REQUIRE(some.size() == 7);
  CHECK(some[3].label == "discharge at 1 A");
  CHECK(some[6].label == "charge at 1 A");
  CHECK_THAT(complaint("[protocol]\nrepeat_from = 4\n" + steps), says("repeat_from = 4 is past the last step, 3"));
}

TEST_CASE("a hold beyond the cut-offs is allowed and mentioned") {
  const Case read = parse_case(with_cell("[[step]]\nhold = 4.5\nuntil = { time = 10 }\n"), "case.toml");
  const auto& warnings = read.warnings;
  CHECK(std::count(warnings.begin(), warnings.end(),
                   "[step 1] holds 4.5 V, outside the cell's cut-offs of 2.5 V and 4.2 V") == 1);
}

TEST_CASE("cut-offs count in their direction, and do to a table what it asks for") {
  const std::string table = "current_table = { time = [0, 1], current = [1, -1] }\n";
  const Step plain = only_step(table);
  CHECK(plain.at_cut_off == AtCutOff::end);
  for (const Stop& s : plain.stops)
    if (s.quantity != Quantity::time) CHECK((s.directed && s.cut_off));
  CHECK(only_step(table + "cut_off = \"hold\"").at_cut_off == AtCutOff::hold);
  CHECK(only_step(table + "cut_off = \"rest\"").at_cut_off == AtCutOff::rest);
  const Step own = only_step(table + "until = { voltage_below = 3 }");  // the step's own: it ends the step
  CHECK(stop(own, Quantity::voltage_below) == 3);
  for (const Stop& s : own.stops)
    if (s.quantity == Quantity::voltage_below) CHECK((s.directed && !s.cut_off));
  CHECK_THAT(step_complaint("rest = 1\ncut_off = \"hold\""),
             says("[step 1] cut_off = \"hold\" is for tables of current or power; every other step ends at a cut-off"));
  CHECK_THAT(step_complaint("voltage_table = { time = [0, 1], voltage = [4, 3] }\ncut_off = \"rest\""),
             says("is for tables of current or power"));
  CHECK_THAT(step_complaint("voltage_table = { time = [0, 1], voltage = [4, 3] }\nuntil = { voltage_below = 3 }"),
             says("voltage_below cannot end a step that fixes the voltage"));
  CHECK_THAT(step_complaint(table + "cut_off = \"stop\""), says("is not one of end, hold, rest"));
}

TEST_CASE("the whole protocol can have stops, the cell's cut-offs by name") {
  const auto until = [](const std::string& keys) {
    return parse_case(with_cell("[protocol]\nrepeat = 9\nuntil = { " + keys + " }\n[[step]]\nrest = 1\n"), "case.toml")
        .until;
  };
  const auto empty = until("empty = true, time = \"10 h\"");
  REQUIRE(empty.size() == 2);
  CHECK(empty[0].quantity == Quantity::voltage_below);
  CHECK(empty[0].value == 2.5);
  CHECK(empty[0].directed);
  CHECK(empty[1].quantity == Quantity::time);
  CHECK(empty[1].value == 36000);
  CHECK(until("full = true")[0].value == 4.2);
  CHECK(until("capacity = \"2 A.h\"")[0].value == 7200);
  CHECK_THAT(complaint("[protocol]\nuntil = { soc_belw = 0.1 }\n[[step]]\nrest = 1\n"), says("Did you mean soc_below"));
}
