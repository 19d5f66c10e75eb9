/// Damages drive tables in many ways and reads them: out come rows that make a table, or a CaseError.
/// Usage: fuzz_table [MUTANTS [SEED]]
#include <cmath>

#include "solver/case/table_file.hpp"
#include "tests/support/mutants.hpp"

namespace {

const std::vector<std::string> seeds = {
    "time [s],current [A]\n0,1\n60,1\n",
    "\xEF\xBB\xBF\"Zeit [min]\";\"Strom [mA]\";\"Spannung\"\r\n0,0;1.000,5;3,7\r\n1,5;-1.000,5;3,6\r\n",
    "# cycler\nTest_Time(s),Date_Time,Current(A)\n0,2020-01-31 10:00:00,+1.0\n60,2020-01-31 10:01:00,-1E+000\nEnd,\n",
    "Total Time\tI/mA\td\n0 00:00:00.5\t1000\t3/4/2020\n1 00:01:00\t-1'000\t4/4/2020\n",
    std::string("\xFF\xFEt\0;\0I\0\n\0"
                "0\0;\0"
                "1\0\n\0"
                "1\0;\0"
                "2\0\n\0",
                26),
    "date time,current\n3/4/2020 11:59:59 PM,1\n3/31/2020 10:00,1\n",
    "0  1\n5  1.5\n5  -2\n"};

const std::vector<std::string> pieces = {",",
                                         ";",
                                         "\t",
                                         "\n",
                                         "\r",
                                         "\"",
                                         "#",
                                         "[mA]",
                                         "(h)",
                                         ":",
                                         "1:02",
                                         "e",
                                         "1e999",
                                         "nan",
                                         "-",
                                         "\u2212",
                                         "\u00a0",
                                         "1.000",
                                         "1,5",
                                         "Current",
                                         "time",
                                         "sep=;\n",
                                         "%",
                                         "\xff",
                                         std::string(1, '\0'),
                                         "\xFE\xFF",
                                         "9999999999999999999",
                                         " d ",
                                         "2020-01-01T00:00:00Z"};

/// What is wrong with the rows; "" if they make a table.
std::string fault(const porelith::TableText& table) {
  if (table.time.size() < 2 || table.time.size() != table.value.size()) return "too few rows";
  if (table.time.front() != 0 || !(table.time.back() > 0)) return "no start or no length";
  for (std::size_t k = 0; k < table.time.size(); ++k) {
    if (!std::isfinite(table.time[k]) || !std::isfinite(table.value[k])) return "not finite";
    if (k > 0 && table.time[k] < table.time[k - 1]) return "times fall";
    if (k > 1 && table.time[k] == table.time[k - 2]) return "three rows at one time";
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  using namespace porelith;
  const auto read = [](const std::string& text) { return parse_table(text, "t.csv", Control::current); };
  for (const std::string& seed : seeds) read(seed);  // throws if one were wrong
  return fuzz(
      argc, argv, [](Generator& random) { return damaged(random, seeds[below(random, seeds.size())], pieces, 8); },
      [&](const std::string& text, Generator&) { return fault(read(text)); });
}
