#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <fstream>

#include "solver/case/values.hpp"

namespace porelith {
namespace {

/// Two numbers with a comma, semicolon, tab or blanks between; false if the line is anything else.
bool read_row(const std::string& line, double& time, double& current) {
  const char* at = line.data();
  const char* const end = line.data() + line.size();
  const auto skip = [&](const char* what) {
    while (at != end && std::string(what).find(*at) != std::string::npos) ++at;
  };
  skip(" \t");
  const auto first = std::from_chars(at, end, time);
  if (first.ec != std::errc()) return false;
  at = first.ptr;
  skip(" \t");
  if (at != end && (*at == ',' || *at == ';')) ++at;
  skip(" \t");
  const auto second = std::from_chars(at, end, current);
  if (second.ec != std::errc()) return false;
  at = second.ptr;
  skip(" \t\r");
  return at == end && std::isfinite(time) && std::isfinite(current);
}

}  // namespace

TableText read_table_file(const std::string& path, Control quantity) {
  std::ifstream file(path);
  if (!file)
    throw CaseError(
        {{{path, 0, 0}, "cannot be opened; a current table is a CSV file with columns time [s], current [A]"}});
  TableText table;
  table.quantity = quantity;
  table.file = path;
  Problems problems;
  std::string line;
  int number = 0, bad_lines = 0;
  while (std::getline(file, line) && bad_lines < 20) {
    ++number;
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos || line[first] == '#') continue;
    double time = 0, current = 0;
    if (!read_row(line, time, current)) {
      const bool header = number == 1 && std::string("+-.0123456789").find(line[first]) == std::string::npos;
      if (!header)
        problems.add({path, number, 1}, "is not two finite numbers, time [s] and current [A], with a comma between");
      bad_lines += header ? 0 : 1;
      continue;
    }
    if (table.time.empty() && time != 0) {
      problems.add({path, number, 1}, fmt::format("the first time is {} s; it must be 0, the start of the step", time));
    } else if (!table.time.empty() && !(time >= table.time.back())) {
      problems.add({path, number, 1},
                   fmt::format("time {} s follows {} s; times must not fall", time, table.time.back()));
      ++bad_lines;
      continue;
    }
    table.time.push_back(time);
    table.value.push_back(current);
  }
  if (problems.empty() && table.time.size() < 2)
    problems.add({path, 0, 0}, "holds no two rows of time [s], current [A]");
  problems.throw_if_any();
  return table;
}

}  // namespace porelith
