/// Do cells whose D_s(sto) has dips, steps and slopes by decades run through plain protocols?
///   bench_diffusivity [STRIDE]    every STRIDE-th of 300 random cells through ten protocols each
#include <cstdlib>

#include "tests/support/varied_diffusivity.hpp"

int main(int argc, char** argv) {
  const int stride = argc > 1 ? std::max(1, std::atoi(argv[1])) : 1;
  const auto failures = porelith::run_varied_diffusivities(300, stride);
  for (const auto& failure : failures) std::printf("%s\n", failure.c_str());
  return failures.empty() ? 0 : 1;
}
