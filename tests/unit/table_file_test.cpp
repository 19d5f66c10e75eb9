/// Drive tables as cyclers and spreadsheets write them: the rows that must come out of each form, or the sentence that
/// refuses it.
#include "solver/case/table_file.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "solver/base/error.hpp"
#include "solver/case/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

using Numbers = std::vector<double>;

/// A file's bytes, and what must come of them: rows, or a part of the sentence that refuses them.
struct Form {
  std::string what, bytes;
  Numbers time, value;  ///< SI
  std::string refusal = "";
  Control quantity = Control::current;
  Rate::Kind kind = Rate::Kind::ampere;
};

std::string utf16(const std::string& ascii, bool little, bool mark) {
  std::string bytes = mark ? (little ? "\xFF\xFE" : "\xFE\xFF") : "";
  for (const char c : ascii) {
    if (little) bytes += c;
    bytes += '\0';
    if (!little) bytes += c;
  }
  return bytes;
}

const Numbers minute = {0, 60}, one = {1, 1};

std::vector<Form> read_forms() {
  return {
      // titles and units
      {"titles with units", "time [s],current [A]\n0,1\n60,1\n", minute, one},
      {"no titles", "0,1\n60,1\n", minute, one},
      {"titles without units", "time,current\n0,1\n60,1\n", minute, one},
      {"minutes", "time [min],current [A]\n0,1\n1,1\n", minute, one},
      {"milliamps", "time [s],current [mA]\n0,1000\n60,1000\n", minute, one},
      {"hours and kiloamps", "Time (h),Current (kA)\n0,0.001\n0.5,0.001\n", {0, 1800}, one},
      {"milliseconds", "t/ms;I/A\n0;1\n60000;1\n", minute, one},
      {"days", "time (d),I (uA)\n0,1e6\n1,1e6\n", {0, 86400}, one},
      {"current density per cm2",
       "time/s,j [mA/cm2]\n0,2\n60,-2\n",
       minute,
       {20, -20},
       "",
       Control::current,
       Rate::Kind::per_area},
      {"current density with powers",
       "time/s,j / mA cm-2\n0,2\n60,2\n",
       minute,
       {20, 20},
       "",
       Control::current,
       Rate::Kind::per_area},
      {"current density with underscores",
       "time_s,current_density_A_m2\n0,2\n60,2\n",
       minute,
       {2, 2},
       "",
       Control::current,
       Rate::Kind::per_area},
      {"current density with words",
       "time in min,j mA per cm2\n0,2\n1,2\n",
       minute,
       {20, 20},
       "",
       Control::current,
       Rate::Kind::per_area},
      {"abbreviated units", "TestTime/Sec.,Current/mA\n0,1000\n60,1000\n", minute, one},
      {"a row of units without one for clock times",
       "Prog Time,Voltage,Current\n,[V],[mA]\n00:00:00,3.7,1000\n00:01:00,3.6,1000\n", minute, one},
      {"A/cm^2",
       "time/s,Current Density (A/cm^2)\n0,2\n60,2\n",
       minute,
       {2e4, 2e4},
       "",
       Control::current,
       Rate::Kind::per_area},
      {"C-rates by name",
       "time [s],C-rate\n0,1\n60,-0.5\n",
       minute,
       {1, -0.5},
       "",
       Control::current,
       Rate::Kind::c_rate},
      {"C-rates by unit", "time [s],rate [1/h]\n0,1\n60,2\n", minute, {1, 2}, "", Control::current, Rate::Kind::c_rate},
      {"units in words", "Elapsed (minutes),Amps\n0,1\n1,1\n", minute, one},
      {"units behind an underscore", "Time_s,Current_mA\n0,1000\n60,1000\n", minute, one},
      {"units behind in", "Time in min;Strom in mA\n0;1000\n1;1000\n", minute, one},
      {"a line of units", "Time,Current\ns,mA\n0,1000\n60,1000\n", minute, one},
      {"a line of units in brackets", "Zeit;Strom\n(min);[mA]\n0;1000\n1;1000\n", minute, one},
      {"units in the cells", "time,current\n0 s,900 mA\n1 min,1.1 A\n", minute, {0.9, 1.1}},
      {"titles that are units", "s,mA\n0,1000\n60,1000\n", minute, one},
      {"micro in Latin-1",
       "time [s];current [\xB5"
       "A]\n0;1000000\n60;1000000\n",
       minute, one},
      // cyclers' titles
      {"EC-Lab", "Ns\ttime/s\tEwe/V\tI/mA\n0\t0.0E+000\t3.7\t1.0000000E+003\n0\t6.0E+001\t3.6\t1.0000000E+003\n",
       minute, one},
      {"EC-Lab's mean", "mode\ttime/s\tcontrol/V/mA\tEwe/V\t<I>/mA\n1\t0\t1\t3.7\t1000\n1\t60\t1\t3.6\t1000\n", minute,
       one},
      {"EC-Lab with both", "time/s\tI/mA\t<I>/mA\n0\t1000\t7\n60\t1000\t7\n", minute, one},
      {"Arbin",
       "Data_Point,Test_Time(s),Date_Time,Step_Time(s),Step_Index,Current(A),Voltage(V)\n"
       "1,0,2020-01-01 10:00:00,0,1,1,3.7\n2,60,2020-01-01 10:01:00,0,2,1,3.6\n",
       minute, one},
      {"Neware",
       "Record,Total Time,Time,Current(mA),Voltage(V)\n1,0:00:00,0:00:00,1000,3.7\n2,0:01:00,0:00:00,1000,3.6\n",
       minute, one},
      {"Basytec", "~Time[h]\tDataSet\tt-Step[h]\tU[V]\tI[A]\n0\t1\t0\t3.7\t1\n0.5\t2\t0.1\t3.7\t1\n", {0, 1800}, one},
      {"Maccor-like preamble", "Today's Date,1/2/2020\nComment:,cell 5\n\nRec#,Test Time (Sec),Amps\n1,0,1\n2,60,1\n",
       minute, one},
      {"Maccor", "Rec#\tTest (Sec)\tStep (Sec)\tAmps\tVolts\n1\t0\t0\t1\t3.7\n2\t60\t0\t1\t3.6\n", minute, one},
      {"Gamry", "Pt\tT\tVf\tIm\n#\ts\tV vs. Ref.\tmA\n0\t0\t3.7\t1000\n1\t60\t3.6\t1000\n", minute, one},
      {"Neware's clock",
       "Step,Total Time(h:min:s.ms),Current(mA)\n1,0:00:00.000,1000\n1,0:01:00.500,1000\n",
       {0, 60.5},
       one},
      {"names and symbols", "Zeit t / min;Strom I / A\n0;1\n1;1\n", minute, one},
      {"other columns around", "voltage,time,temperature,current\n3.9,0,25,1\n3.8,60,25,1\n", minute, one},
      {"a third column", "time,current,voltage\n0,1,3.9\n60,1,3.8\n", minute, one},
      {"time in two units", "Time [s],Time [h],Current [A]\n0,0,1\n60,0.01667,1\n", minute, one},
      {"a range beside the current", "time/s,I Range,I/A\n0,10 A,1\n60,10 A,1\n", minute, one},
      // separators, quotes, ends of lines, encodings
      {"semicolons and decimal commas", "time;current\n0,0;1,5\n60,0;1,5\n", minute, {1.5, 1.5}},
      {"tabs", "time\tcurrent\n0\t1\n60\t1\n", minute, one},
      {"blanks", "# drive\n 0   1.0\n60   1.0\n", minute, one},
      {"blanks and titles", "time [s]  current [mA]\n0  1000\n60  1000\n", minute, one},
      {"blanks and decimal commas", "0,5 1,5\n60,5 1,5\n", minute, {1.5, 1.5}},
      {"bars", "time|current\n0|1\n60|1\n", minute, one},
      {"quotes", "\"time\",\"current\"\n\"0\",\"1\"\n\"60\",\"1\"\n", minute, one},
      {"quoted decimal commas", "time,current\n\"0,0\",\"1,5\"\n\"60,0\",\"1,5\"\n", minute, {1.5, 1.5}},
      {"a break in a quoted title", "\"Time\n[min]\",\"Current\n[mA]\"\n0,1000\n1,1000\n", minute, one},
      {"blanks around", " time , current \n 0 , 1 \n 60 ,1\n", minute, one},
      {"carriage returns and feeds", "time,current\r\n0,1\r\n60,1\r\n", minute, one},
      {"carriage returns alone", "time,current\r0,1\r60,1\r", minute, one},
      {"no end of the last line", "time,current\n0,1\n60,1", minute, one},
      {"byte order mark", "\xEF\xBB\xBFtime [min],current\n0,1\n1,1\n", minute, one},
      {"UTF-16, little", utf16("time [min]\tcurrent\r\n0\t1\r\n1\t1\r\n", true, true), minute, one},
      {"UTF-16, big", utf16("time [min];current\n0;1\n1;1\n", false, true), minute, one},
      {"UTF-16 without mark", utf16("time [min];current\n0;1\n1;1\n", true, false), minute, one},
      {"Excel's separator line", "sep=;\ntime;current\n0;1,5\n60;1,5\n", minute, {1.5, 1.5}},
      {"separators at the ends", "time,current,,\n0,1,,\n60,1,,\n", minute, one},
      // remarks, gaps, ends
      {"titles below remarks", "# cycler XY\n# date 2020-01-01\ntime,current\n0,1\n60,1\n", minute, one},
      {"titles in a remark", "# time [min],current [mA]\n0,1000\n1,1000\n", minute, one},
      {"remarks of other kinds", "% made by hand\n// or not\ntime,current\n0,1\n# a pause\n60,1\n", minute, one},
      {"blank and empty lines", "time,current\n\n0,1\n,\n60,1\n\n", minute, one},
      {"a rule below the titles", "time;current\n----;----\n0;1\n60;1\n", minute, one},
      {"a footer", "time,current\n0,1\n60,1\nEnd of test,\nTotal: 2 rows\n", minute, one},
      // numbers
      {"plus signs", "time,current\n0,+1.0\n+60,+1.0\n", minute, one},
      {"a typesetter's minus", "time,current\n0,\u22121\n60,\u22121\n", minute, {-1, -1}},
      {"exponents of all kinds", "time,current\n0.0D+00,1e0\n6E1,1.0E+000\n", minute, one},
      {"quoted thousands", "time,current\n0,\"1,000.5\"\n60,\"1,000.5\"\n", minute, {1000.5, 1000.5}},
      {"thousands by points", "time;current\n0;1,5\n1.000;1,5\n2.000;1,5\n", {0, 1000, 2000}, {1.5, 1.5, 1.5}},
      {"thousands by blanks and apostrophes",
       "time;current\n0;0,5\n1 000;0,5\n2'000;0,5\n",
       {0, 1000, 2000},
       {0.5, 0.5, 0.5}},
      {"thousands that only time tells", "time,current\n0,1\n999,1\n\"1,000\",1\n", {0, 999, 1000}, {1, 1, 1}},
      {"three decimals", "time;current\n0.000;1.500\n60.000;1.500\n", minute, {1.5, 1.5}},
      // times
      {"a start other than 0", "time,current\n1,1\n2,1\n3,1\n", {0, 1, 2}, {1, 1, 1}},
      {"a start before 0", "time,current\n-5,1\n55,1\n", minute, one},
      {"clock", "time,current\n0:00:00,1\n0:01:00,1\n25:00:00.5,1\n", {0, 60, 90000.5}, {1, 1, 1}},
      {"clock with days", "Total Time (d hh:mm:ss),I\n0 00:00:00,1\n1 00:01:00,1\n", {0, 86460}, one},
      {"clock with marked days", "time,current\n0d 00:00:00.00,1\n1d 00:01:00.25,1\n", {0, 86460.25}, one},
      {"clock with a decimal comma", "Zeit;Strom\n00:00:00,000;1,5\n00:01:00,500;1,5\n", {0, 60.5}, {1.5, 1.5}},
      {"minutes and seconds", "time (mm:ss),current\n00:00,1\n01:00,1\n", minute, one},
      {"hours and minutes", "time (hh:mm),current\n00:00,1\n00:01,1\n", minute, one},
      {"dates", "Timestamp,Current (A)\n2020-02-28 23:59:30,1\n2020-02-29T00:00:30,1\n", minute, one},
      {"dates with zone", "datetime,current\n2020-01-01T10:00:00Z,1\n2020-01-01T12:01:00+02:00,1\n", minute, one},
      {"German dates", "Datum;Strom\n31.12.2020 23:59:30;1,5\n01.01.2021 00:00:30;1,5\n", minute, {1.5, 1.5}},
      {"American dates", "date time,current\n1/31/2020 11:59:30 PM,1\n2/1/2020 12:00:30 AM,1\n", minute, one},
      {"dates of one day", "date time,current\n3/4/2020 10:00:00,1\n3/4/2020 10:01:00,1\n", minute, one},
      {"dates with a word", "DateTime,Current\n28-Feb-2021 23:59:30,1\n1-Mar-2021 00:00:30,1\n", minute, one},
      {"a jump", "time,current\n0,1\n60,1\n60,-2\n120,-2\n", {0, 60, 60, 120}, {1, 1, -2, -2}},
      {"many rows at one time", "time,current\n0,1\n60,1\n60,5\n60,-2\n120,-2\n", {0, 60, 60, 120}, {1, 1, -2, -2}},
      {"the same row twice", "time,current\n0,1\n60,1\n60,1\n", minute, one},
      // powers and voltages
      {"power", "time [s],Power [mW],current\n0,1000,5\n60,1000,5\n", minute, one, "", Control::power},
      {"kilowatts", "t;P/kW\n0;0,0015\n60;0,0015\n", minute, {1.5, 1.5}, "", Control::power},
      {"voltage", "time/s\tI/mA\tEwe/V\n0\t5\t4\n60\t5\t3.9\n", minute, {4, 3.9}, "", Control::voltage},
      {"millivolts", "Test_Time(s),Voltage(mV)\n0,4000\n60,3900\n", minute, {4, 3.9}, "", Control::voltage},
  };
}

