#pragma once
/// Definitions of block_factor.hpp, for whoever instantiates them.
#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "solver/linear/block_factor.hpp"

namespace porelith {

namespace block_factor {

constexpr double least_coupling = 1e-4;  // against the diagonals of both cells
constexpr double padding = 1.3;          // fronts are joined while the zeros that this adds stay below

template <class Unknowns>
BlockOf<Unknowns> block_of(const FaceCouplingOf<Unknowns>& f) {
  BlockOf<Unknowns> block{};
  add(block, f);
  return block;
}

template <class Unknowns>
bool is_felt(const FaceCouplingOf<Unknowns>& f, const BlockOf<Unknowns>& diagonal) {
  constexpr int phi_e = Unknowns::phi_e, stiff = Unknowns::stiff;
  const bool reacts = diagonal(stiff, phi_e) != 0;  // a foil gives its current to its neighbours only: all count
  for (std::size_t i = 0; i < f.size(); ++i) {
    const int row = Unknowns::across[i].row;
    const double by = row == stiff && !reacts ? 0 : diagonal(row, row);
    if (std::abs(f[i]) > least_coupling * std::abs(by)) return true;
  }
  return false;
}

// Vectors by hand: a plain sum has an order that no compiler may change.
constexpr int lanes = 8;
typedef double Lanes __attribute__((vector_size(8 * lanes), aligned(8), may_alias));

inline const Lanes& at(const double* from) { return *reinterpret_cast<const Lanes*>(from); }
inline Lanes& at(double* from) { return *reinterpret_cast<Lanes*>(from); }

inline double sum_of(const Lanes& v) { return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7])); }

inline int padded(int n) { return (n + lanes - 1) / lanes * lanes; }

/// `Rows` rows of c -= a b. Rows of b and c are `columns` wide, a multiple of the lanes; a(r, k) is a[r*row + k*step].
template <int Rows>
void subtract_product(int n, int columns, const double* a, int row, int step, const double* b, double* c) {
  const auto strip = [&](auto width, int j) {
    constexpr int vectors = decltype(width)::value;
    Lanes sums[Rows][vectors];
    for (int r = 0; r < Rows; ++r)
      for (int v = 0; v < vectors; ++v) sums[r][v] = at(c + r * columns + j + v * lanes);
    const double* from = b + j;
    for (int k = 0; k < n; ++k, from += columns)
      for (int r = 0; r < Rows; ++r) {
        const double factor = a[r * row + k * step];
        for (int v = 0; v < vectors; ++v) sums[r][v] -= factor * at(from + v * lanes);
      }
    for (int r = 0; r < Rows; ++r)
      for (int v = 0; v < vectors; ++v) at(c + r * columns + j + v * lanes) = sums[r][v];
  };
  int j = 0;
  for (; j + 3 * lanes <= columns; j += 3 * lanes) strip(std::integral_constant<int, 3>(), j);
  for (; j < columns; j += lanes) strip(std::integral_constant<int, 1>(), j);
}

/// Dot products with so many rows of a, `columns` wide each.
template <int rows>
[[gnu::always_inline]] inline std::array<double, rows> dot_rows(int columns, const double* a, const double* b) {
  Lanes sums[rows] = {};
  for (int j = 0; j < columns; j += lanes)
    for (int r = 0; r < rows; ++r) sums[r] += at(a + r * columns + j) * at(b + j);
  std::array<double, rows> all;
  for (int r = 0; r < rows; ++r) all[r] = sum_of(sums[r]);
  return all;
}

