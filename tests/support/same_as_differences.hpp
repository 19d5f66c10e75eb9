#pragma once
/// The assertion that run_slopes.hpp is for.
#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/support/run_slopes.hpp"

namespace porelith {

/// Backward as forward, as differences to the tolerance.
/// @param apart what forward and backward may be apart: as far as the linear solver is off
inline void same_as_differences(const Case& base, const std::vector<Varied>& numbers, double tolerance,
                                double apart = 1e-9) {
  const RunSlopes slopes = run_slopes(base, numbers);
  for (const RunSlopes::One& one : slopes.wrong(tolerance)) {
    INFO(one.number << ", " << one.result << ": " << one.backward << ", forward " << one.forward << ", differences "
                    << one.differences << ", scale " << one.scale);
    CHECK(one.off() < (one.kinked ? 0.1 : tolerance));
  }
  CHECK(slopes.most_apart() < apart);
  REQUIRE(!slopes.all.empty());
  const RunSlopes::One& worst = slopes.worst();
  std::printf("  %zu slopes by %zu numbers: off differences by %.1e at most (%s, %s), forward off backward by %.1e\n",
              slopes.all.size(), numbers.size(), worst.off(), worst.number.c_str(), worst.result.c_str(),
              slopes.most_apart());
}

}  // namespace porelith
