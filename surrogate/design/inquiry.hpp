#pragma once
/// A search that calls for a value and waits, as NLopt's do, for a strategy that is asked what it wants to know: it has
/// a thread of its own, which sleeps while somebody else finds the answer.
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "surrogate/design/strategy.hpp"

namespace porelith {

class Inquiry {
 public:
  /// Somebody else's answer; nothing where nobody wants to know any more.
  using Ask = std::function<std::optional<Evaluation>(const Question&)>;

  explicit Inquiry(const std::function<void(const Ask&)>& search);
  ~Inquiry();
  Inquiry(const Inquiry&) = delete;
  Inquiry& operator=(const Inquiry&) = delete;

  /// Waits for what it wants to know next; nothing where it has ended. What the search threw is thrown here.
  std::optional<Question> wants();
  void answer(const Evaluation& evaluation);

 private:
  enum class State { thinks, asks, ended, given_up };

  void set(State state);
  std::optional<Evaluation> reply_to(const Question& question);

  std::mutex lock_;
  std::condition_variable changed_;
  State state_ = State::thinks;
  Question asked_;
  Evaluation reply_;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace porelith