inline double dot(int n, const double* a, const double* b) {
  Lanes sums{};
  int i = 0;
  for (; i + lanes <= n; i += lanes) sums += at(a + i) * at(b + i);
  double sum = sum_of(sums);
  for (; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

inline void subtract_multiple(int n, double factor, const double* from, double* to) {
  for (int i = 0; i < n; ++i) to[i] -= factor * from[i];
}

/// x <- U^-T x, U the upper triangle of n rows of a.
inline void divide_by_columns(int n, const double* a, double* x) {
  for (int i = 0; i < n; ++i) {
    const double* row = a + i * n;
    x[i] /= row[i];
    subtract_multiple(n - 1 - i, x[i], row + i + 1, x + i + 1);
  }
}

/// Nested dissection: halves along the axis whose cut fewest couplings cross, the cells at the cut last.
class Dissection {
 public:
  template <typename Links>
  Dissection(const Mesh& mesh, const Links& links) : mesh_(mesh), first_(mesh.cells() + 1, 0) {
    const auto visit = [&](auto&& take) {
      for (const auto& link : links) take(link.one, link.other), take(link.other, link.one);
    };
    visit([&](int P, int) { ++first_[P + 1]; });
    for (int P = 0; P < mesh.cells(); ++P) first_[P + 1] += first_[P];
    beside_.resize(first_.back());
    std::vector<int> next(first_.begin(), first_.end() - 1);
    visit([&](int P, int N) { beside_[next[P]++] = N; });
    side_.assign(mesh.cells(), 0);
  }

  void order(std::vector<int>& cells) {
    std::vector<int> all(mesh_.cells());
    for (int P = 0; P < mesh_.cells(); ++P) all[P] = P;
    divide(std::move(all), cells);
  }

 private:
  static constexpr std::size_t leaf = 6;  ///< cells that are not worth dividing

  struct Cut {
    std::vector<int> lower, upper, between;
  };

  void divide(std::vector<int> cells, std::vector<int>& result) {
    Cut best;
    if (cells.size() > leaf)
      for (int axis = 0; axis < mesh_.dimension; ++axis) {
        Cut cut = cut_across(axis, cells);
        if (cut.lower.empty() || cut.upper.empty()) continue;
        if (best.lower.empty() || cut.between.size() < best.between.size()) best = std::move(cut);
      }
    if (best.lower.empty()) {
      result.insert(result.end(), cells.begin(), cells.end());
      return;
    }
    std::vector<int>().swap(cells);
    divide(std::move(best.lower), result);
    divide(std::move(best.upper), result);
    result.insert(result.end(), best.between.begin(), best.between.end());
  }

  /// At the median; the cells of the lower half that feel the upper one stand between them.
  Cut cut_across(int axis, std::vector<int>& cells) {
    std::stable_sort(cells.begin(), cells.end(),
                     [&](int P, int N) { return mesh_.centre[P][axis] < mesh_.centre[N][axis]; });
    const double middle = mesh_.centre[cells[cells.size() / 2]][axis];
    Cut cut;
    ++mark_;
    for (const int P : cells)
      if (mesh_.centre[P][axis] >= middle) side_[P] = mark_, cut.upper.push_back(P);
    for (const int P : cells) {
      if (side_[P] == mark_) continue;
      const bool at_cut = std::any_of(beside_.begin() + first_[P], beside_.begin() + first_[P + 1],
                                      [&](int N) { return side_[N] == mark_; });
      (at_cut ? cut.between : cut.lower).push_back(P);
    }
    return cut;
  }

  const Mesh& mesh_;
  std::vector<int> first_, beside_;  ///< cells that each one feels
  std::vector<int> side_;            ///< the last cut that has a cell on its upper side
  int mark_ = 0;
};

}  // namespace block_factor

template <class Unknowns>
void BlockFactorOf<Unknowns>::plan(const System& system) {
  std::vector<Link> planned;
  planned.swap(links_);
  find_links(system);
  const auto felt = [&](const Link& link) {
    return block_factor::is_felt(link.one_row, diagonal_[link.one]) ||
           block_factor::is_felt(link.other_row, diagonal_[link.other]);
  };
  const auto left_out = std::stable_partition(links_.begin(), links_.end(), felt);
  // A coupling that is left out goes to its row's diagonal, so that fields without a gradient keep their residual.
  for (auto link = left_out; link != links_.end(); ++link) {
    add(diagonal_[link->one], link->one_row);
    add(diagonal_[link->other], link->other_row);
  }
  links_.erase(left_out, links_.end());
  const auto same = [](const Link& a, const Link& b) { return a.one == b.one && a.other == b.other; };
  if (!fronts_.empty() && std::equal(links_.begin(), links_.end(), planned.begin(), planned.end(), same)) return;
  order_cells();
  find_fronts();
  place_fronts();
}

/// Of all faces, in their order; with a far part of all pairs of cells, one link each.
template <class Unknowns>
void BlockFactorOf<Unknowns>::find_links(const System& system) {
  diagonal_ = system.diagonal;
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k)
    links_.push_back({mesh_.faces[k].owner, mesh_.faces[k].neighbour, system.owner_row[k], system.neighbour_row[k]});
  const auto& far = system.far_rows;
  if (far.first.empty()) return;
  for (int P = 0; P < mesh_.cells(); ++P)
    for (std::size_t i = far.first[P]; i < far.first[P + 1]; ++i) {
      const FaceCoupling& f = far.felt[i];
      const int N = static_cast<int>(far.column[i]);
      if (N == P)
        add(diagonal_[P], f);
      else
        links_.push_back({P, N, f, {}});
    }
  for (Link& link : links_)
    if (link.one > link.other) link = {link.other, link.one, link.other_row, link.one_row};
  std::stable_sort(links_.begin(), links_.end(),
                   [](const Link& a, const Link& b) { return a.one < b.one || (a.one == b.one && a.other < b.other); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const Link link = links_[i];
    const bool known = kept > 0 && links_[kept - 1].one == link.one && links_[kept - 1].other == link.other;
    if (!known) {
      links_[kept++] = link;
      continue;
    }
    links_[kept - 1].one_row += link.one_row;
    links_[kept - 1].other_row += link.other_row;
  }
  links_.resize(kept);
}

template <class Unknowns>
void BlockFactorOf<Unknowns>::order_cells() {
  const int n = mesh_.cells();
  cell_.clear();
  block_factor::Dissection(mesh_, links_).order(cell_);
  at_.resize(n);
  for (int place = 0; place < n; ++place) at_[cell_[place]] = place;
}

/// Which later cells each cell reaches once all before it are gone; then neighbours that reach the same are joined.
template <class Unknowns>
void BlockFactorOf<Unknowns>::find_fronts() {
  const int n = mesh_.cells();
  std::vector<std::vector<int>> reach(n);
  for (const Link& link : links_) {
    const int a = at_[link.one], b = at_[link.other];
    reach[std::min(a, b)].push_back(std::max(a, b));
  }
  for (int place = 0; place < n; ++place) {
    auto& mine = reach[place];
    std::sort(mine.begin(), mine.end());
    mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
    if (mine.empty()) continue;
    auto& next = reach[mine[0]];
    next.insert(next.end(), mine.begin() + 1, mine.end());
  }
  fronts_.clear();
  front_of_.assign(n, 0);
  double held = 0;
  for (int place = 0; place < n; ++place) {
    const double own = 1.0 + reach[place].size();
    const bool follows = place > 0 && !reach[place - 1].empty() && reach[place - 1][0] == place;
    const double wide = follows ? fronts_.back().pivots() + 1 : 0;
    if (follows && wide * (wide + 1) / 2 + wide * reach[place].size() <= block_factor::padding * (held + own)) {
      fronts_.back().to = place + 1;
      held += own;
    } else {
      fronts_.push_back({place, place + 1, {}, {}, {}, -1, {}, {}, {}, {}});
      held = own;
    }
    front_of_[place] = static_cast<int>(fronts_.size()) - 1;
  }
  for (Front& front : fronts_) front.reach = std::move(reach[front.to - 1]);
}

template <class Unknowns>
void BlockFactorOf<Unknowns>::place_fronts() {
  children_.assign(fronts_.size(), {});
  factor_work_ = apply_work_ = 0;
  for (std::size_t s = 0; s < fronts_.size(); ++s) {
    Front& front = fronts_[s];
    const double pivots = double(n_u) * front.pivots(), reached = double(n_u) * front.reached();
    factor_work_ += pivots * (pivots * pivots / 3 + pivots * reached + reached * reached);
    apply_work_ += pivots * (pivots + 2 * reached);
    if (front.reach.empty()) continue;
    front.parent = front_of_[front.reach[0]];
    children_[front.parent].push_back(static_cast<int>(s));
    const Front& parent = fronts_[front.parent];
    for (const int place : front.reach) {
      const bool pivot = place < parent.to;
      const auto at = std::lower_bound(parent.reach.begin(), parent.reach.end(), place) - parent.reach.begin();
      front.placing.push_back(pivot ? place - parent.from : parent.pivots() + static_cast<int>(at));
    }
  }
  for (std::size_t k = 0; k < links_.size(); ++k)
    fronts_[front_of_[std::min(at_[links_[k].one], at_[links_[k].other])]].links.push_back(static_cast<int>(k));
}

/// A block at the places `row`, `column` of a front, pivots first; `stride` between the rows of `block`.
template <class Unknowns>
void BlockFactorOf<Unknowns>::add_block(Front& front, int row, int column, const double* block, int stride) {
  const int pivots = front.pivots(), wide = block_factor::padded(n_u * front.reached());
  double* to;
  int across = wide, along = 1;  // from row to row, from column to column
  if (row < pivots && column < pivots)
    across = n_u * pivots, to = &front.middle[n_u * row * across + n_u * column];
  else if (row < pivots)
    to = &front.right[n_u * row * wide + n_u * (column - pivots)];
  else if (column < pivots)
    across = 1, along = wide, to = &front.below[n_u * column * wide + n_u * (row - pivots)];
  else
    to = &front.update[n_u * (row - pivots) * wide + n_u * (column - pivots)];
  for (int r = 0; r < n_u; ++r)
    for (int q = 0; q < n_u; ++q) to[r * across + q * along] += block[r * stride + q];
}

/// A front's own entries and what its children hand on.
template <class Unknowns>
void BlockFactorOf<Unknowns>::gather(Front& front) {
  const std::size_t pivots = n_u * front.pivots(), reached = n_u * front.reached(),
                    wide = block_factor::padded(n_u * front.reached());
  front.middle.assign(pivots * pivots, 0.0);
  front.right.assign(pivots * wide, 0.0);
  front.below.assign(pivots * wide, 0.0);
  front.update.assign(reached * wide, 0.0);
  const auto place_in = [&](int P) {
    const int place = at_[P];
    if (place < front.to) return place - front.from;
    return front.pivots() +
           static_cast<int>(std::lower_bound(front.reach.begin(), front.reach.end(), place) - front.reach.begin());
  };
  for (int p = 0; p < front.pivots(); ++p) add_block(front, p, p, diagonal_[cell_[front.from + p]].data(), n_u);
  for (const int k : front.links) {
    const int P = place_in(links_[k].one), N = place_in(links_[k].other);
    add_block(front, P, N, block_factor::block_of(links_[k].one_row).data(), n_u);
    add_block(front, N, P, block_factor::block_of(links_[k].other_row).data(), n_u);
  }
}

template <class Unknowns>
bool BlockFactorOf<Unknowns>::eliminate(Front& front) {
  const int n = n_u * front.pivots(), reached = n_u * front.reached(), wide = block_factor::padded(reached);
  double *middle = front.middle.data(), *right = front.right.data(), *below = front.below.data();
  for (int k = 0; k < n; ++k) {
    const double* pivot = middle + k * n;
    if (!(std::abs(pivot[k]) > 0) || !std::isfinite(pivot[k])) return false;
    const double inverse = 1 / pivot[k];
    for (int i = k + 1; i < n; ++i) {
      double* row = middle + i * n;
      if (row[k] == 0) continue;
      const double factor = row[k] *= inverse;
      for (int j = k + 1; j < n; ++j) row[j] -= factor * pivot[j];
    }
  }
  // A cell's rows at a time: first what the rows before them take, then each other.
  for (int i = 0; i < n; i += n_u) {
    block_factor::subtract_product<n_u>(i, wide, middle + i * n, n, 1, right, right + i * wide);
    block_factor::subtract_product<n_u>(i, wide, middle + i, 1, n, below, below + i * wide);
    for (int r = 0; r < n_u; ++r) {
      const int own = i + r;
      block_factor::subtract_product<1>(r, wide, middle + own * n + i, n, 1, right + i * wide, right + own * wide);
      block_factor::subtract_product<1>(r, wide, middle + i * n + own, 1, n, below + i * wide, below + own * wide);
      const double inverse = 1 / middle[own * n + own];
      for (int j = 0; j < wide; ++j) below[own * wide + j] *= inverse;
    }
  }
  for (int i = 0; i < reached; i += n_u)
    block_factor::subtract_product<n_u>(n, wide, below + i, 1, wide, right, &front.update[i * wide]);
  return true;
}

template <class Unknowns>
bool BlockFactorOf<Unknowns>::factor() {
  for (std::size_t s = 0; s < fronts_.size(); ++s) {
    Front& front = fronts_[s];
    gather(front);
    for (const int c : children_[s]) {
      Front& child = fronts_[c];
      const int n = child.reached(), wide = block_factor::padded(n_u * n);
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j)
          add_block(front, child.placing[i], child.placing[j], &child.update[n_u * i * wide + n_u * j], wide);
      std::vector<double>().swap(child.update);
    }
    if (!eliminate(front)) return false;
  }
  return true;
}

