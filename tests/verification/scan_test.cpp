/// Results follow lengths of channels smoothly: value and slope of neighbours agree. The whole scans are in
/// bench_scans; here some steps of each, where they are hard.
#include "tests/support/scan.hpp"

#include <array>
#include <cstdio>

#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

/// Steps of a hundredth of the scan's range.
void smooth(const Scan& scan, double from, int steps, std::array<double, 2> tolerances, int by_differences = 0) {
  const DesignSpace space = space_of(scan, "negative = 5\npositive = 4\nwidth = 5\nshells = 4\n", 1e-6);
  const double h = (scan.high - scan.low) / 100;
  const ScanOutcome ends = scanned(space, 2, scan.low, scan.high),
                    part = scanned(space, steps + 1, from, from + steps * h);
  CHECK(part.by_differences == by_differences);
  for (std::size_t r = 0; r < scanned_results.size(); ++r) {
    const ScannedResult& result = part.results[r];
    const double range = std::max(ends.results[r].range(), result.range());
    const double defect = result.defect(result.worst()) * result.range() / range;
    std::printf("  %-16s %-15s defect %.1e of the range %.3g\n", scan.name.c_str(), scanned_results[r], defect, range);
    CHECK(defect < tolerances[r]);
  }
}

}  // namespace

TEST_CASE("capacity and plating margin follow pitch, mouth, taper and depth of grooves and holes") {
  for (const Scan& scan : scans::of_channels("grooves", scans::grooves, 20))
    smooth(scan, 0.7 * scan.low + 0.3 * scan.high, 4, {1e-5, 1e-4});
  for (const Scan& scan : scans::of_channels("holes", scans::holes, 24))
    smooth(scan, 0.4 * scan.low + 0.6 * scan.high, 3, {1e-5, 1e-4});
}

TEST_CASE("capacity and plating margin follow a taper until walls are straight, where cells lose their last matrix") {
  const Scan taper = scans::of_channels("grooves", scans::grooves, 20)[2];
  smooth(taper, taper.high - 0.03 * (taper.high - taper.low), 3, {1e-5, 3e-4}, 1);  // straight ones
}

TEST_CASE("capacity and plating margin follow the angle of a tree") { smooth(scans::of_angle(), 0.6, 4, {1e-5, 1e-4}); }
