#include "solver/results/curve.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>
#include <string_view>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {
namespace {

constexpr const char* time_title = "time [s]";
constexpr const char* step_title = "step";

/// The time, the observables in their order, the step.
std::vector<std::string> csv_titles() {
  std::vector<std::string> titles{time_title};
  for (const Observable& observable : observables()) titles.push_back(observable.title);
  titles.emplace_back(step_title);
  return titles;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> parts;
  std::stringstream stream(line);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

std::string title_line(const std::vector<std::size_t>& columns) {
  std::string line = time_title;
  for (const std::size_t k : columns) line += "," + observables()[k].title;
  return fmt::format("{},{}\n", line, step_title);
}

std::string csv_line(const CurveRow& row, const std::vector<std::size_t>& columns) {
  std::string line;
  auto end = std::back_inserter(line);
  fmt::format_to(end, "{:.10g},", row.time);
  for (const std::size_t k : columns) fmt::format_to(end, "{:.10g},", row.values.at(k) / observables()[k].title_unit);
  fmt::format_to(end, "{}\n", row.step + 1);
  return line;
}

[[noreturn]] void wrong(const std::string& path, int line, int column, const std::string& sentence) {
  throw CaseError({Problem{{path, line, column}, sentence}});
}

/// For each field of a line: the index of its column among all titles.
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
    // Files that an older program wrote have fewer observables, but those of the terminals.
    if (!seen[k] && (k <= terminal_observables || k + 1 == known.size()))
      wrong(path, 1, 1, fmt::format("the column \"{}\" is missing.", known[k]));
  }
  return order;
}

CurveRow read_row(const std::string& path, int number, const std::string& line, const std::vector<std::size_t>& order) {
  const std::vector<std::string> parts = split(line);
  if (parts.size() != order.size()) {
    wrong(path, number, 1, fmt::format("{} values stand here; the titles name {}.", parts.size(), order.size()));
  }
  CurveRow row;
  row.values.assign(observables().size(), std::numeric_limits<double>::quiet_NaN());
  int place = 1;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    char* end = nullptr;
    const double value = std::strtod(parts[i].c_str(), &end);
    if (parts[i].empty() || *end) wrong(path, number, place, fmt::format("\"{}\" is not a number.", parts[i]));
    if (order[i] == 0) {
      row.time = value;
    } else if (order[i] <= observables().size()) {
      row.values[order[i] - 1] = value * observables()[order[i] - 1].title_unit;
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

CurveWriter::CurveWriter(std::string path, const std::vector<std::string>& also)
    : path_(std::move(path)), columns_(columns_of(also)) {
  open(O_CREAT | O_TRUNC);
  try {
    write_fully(file_, title_line(columns_), path_);
  } catch (...) {
    ::close(file_);
    throw;
  }
}

CurveWriter::CurveWriter(std::string path, const std::vector<CurveRow>& rows, const std::vector<std::string>& also)
    : path_(std::move(path)), columns_(columns_of(also)) {
  std::string text = title_line(columns_);
  for (const CurveRow& row : rows) text += csv_line(row, columns_);
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

void CurveWriter::add(const CurveRow& row) { write_fully(file_, csv_line(row, columns_), path_); }

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