/// What the cells that a front reaches lose to its pivots' values.
template <class Unknowns>
void BlockFactorOf<Unknowns>::pass_on(const Front& front, const std::vector<double>& coupling) {
  double* x = values_.data();
  const int pivots = n_u * front.pivots(), wide = block_factor::padded(n_u * front.reached());
  reached_.assign(wide, 0.0);
  block_factor::subtract_product<1>(pivots, wide, x + n_u * front.from, 0, 1, coupling.data(), reached_.data());
  for (int i = 0; i < front.reached(); ++i)
    for (int r = 0; r < n_u; ++r) x[n_u * front.reach[i] + r] += reached_[n_u * i + r];
}

/// What a front's pivots lose to the values of the cells that it reaches.
template <class Unknowns>
void BlockFactorOf<Unknowns>::take_back(const Front& front, const std::vector<double>& coupling) {
  double *x = values_.data(), *mine = x + n_u * front.from;
  const int pivots = n_u * front.pivots(), wide = block_factor::padded(n_u * front.reached());
  reached_.assign(wide, 0.0);
  for (int i = 0; i < front.reached(); ++i) std::copy_n(x + n_u * front.reach[i], n_u, &reached_[n_u * i]);
  for (int i = 0; i < pivots; i += n_u) {
    const auto rest = block_factor::dot_rows<n_u>(wide, coupling.data() + i * wide, reached_.data());
    for (int r = 0; r < n_u; ++r) mine[i + r] -= rest[r];
  }
}

