#pragma once
/// A study of gradings: the free profile, the best uniform electrode, the best layers and what can be coated, each
/// confirmed on a finer mesh.
#include <functional>
#include <string>
#include <vector>

#include "surrogate/grading/field_search.hpp"
#include "surrogate/grading/graded_space.hpp"

namespace porelith {

/// A design that the study tells of.
struct GradedDesign {
  std::string name;                             ///< "uniform start", "free", "best 5 layers", "coatable"
  std::string folder;                           ///< what its case is written into
  std::vector<int> layers;                      ///< of each grading; empty: every control volume its own
  std::vector<std::vector<double>> porosities;  ///< of each grading's layers, collector to separator; empty where free
  std::vector<double> x;                        ///< as GradedSpace has it
  double value = 0, value_finer = 0;            ///< objective on the case's mesh, on the finer one
  std::vector<double> constraints, constraints_finer;  ///< >= 0 where kept
  bool allowed = false;                                ///< all constraints hold on the finer mesh
  FieldFound found;                                    ///< how; of the start nothing
};

struct GradingOutcome {
  std::string objective;
  bool maximise = true;
  double finer = 1;
  std::vector<GradedDesign> designs;  ///< start, best uniform, free, best layers, coatable
  std::vector<std::string> notes;     ///< sentences
  double seconds = 0;

  const GradedDesign* called(const std::string& name) const;
};

/// What a design gains over another, as a part of that one's value; positive is better.
struct Gain {
  double finer;  ///< on the finer mesh
  double error;  ///< how far the case's own mesh has it from that
};
Gain gain_over(const GradingOutcome& outcome, const GradedDesign& design, const GradedDesign& other);

struct GradingOptions {
  std::function<bool()> stop = [] { return false; };
  std::function<void(const std::string&)> say = [](const std::string&) {};
};

/// @param physics space's @throws SolveFailure where the start cannot be solved or nothing keeps the constraints
GradingOutcome run_grading_study(const GradedSpace& space, const Design& design, const Goal& goal,
                                 const Physics& physics, const GradingOptions& options);

}  // namespace porelith
