#include "solver/laws/diffusion_potential.hpp"

#include <algorithm>
#include <cmath>

namespace porelith {

namespace {

constexpr double tolerance = 1e-7;    ///< of D_s
constexpr int samples = 1024;         ///< of the law over [0, 1] that every fit is held against; no fewer than
constexpr int least_samples = 4;      ///< in a piece
constexpr double narrowest = 1e-9;    ///< piece; a jump of the law becomes a ramp of this width
constexpr std::size_t most = 100000;  ///< pieces
constexpr double trace = 1e-12;       ///< of the largest D_s, in place of what is not positive
constexpr double inset = 1e-7;        ///< of a piece: slopes are taken so far inside, where no neighbour's kink reaches
constexpr int bins = 1024;
constexpr double rounding = 4e-16;  ///< of Phi

/// D_s over [0, 1], held above a trace.
class HeldLaw {
 public:
  explicit HeldLaw(const MaterialAt& law) : law_(law) {
    std::vector<double> sto(samples + 1);
    for (int k = 0; k <= samples; ++k) sto[k] = double(k) / samples;
    const std::vector<double> kinks = law.diffusivity_kinks();
    for (double x : kinks)
      if (x > 0 && x < 1) sto.push_back(x);
    double largest = 0;
    for (double value : raw(sto)) largest = std::isfinite(value) ? std::max(largest, value) : largest;
    if (largest > 0) floor_ = trace * largest;
  }

  /// @param slope where not nullptr
  std::vector<double> at(const std::vector<double>& sto, std::vector<double>* slope = nullptr) {
    std::vector<double> D = raw(sto);
    for (std::size_t i = 0; i < D.size(); ++i) {
      if (D[i] > floor_ && std::isfinite(D[i])) continue;
      positive_ = positive_ && D[i] > 0 && std::isfinite(D[i]);
      D[i] = floor_, slope_[i] = 0;
    }
    if (slope) *slope = slope_;
    return D;
  }
  bool positive() const { return positive_; }

 private:
  std::vector<double> raw(const std::vector<double>& sto) {
    std::vector<double> D(sto.size());
    slope_.resize(sto.size());
    law_.diffusivity(static_cast<int>(sto.size()), sto.data(), D.data(), slope_.data());
    return D;
  }

