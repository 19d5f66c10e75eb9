#include "meshes/stack.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>

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
std::vector<double> smooth_edges(const LayerSpec& electrode, const std::vector<double>& flat_ends) {
  constexpr double nearest = 1e-3;  // breaks closer than this are one
  std::map<double, double> size{{0.0, electrode.grading}, {1.0, 1.0}};
  for (const double end : flat_ends) size[end] = std::min(electrode.grading, 1.5);
  for (const double at : electrode.breaks) {
    const auto next = size.lower_bound(at);
    if (next->first - at > nearest && at - std::prev(next)->first > nearest)
      size[at] = std::numeric_limits<double>::infinity();
  }
  Line line{{}, {}, std::max(electrode.grading, 1.0)};
  for (const auto& [at, wanted] : size) {
    if (!line.breaks.empty() && at - line.breaks.back() < nearest && at < 1) continue;
    line.breaks.push_back(at);
    line.size.push_back(wanted);
  }
  return line_edges(line, electrode.cells);
}

}  // namespace

std::vector<double> electrode_edges(const LayerSpec& electrode, const std::vector<double>& flat_ends) {
  if (!flat_ends.empty()) return smooth_edges(electrode, flat_ends);
  const auto plain = graded_edges(electrode.cells, electrode.grading);
  std::vector<double> borders{0};
  borders.insert(borders.end(), electrode.breaks.begin(), electrode.breaks.end());
  borders.push_back(1);

  std::vector<double> edges{0};
  for (std::size_t layer = 0; layer + 1 < borders.size(); ++layer) {
    // As many cells as the plain mesh has there, and the plain mesh's grading inside the layer.
    const auto inside = [&](double xi) { return xi > borders[layer] && xi <= borders[layer + 1]; };
    const int n = std::max<int>(1, std::count_if(plain.begin(), plain.end(), inside));
    const double width = borders[layer + 1] - borders[layer];
    const auto local = graded_edges(n, std::pow(electrode.grading, width));
    for (int i = 1; i <= n; ++i) edges.push_back(i == n ? borders[layer + 1] : borders[layer] + width * local[i]);
  }
  return edges;
}

std::vector<Slice> stack_of(const LayerSpecs& layers, const std::vector<double>& negative_ends,
                            const std::vector<double>& positive_ends) {
  std::vector<Slice> slices;
  const auto negative = electrode_edges(layers.negative, negative_ends);
  const auto positive = electrode_edges(layers.positive, positive_ends);
  const double L_n = layers.negative.thickness, L_s = layers.separator.thickness, L_p = layers.positive.thickness;
  for (std::size_t i = 0; i + 1 < negative.size(); ++i)
    slices.push_back({Region::negative, L_n * negative[i], L_n * negative[i + 1], negative[i], negative[i + 1]});
  int separator = layers.separator.cells;
  if (separator == 0) {
    const double beside =
        std::sqrt(L_n * (1 - negative[negative.size() - 2]) * L_p * (1 - positive[positive.size() - 2]));
    separator = std::max(1, static_cast<int>(std::lround(L_s / beside)));
  }
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