template <class Unknowns>
void BlockFactorOf<Unknowns>::apply(const double* in, double* out, Form form) {
  const bool plain = form == Form::plain;
  const int n = mesh_.cells();
  values_.resize(n_u * n);
  double* x = values_.data();
  for (int place = 0; place < n; ++place) std::copy_n(in + n_u * cell_[place], n_u, x + n_u * place);
  for (const Front& front : fronts_) {
    const int pivots = n_u * front.pivots();
    double* mine = x + n_u * front.from;
    if (plain)
      for (int i = 1; i < pivots; ++i) mine[i] -= block_factor::dot(i, &front.middle[i * pivots], mine);
    else
      block_factor::divide_by_columns(pivots, front.middle.data(), mine);
    pass_on(front, plain ? front.below : front.right);
  }
  for (auto front = fronts_.rbegin(); front != fronts_.rend(); ++front) {
    const int pivots = n_u * front->pivots();
    double* mine = x + n_u * front->from;
    take_back(*front, plain ? front->right : front->below);
    for (int i = pivots - 1; i >= 0; --i) {
      const double* row = &front->middle[i * pivots];
      if (plain)
        mine[i] = (mine[i] - block_factor::dot(pivots - 1 - i, row + i + 1, mine + i + 1)) / row[i];
      else
        block_factor::subtract_multiple(i, mine[i], row, mine);
    }
  }
  for (int place = 0; place < n; ++place) std::copy_n(x + n_u * place, n_u, out + n_u * cell_[place]);
}

}  // namespace porelith
