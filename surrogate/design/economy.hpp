#pragma once
/// What an economical study of a case can draw on: a cheap member of its family, and what others have solved.
#include <optional>
#include <string>
#include <vector>

#include "surrogate/dataset/design_space.hpp"
#include "surrogate/design/economical.hpp"
#include "surrogate/design/solve_store.hpp"

namespace porelith {

inline constexpr const char* cheap_file = "cheap.h5";  ///< in a study's folder, beside dataset.h5

class Sources {
 public:
  /// @param design of the space's case @throws CaseError naming a folder that has no dataset, or one of other variables
  Sources(const Design& design, const DesignSpace& space);

  /// The cheap member's space, where there is one.
  const std::optional<DesignSpace>& cheap() const { return cheap_; }
  /// All that run_economical() is to be told. The goal, the store and this must outlive it.
  Economy economy(const Goal& goal, SolveStore& store, int threads) const;

 private:
  void take_over(const std::string& folder, const DesignSpace& space);

  const Design& design_;
  std::optional<DesignSpace> cheap_;
  double work_ = 1;  ///< of the cheap member's linearisation over one on the case's mesh
  std::vector<TakenOver> taken_;
};

/// Part of the case's control volumes that its cheap member has; 0 where there is none.
double cheap_part(const Design& design, const DesignSpace& space);

}  // namespace porelith
