/// Damages drive tables in many ways and reads them: out come rows that make a table, or a CaseError.
/// Usage: fuzz_table [MUTANTS [SEED]]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include "solver/base/error.hpp"
#include "solver/case/table_file.hpp"

namespace {

using Generator = std::mt19937_64;

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

std::size_t below(Generator& random, std::size_t n) {
  return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
}

std::string damaged(Generator& random) {
  std::string text = seeds[below(random, seeds.size())];
  for (std::size_t left = 1 + below(random, 4); left > 0 && !text.empty(); --left) {
    const std::size_t at = below(random, text.size()), length = 1 + below(random, 8);
    switch (below(random, 6)) {
      case 0:
        text[at] = static_cast<char>(below(random, 256));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, pieces[below(random, pieces.size())]);
        break;
      case 3:
        text.insert(below(random, text.size()), text.substr(at, length));
        break;
      case 4:
        text.resize(at);
        break;
      default:
        text.replace(at, length, pieces[below(random, pieces.size())]);
        break;
    }
  }
  return text;
}

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
  const long mutants = argc > 1 ? std::atol(argv[1]) : 100000;
  Generator random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  for (const std::string& seed : seeds) parse_table(seed, "t.csv", Control::current);  // throws if one were wrong

  long read = 0, refused = 0;
  for (long i = 0; i < mutants; ++i) {
    const std::string text = damaged(random);
    std::string trouble;
    try {
      trouble = fault(parse_table(text, "t.csv", Control::current));
      ++read;
    } catch (const CaseError& error) {
      if (error.problems().empty()) trouble = "refused without a sentence";
      ++refused;
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    if (trouble.empty()) continue;
    std::printf("mutant %ld: %s\n%s\n", i, trouble.c_str(), text.c_str());
    return 1;
  }
  std::printf("%ld mutants: %ld refused with a sentence, %ld read\n", mutants, refused, read);
  return 0;
}
