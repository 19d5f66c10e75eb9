#include "meshes/line.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

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

  /// Integral of 1/h over it: the number of its cells.
  double cells() const {
    // Between the places where another bound takes over, 1/h has a plain primitive.
    std::vector<double> turns{0, length_};
    for (const double turn : {(largest_ - left_) / slope, length_ - (largest_ - right_) / slope,
                              (right_ - left_ + slope * length_) / (2 * slope)})
      if (turn > 0 && turn < length_) turns.push_back(turn);
    std::sort(turns.begin(), turns.end());
    double sum = 0;
    for (std::size_t k = 0; k + 1 < turns.size(); ++k) {
      const double a = size(turns[k]), b = size(turns[k + 1]), width = turns[k + 1] - turns[k];
      sum += std::abs(b - a) < 1e-9 * a ? width / a : width * std::log(b / a) / (b - a);
    }
    return sum;
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

std::vector<double> counts_of(const std::vector<Piece>& pieces) {
  std::vector<double> counts;
  counts.reserve(pieces.size());
  for (const Piece& piece : pieces) counts.push_back(piece.cells());
  return counts;
}

/// Whole numbers of the given sum, each at least 1, as near as can be to the wanted ones in proportion.
std::vector<int> rounded(const std::vector<double>& wanted, int sum) {
  std::vector<int> whole;
  whole.reserve(wanted.size());
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

/// What of the wished sizes is left where from cell to cell they may not change by more than exp(slope).
std::vector<double> allowed(const Line& line, const std::vector<int>& counts) {
  std::vector<double> size;
  for (const double h : line.size) size.push_back(std::min(h, line.largest));
  for (std::size_t i = 0; i < counts.size(); ++i)
    size[i + 1] = std::min(size[i + 1], size[i] * std::exp(slope * counts[i]));
  for (std::size_t i = counts.size(); i-- > 0;) size[i] = std::min(size[i], size[i + 1] * std::exp(slope * counts[i]));
  return size;
}

/// Length of n cells in units of the wished sizes, which rise from both ends.
double units_of(double left, double right, double largest, int n) {
  double sum = 0;
  for (int k = 0; k < n; ++k)
    sum += std::min({left * std::exp(slope * (k + 0.5)), right * std::exp(slope * (n - k - 0.5)), largest});
  return sum;
}

/// Nearer to the smaller one, which a line can leave as fast as it likes.
double between(double a, double b) { return std::pow((std::pow(a, -4) + std::pow(b, -4)) / 2, -0.25); }

/// The cells of a piece: ln of the sizes is linear between those of its ends, plus a multiple of a bump that fills the
/// piece; where it is free at an end, the bump is at its height there, as before a mirror.
std::vector<double> sizes_in(double length, double left, double right, bool free_left, bool free_right, int n) {
  std::vector<double> ln, bump, sizes(n);
  for (int k = 0; k < n; ++k) {
    const double t = (k + 0.5) / n;
    ln.push_back(free_left    ? std::log(right)
                 : free_right ? std::log(left)
                              : (1 - t) * std::log(left) + t * std::log(right));
    bump.push_back(free_left ? 1 - t * t : free_right ? t * (2 - t) : 4 * t * (1 - t));
  }
  double c = 0;
  if (free_left && free_right) std::fill(bump.begin(), bump.end(), 1.0);
  for (int i = 0; i < 60; ++i) {  // Newton for ln of the sum, which is convex in c and rises everywhere
    double sum = 0, rise = 0;
    for (int k = 0; k < n; ++k) sizes[k] = std::exp(ln[k] + c * bump[k]), sum += sizes[k], rise += sizes[k] * bump[k];
    const double step = std::log(length / sum) * sum / rise;
    c += step;
    if (std::abs(step) < 1e-15) break;
  }
  return sizes;
}

/// A gap between two places that each have an edge: itself, but never nothing.
double held_apart(double gap, double nearest) {
  const double u = gap / nearest;
  return u < 1 ? nearest * (0.375 + 0.75 * u * u - 0.125 * u * u * u * u) : gap;
}

/// A place, or several that share an edge on their mean.
struct Place {
  Wish wish;
  int of;  ///< places
};

/// Places that lie nearest to each other, or to an end, become one until there are no more than `pieces`, or, if that
/// is 0, until none is nearer than wished.
void share(const Wishes& wishes, std::size_t pieces, std::vector<Place>& places) {
  while (!places.empty()) {
    const auto at = [&](std::size_t i) {
      return i == 0 ? wishes.first.at : i > places.size() ? wishes.last.at : places[i - 1].wish.at;
    };
    std::size_t least = 0;  // the gap that begins at it
    for (std::size_t i = 1; i <= places.size(); ++i)
      if (at(i + 1) - at(i) < at(least + 1) - at(least)) least = i;
    const bool enough = pieces > 0 ? places.size() < pieces : at(least + 1) - at(least) >= wishes.nearest;
    if (enough) return;
    if (least > 0 && least < places.size()) {
      Place &a = places[least - 1], &b = places[least];
      b = {{(a.of * a.wish.at + b.of * b.wish.at) / (a.of + b.of), std::min(a.wish.size, b.wish.size)}, a.of + b.of};
    }
    places.erase(places.begin() + static_cast<std::ptrdiff_t>(least > 0 ? least - 1 : 0));
  }
}

}  // namespace

Line line_of(const Wishes& wishes, const CellCounts& counts) {
  std::vector<Place> places;
  for (const Wish& wish : wishes.within) places.push_back({wish, 1});
  std::stable_sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.wish.at < b.wish.at; });
  share(wishes, counts.pieces.size(), places);
  if (!counts.pieces.empty() && places.size() + 1 != counts.pieces.size())
    throw std::invalid_argument("has " + std::to_string(counts.pieces.size()) + " pieces where there are " +
                                std::to_string(places.size() + 1) + " between walls, ends and layers");
  std::vector<double> moved(places.size(), 0.0);
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    const double gap = places[i + 1].wish.at - places[i].wish.at, more = held_apart(gap, wishes.nearest) - gap;
    moved[i] -= more / 2, moved[i + 1] += more / 2;
  }
  Line line{{wishes.first.at}, {wishes.first.size}, wishes.largest};
  for (std::size_t i = 0; i < places.size(); ++i)
    line.breaks.push_back(places[i].wish.at + moved[i]), line.size.push_back(places[i].wish.size);
  line.breaks.push_back(wishes.last.at), line.size.push_back(wishes.last.size);
  for (std::size_t i = 0; i + 1 < line.breaks.size(); ++i)
    if (!(line.breaks[i + 1] > line.breaks[i]))
      throw std::invalid_argument("has a piece for which walls or layers leave no room");
  return line;
}

