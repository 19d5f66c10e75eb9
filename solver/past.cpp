#include "solver/past.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "solver/base/error.hpp"
#include "solver/base/packed.hpp"
#include "solver/base/sha256.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {
namespace {

std::string short_digest(const Packer& bytes) { return sha256(bytes.bytes()).substr(0, 16); }

std::string digest_of(const Stop& stop, bool of_protocol = false) {
  Packer bytes;
  if (of_protocol) bytes.add(std::string("protocol"));
  bytes.all(std::string(stop.quantity.name), int(stop.quantity.rises), int(stop.quantity.of), stop.value,
            int(stop.directed), int(stop.cut_off));
  return bytes.bytes();
}

/// Digests of steps; of a table that many steps share once.
class Digests {
 public:
  std::string drive(const Step& step, int rows) {
    Packer bytes;
    bytes.all(int(step.control), step.value);
    if (step.table) bytes.all(table(*step.table, rows), int(step.at_cut_off));
    if (step.function) bytes.add(step.function->law.text());
    return short_digest(bytes);
  }
  std::string whole(const Step& step) {
    Packer bytes;
    bytes.add(drive(step, step.table ? static_cast<int>(step.table->time.size()) : 0));
    for (const Stop& stop : step.stops) bytes.add(digest_of(stop));
    return short_digest(bytes);
  }

 private:
  const std::string& table(const DriveTable& table, int rows) {
    std::string& known = tables_[{&table, rows}];
    if (!known.empty()) return known;
    const auto n = std::min<long>(rows, static_cast<long>(table.time.size()));
    Packer bytes;
    bytes.add(int(table.quantity));
    for (const auto* column : {&table.time, &table.value})
      bytes.add(std::vector<double>(column->begin(), column->begin() + n));
    return known = short_digest(bytes);
  }

  std::map<std::pair<const DriveTable*, int>, std::string> tables_;
};

/// Rows of the step's table up to the one that ends the piece under way.
int rows_begun(const Step& step, double t) {
  if (!step.table) return 0;
  const auto& time = step.table->time;
  return static_cast<int>(std::upper_bound(time.begin(), time.end(), t) - time.begin()) + 1;
}

/// How far a stop is ahead at a row of the step that began with `start`; not positive where it is reached.
double left_at(const Stop& stop, const CurveRow& row, const ProtocolPosition& start) {
  if (stop.quantity == Quantity::time) return left_until(stop, row.time, start.t_start);
  if (!counts(stop, row.current())) return std::numeric_limits<double>::infinity();
  return left_until(stop, observed(row, stop.quantity.name), start.charge_start);
}

[[noreturn]] void refuse(const Case& input, const std::string& what) {
  throw CaseError({{{input.file, 0, 0},
                    fmt::format("this checkpoint is of another past: {}; run without --resume to begin anew", what)}});
}

std::string step_name(const Case& input, int k) {
  return fmt::format("step {} ({})", k + 1, input.protocol[static_cast<std::size_t>(k)].label);
}

}  // namespace

Past past_of(const std::vector<Step>& protocol, const std::vector<Stop>& whole, const ProtocolPosition& position,
             double t) {
  Past past;
  Digests digests;
  for (int k = 0; k < position.step; ++k) past.steps.push_back(digests.whole(protocol[static_cast<std::size_t>(k)]));
  const Step& now = protocol.at(static_cast<std::size_t>(position.step));
  past.rows = rows_begun(now, t - position.t_start);
  past.drive = digests.drive(now, past.rows);
  for (const Stop& stop : now.stops) past.stops.push_back(digest_of(stop));
  for (const Stop& stop : whole) past.stops.push_back(digest_of(stop, true));
  return past;
}

void judge_past(const Past& past, const ProtocolPosition& position, double t, const Results& so_far,
                const Case& input) {
  const auto steps = static_cast<int>(input.protocol.size());
  if (position.step >= steps)
    refuse(input, fmt::format("it stands in step {}, and the protocol has {}", position.step + 1, steps));
  Digests digests;
  for (int k = 0; k < position.step; ++k) {
    if (digests.whole(input.protocol[static_cast<std::size_t>(k)]) == past.steps.at(static_cast<std::size_t>(k)))
      continue;
    const std::string ran = so_far.steps.at(static_cast<std::size_t>(k)).label;
    const bool alike = ran == input.protocol[static_cast<std::size_t>(k)].label;
    refuse(input, fmt::format("{} has run already, {}", step_name(input, k),
                              alike ? std::string("with another value or end") : "as " + ran));
  }
  const Step& now = input.protocol[static_cast<std::size_t>(position.step)];
  if (digests.drive(now, past.rows) != past.drive)
    refuse(input, fmt::format("{} is under way since t = {:.6g} s with another {}", step_name(input, position.step),
                              position.t_start,
                              now.table      ? "table"
                              : now.function ? "function"
                                             : "value"));
  const auto judge = [&](const Stop& stop, bool of_protocol, const ProtocolPosition& start, const std::string& whose) {
    if (std::find(past.stops.begin(), past.stops.end(), digest_of(stop, of_protocol)) != past.stops.end()) return;
    for (const CurveRow& row : so_far.accepted) {
      if ((!of_protocol && row.step != position.step) || left_at(stop, row, start) > 0) continue;
      refuse(input, fmt::format("{} until {} = {:.6g} has passed that at t = {:.6g} s; the checkpoint is of {:.6g} s",
                                whose, name_of(stop.quantity), stop.value, row.time, t));
    }
  };
  for (const Stop& stop : now.stops) judge(stop, false, position, step_name(input, position.step));
  for (const Stop& stop : input.until) judge(stop, true, ProtocolPosition{}, "the protocol");
}

}  // namespace porelith
