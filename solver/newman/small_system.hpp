#pragma once
/// The few equations of one cell's surface.
#include <algorithm>
#include <cmath>
#include <vector>

namespace porelith {

/// The solution of A x = b for a few right sides, rows exchanged where that is better; all are overwritten.
class SmallSystem {
 public:
  SmallSystem(int n, int sides) : n_(n), width_(n + sides), rows_(n * width_) {}
  double& operator()(int row, int column) { return rows_[row * width_ + column]; }

  void solve() {
    for (int k = 0; k < n_; ++k) {
      int best = k;
      for (int r = k + 1; r < n_; ++r)
        if (std::abs((*this)(r, k)) > std::abs((*this)(best, k))) best = r;
      for (int c = k; best != k && c < width_; ++c) std::swap((*this)(k, c), (*this)(best, c));
      for (int c = width_ - 1; c >= k; --c) (*this)(k, c) /= (*this)(k, k);
      for (int r = 0; r < n_; ++r) {
        const double factor = (*this)(r, k);
        if (r == k || factor == 0) continue;
        for (int c = k; c < width_; ++c) (*this)(r, c) -= factor * (*this)(k, c);
      }
    }
  }

 private:
  int n_, width_;
  std::vector<double> rows_;
};

}  // namespace porelith
