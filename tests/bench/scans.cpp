/// How smooth results are while a length of a channel changes: scans of pitch, mouth, taper, depth and angle, and what
/// values and slopes of two neighbours disagree by, over the range. Usage: bench_scans [POINTS [NAME [table]]]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/scan.hpp"

using namespace porelith;

namespace {

void tell(const Scan& scan, const std::string& mesh, int points, bool table) {
  const auto begun = std::chrono::steady_clock::now();
  const DesignSpace space = space_of(scan, mesh, 1e-6);
  const ScanOutcome outcome = scanned(space, points, scan.low, scan.high);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  for (std::size_t r = 0; r < scanned_results.size(); ++r) {
    const ScannedResult& result = outcome.results[r];
    const std::size_t at = result.worst();
    std::printf("%-16s %-15s range %10.4g, largest defect %.1e of it at x = %.5g", scan.name.c_str(),
                scanned_results[r], result.range(), result.defect(at), result.x[at]);
    std::printf(r == 0 ? "; %.1f s, %d slopes by differences\n" : "\n", seconds, outcome.by_differences);
    if (!table) continue;
    for (std::size_t i = 0; i < result.x.size(); ++i)
      std::printf("  %10.6g %18.12g %14.7g %9.1e\n", result.x[i], result.value[i], result.slope[i],
                  i + 1 < result.x.size() ? result.defect(i) : 0.0);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int points = argc > 1 ? std::atoi(argv[1]) : 100;
  const std::string flat = "negative = 10\npositive = 8\nwidth = 8\nshells = 6\n";
  const std::string solid = "negative = 6\npositive = 5\nwidth = 5\nheight = 5\nshells = 4\n";
  std::vector<std::pair<Scan, std::string>> all;
  for (const Scan& scan : scans::of_channels("grooves", scans::grooves, 20)) all.emplace_back(scan, flat);
  for (const Scan& scan : scans::of_channels("holes", scans::holes, 24)) all.emplace_back(scan, flat);
  for (const Scan& scan : scans::of_channels("square holes", scans::squares, 24)) all.emplace_back(scan, solid);
  all.emplace_back(scans::of_angle(), flat);
  for (const auto& [scan, mesh] : all)
    if (argc < 3 || scan.name.find(argv[2]) != std::string::npos)
      tell(scan, mesh, points, argc > 3 && std::strcmp(argv[3], "table") == 0);
  return 0;
}
