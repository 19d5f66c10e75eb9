#pragma once
/// All that a run has to remember to go on bit for bit on as many ranks, as bytes for a checkpoint.
#include <string>

#include "solver/march/protocol.hpp"
#include "solver/march/stepper.hpp"
#include "solver/past.hpp"
#include "solver/record/results.hpp"

namespace porelith {

/// Where the keeping of rows and snapshots stands.
struct KeeperMemory {
  double last_time = 0;                         ///< of an accepted state [s]
  double next_row = 0;                          ///< where rows come at fixed times [s]
  int step = -1;                                ///< of the protocol, of the last accepted state
  int since_snapshot = 0, snapshot_stride = 1;  ///< accepted states
  int unsolved_rows = 0;                        ///< between steps, where no potentials carried the table's value
  double first_unsolved = 0;                    ///< [s]
  std::vector<double> watch;                    ///< of RangeWatch
};

/// What a run says of such rows.
std::string unsolved_rows_text(int rows, double first);

struct RunMemory {
  ProtocolPosition position;
  Past past;
  Stepper::Memory stepper;
  KeeperMemory keeper;
  double seconds = 0;  ///< wall time spent so far
};

/// With them the curve, the snapshots (own cells) and the steps of `so_far`.
std::string packed(const RunMemory& memory, const Results& so_far);

/// @param so_far describes the same mesh; its curve, snapshots and steps are replaced
/// @throws std::invalid_argument if the bytes are of another mesh or no memory of a run
RunMemory unpacked(const std::string& bytes, Results& so_far);

}  // namespace porelith