std::vector<Form> refused_forms() {
  const std::string wanted =
      "; a table has a line of titles such as \"time [s]\", \"current [A]\", or two columns of numbers alone";
  return {
      {"a current density without a unit",
       "time [s],current density\n0,1\n60,1\n",
       {},
       {},
       "the column \"current density\" is a current by area, and has no unit; it may be A/m2, A/cm2 or mA/cm2"},
      {"a current density in A", "time [s],j [A]\n0,1\n60,1\n", {}, {}, "and A is no unit of one"},
      {"unknown unit of time",
       "time [fortnights],current\n0,1\n1,1\n",
       {},
       {},
       ":1:1: the column \"time [fortnights]\": fortnights is no unit of time; it may be s, min, h, d, ms or hh:mm:ss"},
      {"unknown unit of current",
       "time,current [mAh]\n0,1\n1,1\n",
       {},
       {},
       ":1:1: the column \"current [mAh]\": mAh is no unit of current"},
      {"a unit of something else", "time,current [V]\n0,1\n1,1\n", {}, {}, "V is no unit of current"},
      {"metres of time", "time (m),current\n0,1\n1,1\n", {}, {}, "m is no unit of time"},
      {"mega-amperes",
       "TIME(S),CURRENT(MA)\n0,1\n1,1\n",
       {},
       {},
       "MA means mega, which no cell has; write m in small for milli"},
      {"no column of current",
       "time [s],load\n0,1\n1,1\n",
       {},
       {},
       ":1:1: names no column of current: \"time [s]\", \"load\"" + wanted},
      {"no column of time",
       "index,current\n0,1\n1,1\n",
       {},
       {},
       ":1:1: names no column of time: \"index\", \"current\"" + wanted},
      {"no column of power",
       "time,current\n0,1\n1,1\n",
       {},
       {},
       "names no column of power: \"time\", \"current\"",
       Control::power},
      {"three columns without titles",
       "0,1,3.9\n60,1,3.8\n",
       {},
       {},
       ":1:1: holds 3 columns and no line of titles says which is which (0 | 1 | 3.9)" + wanted},
      {"decimal commas between commas",
       "time,current\n0,5,1,5\n1,5,1,5\n",
       {},
       {},
       ":2:1: holds 4 cells where the titles are 2"},
      {"two columns of current",
       "time,Charge Current,Discharge Current\n0,1,0\n1,0,1\n",
       {},
       {},
       "holds several columns that may be the current: \"Charge Current\", \"Discharge Current\"; leave one"},
      {"thousands or decimals",
       "time;current\n0;1\n1.000;1\n2.000;1\n",
       {},
       {},
       ":3:1: 1.000 may be 1 or 1000: nothing in the file tells whether it groups thousands or separates decimals"},
      {"thousands or decimals in quotes",
       "time,current\n0,\"1,000\"\n60,\"2,000\"\n",
       {},
       {},
       ":2:1: 1,000 may be 1 or 1000"},
      {"points and commas that do not agree", "time;current\n0;1,5\n1;1.5\n", {}, {}, "is no number"},
      {"a time that goes back",
       "time,current\n0,1\n5,1\n4,1\n",
       {},
       {},
       ":4:1: the time \"4\" goes back from 5 s to 4 s"},
      {"a step's time",
       "Step Time [s],current\n0,1\n5,1\n0,1\n",
       {},
       {},
       ":4:1: the time \"0\" goes back from 5 s to 0 s"},
      {"past midnight", "time,current\n23:59:00,1\n00:01:00,1\n", {}, {}, ":3:1: the time \"00:01:00\" goes back"},
      {"a clock of two parts",
       "time,current\n00:00,1\n01:00,1\n",
       {},
       {},
       "\"00:00\" may be minutes and seconds or hours and minutes"},
      {"numbers under a clock",
       "time [hh:mm:ss],current\n0,1\n60,1\n",
       {},
       {},
       ":2:1: the time \"0\" is no number, and no clock hh:mm:ss"},
      {"day or month",
       "date time,current\n3/4/2020 10:00:00,1\n4/4/2020 10:00:00,1\n",
       {},
       {},
       ":2:1: \"3/4/2020 10:00:00\" may begin with the day or with the month"},
      {"an empty current", "time,current\n0,1\n30,\n60,1\n", {}, {}, ":3:1: has no current: the cell is empty"},
      {"an empty time", "time,current\n0,1\n,1\n60,1\n", {}, {}, ":3:1: has no time: the cell is empty"},
      {"a word between numbers", "time,current\n0,1\nfault,\n60,1\n", {}, {}, ":3:1: the time \"fault\" is no number"},
      {"a word for a current", "time,current\n0,1\n30,off\n60,1\n", {}, {}, ":3:1: the current \"off\" is no number"},
      {"not finite", "time,current\n0,nan\n60,inf\n", {}, {}, "is no number"},
      {"numbers that are too large", "time,current\n0,1e400\n60,1\n", {}, {}, "is no number"},
      {"a cell in another unit", "time,current\n0,1 V\n60,1 A\n", {}, {}, "the current \"1 V\" is no number"},
      {"one row", "time,current\n0,1\n", {}, {}, "holds one row of time and current; a table needs two or more"},
      {"no rows", "time,current\n", {}, {}, "holds no rows of time and current"},
      {"nothing", "", {}, {}, "holds no rows of time and current"},
      {"all rows at one time", "time,current\n0,1\n0,2\n", {}, {}, "has all its rows at one time"},
      {"a workbook",
       std::string("PK\x03\x04\x14\x00", 6),
       {},
       {},
       ": is a workbook or another zip archive, not text; export the table as CSV"},
      {"a binary file", std::string("BIOLOGIC\0\1\2\3\0\0\7", 15), {}, {}, ": is a binary file, not text"},
      {"prose", "It rained all day.\nNothing was measured.\n", {}, {}, "holds no rows of time and current"},
  };
}

}  // namespace