  const MaterialAt& law_;
  std::vector<double> slope_;
  double floor_ = 1e-30;
  bool positive_ = true;
};

struct Cubic {
  double a, b, c, d;
  double at(double t) const { return a + t * (b + t * (c + t * d)); }
};

/// From both ends' values and slopes over the width h.
Cubic hermite(double h, double D_0, double D_1, double slope_0, double slope_1) {
  const double secant = (D_1 - D_0) / h;
  return {D_0, slope_0, (3 * secant - 2 * slope_0 - slope_1) / h, (slope_0 + slope_1 - 2 * secant) / (h * h)};
}

}  // namespace

DiffusionPotential::DiffusionPotential(const MaterialAt& law) {
  HeldLaw held(law);
  std::vector<double> breaks{0, 1};
  for (double x : law.diffusivity_kinks())
    if (x > 0 && x < 1) breaks.push_back(x);
  std::sort(breaks.begin(), breaks.end());

  // Each interval is halved until a straight line or a cubic meets the law at samples as close as those of [0, 1].
  std::vector<std::pair<double, double>> open;
  for (std::size_t k = breaks.size() - 1; k > 0; --k) open.emplace_back(breaks[k - 1], breaks[k]);
  while (!open.empty()) {
    const double from = open.back().first, to = open.back().second;
    open.pop_back();
    const double h = to - from;
    const int inside = std::max(least_samples, static_cast<int>(std::ceil(h * samples)));
    std::vector<double> sto{from, to, from + inset * h, to - inset * h}, slope;
    for (int k = 0; k < inside; ++k) sto.push_back(from + h * (k + 0.5) / inside);
    const std::vector<double> D = held.at(sto, &slope);
    const auto meets = [&](const Cubic& fit) {
      for (std::size_t i = 4; i < sto.size(); ++i)
        if (!(std::abs(fit.at(sto[i] - from) - D[i]) <= tolerance * D[i])) return false;
      return true;
    };
    const Cubic line{D[0], (D[1] - D[0]) / h, 0, 0}, curve = hermite(h, D[0], D[1], slope[2], slope[3]);
    const bool straight = meets(line);
    if (straight || meets(curve) || h < narrowest || pieces_.size() + open.size() > most) {
      const Cubic& fit = straight || !meets(curve) ? line : curve;
      pieces_.push_back({from, end_Phi_, fit.a, fit.b, fit.c, fit.d});
      end_Phi_ = pieces_.back().Phi_at(h);
      end_D_ = D[1];
      continue;
    }
    const double middle = from + h / 2;
    open.emplace_back(middle, to);
    open.emplace_back(from, middle);
  }
  positive_ = held.positive();

  mean_ = end_Phi_;
  for (Piece& p : pieces_)
    for (double* value : {&p.Phi, &p.a, &p.b, &p.c, &p.d}) *value /= mean_;
  end_Phi_ = 1, end_D_ /= mean_;
  int piece = 0;
  for (int k = 0; k < bins; ++k) {
    while (piece + 1 < pieces() && pieces_[piece + 1].from <= double(k) / bins) ++piece;
    bins_.push_back(piece);
  }
}

/// For a stoichiometry in [0, 1).
inline const DiffusionPotential::Piece& DiffusionPotential::piece_of(double sto) const {
  std::size_t piece = bins_[static_cast<int>(sto * bins)];
  while (piece + 1 < pieces_.size() && pieces_[piece + 1].from <= sto) ++piece;
  return pieces_[piece];
}

double DiffusionPotential::end_of(const Piece& piece) const { return &piece == &pieces_.back() ? 1 : (&piece)[1].from; }

void DiffusionPotential::evaluate(int n, const double* sto, double* Phi, double* D) const {
  for (int i = 0; i < n; ++i) {
    const double x = sto[i];
    if (x >= 0 && x < 1) {
      const Piece& piece = piece_of(x);
      Phi[i] = piece.Phi_at(x - piece.from);
      D[i] = piece.D_at(x - piece.from);
    } else if (x < 0) {
      D[i] = pieces_[0].a;
      Phi[i] = x * D[i];
    } else {  // what is not a number stays one
      D[i] = end_D_;
      Phi[i] = end_Phi_ + (x - 1) * D[i];
    }
  }
}

double DiffusionPotential::at(double sto) const {
  double Phi, D;
  evaluate(1, &sto, &Phi, &D);
  return Phi;
}

double DiffusionPotential::slope(double sto) const {
  double Phi, D;
  evaluate(1, &sto, &Phi, &D);
  return D;
}

double DiffusionPotential::sto_at(double Phi, double guess) const {
  if (!(Phi > 0)) return Phi / pieces_[0].a;
  if (Phi >= end_Phi_) return 1 + (Phi - end_Phi_) / end_D_;
  const auto holds = [&](const Piece& p) { return p.Phi <= Phi && (&p == &pieces_.back() || Phi < (&p)[1].Phi); };
  const Piece* piece = guess >= 0 && guess < 1 ? &piece_of(guess) : &pieces_[0];
  if (!holds(*piece)) {
    const auto above = std::upper_bound(pieces_.begin(), pieces_.end(), Phi,
                                        [](double value, const Piece& p) { return value < p.Phi; });
    piece = &*(above - 1);
  }
  double low = 0, high = end_of(*piece) - piece->from;
  double t = guess - piece->from;
  if (!(t >= low && t <= high)) t = std::clamp((Phi - piece->Phi) / piece->a, low, high);
  for (int i = 0; i < 100; ++i) {  // Newton, kept between bounds: Phi rises
    const double over = piece->Phi_at(t) - Phi;
    if (std::abs(over) <= rounding * Phi) break;
    (over > 0 ? high : low) = t;
    const double next = t - over / piece->D_at(t);
    t = next >= low && next <= high ? next : (low + high) / 2;
  }
  return piece->from + t;
}

}  // namespace porelith