std::vector<int> line_counts(const Line& line, int count) {
  const int n = static_cast<int>(line.breaks.size()) - 1;
  const int least = std::clamp(count / n, 1, cells_a_piece);
  double low = 1e-9, high = 1e9;  // the unit that gives the count, relative to the line's length
  const double length = line.breaks.back() - line.breaks.front();
  for (int i = 0; i < 100; ++i) {
    const double middle = std::sqrt(low * high);
    const auto counts = counts_of(pieces_of(line, middle * length, least));
    (std::accumulate(counts.begin(), counts.end(), 0.0) > count ? low : high) = middle;
  }
  return rounded(counts_of(pieces_of(line, low * length, least)), std::max(count, n));
}

std::vector<double> line_edges(const Line& line, const std::vector<int>& counts) {
  const std::size_t pieces = counts.size();
  const std::vector<double> size = allowed(line, counts);
  std::vector<double> unit, at(pieces + 1);
  for (std::size_t i = 0; i < pieces; ++i)
    unit.push_back((line.breaks[i + 1] - line.breaks[i]) / units_of(size[i], size[i + 1], line.largest, counts[i]));
  for (std::size_t i = 0; i <= pieces; ++i)
    at[i] = size[i] * between(unit[std::max<std::size_t>(i, 1) - 1], unit[std::min(i, pieces - 1)]);
  std::vector<double> edges{line.breaks.front()};
  for (std::size_t i = 0; i < pieces; ++i) {
    const bool free_left = i == 0 && std::isinf(line.size[0]),
               free_right = i + 1 == pieces && std::isinf(line.size[pieces]);
    const double length = line.breaks[i + 1] - line.breaks[i];
    const std::vector<double> sizes = sizes_in(length, at[i], at[i + 1], free_left, free_right, counts[i]);
    double from = line.breaks[i];
    for (int k = 0; k + 1 < counts[i]; ++k) edges.push_back(from += sizes[k]);
    edges.push_back(line.breaks[i + 1]);
  }
  return edges;
}

}  // namespace porelith
