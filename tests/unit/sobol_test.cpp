#include <cmath>
#include <set>
#include <stdexcept>

#include "surrogate/dataset/campaign.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

TEST_CASE("Sobol's first points are those of the literature") {
  // Joe and Kuo, Notes on generating Sobol sequences (2008): the first points in three dimensions.
  const std::vector<std::vector<double>> expected = {{0, 0, 0},
                                                     {0.5, 0.5, 0.5},
                                                     {0.75, 0.25, 0.25},
                                                     {0.25, 0.75, 0.75},
                                                     {0.375, 0.375, 0.625},
                                                     {0.875, 0.875, 0.125},
                                                     {0.625, 0.125, 0.875},
                                                     {0.125, 0.625, 0.375}};
  CHECK(sample_points("sobol", 8, 3, 0) == expected);
}

TEST_CASE("every dimension of Sobol's sequence fills each of 2^k equal intervals once, shifted or not") {
  for (const unsigned seed : {0u, 1u, 12345u}) {
    const auto points = sample_points("sobol", 1024, 41, seed);
    for (int i = 0; i < 41; ++i) {
      std::set<int> filled;
      for (const auto& point : points) filled.insert(static_cast<int>(point[i] * 1024));
      CHECK(filled.size() == 1024);
    }
  }
}

TEST_CASE("the first 2^d points of Sobol's sequence have one in each of the 2^d halved cubes: property A") {
  // Joe and Kuo's numbers have it in every dimension; a wrong one in the table breaks it sooner or later.
  for (int d = 1; d <= 16; ++d) {
    const auto points = sample_points("sobol", 1 << d, d, 0);
    std::set<int> corners;
    for (const auto& point : points) {
      int corner = 0;
      for (const double u : point) corner = 2 * corner + (u >= 0.5 ? 1 : 0);
      corners.insert(corner);
    }
    CHECK(static_cast<int>(corners.size()) == 1 << d);
  }
}

TEST_CASE("Sobol integrates a smooth function far better than random points would") {
  const int n = 4096, d = 6;
  double sum = 0;
  for (const auto& u : sample_points("sobol", n, d, 3)) {
    double f = 1;
    for (int i = 0; i < d; ++i) f *= 1 + (u[i] - 0.5) / (i + 1);
    sum += f;
  }
  CHECK(std::abs(sum / n - 1) < 5e-4);  // random points: 6e-3
}

TEST_CASE("a Latin hypercube has one point in each of n slices of every dimension, and follows its seed") {
  const auto points = sample_points("latin_hypercube", 100, 5, 4);
  for (int i = 0; i < 5; ++i) {
    std::set<int> slices;
    for (const auto& point : points) slices.insert(static_cast<int>(point[i] * 100));
    CHECK(slices.size() == 100);
  }
  CHECK(points == sample_points("latin_hypercube", 100, 5, 4));
  CHECK(points != sample_points("latin_hypercube", 100, 5, 5));
}

TEST_CASE("too many dimensions and unknown ways to sample are told") {
  CHECK_THROWS_WITH(sample_points("sobol", 4, 42, 1), says("at most 41 variables, not 42"));
  CHECK_THROWS_WITH(sample_points("halton", 4, 2, 1), says("neither sobol nor latin_hypercube"));
}
