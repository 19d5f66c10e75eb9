#include "solver/results/curve.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/base/whole_file.hpp"

namespace porelith {
namespace {

constexpr double ampere_hour = 3600;  // [A s]
constexpr double watt_hour = 3600;    // [J]
constexpr const char* step_title = "step";

std::vector<std::string> csv_titles() {
  std::vector<std::string> titles;
  for (const auto& column : curve_columns()) titles.emplace_back(column.title);
  titles.emplace_back(step_title);
  return titles;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> parts;
  std::stringstream stream(line);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

std::string title_line() { return fmt::format("{}\n", fmt::join(csv_titles(), ",")); }

std::string csv_line(const CurveRow& row) {
  std::string line;
  auto end = std::back_inserter(line);
  for (const auto& column : curve_columns()) fmt::format_to(end, "{:.10g},", row.*column.value / column.csv_scale);
  fmt::format_to(end, "{}\n", row.step + 1);
  return line;
}

[[noreturn]] void wrong(const std::string& path, int line, int column, const std::string& sentence) {
  throw CaseError({Problem{{path, line, column}, sentence}});
}

/// For each field of a line: the index of its column in curve_columns(), or the number of columns for "step".
std::vector<std::size_t> read_titles(const std::string& path, const std::string& line) {
  const std::vector<std::string> known = csv_titles();
  std::vector<std::size_t> order;
  std::vector<bool> seen(known.size());
  int place = 1;
  for (const std::string& title : split(line)) {
    std::size_t k = 0;
    while (k < known.size() && known[k] != title) ++k;
    if (k == known.size()) {
      const std::string near = nearest_name(title, known);
      wrong(path, 1, place,
            fmt::format("\"{}\" is not a column of a curve{}", title,
                        near.empty() ? "." : ". Did you mean \"" + near + "\"?"));
    }
    if (seen[k]) wrong(path, 1, place, fmt::format("the column \"{}\" stands here twice.", title));
    seen[k] = true;
    order.push_back(k);
    place += static_cast<int>(title.size()) + 1;
  }
  for (std::size_t k = 0; k < known.size(); ++k) {
    if (!seen[k]) wrong(path, 1, 1, fmt::format("the column \"{}\" is missing.", known[k]));
  }
  return order;
}

CurveRow read_row(const std::string& path, int number, const std::string& line, const std::vector<std::size_t>& order) {
  const auto& columns = curve_columns();
  const std::vector<std::string> parts = split(line);
  if (parts.size() != order.size()) {
    wrong(path, number, 1, fmt::format("{} values stand here; the titles name {}.", parts.size(), order.size()));
  }
  CurveRow row{};
  int place = 1;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    char* end = nullptr;
    const double value = std::strtod(parts[i].c_str(), &end);
    if (parts[i].empty() || *end) wrong(path, number, place, fmt::format("\"{}\" is not a number.", parts[i]));
    if (order[i] < columns.size()) {
      row.*columns[order[i]].value = value * columns[order[i]].csv_scale;
    } else if (value >= 1 && value < 1e9 && value == static_cast<int>(value)) {
      row.step = static_cast<int>(value) - 1;
    } else {
      wrong(path, number, place, fmt::format("step = {} is not a whole number from 1.", parts[i]));
    }
    place += static_cast<int>(parts[i].size()) + 1;
  }
  return row;
}

}  // namespace

const std::vector<CurveColumn>& curve_columns() {
  static const std::vector<CurveColumn> columns = {
      {"time", "s", "time [s]", 1, &CurveRow::time, "time from the start of the run"},
      {"current", "A", "current [A]", 1, &CurveRow::current, "current of the whole cell, positive on discharge"},
      {"voltage", "V", "voltage [V]", 1, &CurveRow::voltage, "voltage between the current collectors"},
      {"charge", "A.s", "capacity [A.h]", ampere_hour, &CurveRow::charge,
       "charge discharged since the start, negative when more was charged"},
      {"energy", "J", "energy [W.h]", watt_hour, &CurveRow::energy, "energy delivered since the start"},
      {"soc", "1", "soc", 1, &CurveRow::soc, "state of charge, from the lithium in the negative electrode"},
      {"plating_margin", "V", "plating margin [V]", 1, &CurveRow::plating_margin,
       "least phi_s - phi_e in the negative electrode; below zero lithium metal may plate"},
      {"c_e_min", "mol.m-3", "min c_e [mol.m-3]", 1, &CurveRow::c_e_min, "least salt concentration in the cell"},
      {"c_e_max", "mol.m-3", "max c_e [mol.m-3]", 1, &CurveRow::c_e_max, "greatest salt concentration in the cell"},
      {"uniformity_neg", "1", "reaction uniformity negative", 1, &CurveRow::uniformity_neg,
       "mean reaction rate over the largest, negative electrode; 1 is even"},
      {"uniformity_pos", "1", "reaction uniformity positive", 1, &CurveRow::uniformity_pos,
       "mean reaction rate over the largest, positive electrode; 1 is even"},
  };
  return columns;
}

CurveWriter::CurveWriter(std::string path) : path_(std::move(path)) {
  open(O_CREAT | O_TRUNC);
  try {
    write_fully(file_, title_line(), path_);
  } catch (...) {
    ::close(file_);
    throw;
  }
}

CurveWriter::CurveWriter(std::string path, const std::vector<CurveRow>& rows) : path_(std::move(path)) {
  std::string text = title_line();
  for (const CurveRow& row : rows) text += csv_line(row);
  write_whole_file(path_, text);  // the old rows stay until the new ones are there
  open(0);
}

void CurveWriter::open(int flags) {
  file_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0666);
  if (file_ < 0) throw WriteError(fmt::format("cannot write {}: {}", path_, std::strerror(errno)));
}

CurveWriter::~CurveWriter() {
  if (file_ >= 0) ::close(file_);
}

void CurveWriter::add(const CurveRow& row) { write_fully(file_, csv_line(row), path_); }

void CurveWriter::close() {
  const int file = std::exchange(file_, -1);
  const int failed = ::fsync(file) ? errno : 0;
  if ((::close(file) || failed) && failed != EINVAL) {
    throw WriteError(fmt::format("cannot write {}: {}", path_, std::strerror(failed ? failed : errno)));
  }
}

std::vector<CurveRow> read_curve_csv(const std::string& path) {
  std::ifstream file(path);
  if (!file) wrong(path, 0, 0, "cannot be read.");
  std::string line;
  if (!std::getline(file, line)) wrong(path, 1, 1, "the file is empty.");
  const std::vector<std::size_t> order = read_titles(path, line);
  std::vector<CurveRow> rows;
  for (int number = 2; std::getline(file, line); ++number) {
    if (file.eof()) break;  // no line end: the row was cut
    rows.push_back(read_row(path, number, line, order));
  }
  return rows;
}

}  // namespace porelith
