#pragma once
/// Measurements that come with a cell.
#include <vector>

#include "solver/cell/bpx/bpx_section.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

/// Every experiment of a Validation section, judged: columns of one length, times that do not go back.
std::vector<Validation> read_validation(BpxSection section);

}  // namespace porelith
