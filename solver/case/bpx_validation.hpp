#pragma once
/// Measurements that come with a cell.
#include <vector>

#include "solver/case/bpx_section.hpp"
#include "solver/case/cell.hpp"

namespace porelith {

/// Every experiment of a Validation section, judged: columns of one length, times that do not go back.
std::vector<Validation> read_validation(BpxSection section);

}  // namespace porelith
