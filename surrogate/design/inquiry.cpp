#include "surrogate/design/inquiry.hpp"

namespace porelith {

Inquiry::Inquiry(const std::function<void(const Ask&)>& search) {
  thread_ = std::thread([this, search] {
    try {
      search([this](const Question& question) { return reply_to(question); });
    } catch (...) {
      failure_ = std::current_exception();
    }
    set(State::ended);
  });
}

Inquiry::~Inquiry() {
  set(State::given_up);
  thread_.join();
}

std::optional<Question> Inquiry::wants() {
  std::unique_lock<std::mutex> guard(lock_);
  changed_.wait(guard, [this] { return state_ == State::asks || state_ == State::ended; });
  if (failure_) std::rethrow_exception(failure_);
  return state_ == State::asks ? std::optional<Question>(asked_) : std::nullopt;
}

void Inquiry::answer(const Evaluation& evaluation) {
  reply_ = evaluation;
  set(State::thinks);
}

void Inquiry::set(State state) {
  {
    const std::lock_guard<std::mutex> guard(lock_);
    if (state_ != State::given_up) state_ = state;
  }
  changed_.notify_all();
}

std::optional<Evaluation> Inquiry::reply_to(const Question& question) {
  asked_ = question;
  set(State::asks);
  std::unique_lock<std::mutex> guard(lock_);
  changed_.wait(guard, [this] { return state_ != State::asks; });
  return state_ == State::given_up ? std::nullopt : std::optional<Evaluation>(reply_);
}

}  // namespace porelith
