#include "solver/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace porelith {

std::string Problem::text() const {
  if (where.file.empty()) return sentence;
  if (where.line == 0) return fmt::format("{}: {}", where.file, sentence);
  return fmt::format("{}:{}:{}: {}", where.file, where.line, where.column, sentence);
}

namespace {
constexpr std::size_t most_problems = 100;  // nobody reads on; the file is something else altogether

std::string whole_text(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& p : problems) text += p.text() + "\n";
  const char* plural = problems.size() == 1 ? "" : problems.size() < most_problems ? "s" : "s and perhaps more";
  return text + fmt::format("{} problem{}; nothing was run.", problems.size(), plural);
}
}  // namespace

CaseError::CaseError(std::vector<Problem> problems)
    : std::runtime_error(whole_text(problems)), problems_(std::move(problems)) {}

void Problems::add(Location where, std::string sentence) {
  const auto same = [&](const Problem& p) {
    return p.where.file == where.file && p.where.line == where.line && p.sentence == sentence;
  };
  if (list_.size() >= most_problems) return;
  if (std::none_of(list_.begin(), list_.end(), same)) list_.push_back({std::move(where), std::move(sentence)});
}

void Problems::add(const CaseError& error) {
  for (const auto& p : error.problems()) add(p.where, p.sentence);
}

bool Problems::about(const std::string& beginning) const {
  return std::any_of(list_.begin(), list_.end(),
                     [&](const Problem& problem) { return problem.sentence.rfind(beginning, 0) == 0; });
}

void Problems::throw_if_any() {
  if (!list_.empty()) throw CaseError(std::move(list_));
}

namespace {
/// Letters to insert, drop, replace or swap with their neighbour to get from one word to the other (optimal string
/// alignment).
std::size_t edit_distance(const std::string& from, const std::string& to) {
  std::vector<std::size_t> before(to.size() + 1), above(to.size() + 1), row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    before = above;
    above = row;
    row[0] = i;
    for (std::size_t k = 1; k <= to.size(); ++k) {
      row[k] = std::min({above[k - 1] + (from[i - 1] == to[k - 1] ? 0 : 1), above[k] + 1, row[k - 1] + 1});
      const bool swapped = i > 1 && k > 1 && from[i - 1] == to[k - 2] && from[i - 2] == to[k - 1];
      if (swapped) row[k] = std::min(row[k], before[k - 2] + 1);
    }
  }
  return row.back();
}
}  // namespace

std::string nearest_name(const std::string& typed, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const auto& name : known) {
    const std::size_t distance = edit_distance(typed, name);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = name;
  }
  return best;
}

}  // namespace porelith
