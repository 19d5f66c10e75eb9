/// How near to their cut-off grooved designs end at 3C, both ways: bench_landing [DESIGNS].
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"

using namespace porelith;

namespace {

Case grooved(double width, bool charge) {
  return parse_case(fmt::format(R"([cell]
file = "lgm50_chen2020"
[initial]
soc = {}
[geometry]
dimension = 2
width = "60 um"
[[channel]]
width = "{} um"
[mesh]
negative = 20
separator = 8
positive = 20
width = 12
shells = 15
[[step]]
{} = "3C"
)",
                                charge ? 0 : 1, width, charge ? "charge" : "discharge"),
                    "case.toml");
}

}  // namespace

int main(int argc, char** argv) {
  const int designs = argc > 1 ? std::atoi(argv[1]) : 20;
  int failed = 0;
  fmt::print("| grooved, 3C | designs | failed | farthest from the cut-off [V] | solve [s] |\n|---|---|---|---|---|\n");
  for (const bool charge : {false, true}) {
    double worst = 0, seconds = 0;
    int bad = 0;
    for (int k = 0; k < designs; ++k) {
      const double width = 5 + 45 * (k + 0.5) / designs;  // [um]
      const Results r = simulate(grooved(width, charge));
      seconds += r.seconds;
      if (r.status != "complete") {
        ++bad;
        fmt::print(stderr, "groove of {:.4g} um, {}: {}\n", width, charge ? "charge" : "discharge", r.status);
      } else {
        worst = std::fmax(worst, std::abs(r.curve.back().voltage() - (charge ? 4.2 : 2.5)));
      }
    }
    fmt::print("| {} | {} | {} | {:.2e} | {:.2f} |\n", charge ? "charge" : "discharge", designs, bad, worst,
               seconds / designs);
    failed += bad + (worst > 1e-5);
  }
  return failed == 0 ? 0 : 1;
}
