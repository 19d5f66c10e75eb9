#pragma once
/// From the keys of [design] to a Design: names, bounds, expressions and the case keys that they set, all judged.
#include <optional>

#include "solver/case/draft.hpp"

namespace porelith {

/// Nothing where the case has no [design]; a problem for each thing that cannot be.
std::optional<Design> read_design(const Draft& draft, Problems& problems);

}  // namespace porelith
