#pragma once
/// `run --gradient`: slopes of what a run came to.
#include <optional>
#include <string>
#include <vector>

#include "program/verb.hpp"
#include "solver/base/team.hpp"
#include "solver/case/case.hpp"

namespace porelith {

struct Along;
struct CurveWanted;
struct Results;
struct TapedRun;

/// What slopes are asked for.
struct GradientLine {
  std::string results;        ///< names with commas between; "" = none
  std::string by;             ///< likewise; "" = all that there are
  std::string curves;         ///< of observables, likewise; "" = none
  std::string at;             ///< the coordinate of curves, with or without points: "share", "time=60,600"; "" = time
  std::optional<int> points;  ///< of each curve, from its beginning to its end

  bool asks() const { return !results.empty() || !curves.empty(); }
  void declare_on(Verb& verb);
};

/// Whether the names are some, before anything runs.
/// @throws std::invalid_argument
void judge_gradient(const GradientLine& line, const Case& input);

/// The same of the numbers behind --by alone.
void judge_numbers(const std::string& by, const Case& input);
/// The curves that the line asks for. @throws std::invalid_argument with a sentence where it asks for none that there
/// is
std::vector<CurveWanted> curves_wanted(const GradientLine& line);
/// "a,b" as names.
std::vector<std::string> names_in_list(const std::string& list);
/// By the variables of the case's design where they start, or by those of them that are wanted. Collective.
std::vector<Along> along_variables(const Case& input, const TapedRun& run, const std::vector<std::string>& wanted);

/// The case as the run's last level had it.
Case as_solved(const Case& input, const Results& results);
/// The same of a run that was completed earlier, as its folder says. @throws CaseError
Case as_solved_before(const Case& input);

/// Solves the case once more, tells the slopes, with how far off they may be, and writes gradient.csv, .h5, .vtu and
/// the pictures into its folder. Collective.
/// @return the exit code
int tell_gradient(const GradientLine& line, const Case& solved, const Team& team);

}  // namespace porelith
