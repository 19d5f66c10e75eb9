#pragma once
/// The worst of many cells on all ranks, and its place: the same sentence on any number of them.
#include <functional>
#include <string>
#include <vector>

#include "meshes/cells.hpp"
#include "solver/base/team.hpp"

namespace porelith {

/// "negative electrode, x = 93.1 um", of a cell of this rank.
std::string place_of(const Cells& mesh, int cell);

class Worst {
 public:
  struct Candidate {
    double measure;  ///< the larger the worse; what is no number is worst of all
    double value;
    const char* field;
    const char* unit;
    int cell;  ///< this rank's own, or whole_cell
  };
  static constexpr int whole_cell = -1;  ///< for what has no place

  void offer(double measure, double value, const char* field, const char* unit, int cell);

  /// What `sentence` makes of the worst candidate and of its place, "cell 12 (separator, x = 93.1 um)", cells counting
  /// from 1 through the whole mesh. Of candidates that are as bad but for rounding the first cell of the mesh is told.
  /// "" if nobody offered any. Collective.
  using Sentence = std::function<std::string(const Candidate&, const std::string& place)>;
  std::string told(const Cells& mesh, const Team& team, const Sentence& sentence) const;

 private:
  std::vector<Candidate> candidates_;
};

}  // namespace porelith
