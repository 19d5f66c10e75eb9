/// Points of a design family: all that are asked for, only what its conditions allow, and no design of whole numbers
/// twice.
#include "surrogate/dataset/points.hpp"

#include <cmath>
#include <set>

#include "surrogate/dataset/campaign.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

DesignFamily box(std::size_t variables, std::vector<std::string> feasible = {}) {
  DesignFamily family;
  for (std::size_t k = 0; k < variables; ++k)
    family.variables.push_back({"v" + std::to_string(k), 0, 1, false, false, 0.5});
  family.feasible = std::move(feasible);
  return family;
}

DesignFamily lattice(const std::vector<int>& values, std::vector<std::string> feasible = {}) {
  DesignFamily family = box(values.size(), std::move(feasible));
  for (std::size_t k = 0; k < values.size(); ++k)
    family.variables[k].high = values[k] - 1, family.variables[k].integer = true, family.variables[k].start = 0;
  return family;
}

}  // namespace

TEST_CASE("points without conditions are those of the sequence, in order") {
  for (const std::string sampling : {"sobol", "latin_hypercube"}) {
    FeasiblePoints points(box(3), sampling, 50, 7);
    const auto plain = sample_points(sampling, 50, 3, 7);
    for (long k = 0; k < 50; ++k) {
      const auto point = points.next(1);
      REQUIRE(point);
      CHECK(point->index == k);
      CHECK(point->x == plain[static_cast<std::size_t>(k)]);
    }
  }
}

TEST_CASE("a region of a ten-thousandth of the box is sampled with any seed and any way to spread") {
  // |v0 - 0.3| < 0.005 and |v1 - 0.7| < 0.005: 1e-4 of the box
  const DesignFamily corner = box(3, {"0.005 - abs(v0 - 0.3)", "0.005 - abs(v1 - 0.7)"});
  for (const std::string sampling : {"sobol", "latin_hypercube"})
    for (const unsigned seed : {0u, 1u, 2u, 3u, 17u, 12345u}) {
      FeasiblePoints points(corner, sampling, 40, seed);
      std::set<std::vector<double>> found;
      while (found.size() < 40) {
        const auto point = points.next(2000000);
        REQUIRE(point);
        CHECK(std::abs(point->x[0] - 0.3) <= 0.005);
        CHECK(std::abs(point->x[1] - 0.7) <= 0.005);
        found.insert(point->x);
      }
      INFO(sampling << ", seed " << seed << ": " << points.tried() << " tried");
      CHECK(points.tried() > 40 * 3000);
      CHECK(points.tried() < 40 * 30000);
    }
}

TEST_CASE("an empty region is given up after as many tries as one allows") {
  FeasiblePoints points(box(2, {"v0 - 2"}), "sobol", 10, 1);
  CHECK_FALSE(points.next(1000));
  CHECK(points.tried() == 1000);
  CHECK_FALSE(points.exhausted());  // nobody knows
}

TEST_CASE("every design of whole numbers comes once, and then no more") {
  struct Kind {
    std::vector<int> values;
    std::vector<std::string> feasible;
    long designs;
  };
  const std::vector<int> choices(12, 2);
  for (const Kind& kind : {Kind{{4, 4}, {}, 16}, Kind{{3, 5, 7}, {}, 105}, Kind{{1, 9}, {}, 9},
                           Kind{{6, 6}, {"v0 - v1"}, 21}, Kind{choices, {}, 4096}, Kind{{4}, {"v0 - 9"}, 0}})
    for (const std::string sampling : {"sobol", "latin_hypercube"})
      for (const unsigned seed : {0u, 1u, 5u}) {
        FeasiblePoints points(lattice(kind.values, kind.feasible), sampling, 20, seed);
        std::set<std::vector<double>> designs;
        std::set<long> indices;
        while (const auto point = points.next(10000000)) {
          CHECK(designs.insert(point->x).second);
          CHECK(indices.insert(point->index).second);
        }
        CHECK(static_cast<long>(designs.size()) == kind.designs);
        CHECK(points.exhausted());
        CHECK(designs_of(lattice(kind.values, kind.feasible)) == kind.designs);
      }
  CHECK(designs_of(box(2)) == -1);
  CHECK(designs_of(lattice(std::vector<int>(30, 4))) == -1);
}

TEST_CASE("points where a condition is no finite number are left out and counted") {
  FeasiblePoints points(box(2, {"log(v0 - 0.25)", "1"}), "sobol", 100, 0);  // >= 0 nowhere: v0 - 0.25 < 1
  CHECK_FALSE(points.next(1024));
  REQUIRE(points.undefined().size() == 2);
  CHECK(points.undefined()[0] == 257);  // v0 = k/1024 for k = 0 ... 256: log(0) is none either
  CHECK(points.undefined()[1] == 0);
}

TEST_CASE("more variables than Sobol's sequence has numbers for are spread by hypercubes where nobody asked for it") {
  CHECK(evenly(41) == "sobol");
  CHECK(evenly(42) == "latin_hypercube");
  FeasiblePoints points(box(60), evenly(60), 10, 1);
  for (int k = 0; k < 25; ++k) {
    const auto point = points.next(1);
    REQUIRE(point);
    CHECK(point->x.size() == 60);
  }
  CHECK_THROWS_AS(FeasiblePoints(box(60), "sobol", 10, 1), std::invalid_argument);
}
