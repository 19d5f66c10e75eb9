#pragma once
/// A run that slopes can be taken of, for whoever need not look inside.
#include <memory>

#include "solver/base/team.hpp"

namespace porelith {

struct Case;
class Recorder;
struct Results;
struct TapedRun;

class SlopedRun {
 public:
  /// Solves the case as simulate_taped() does. Collective. @throws CaseError as that
  explicit SlopedRun(const Case& input, const Team& team = Team::alone(), Recorder* recorder = nullptr);

  const TapedRun& taped() const { return *run_; }
  const Results& results() const;
  /// Implicit solves that are kept.
  int stages() const;
  /// What they take on all ranks together, in memory and in a temporary file [bytes]. Collective.
  double in_memory() const;
  double in_file() const;

 private:
  std::shared_ptr<const TapedRun> run_;
};

}  // namespace porelith
