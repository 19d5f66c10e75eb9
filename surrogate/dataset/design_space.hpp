#pragma once
/// A design family of a case: from a point to the case that it stands for, and what a solve of it gives.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "solver/case/design.hpp"
#include "solver/case/key_values.hpp"
#include "solver/text/named_expression.hpp"
#include "surrogate/dataset/sample.hpp"

namespace porelith {

struct Case;
struct CaseChange;
struct MeshOptions;
class Recorder;
struct Results;

/// Its grids all have the control volumes of its baseline (plan()): only so do results follow variables smoothly.
class DesignSpace {
 public:
  /// @param base as it was read; @param family one of its own
  DesignSpace(const Case& base, const DesignFamily& family);

  const DesignFamily& family() const { return family_; }
  int dimension() const { return static_cast<int>(family_.variables.size()); }
  std::vector<double> start() const { return family_.start(); }
  /// How many control volumes each piece of a grid has, as changes of the case.
  const std::vector<CaseChange>& plan() const { return *plan_; }
  /// The --set's that make the point.
  std::vector<std::string> overrides(const std::vector<double>& x) const;
  /// "" if the point may be solved, else why not.
  std::string infeasible(const std::vector<double>& x) const;
  /// @param finer cells in every direction and shells times this, rounded up; the elements of a mesh file are
  /// halved, as often as it takes @param further changes, of keys that the family does not set
  /// @throws CaseError
  Case case_at(const std::vector<double>& x, double finer = 1, const std::vector<CaseChange>& further = {}) const;
  /// Solves the point; never throws for what the point is.
  /// @param recorder told of the run, and asked whether it shall stop (status "stopped"); may be null
  Sample solve(long index, const std::vector<double>& x, double finer = 1, Recorder* recorder = nullptr) const;
  /// The same by somebody else's run of its case.
  Sample solve(long index, const std::vector<double>& x, const std::function<Results(const Case&)>& run,
               double finer = 1) const;
  /// The same with everything that a report wants to draw.
  Results results(const std::vector<double>& x, double finer = 1) const;

  std::string cell_hash() const;
  /// Of everything that a sample depends on: the case apart from [design] and [output], and the family.
  std::string case_hash() const;
  /// The same key by key: by it a campaign says what has changed since.
  std::vector<KeyValue> content() const;
  /// The case itself, as the user wrote it.
  const Case& base() const;
  /// Whether several threads may solve its points at once.
  bool may_share_threads() const;

 private:
  /// Bounds, whole numbers and feasible; "" or why not.
  std::string outside(const std::vector<double>& x) const;
  std::vector<CaseChange> changes(const std::vector<double>& x) const;

  std::shared_ptr<const Case> base_;
  DesignFamily family_;
  std::vector<std::pair<std::string, std::vector<NamedExpression>>> set_;  ///< of the family, ready to be computed
  std::vector<NamedExpression> feasible_;
  std::shared_ptr<const std::vector<CaseChange>> plan_;
};

/// How often more the elements of a mesh file are halved to be so many times as fine; 0 without a file.
int more_halvings(const MeshOptions& mesh, double finer);

/// What DesignSpace::case_at makes finer, in words: "40 for 20 cells through the negative electrode, ...".
std::string refined_text(const Case& input, double finer);

}  // namespace porelith
