#pragma once
/// What only one rank of several meets, told to all.
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/base/team.hpp"

namespace porelith {

/// Throws on all ranks what the lowest of those in trouble has caught, of the same kind and with the same sentence;
/// nothing where all are null. Collective.
void rethrow_together(const Team& team, const std::exception_ptr& trouble);

/// Does this rank's part of a work that has no collective call in it; what any rank throws is thrown on all, so that
/// nobody waits for a rank that has left. Collective.
template <class Work>
auto together(const Team& team, const Work& work) {
  if (team.size() == 1) return work();
  std::exception_ptr trouble;
  if constexpr (std::is_void_v<decltype(work())>) {
    try {
      work();
    } catch (...) {
      trouble = std::current_exception();
    }
    rethrow_together(team, trouble);
  } else {
    std::optional<decltype(work())> result;
    try {
      result.emplace(work());
    } catch (...) {
      trouble = std::current_exception();
    }
    rethrow_together(team, trouble);
    return std::move(*result);
  }
}

/// The exit code of the program for a trouble, after this rank has told it.
using LastWords = std::function<int(const std::exception_ptr&)>;
inline constexpr std::chrono::seconds meeting_patience{20};

/// The same for a work with collective calls in it: what any rank throws there is thrown on all once all are here. A
/// rank in trouble that the others do not follow, for they wait for it inside of the work, says its last words after a
/// while and ends all processes. Collective.
void meet_after(const Team& team, const std::function<void()>& work, const LastWords& last_words,
                std::chrono::milliseconds patience = meeting_patience);

}  // namespace porelith
