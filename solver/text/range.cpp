#include "solver/text/range.hpp"

#include <fmt/format.h>

#include <cmath>

namespace porelith {

std::string Range::text() const {
  const bool any_low = std::isinf(low), any_high = std::isinf(high);
  if (any_low && any_high) return "";
  if (any_high) return fmt::format("{} {}", low_included ? ">=" : ">", low);
  if (any_low) return fmt::format("{} {}", high_included ? "<=" : "<", high);
  return fmt::format("{}{}, {}{}", low_included ? '[' : '(', low, high, high_included ? ']' : ')');
}

std::string Range::violation() const { return (std::isinf(low) || std::isinf(high) ? "not " : "outside ") + text(); }

}  // namespace porelith