TEST_CASE("60 forms of tables are read as what they say") {
  const std::vector<Form> forms = read_forms();
  CHECK(forms.size() >= 60);
  std::set<std::string> names;
  for (const Form& form : forms) {
    INFO(form.what);
    CHECK(names.insert(form.what).second);
    try {
      const TableText table = parse_table(form.bytes, "table.csv", form.quantity);
      CHECK(table.quantity == form.quantity);
      CHECK(table.time.size() == form.time.size());
      CHECK(table.value.size() == form.value.size());
      for (std::size_t k = 0; k < std::min(table.time.size(), form.time.size()); ++k)
        CHECK(table.time[k] == Approx(form.time[k]).epsilon(1e-12).margin(1e-9));
      for (std::size_t k = 0; k < std::min(table.value.size(), form.value.size()); ++k)
        CHECK(table.value[k] == Approx(form.value[k]).epsilon(1e-12));
      const bool plain = form.kind == Rate::Kind::ampere;
      CHECK(table.kind == (plain ? std::vector<Rate::Kind>{} : std::vector<Rate::Kind>(form.value.size(), form.kind)));
    } catch (const CaseError& error) {
      FAIL_CHECK(error.what());
    }
  }
}

TEST_CASE("tables that cannot be told are refused with what it is") {
  for (const Form& form : refused_forms()) {
    INFO(form.what);
    CHECK_THAT(sentence_of<CaseError>([&] { parse_table(form.bytes, "table.csv", form.quantity); }),
               says(form.refusal) && says("table.csv"));
  }
}

