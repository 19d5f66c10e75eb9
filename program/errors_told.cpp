#include "program/errors_told.hpp"

#include <exception>
#include <new>
#include <stdexcept>

#include "solver/base/error.hpp"
#include "solver/base/team.hpp"
#include "solver/base/tell.hpp"
#include "solver/base/together.hpp"

namespace porelith {
namespace {

constexpr int exit_internal = 70;  // EX_SOFTWARE: a mistake of ours

/// Tells what was thrown. @return the exit code
int told(const std::exception_ptr& trouble) {
  try {
    std::rethrow_exception(trouble);
  } catch (const CaseError& error) {
    tell(stderr, "{}\n", error.what());
    return exit_bad_input;
  } catch (const SolveFailure& failure) {
    tell(stderr, "porelith: the solve failed: {}\n", failure.what());
    return exit_solve_failed;
  } catch (const WriteError& error) {
    tell(stderr, "porelith: {}\n", error.what());
    return exit_cannot_write;
  } catch (const std::invalid_argument& error) {
    tell(stderr, "porelith: {}\n", error.what());
    return exit_usage;
  } catch (const std::bad_alloc&) {
    tell(stderr, "porelith: there is not enough memory for this; fewer cells, shells or snapshots need less\n");
    return exit_solve_failed;
  } catch (const std::exception& error) {
    tell(stderr, "porelith: a mistake in the program, please report it: {}\n", error.what());
    return exit_internal;
  }
}

/// The exit code of an exception that all ranks have met: the first of them tells it, and all end alike.
int told_once(const std::exception_ptr& trouble, const Team& team) {
  const int code = team.first() ? told(trouble) : int(exit_ok);
  return static_cast<int>(team.max(double(code)));
}

}  // namespace

int with_errors_told(const Command& command) {
  const Team team = Team::world();
  try {
    int code = exit_ok;
    const auto work = [&] {
      if (command.whom == WorkOf::all_ranks || team.first()) code = command.work();
      if (team.first()) flush_output();
    };
    meet_after(team, work, told);
    return static_cast<int>(team.max(team.first() ? double(code) : 0));
  } catch (...) {
    return told_once(std::current_exception(), team);
  }
}

}  // namespace porelith
