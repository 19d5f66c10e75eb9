#include "meshes/line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

double worst_ratio(const std::vector<double>& edges) {
  double worst = 1;
  for (std::size_t i = 2; i < edges.size(); ++i) {
    const double a = edges[i - 1] - edges[i - 2], b = edges[i] - edges[i - 1];
    worst = std::max({worst, a / b, b / a});
  }
  return worst;
}

}  // namespace

TEST_CASE("a line without wishes is even") {
  const auto edges = line_edges({{0, 2}, {endless, endless}, 1}, 8);
  REQUIRE(edges.size() == 9);
  for (int i = 0; i <= 8; ++i) CHECK(edges[i] == Approx(i / 4.0).margin(1e-12));
}

TEST_CASE("lines have the cells asked for, an edge on every break, and sizes that change by at most 1.6") {
  for (const double wall : {0.05, 0.11, 0.25, 0.31, 0.5, 0.83})
    for (int count = 12; count <= 64; count += 4) {
      const Line line{{0, wall, 1}, {endless, 1, endless}, 6};
      const auto edges = line_edges(line, count);
      INFO("wall " << wall << " count " << count);
      CHECK(static_cast<int>(edges.size()) == count + 1);
      CHECK(std::is_sorted(edges.begin(), edges.end()));
      CHECK(edges.front() == 0);
      CHECK(edges.back() == 1);
      CHECK(std::count(edges.begin(), edges.end(), wall) == 1);
      CHECK(worst_ratio(edges) < 1.6);
    }
}

TEST_CASE("cells are finest where the wish is") {
  const auto edges = line_edges({{0, 0.3, 1}, {endless, 1, endless}, 6}, 24);
  const auto at = std::find(edges.begin(), edges.end(), 0.3);
  const double beside = at[1] - at[0];
  CHECK(edges.back() - *(edges.end() - 2) > 3 * beside);
  CHECK(edges[1] - edges[0] > beside);
}

TEST_CASE("too few cells for the breaks: every piece still has one") {
  const auto edges = line_edges({{0, 0.2, 0.4, 0.9, 1}, {1, 1, 1, 1, 1}, 1}, 2);
  CHECK(edges == std::vector<double>{0, 0.2, 0.4, 0.9, 1});
}
