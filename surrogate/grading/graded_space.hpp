#pragma once
/// The designs of a study with gradings: each a point of the space of its variables, among which are the gradings' mean
/// porosities, and a porosity of every control volume; solved, with slopes by all of them.
#include <memory>
#include <string>
#include <vector>

#include "solver/graded_porosity.hpp"
#include "surrogate/dataset/design_space.hpp"
#include "surrogate/design/goal.hpp"

namespace porelith {

class GradedSpace {
 public:
  /// @param input with gradings @throws CaseError where its start values make no case
  explicit GradedSpace(const Case& input);
  ~GradedSpace();

  const DesignSpace& space() const { return space_; }
  const std::vector<Grading>& gradings() const { return gradings_; }
  const GradedVolumes& volumes(std::size_t grading) const { return volumes_[grading]; }
  /// Variables, then the porosities of one grading after the other.
  std::size_t dimension() const;
  /// Of a design: its variables alone, a grading's porosities.
  std::vector<double> variables(const std::vector<double>& x) const;
  std::vector<double> porosities(const std::vector<double>& x, std::size_t grading) const;
  /// Uniform.
  std::vector<double> start() const;

  /// As a case that can be written. @throws CaseError
  Case case_at(const std::vector<double>& x, double finer = 1) const;
  /// On a finer mesh with a quarter of the time steps' error.
  Sample solve(long index, const std::vector<double>& x, double finer = 1) const;
  /// The same on the case's own mesh, with slopes by variables (porosities as they are) and by porosities.
  Sloped sloped(long index, const std::vector<double>& x, bool slope) const;
  /// With slopes of the results that a goal reads. This must outlive it; its family has the variables alone.
  Physics physics(const Goal& goal) const;

 private:
  struct Run;
  Sample solve(long index, const std::vector<double>& x, double finer, Run* run) const;
  void add_slopes(const Run& run, Sloped& sloped) const;
  void set_fields(Case& at, const std::vector<double>& x) const;

  DesignSpace space_;
  std::vector<Grading> gradings_;
  std::vector<GradedVolumes> volumes_;
  mutable std::vector<std::size_t> results_;   ///< places in scalar_results() whose slopes are wanted
  mutable std::shared_ptr<const Run> latest_;  ///< may still be asked for slopes
};

}  // namespace porelith