TEST_CASE("groups of thousands are told where they were understood") {
  CHECK(parse_table("time;current\n0;1,5\n1.000;1,5\n", "t.csv", Control::current).notes ==
        std::vector<std::string>{"t.csv:3: 1.000 is read as 1000, in groups of thousands"});
  CHECK(parse_table("time;current\n0.0;1.500\n1.000;1.5\n", "t.csv", Control::current).notes.empty());
}

namespace {

/// The warnings on a table's sign of a case that follows these rows.
std::string sign_warning(const std::string& rows, const std::string& keys, const std::string& kind = "current_table",
                         const std::string& before = "") {
  const Scratch folder;
  write_text(folder / "t.csv", rows);
  write_text(folder / "case.toml",
             "[cell]\nfile = \"lgm50_chen2020\"\n" + keys + before + "[[step]]\n" + kind + " = \"t.csv\"\n" +
                 (before.find("SIGN") != std::string::npos ? "table_sign = \"discharge_positive\"\n" : ""));
  std::string all;
  for (const auto& warning : read_case(folder / "case.toml").warnings)
    if (warning.find("table_sign") != std::string::npos) all += warning;
  return all;
}

}  // namespace

TEST_CASE("a sign that looks turned round is told with the key that turns it") {
  const std::string turn =
      ": here discharge is positive; if it is negative in the table, table_sign = \"discharge_negative\" turns it.";
  const std::string full = "[initial]\nsoc = 1\n", half = "[initial]\nsoc = 0.5\n", empty = "[initial]\nsoc = 0\n";
  CHECK(sign_warning("time,current\n0,-1\n60,-1\n", full) ==
        "[step 1] current table t.csv only charges, and the cell is full" + turn);
  CHECK(sign_warning("time,current\n0,1\n60,1\n", empty) ==
        "[step 1] current table t.csv only discharges, and the cell is empty" + turn);
  CHECK(sign_warning("time,current\n0,-1\n60,-1\n", half).empty());
  CHECK(sign_warning("time,current\n0,1\n60,1\n", full).empty());
  CHECK(sign_warning("time,power\n0,-1\n60,-1\n", full, "power_table") ==
        "[step 1] power table t.csv only charges, and the cell is full" + turn);
  CHECK(sign_warning("time,voltage\n0,4\n60,4\n", full, "voltage_table").empty());
  // both ways, and out of the cell's charge as it stands: 0.8 + 0.5 - 0.1
  const std::string mixed = "time [h],C-rate\n0,-0.5\n1,-0.5\n1,0.1\n2,0.1\n";
  CHECK(sign_warning(mixed, "[initial]\nsoc = 0.8\n") ==
        "[step 1] current table t.csv takes the state of charge from 0.8 to 1.3" + turn);
  CHECK(sign_warning(mixed, half).empty());
  // by what stands before it
  CHECK_FALSE(
      sign_warning("time,current\n0,-1\n60,-1\n", half, "current_table", "[[step]]\ncharge = \"1C\"\n").empty());
  CHECK(sign_warning("time,current\n0,-1\n60,-1\n", full, "current_table", "[[step]]\ndischarge = \"1C\"\n").empty());
  const std::string discharges = "time,current\n0,1\n60,1\n";
  CHECK_FALSE(sign_warning(discharges, full, "current_table", "[[step]]\ndischarge = \"1C\"\n").empty());
  CHECK(sign_warning(discharges, full, "current_table", "[[step]]\ndischarge = \"1C\"\nuntil.soc = 0.4\n").empty());
  CHECK(sign_warning(discharges, full, "current_table", "[[step]]\ndischarge = \"1C\"\nuntil.voltage = 3.6\n").empty());
  CHECK(sign_warning(discharges, full, "current_table", "[[step]]\ndischarge = \"1C\"\nuntil.time = 600\n").empty());
  // by its title
  CHECK(sign_warning("time,discharge current [A]\n0,-1\n60,-1\n", half) ==
        "[step 1] current table t.csv is told by the column \"discharge current [A]\", and only charges" + turn);
  CHECK(sign_warning("time,Charge Current (A)\n0,1\n60,1\n", half) ==
        "[step 1] current table t.csv is told by the column \"Charge Current (A)\", and only discharges" + turn);
  CHECK(sign_warning("time,discharge current [A]\n0,1\n60,1\n", half).empty());
  CHECK(sign_warning("time,current\n0,-1\n60,-1\n", full, "current_table", "# SIGN\n").empty());  // it was said
}

