#include "solver/newman/particles.hpp"

#include <algorithm>
#include <cmath>

namespace porelith {

ShellGeometry::ShellGeometry(int n, double grading) : shells(n), edges{0}, conductance{0} {
  const double ratio = n > 1 ? std::pow(grading, -1.0 / (n - 1)) : 1;
  double width = 1;
  for (int k = 0; k < n; ++k, width *= ratio) edges.push_back(edges.back() + width);
  const double whole = edges.back();
  for (double& e : edges) e /= whole;
  for (int k = 0; k < n; ++k) volume.push_back((std::pow(edges[k + 1], 3) - std::pow(edges[k], 3)) / 3);
  // The distance between two shell means is the one over which r^2 rises from mean to mean with the slope it has at
  // their face: the parabola of a particle under constant flux is then exact on any shells.
  const auto mean_r2 = [&](int k) { return (std::pow(edges[k + 1], 5) - std::pow(edges[k], 5)) / 5 / volume[k]; };
  for (int k = 1; k < n; ++k) conductance.push_back(edges[k] * edges[k] * 2 * edges[k] / (mean_r2(k) - mean_r2(k - 1)));

  // Shell means of (r-1) and (r-1)^2, from the moments of r^2, r^3, r^4.
  const auto means = [&](int k) {
    const double a = edges[k], b = edges[k + 1];
    const double m2 = volume[k], m3 = (std::pow(b, 4) - std::pow(a, 4)) / 4, m4 = (std::pow(b, 5) - std::pow(a, 5)) / 5;
    return std::pair((m3 - m2) / m2, (m4 - 2 * m3 + m2) / m2);
  };
  const auto [slope_1, bend_1] = means(n - 1);
  const auto [slope_2, bend_2] = means(n - 2);
  w_last = bend_2 / (bend_2 - bend_1);
  w_before = -bend_1 / (bend_2 - bend_1);
  w_slope = -(w_last * slope_1 + w_before * slope_2);
}

namespace {
constexpr int most_at_once = 256;  // cells; their shells stay in a core's own memory
}

Particles::Particles(const MaterialLaw& law, ShellGeometry shells, std::vector<double> R)
    : law_(law),
      shells_(std::move(shells)),
      R_(std::move(R)),
      n_(static_cast<int>(R_.size())),
      block_(std::min(n_, most_at_once)) {
  const std::size_t count = shells_.shells;
  for (auto* v : {&outer_, &inner_, &rest_, &D_, &dD_, &sto_}) v->assign(block_ * count, 0.0);
  for (auto* v : {&q_, &p_}) v->assign(n_ * count, 0.0);
  for (auto* v : {&flux_response_, &alpha_, &beta_, &D_surface_, &dD_surface_, &deviation_}) v->assign(n_, 0.0);
  flux_.assign(block_, 0.0);
  if (!nonlinear()) {
    const std::vector<double> half(n_, 0.5);
    law_.diffusivity(n_, half.data(), D_surface_.data(), dD_surface_.data());
    if (block_ == n_) conductances(0, n_, std::vector<double>(n_ * count, 0.5 * law_.c_s_max()).data());
  }
}

/// Of the cells `from` on, as many as are asked for. c_s [shells x all cells]
void Particles::conductances(int from, int cells, const double* c_s) {
  const int n = cells, all = n * shells_.shells;
  const auto c = [&](int k, int i) { return c_s[k * n_ + from + i]; };
  for (int k = 0; k < shells_.shells; ++k)
    for (int i = 0; i < n; ++i) sto_[k * n + i] = std::clamp(c(k, i) / law_.c_s_max(), 0.0, 1.0);
  law_.diffusivity(all, sto_.data(), D_.data(), dD_.data());
  for (int k = 1; k < shells_.shells; ++k)
    for (int i = 0; i < n; ++i) {
      const int out = k * n + i, in = out - n;
      const double c_out = c(k, i), c_in = c(k - 1, i), R = R_[from + i];
      const double g = shells_.conductance[k] / (R * R);
      const double D = (D_[out] + D_[in]) / 2;
      const double bend = (c_out - c_in) / (2 * law_.c_s_max());
      outer_[out] = g * (D + dD_[out] * bend);
      inner_[out] = g * (D - dD_[in] * bend);
      rest_[out] = nonlinear() ? g * D * (c_out - c_in) - outer_[out] * c_out + inner_[out] * c_in : 0;
    }
}

void Particles::condense(double gamma, const double* c_hat, const double* c_s, const double* c_ss, const double* j) {
  if (nonlinear()) {
    std::vector<double>& sto = deviation_;  // free until the shells are expanded
    for (int i = 0; i < n_; ++i) sto[i] = std::clamp(c_ss[i] / law_.c_s_max(), 0.0, 1.0);
    law_.diffusivity(n_, sto.data(), D_surface_.data(), dD_surface_.data());
    for (double& slope : dD_surface_) slope /= law_.c_s_max();
  }
  for (int from = 0; from < n_; from += block_)
    condense_some(from, std::min(block_, n_ - from), gamma, c_hat, c_s, c_ss, j);
}

void Particles::condense_some(int from, int cells, double gamma, const double* c_hat, const double* c_s,
                              const double* c_ss, const double* j) {
  const int n = cells, last = shells_.shells - 1;
  if (nonlinear() || block_ < n_) conductances(from, cells, c_s);

  // Row k for d = c - c_hat: V_k d_k - gamma (F_(k+1)(d) - F_k(d)) = gamma (F_(k+1)(c_hat) - F_k(c_hat)), eliminated
  // from the centre outward. A uniform particle has no flux and stays uniform to the last bit.
  const auto flux_of_hat = [&](int k, int i) {
    const int at = k * n + i;
    const double hat = c_hat[k * n_ + from + i], hat_in = c_hat[(k - 1) * n_ + from + i];
    return outer_[at] * (hat - hat_in) + (outer_[at] - inner_[at]) * hat_in + rest_[at];
  };
  std::fill(flux_.begin(), flux_.end(), 0.0);
  for (int k = 0; k <= last; ++k) {
    const double V = shells_.volume[k];
    const double *out = &outer_[k * n], *in = &inner_[k * n];
    double *q = &q_[k * n_ + from], *p = &p_[k * n_ + from], *flux_in = flux_.data();
    if (k == 0) {
      for (int i = 0; i < n; ++i) {
        const double flux = flux_of_hat(1, i), m = 1 / (V + gamma * in[n + i]);
        p[i] = -gamma * out[n + i] * m;
        q[i] = gamma * flux * m;
        flux_in[i] = flux;
      }
    } else if (k < last) {
      const double *q_in = q - n_, *p_in = p - n_;
      for (int i = 0; i < n; ++i) {
        const double flux = flux_of_hat(k + 1, i), sub = -gamma * in[i];
        const double m = 1 / (V + gamma * (in[n + i] + out[i]) - sub * p_in[i]);
        p[i] = -gamma * out[n + i] * m;
        q[i] = (gamma * (flux - flux_in[i]) - sub * q_in[i]) * m;
        flux_in[i] = flux;
      }
    } else {
      const double *q_in = q - n_, *p_in = p - n_;
      for (int i = 0; i < n; ++i) {
        const double sub = -gamma * in[i];
        const double m = 1 / (V + gamma * out[i] - sub * p_in[i]);
        q[i] = (-gamma * flux_in[i] - sub * q_in[i]) * m;
        flux_response_[from + i] = -gamma / R_[from + i] * m;
      }
    }
  }

  // Surface: c_ss = w_last c_N + w_before c_(N-1) - w_slope R j/D_s(c_ss), with D_s(c_ss) linearised where it varies.
  const double *q = &q_[last * n_], *q_in = q - n_, *p_in = &p_[(last - 1) * n_];
  const double *hat = c_hat + last * n_, *hat_in = hat - n_;
  const double w1 = shells_.w_last, w2 = shells_.w_before, w3 = shells_.w_slope;
  for (int i = from; i < from + n; ++i) {
    const double D = D_surface_[i];
    alpha_[i] = hat[i] + w2 * (hat_in[i] - hat[i]) + w1 * q[i] + w2 * (q_in[i] - p_in[i] * q[i]);
    beta_[i] = (w1 - w2 * p_in[i]) * flux_response_[i] - w3 * R_[i] / D;
    if (nonlinear()) {
      const double turn = w3 * R_[i] * j[i] * dD_surface_[i] / (D * D);
      // Far from the solution the slope of D_s must not turn the sign of beta: leave it out there.
      const double scale = turn < 0.5 ? 1 / (1 - turn) : 1;
      alpha_[i] = turn < 0.5 ? (alpha_[i] - turn * c_ss[i]) * scale : alpha_[i];
      beta_[i] *= scale;
    }
  }
}

void Particles::expand(const double* j, const double* c_hat, double* c_s) const {
  const int n = n_, last = shells_.shells - 1;
  std::vector<double>& d = deviation_;
  for (int i = 0; i < n; ++i) d[i] = q_[last * n + i] + flux_response_[i] * j[i];
  for (int i = 0; i < n; ++i) c_s[last * n + i] = c_hat[last * n + i] + d[i];
  for (int k = last - 1; k >= 0; --k) {
    const double *q = &q_[k * n], *p = &p_[k * n], *hat = c_hat + k * n;
    double* c = c_s + k * n;
    for (int i = 0; i < n; ++i) {
      d[i] = q[i] - p[i] * d[i];
      c[i] = hat[i] + d[i];
    }
  }
}

double Particles::mean(const double* c_s, int i) const {
  double sum = 0;
  for (int k = 0; k < shells_.shells; ++k) sum += shells_.volume[k] * c_s[k * n_ + i];
  return 3 * sum;
}

}  // namespace porelith
