/// Porosities of all control volumes from what a search chooses, and slopes back (D11).
#include "surrogate/grading/field_map.hpp"

#include <cmath>
#include <random>

#include "tests/support/catch.hpp"

using namespace porelith;
using Eigen::VectorXd;

namespace {

/// `n` by `m` volumes of unequal size, 80 um deep and 30 um across.
GradedVolumes volumes(int n, int m = 1, double grading = 1.5) {
  GradedVolumes v;
  v.thickness = 80e-6;
  const auto edge = [&](int i) { return std::pow(static_cast<double>(i) / n, grading); };
  double sum = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j) {
      v.cells.push_back(i * m + j);
      v.xi_from.push_back(edge(i)), v.xi_to.push_back(edge(i + 1));
      v.place.push_back({v.thickness * (edge(i) + edge(i + 1)) / 2, m == 1 ? 0 : 30e-6 * (j + 0.5) / m});
      v.volume.push_back((edge(i + 1) - edge(i)) * (1 + 0.3 * j));
      sum += v.volume.back();
    }
  for (double& volume : v.volume) volume /= sum;
  return v;
}

VectorXd some_numbers(Eigen::Index n, double low, double high, unsigned seed) {
  std::mt19937 random(seed);
  VectorXd q(n);
  for (double& value : q) value = low + (high - low) * static_cast<double>(random()) / 4294967295.0;
  return q;
}

}  // namespace

TEST_CASE("a field keeps its mean to rounding and its bounds exactly, wherever the mean lies") {
  const GradedVolumes v = volumes(40, 3);
  const FieldMap map = FieldMap::filtered(v, 6e-6, 0.15, 0.45);
  const VectorXd q = some_numbers(map.numbers(), 0.15, 0.45, 1);
  for (const double mean : {0.15, 0.1500001, 0.2, 0.3, 0.41, 0.4499999, 0.45}) {
    const FieldMap::Field field = map.field(q, mean);
    CHECK(v.mean(field.eps) == Approx(mean).epsilon(0).margin(2e-15));
    for (const double eps : field.eps) REQUIRE((eps >= 0.15 && eps <= 0.45));
  }
  CHECK(map.field(q, std::nullopt).shift == 0);
}

TEST_CASE("slopes through filter, layers and projection are those of differences") {
  const GradedVolumes v = volumes(30, 2);
  for (const FieldMap& map : {FieldMap::filtered(v, 9e-6, 0.1, 0.5), FieldMap::layered(v, 7, 0.1, 0.5)})
    for (const bool kept : {false, true})
      for (const double mean : {0.14, 0.3}) {  // at 0.14 many volumes lie at the bound
        const VectorXd q = some_numbers(map.numbers(), 0.1, 0.5, 2);
        const VectorXd weights = some_numbers(map.volumes(), -1, 1, 3);
        const auto asked = [&](double m) { return kept ? std::optional<double>(m) : std::nullopt; };
        const auto value = [&](const VectorXd& at, double m) {
          const auto eps = map.field(at, asked(m)).eps;
          return weights.dot(Eigen::Map<const VectorXd>(eps.data(), map.volumes()));
        };
        const FieldMap::Slopes slopes = map.pull(map.field(q, asked(mean)), kept, weights);
        constexpr double h = 1e-7;
        for (Eigen::Index k = 0; k < q.size(); ++k) {
          VectorXd above = q, below = q;
          above[k] += h, below[k] -= h;
          const double difference = (value(above, mean) - value(below, mean)) / (2 * h);
          CHECK(slopes.by_numbers[k] == Approx(difference).epsilon(1e-6).margin(1e-8));
        }
        const double difference = (value(q, mean + h) - value(q, mean - h)) / (2 * h);
        CHECK(slopes.by_mean == Approx(difference).epsilon(1e-6).margin(1e-8));
      }
}

TEST_CASE("the filter leaves what is the same everywhere, and what it smooths hardly depends on the mesh") {
  for (const int n : {100, 400, 1600}) {  // a jump from 0.2 to 0.4 at half the depth
    const GradedVolumes v = volumes(n, 1, 1);
    const FieldMap map = FieldMap::filtered(v, 10e-6, 0.1, 0.5);
    VectorXd q(map.numbers());
    for (Eigen::Index i = 0; i < q.size(); ++i) q[i] = v.place[static_cast<std::size_t>(i)][0] < 40e-6 ? 0.2 : 0.4;
    const auto eps = map.field(q, std::nullopt).eps;
    const auto at = static_cast<std::size_t>(0.55 * n);
    const double d = v.place[at][0] - 40e-6;  // a cone's share beyond d < r is (1 - d/r)^2/2
    CHECK(eps[at] == Approx(0.4 - 0.1 * std::pow(1 - d / 10e-6, 2)).epsilon(0).margin(3e-2 / n));
  }
  const GradedVolumes v = volumes(50, 4);
  const FieldMap map = FieldMap::filtered(v, 8e-6, 0.1, 0.5);
  for (const double eps : map.field(VectorXd::Constant(map.numbers(), 0.3), std::nullopt).eps)
    REQUIRE(eps == Approx(0.3).epsilon(1e-14));
}

TEST_CASE("a volume across the border of two layers has its share of both") {
  const GradedVolumes v = volumes(10, 1, 1);
  const FieldMap map = FieldMap::layered(v, 4, 0.1, 0.5);  // borders at 2.5, 5 and 7.5 volumes
  const VectorXd q = (VectorXd(4) << 0.1, 0.2, 0.3, 0.5).finished();
  const auto eps = map.field(q, std::nullopt).eps;
  CHECK(eps[2] == Approx(0.15));
  CHECK(eps[4] == Approx(0.2));
  CHECK(eps[7] == Approx(0.4));
  CHECK(v.mean(eps) == Approx(q.mean()));
}
