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
std::string whole_text(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& p : problems) text += p.text() + "\n";
  return text + fmt::format("{} problem{}; nothing was run.", problems.size(), problems.size() == 1 ? "" : "s");
}
}  // namespace

CaseError::CaseError(std::vector<Problem> problems)
    : std::runtime_error(whole_text(problems)), problems_(std::move(problems)) {}

void Problems::add(Location where, std::string sentence) {
  const auto same = [&](const Problem& p) {
    return p.where.file == where.file && p.where.line == where.line && p.sentence == sentence;
  };
  if (std::none_of(list_.begin(), list_.end(), same)) list_.push_back({std::move(where), std::move(sentence)});
}

void Problems::add(const CaseError& error) {
  for (const auto& p : error.problems()) add(p.where, p.sentence);
}

void Problems::throw_if_any() {
  if (!list_.empty()) throw CaseError(std::move(list_));
}

std::string nearest_name(const std::string& typed, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const auto& name : known) {
    std::vector<std::size_t> row(name.size() + 1);  // Levenshtein, one row at a time
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < typed.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i + 1;
      for (std::size_t k = 0; k < name.size(); ++k) {
        const std::size_t substitute = diagonal + (typed[i] == name[k] ? 0 : 1);
        diagonal = row[k + 1];
        row[k + 1] = std::min({substitute, row[k] + 1, row[k + 1] + 1});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = name;
    }
  }
  return best;
}

}  // namespace porelith
