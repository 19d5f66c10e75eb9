#pragma once
/// Searches that are inquiries (Inquiry), several at once, for a strategy that is asked what they want to know.
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "surrogate/design/strategy.hpp"

namespace porelith {

/// @tparam Search has wants() and answer() as an Inquiry has
template <class Search>
class SideBySide {
 public:
  /// Another one, behind those that go on.
  void begin(std::size_t number, std::unique_ptr<Search> search) { asking_.emplace_back(number, std::move(search)); }

  /// Gives them the replies to what they asked last, and tells what they want to know next, one question each.
  /// @param begin_next begins another one where there is one @return whether it did
  /// @param ended told of those that have: their number, and they themselves
  template <class BeginNext, class Ended>
  std::vector<Question> ask(const History& history, int n, const BeginNext& begin_next, const Ended& ended) {
    for (std::size_t k = 0; k < asking_.size() && taken_ + k < history.size(); ++k)
      asking_[k].second->answer(history[taken_ + k]);
    taken_ = history.size();
    std::vector<Question> questions;
    for (std::size_t k = 0; static_cast<int>(k) < n && (k < asking_.size() || begin_next());) {
      auto& [number, search] = asking_[k];
      if (const auto question = search->wants()) {
        questions.push_back(*question);
        ++k;
      } else {
        ended(number, *search);
        asking_.erase(asking_.begin() + static_cast<long>(k));
      }
    }
    return questions;
  }

 private:
  std::vector<std::pair<std::size_t, std::unique_ptr<Search>>> asking_;  ///< in the order of their numbers
  std::size_t taken_ = 0;                                                ///< of the history
};

}  // namespace porelith