TEST_CASE("table_sign turns currents and powers, is echoed, and is refused where there is no sign") {
  const auto parse = [](const std::string& keys) {
    return parse_case("[cell]\nfile = \"lgm50_chen2020\"\n[[step]]\n" + keys, "case.toml");
  };
  const Case turned =
      parse("current_table = { time = [0, 1], current = [-2, 3] }\ntable_sign = \"discharge_negative\"");
  CHECK(turned.protocol[0].table->value == Numbers{2, -3});
  CHECK(parse_case(turned.resolved, "/elsewhere/case.toml").protocol[0].table->value == Numbers{2, -3});
  CHECK(parse("power_table = { time = [0, 1], power = [-2, 3] }\ntable_sign = \"discharge_negative\"")
            .protocol[0]
            .table->value == Numbers{2, -3});
  const std::string none = "has no table of currents or powers whose sign could be told";
  CHECK_THAT(sentence_of<CaseError>([&] {
               parse("voltage_table = { time = [0, 1], voltage = [4, 3] }\ntable_sign = \"discharge_negative\"");
             }),
             says(none));
  CHECK_THAT(sentence_of<CaseError>([&] { parse("rest = 5\ntable_sign = \"discharge_negative\""); }), says(none));
}

TEST_CASE("densities and C-rates of a file become currents of the cell") {
  const Scratch folder;
  write_text(folder / "t.csv", "time [min];j [mA/cm2]\n0;1,5\n1;-1,5\n");
  write_text(folder / "case.toml", "[cell]\nfile = \"lgm50_chen2020\"\n[[step]]\ncurrent_table = \"t.csv\"\n");
  const Case read = read_case(folder / "case.toml");
  CHECK(read.protocol[0].table->time == minute);
  CHECK(read.protocol[0].table->value[0] == Approx(15 * 0.1027).epsilon(1e-12));  // 15 A/m2 over 0.1027 m2
  CHECK(parse_case(read.resolved, "/elsewhere/case.toml").protocol[0].table->value == read.protocol[0].table->value);
  write_text(folder / "t.csv", "time [min];C-rate\n0;1,5\n1;-1,5\n");
  CHECK(read_case(folder / "case.toml").protocol[0].table->value == Numbers{7.5, -7.5});
}
