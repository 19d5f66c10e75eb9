#include "meshes/line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

std::vector<double> edges_of(const Line& line, int count) { return line_edges(line, line_counts(line, count)); }

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
  const auto edges = edges_of({{0, 2}, {endless, endless}, 1}, 8);
  REQUIRE(edges.size() == 9);
  for (int i = 0; i <= 8; ++i) CHECK(edges[i] == Approx(i / 4.0).margin(1e-12));
}

TEST_CASE("lines have the cells asked for, an edge on every break, and sizes that change by at most 1.6") {
  for (const double wall : {0.05, 0.11, 0.25, 0.31, 0.5, 0.83})
    for (int count = 12; count <= 64; count += 4) {
      const Line line{{0, wall, 1}, {endless, 1, endless}, 6};
      const auto edges = edges_of(line, count);
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
  const auto edges = edges_of({{0, 0.3, 1}, {endless, 1, endless}, 6}, 24);
  const auto at = std::find(edges.begin(), edges.end(), 0.3);
  const double beside = at[1] - at[0];
  CHECK(edges.back() - *(edges.end() - 2) > 3 * beside);
  CHECK(edges[1] - edges[0] > beside);
}

TEST_CASE("too few cells for the breaks: every piece still has one") {
  const auto edges = edges_of({{0, 0.2, 0.4, 0.9, 1}, {1, 1, 1, 1, 1}, 1}, 2);
  CHECK(edges == std::vector<double>{0, 0.2, 0.4, 0.9, 1});
}

TEST_CASE("with its plan kept, edges follow a wall smoothly: values and slopes of neighbours agree") {
  const auto at = [](double wall) { return line_edges({{0, wall, 1}, {endless, 1, endless}, 6}, {6, 10}); };
  const double h = 0.01, step = 1e-5;
  for (double wall = 0.1; wall < 0.8; wall += h) {
    const auto slope = [&](double w, std::size_t i) { return (at(w + step)[i] - at(w - step)[i]) / (2 * step); };
    const auto here = at(wall), next = at(wall + h);
    CHECK(std::is_sorted(here.begin(), here.end()));
    CHECK(here[6] == wall);
    for (std::size_t i = 0; i < here.size(); ++i)
      CHECK(std::abs(next[i] - here[i] - h * (slope(wall, i) + slope(wall + h, i)) / 2) < 2e-5);
  }
}

TEST_CASE("walls that each have an edge cross smoothly; those that share one have it on their mean") {
  const auto line = [](double wall, const std::vector<int>& plan) {
    return line_of({{0, endless}, {1, endless}, {{wall, 1}, {0.4, 1}}, 6, 0.02}, plan);
  };
  const double h = 1e-3, step = 1e-6;
  for (double wall = 0.36; wall < 0.44; wall += h)
    for (const std::size_t i : {1, 2}) {
      const auto at = [&](double w) { return line(w, {4, 1, 5}).breaks[i]; };
      const auto slope = [&](double w) { return (at(w + step) - at(w - step)) / (2 * step); };
      CHECK(std::abs(at(wall + h) - at(wall) - h * (slope(wall) + slope(wall + h)) / 2) < 1e-5);
      CHECK(line(wall, {4, 1, 5}).breaks[2] - line(wall, {4, 1, 5}).breaks[1] > 0.007);
    }
  CHECK(line(0.3, {4, 1, 5}).breaks == std::vector<double>{0, 0.3, 0.4, 1});
  CHECK(line(0.3, {4, 5}).breaks[1] == Approx(0.35));
  CHECK(line_of({{0, endless}, {1, endless}, {{0.39, 1}, {0.4, 1}}, 6, 0.02}, 10).breaks.size() == 3);
  CHECK_THROWS_WITH(line(0.3, {1, 1, 1, 1}), "has 4 pieces where there are 3 between walls, ends and layers");
}
