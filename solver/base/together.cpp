#include "solver/base/together.hpp"

#include <unistd.h>

#include <new>
#include <string>

#include "solver/base/packed.hpp"

namespace porelith {
namespace {

enum Kind : int { input, solve, write, usage, memory, other };

/// An exception as bytes that throw_packed() throws again; "" for none.
std::string packed(const std::exception_ptr& trouble) {
  if (!trouble) return "";
  Packer bytes;
  try {
    std::rethrow_exception(trouble);
  } catch (const CaseError& error) {
    bytes.add(int(input));
    bytes.list(error.problems(),
               [&](const Problem& p) { bytes.all(p.where.file, p.where.line, p.where.column, p.sentence); });
  } catch (const SolveFailure& failure) {
    bytes.all(int(solve), std::string(failure.what()));
  } catch (const WriteError& error) {
    bytes.all(int(write), std::string(error.what()));
  } catch (const std::bad_alloc&) {
    bytes.add(int(memory));
  } catch (const std::invalid_argument& error) {
    bytes.all(int(usage), std::string(error.what()));
  } catch (const std::exception& error) {
    bytes.all(int(other), std::string(error.what()));
  } catch (...) {
    bytes.all(int(other), std::string("something that is no exception was thrown"));
  }
  return bytes.bytes();
}

[[noreturn]] void throw_packed(const std::string& text) {
  Unpacker bytes(text);
  int kind = other;
  bytes.take(kind);
  if (kind == memory) throw std::bad_alloc();
  if (kind == input) {
    std::vector<Problem> problems;
    bytes.list(problems, [&](Problem& p) { bytes.all(p.where.file, p.where.line, p.where.column, p.sentence); });
    throw CaseError(std::move(problems));
  }
  std::string sentence;
  bytes.take(sentence);
  if (kind == solve) throw SolveFailure(sentence);
  if (kind == write) throw WriteError(sentence);
  if (kind == usage) throw std::invalid_argument(sentence);
  throw std::runtime_error(sentence);
}

// Where ranks meet, some may never come: messages from one to one, which no collective call of theirs is mixed up with.
constexpr int meeting_tag = 4711;

void send(const std::string& text, int rank, MPI_Comm communicator, MPI_Request& request) {
  MPI_Isend(text.data(), static_cast<int>(text.size()), MPI_CHAR, rank, meeting_tag, communicator, &request);
}

/// A rank's message, if it is there.
std::optional<std::string> received(int rank, MPI_Comm communicator) {
  int there = 0, length = 0;
  MPI_Status status;
  MPI_Iprobe(rank, meeting_tag, communicator, &there, &status);
  if (there == 0) return {};
  MPI_Get_count(&status, MPI_CHAR, &length);
  std::string text(static_cast<std::size_t>(length), '\0');
  MPI_Recv(text.data(), length, MPI_CHAR, rank, meeting_tag, communicator, MPI_STATUS_IGNORE);
  return text;
}

/// One rank at a meeting: all tell the first of their trouble, the first tells all of the lowest rank's.
class Meeting {
 public:
  /// @param at_wits_end ends the process: called where this rank's trouble leaves the others waiting elsewhere
  Meeting(const Team& team, std::string trouble, std::chrono::milliseconds patience, std::function<void()> at_wits_end)
      : team_(team), trouble_(std::move(trouble)), patience_(patience), at_wits_end_(std::move(at_wits_end)) {}

  /// The trouble of the lowest rank that has one.
  std::string agreed() {
    std::string lowest = trouble_;
    if (team_.first()) {
      for (int rank = 1; rank < team_.size(); ++rank) {
        const std::string its = from(rank);
        if (lowest.empty()) lowest = its;
      }
      std::vector<MPI_Request> requests(static_cast<std::size_t>(team_.size() - 1));
      for (int rank = 1; rank < team_.size(); ++rank) send(lowest, rank, team_.communicator(), requests[rank - 1]);
      MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
      return lowest;
    }
    MPI_Request request;
    send(trouble_, 0, team_.communicator(), request);
    lowest = from(0);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    return lowest;
  }

 private:
  /// Asks now and then: who waits without rest takes a core from those who still work.
  std::string from(int rank) const {
    constexpr useconds_t nap = 500;
    for (;;) {
      if (auto text = received(rank, team_.communicator())) return *text;
      if (!trouble_.empty() && std::chrono::steady_clock::now() - start_ > patience_) at_wits_end_();
      usleep(nap);
    }
  }

  const Team& team_;
  std::string trouble_;
  std::chrono::milliseconds patience_;
  std::function<void()> at_wits_end_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

void rethrow_together(const Team& team, const std::exception_ptr& trouble) {
  if (team.size() == 1) {
    if (trouble) std::rethrow_exception(trouble);
    return;
  }
  const std::string text = team.any(packed(trouble));
  if (!text.empty()) throw_packed(text);
}

void meet_after(const Team& team, const std::function<void()>& work, const LastWords& last_words,
                std::chrono::milliseconds patience) {
  if (team.size() == 1) return work();
  std::exception_ptr trouble;
  try {
    work();
  } catch (...) {
    trouble = std::current_exception();
  }
  const auto end_all = [&] { MPI_Abort(MPI_COMM_WORLD, last_words(trouble)); };
  const std::string agreed = Meeting(team, packed(trouble), patience, end_all).agreed();
  if (!agreed.empty()) throw_packed(agreed);
}

}  // namespace porelith
