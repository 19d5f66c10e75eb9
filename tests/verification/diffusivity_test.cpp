/// D_s as papers publish it: dips, steps and slopes by decades. Every plain protocol has to end as it says.
#include "tests/support/catch.hpp"
#include "tests/support/varied_diffusivity.hpp"

using namespace porelith;

TEST_CASE("cells whose D_s has dips, steps and slopes run through plain protocols") {
  // Every tenth of the 300 cells of bench_diffusivity.
  for (const std::string& failure : run_varied_diffusivities(300, 10)) FAIL_CHECK(failure);
}
