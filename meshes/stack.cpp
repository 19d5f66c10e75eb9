#include "meshes/stack.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "meshes/line.hpp"

namespace porelith {

std::vector<double> graded_edges(int n, double grading) {
  std::vector<double> edges{0};
  const double ratio = n > 1 ? std::pow(grading, -1.0 / (n - 1)) : 1;
  double width = 1;
  for (int i = 0; i < n; ++i, width *= ratio) edges.push_back(edges.back() + width);
  const double whole = edges.back();
  for (double& e : edges) e /= whole;
  return edges;
}

namespace {

/// Fine at the separator and, less so, at the flat ends of channels.
Line smooth_line(const LayerSpec& electrode, const std::vector<double>& flat_ends) {
  Wishes wishes{{0, electrode.grading}, {1, 1}, {}, std::max(electrode.grading, 1.0), 1e-3};
  for (const double end : flat_ends) wishes.within.push_back({end, std::min(electrode.grading, 1.5)});
  for (const double at : electrode.breaks) wishes.within.push_back({at, std::numeric_limits<double>::infinity()});
  return line_of(wishes, electrode.cells);
}

std::vector<double> borders_of(const LayerSpec& electrode) {
  std::vector<double> borders{0};
  borders.insert(borders.end(), electrode.breaks.begin(), electrode.breaks.end());
  borders.push_back(1);
  return borders;
}

/// Through layers alone.
std::vector<int> plain_counts(const LayerSpec& electrode) {
  const std::vector<double> borders = borders_of(electrode);
  const std::vector<int>& given = electrode.cells.pieces;
  if (!given.empty() && given.size() + 1 != borders.size())
    throw std::invalid_argument("has " + std::to_string(given.size()) + " pieces where there are " +
                                std::to_string(borders.size() - 1) + " between layers");
  if (!given.empty()) return given;
  const auto plain = graded_edges(electrode.cells, electrode.grading);
  std::vector<int> counts;
  for (std::size_t layer = 0; layer + 1 < borders.size(); ++layer) {  // as many as the plain mesh has there
    const auto inside = [&](double xi) { return xi > borders[layer] && xi <= borders[layer + 1]; };
    counts.push_back(std::max<int>(1, std::count_if(plain.begin(), plain.end(), inside)));
  }
  return counts;
}

/// With the plain mesh's grading inside each layer.
std::vector<double> plain_edges(const LayerSpec& electrode) {
  const std::vector<double> borders = borders_of(electrode);
  const std::vector<int> counts = plain_counts(electrode);
  std::vector<double> edges{0};
  for (std::size_t layer = 0; layer < counts.size(); ++layer) {
    const int n = counts[layer];
    const double width = borders[layer + 1] - borders[layer];
    const auto local = graded_edges(n, std::pow(electrode.grading, width));
    for (int i = 1; i <= n; ++i) edges.push_back(i == n ? borders[layer + 1] : borders[layer] + width * local[i]);
  }
  return edges;
}

}  // namespace

std::vector<int> electrode_counts(const LayerSpec& electrode, const std::vector<double>& flat_ends) {
  if (flat_ends.empty()) return plain_counts(electrode);
  const Line line = smooth_line(electrode, flat_ends);
  return electrode.cells.pieces.empty() ? line_counts(line, electrode.cells) : electrode.cells.pieces;
}

std::vector<double> electrode_edges(const LayerSpec& electrode, const std::vector<double>& flat_ends) {
  if (flat_ends.empty()) return plain_edges(electrode);
  return line_edges(smooth_line(electrode, flat_ends), electrode_counts(electrode, flat_ends));
}

int separator_count(const LayerSpecs& layers, const std::vector<double>& negative,
                    const std::vector<double>& positive) {
  if (layers.separator.cells > 0) return layers.separator.cells;
  const double L_n = layers.negative.thickness, L_s = layers.separator.thickness, L_p = layers.positive.thickness;
  const double beside =
      std::sqrt(L_n * (1 - negative[negative.size() - 2]) * L_p * (1 - positive[positive.size() - 2]));
  return std::max(1, static_cast<int>(std::lround(L_s / beside)));
}

std::vector<Slice> stack_of(const LayerSpecs& layers, const std::vector<double>& negative_ends,
                            const std::vector<double>& positive_ends) {
  std::vector<Slice> slices;
  const auto negative = electrode_edges(layers.negative, negative_ends);
  const auto positive = electrode_edges(layers.positive, positive_ends);
  const double L_n = layers.negative.thickness, L_s = layers.separator.thickness, L_p = layers.positive.thickness;
  for (std::size_t i = 0; i + 1 < negative.size(); ++i)
    slices.push_back({Region::negative, L_n * negative[i], L_n * negative[i + 1], negative[i], negative[i + 1]});
  const int separator = separator_count(layers, negative, positive);
  for (int i = 0; i < separator; ++i) {
    const double from = double(i) / separator, to = double(i + 1) / separator;
    slices.push_back({Region::separator, L_n + L_s * from, L_n + L_s * to, from, to});
  }
  for (std::size_t i = positive.size() - 1; i > 0; --i) {  // xi runs from the collector, x toward it
    const double from = positive[i], to = positive[i - 1];
    slices.push_back({Region::positive, L_n + L_s + L_p * (1 - from), L_n + L_s + L_p * (1 - to), to, from});
  }
  return slices;
}

}  // namespace porelith
