#pragma once
/// A family of cases along one number.
#include <functional>

namespace porelith {

struct Case;

/// The case with a number of it changed by so much.
using CaseAt = std::function<Case(double by)>;

}  // namespace porelith
