#include "solver/laws/salt_potential.hpp"

#include <algorithm>

#include "solver/text/vector_math.hpp"

namespace porelith {

namespace {
constexpr int pieces_below = 3200, pieces_above = 896;  ///< pieces on both sides of c_e0
constexpr double width = 13.9 / pieces_below;           ///< of a piece, in ln c_e: 1e-6 to 50 of c_e0
constexpr double low = -pieces_below * width, high = pieces_above * width;
}  // namespace

SaltPotential::SaltPotential(const LawAt& law, double c_e0) : c_e0_(c_e0) {
  constexpr int n = pieces_below + pieces_above + 1;
  std::vector<double> c_e(n), chi(n), slope(n);
  for (int k = 0; k < n; ++k) c_e[k] = c_e0 * vector_math::exp((k - pieces_below) * width);
  law.evaluate(n, c_e.data(), chi.data(), slope.data());
  for (int k = 0; k + 1 < n; ++k) {
    const double s_0 = slope[k] * c_e[k] * width, s_1 = slope[k + 1] * c_e[k + 1] * width, rise = chi[k + 1] - chi[k];
    pieces_.push_back({X_high_, chi[k], s_0, 3 * rise - 2 * s_0 - s_1, s_0 + s_1 - 2 * rise});
    const Piece& p = pieces_.back();
    X_high_ += width * (p.a + p.b / 2 + p.c / 3 + p.d / 4);
  }
  const double X_at_c_e0 = pieces_[pieces_below].X;
  for (Piece& p : pieces_) p.X -= X_at_c_e0;
  X_high_ -= X_at_c_e0;
  X_low_ = pieces_.front().X;
  chi_low_ = chi.front(), chi_high_ = chi.back();
}

void SaltPotential::evaluate(int n, const double* c_e, double* X, double* chi) const {
  for (int i = 0; i < n; ++i) {
    const double y = vector_math::log(c_e[i] / c_e0_);
    if (y > low && y < high) {
      const double at = (y - low) / width;
      const std::size_t k = std::min(static_cast<std::size_t>(at), pieces_.size() - 1);
      const Piece& p = pieces_[k];
      const double t = at - static_cast<double>(k);
      chi[i] = p.a + t * (p.b + t * (p.c + t * p.d));
      X[i] = p.X + width * t * (p.a + t * (p.b / 2 + t * (p.c / 3 + t * p.d / 4)));
    } else if (y >= high) {
      chi[i] = chi_high_;
      X[i] = X_high_ + chi_high_ * (y - high);
    } else {  // what is not a number stays one
      chi[i] = chi_low_;
      X[i] = X_low_ + chi_low_ * (y - low);
    }
  }
}

}  // namespace porelith
