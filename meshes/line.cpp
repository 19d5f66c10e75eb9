#include "meshes/line.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace porelith {
namespace {

constexpr double slope = 0.2;     ///< change of the size with position: a ratio of about exp(slope) between cells
constexpr int cells_a_piece = 3;  ///< wanted between two breaks, so that rounding their number changes sizes little

/// Size h(s) = min(left + slope s, right + slope (length - s), largest) over a piece, and how many cells that makes.
class Piece {
 public:
  Piece(double length, double left, double right, double largest)
      : length_(length), left_(left), right_(right), largest_(largest) {}

  double size(double s) const { return std::min({left_ + slope * s, right_ + slope * (length_ - s), largest_}); }

  /// Integral of 1/h from 0 to s: the number of cells up to there.
  double cells(double s) const {
    // Between the places where another bound takes over, 1/h has a plain primitive.
    std::vector<double> turns{0, s};
    for (const double turn : {(largest_ - left_) / slope, length_ - (largest_ - right_) / slope,
                              (right_ - left_ + slope * length_) / (2 * slope)})
      if (turn > 0 && turn < s) turns.push_back(turn);
    std::sort(turns.begin(), turns.end());
    double sum = 0;
    for (std::size_t k = 0; k + 1 < turns.size(); ++k) {
      const double a = size(turns[k]), b = size(turns[k + 1]), width = turns[k + 1] - turns[k];
      sum += std::abs(b - a) < 1e-9 * a ? width / a : width * std::log(b / a) / (b - a);
    }
    return sum;
  }

  /// Where the share k/n of the cells is reached.
  double position(int k, int n) const {
    const double wanted = cells(length_) * k / n;
    double low = 0, high = length_;
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      (cells(middle) < wanted ? low : high) = middle;
    }
    return (low + high) / 2;
  }

 private:
  double length_, left_, right_, largest_;
};

/// The pieces of a line when one unit of the wanted sizes is `unit` long.
std::vector<Piece> pieces_of(const Line& line, double unit, int least) {
  const std::size_t n = line.breaks.size() - 1;
  std::vector<double> size(line.size);
  for (double& h : size) h = std::min(h, line.largest) * unit;
  const auto length = [&](std::size_t i) { return line.breaks[i + 1] - line.breaks[i]; };
  for (std::size_t i = 0; i < n; ++i)
    for (const std::size_t end : {i, i + 1}) size[end] = std::min(size[end], length(i) / least);
  for (std::size_t i = 0; i < n; ++i) size[i + 1] = std::min(size[i + 1], size[i] + slope * length(i));
  for (std::size_t i = n; i-- > 0;) size[i] = std::min(size[i], size[i + 1] + slope * length(i));
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < n; ++i) pieces.emplace_back(length(i), size[i], size[i + 1], line.largest * unit);
  return pieces;
}

std::vector<double> counts_of(const Line& line, const std::vector<Piece>& pieces) {
  std::vector<double> counts;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    counts.push_back(pieces[i].cells(line.breaks[i + 1] - line.breaks[i]));
  return counts;
}

/// Whole numbers of the given sum, each at least 1, as near as can be to the wanted ones in proportion.
std::vector<int> rounded(const std::vector<double>& wanted, int sum) {
  std::vector<int> whole;
  for (const double w : wanted) whole.push_back(std::max(1, static_cast<int>(w)));
  for (int have = std::accumulate(whole.begin(), whole.end(), 0); have != sum;) {
    const int step = have < sum ? 1 : -1;
    std::size_t best = whole.size();
    const auto strain = [&](std::size_t i) {  // of the sizes, were this number changed
      return step * std::log((whole[i] + step) / wanted[i]);
    };
    for (std::size_t i = 0; i < whole.size(); ++i)
      if ((step > 0 || whole[i] > 1) && (best == whole.size() || strain(i) < strain(best))) best = i;
    if (best == whole.size()) break;  // one each is more than the sum already
    whole[best] += step;
    have += step;
  }
  return whole;
}

}  // namespace

std::vector<double> line_edges(const Line& line, int count) {
  const int n = static_cast<int>(line.breaks.size()) - 1;
  const int least = std::clamp(count / n, 1, cells_a_piece);
  double low = 1e-9, high = 1e9;  // the unit that gives the count, relative to the line's length
  const double length = line.breaks.back() - line.breaks.front();
  for (int i = 0; i < 100; ++i) {
    const double middle = std::sqrt(low * high);
    const auto counts = counts_of(line, pieces_of(line, middle * length, least));
    (std::accumulate(counts.begin(), counts.end(), 0.0) > count ? low : high) = middle;
  }
  const auto pieces = pieces_of(line, low * length, least);
  const auto numbers = rounded(counts_of(line, pieces), std::max(count, n));
  std::vector<double> edges{line.breaks.front()};
  for (int i = 0; i < n; ++i) {
    for (int k = 1; k < numbers[i]; ++k) edges.push_back(line.breaks[i] + pieces[i].position(k, numbers[i]));
    edges.push_back(line.breaks[i + 1]);
  }
  return edges;
}

}  // namespace porelith
