#include "solver/newman/particles.hpp"

#include <algorithm>
#include <cmath>

namespace porelith {

ShellGeometry::ShellGeometry(int n, double grading) : shells(n), edges{0} {
  const double ratio = n > 1 ? std::pow(grading, -1.0 / (n - 1)) : 1;
  double width = 1;
  for (int k = 0; k < n; ++k, width *= ratio) edges.push_back(edges.back() + width);
  const double whole = edges.back();
  for (double& e : edges) e /= whole;
  for (int k = 0; k < n; ++k) volume.push_back((std::pow(edges[k + 1], 3) - std::pow(edges[k], 3)) / 3);
  for (auto* v : {&conductance, &lag_in, &lag_out}) v->assign(shells, 0.0);
  if (n > 1) use_two_points(1);
  for (int k = 2; k < n; ++k) make_compact(k);
  set_storage();

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

/// The distance between two shell means is the one over which r^2 rises from mean to mean with the slope it has at
/// their face: the parabola of a particle under constant flux is then exact on any shells.
void ShellGeometry::use_two_points(int k) {
  const auto mean_r2 = [&](int k) { return (std::pow(edges[k + 1], 5) - std::pow(edges[k], 5)) / 5 / volume[k]; };
  conductance[k] = edges[k] * edges[k] * 2 * edges[k] / (mean_r2(k) - mean_r2(k - 1));
}

/// The flux through face k that is exact for c = r, r^2 and r^4, written in x = r - r_face as x, x^2, 4 r_face x^3 +
/// x^4 so that nothing cancels in thin shells. dc/dt stands for the Laplacian of c.
void ShellGeometry::make_compact(int k) {
  const double r = edges[k];
  struct Moments {
    double mean[3], laplacian[3];
  };
  const auto moments = [r](double x) {  // of the shell between x = 0 and x
    const auto integral = [&](int p) {  // of r^2 x^p
      return std::pow(x, p + 1) * (r * r / (p + 1) + 2 * r * x / (p + 2) + x * x / (p + 3));
    };
    const double volume = integral(0), area = (r + x) * (r + x);
    return Moments{{integral(1) / volume, integral(2) / volume, (4 * r * integral(3) + integral(4)) / volume},
                   {(2 * r * x + x * x) / volume, area * 2 * x / volume, area * x * x * (12 * r + 4 * x) / volume}};
  };
  const Moments in = moments(edges[k - 1] - r), out = moments(edges[k + 1] - r);
  // Rows: G (mean_out - mean_in) + a laplacian_in + b laplacian_out = r^2 dc/dr at the face, which is r^2, 0, 0.
  double fall[3];
  for (int f = 0; f < 3; ++f) fall[f] = out.mean[f] - in.mean[f];
  const auto minor = [&](int f, int g) {
    return in.laplacian[f] * out.laplacian[g] - in.laplacian[g] * out.laplacian[f];
  };
  const double det = fall[0] * minor(1, 2) - fall[1] * minor(0, 2) + fall[2] * minor(0, 1);
  conductance[k] = r * r * minor(1, 2) / det;
  lag_in[k] = r * r * (fall[2] * out.laplacian[1] - fall[1] * out.laplacian[2]) / det;
  lag_out[k] = r * r * (fall[1] * in.laplacian[2] - fall[2] * in.laplacian[1]) / det;
}

void ShellGeometry::set_storage() {
  storage = volume;
  for (int k = 1; k < shells; ++k) storage[k] += lag_out[k], storage[k - 1] -= lag_in[k];
}

namespace {
constexpr int most_at_once = 256;  // cells; their shells stay in a core's own memory
}

Particles::Particles(const MaterialAt& law, ShellGeometry shells, std::vector<double> R)
    : law_(law),
      shells_(std::move(shells)),
      R_(std::move(R)),
      n_(static_cast<int>(R_.size())),
      block_(std::min(n_, most_at_once)) {
  const std::size_t count = shells_.shells;
  for (auto* v : {&outer_, &inner_, &rest_, &D_, &Phi_, &sto_}) v->assign(block_ * count, 0.0);
  for (auto* v : {&q_, &p_}) v->assign(n_ * count, 0.0);
  for (auto* v : {&flux_response_, &alpha_, &beta_, &deviation_}) v->assign(n_, 0.0);
  flux_.assign(block_, 0.0);
  set_law(law);
}

void Particles::set_law(const MaterialAt& law) {
  law_ = law;
  if (nonlinear()) {
    potential_ = std::make_shared<const DiffusionPotential>(law_);
    D_mean_ = potential_->mean();
  } else {
    const double half = 0.5;
    double slope;
    law_.diffusivity(1, &half, &D_mean_, &slope);
    std::fill(D_.begin(), D_.end(), D_mean_);
    if (block_ == n_) conductances(0, n_, nullptr);
  }
}

/// Of the cells `from` on, as many as are asked for. c_s [shells x all cells]
void Particles::conductances(int from, int cells, const double* c_s) {
  const int n = cells, all = n * shells_.shells;
  const double c_s_max = law_.c_s_max();
  const auto c = [&](int k, int i) { return c_s[k * n_ + from + i]; };
  if (nonlinear()) {
    for (int k = 0; k < shells_.shells; ++k)
      for (int i = 0; i < n; ++i) sto_[k * n + i] = c(k, i) / c_s_max;
    potential_->evaluate(all, sto_.data(), Phi_.data(), D_.data());
    for (int at = 0; at < all; ++at) Phi_[at] *= c_s_max, D_[at] *= D_mean_;
  }
  for (int k = 1; k < shells_.shells; ++k)
    for (int i = 0; i < n; ++i) {
      const int out = k * n + i, in = out - n;
      const double R = R_[from + i], g = shells_.conductance[k] / (R * R);
      outer_[out] = g * D_[out];
      inner_[out] = g * D_[in];
      rest_[out] =
          nonlinear() ? g * D_mean_ * (Phi_[out] - Phi_[in]) - outer_[out] * c(k, i) + inner_[out] * c(k - 1, i) : 0;
    }
}

void Particles::condense(double gamma, const double* c_hat, const double* c_s) {
  for (int from = 0; from < n_; from += block_) condense_some(from, std::min(block_, n_ - from), gamma, c_hat, c_s);
}

void Particles::condense_some(int from, int cells, double gamma, const double* c_hat, const double* c_s) {
  const int n = cells, last = shells_.shells - 1;
  if (nonlinear() || block_ < n_) conductances(from, cells, c_s);

  // Row k for d = c - c_hat, lags of dc/dt = d/gamma at hand: V_k d_k - gamma (F_(k+1)(d) - F_k(d)) = gamma
  // (F_(k+1)(c_hat) - F_k(c_hat)), eliminated from the centre outward. A uniform particle has no flux and stays uniform
  // to the last bit.
  const auto flux_of_hat = [&](int k, int i) {
    const int at = k * n + i;
    const double hat = c_hat[k * n_ + from + i], hat_in = c_hat[(k - 1) * n_ + from + i];
    return outer_[at] * (hat - hat_in) + (outer_[at] - inner_[at]) * hat_in + rest_[at];
  };
  std::fill(flux_.begin(), flux_.end(), 0.0);
  for (int k = 0; k <= last; ++k) {
    const double V = shells_.storage[k], lag = shells_.lag_in[k], lag_next = k < last ? shells_.lag_out[k + 1] : 0;
    const double *out = &outer_[k * n], *in = &inner_[k * n];
    double *q = &q_[k * n_ + from], *p = &p_[k * n_ + from], *flux_in = flux_.data();
    if (k == 0) {
      for (int i = 0; i < n; ++i) {
        const double flux = flux_of_hat(1, i), m = 1 / (V + gamma * in[n + i]);
        p[i] = (-gamma * out[n + i] - lag_next) * m;
        q[i] = gamma * flux * m;
        flux_in[i] = flux;
      }
    } else if (k < last) {
      const double *q_in = q - n_, *p_in = p - n_;
      for (int i = 0; i < n; ++i) {
        const double flux = flux_of_hat(k + 1, i), sub = lag - gamma * in[i];
        const double m = 1 / (V + gamma * (in[n + i] + out[i]) - sub * p_in[i]);
        p[i] = (-gamma * out[n + i] - lag_next) * m;
        q[i] = (gamma * (flux - flux_in[i]) - sub * q_in[i]) * m;
        flux_in[i] = flux;
      }
    } else {
      const double *q_in = q - n_, *p_in = p - n_;
      for (int i = 0; i < n; ++i) {
        const double sub = lag - gamma * in[i];
        const double m = 1 / (V + gamma * out[i] - sub * p_in[i]);
        q[i] = (-gamma * flux_in[i] - sub * q_in[i]) * m;
        flux_response_[from + i] = -gamma / R_[from + i] * m;
      }
    }
  }

  close_surface(from, cells, c_hat, c_s);
}

/// Phi_ss = w_last Phi_N + w_before Phi_(N-1) - w_slope R j/<D_s>, both shells as the sweep has left them.
void Particles::close_surface(int from, int cells, const double* c_hat, const double* c_s) {
  const int n = cells, last = shells_.shells - 1;
  const double *q = &q_[last * n_], *q_in = q - n_, *p_in = &p_[(last - 1) * n_];
  const double *hat = c_hat + last * n_, *hat_in = hat - n_;
  const double w1 = shells_.w_last, w2 = shells_.w_before, w3 = shells_.w_slope;
  if (!nonlinear()) {
    for (int i = from; i < from + n; ++i) {
      alpha_[i] = hat[i] + w2 * (hat_in[i] - hat[i]) + w1 * q[i] + w2 * (q_in[i] - p_in[i] * q[i]);
      beta_[i] = (w1 - w2 * p_in[i]) * flux_response_[i] - w3 * R_[i] / D_mean_;
    }
    return;
  }
  for (int i = from; i < from + n; ++i) {
    const int out = last * n + i - from, in = out - n;
    const double D = D_[out] / D_mean_, D_in = D_[in] / D_mean_;
    const double Phi = Phi_[out] + D * (hat[i] - c_s[last * n_ + i]);
    const double Phi_in = Phi_[in] + D_in * (hat_in[i] - c_s[(last - 1) * n_ + i]);
    alpha_[i] = Phi + w2 * (Phi_in - Phi) + w1 * D * q[i] + w2 * D_in * (q_in[i] - p_in[i] * q[i]);
    beta_[i] = (w1 * D - w2 * D_in * p_in[i]) * flux_response_[i] - w3 * R_[i] / D_mean_;
  }
}

void Particles::surface(const double* j, double* c_ss) const {
  const double c_s_max = law_.c_s_max();
  for (int i = 0; i < n_; ++i) {
    const double Phi = alpha_[i] + beta_[i] * j[i];
    c_ss[i] = potential_ ? c_s_max * potential_->sto_at(Phi / c_s_max, c_ss[i] / c_s_max) : Phi;
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

double Particles::imbalance(const double* j, const double* c_hat, const double* c_s) const {
  const int n = n_, last = shells_.shells - 1;
  std::vector<double>& d = deviation_;
  double largest = 0;
  for (int k = last; k >= 0; --k)
    for (int i = 0; i < n; ++i) {
      const int at = k * n + i;
      d[i] = k == last ? q_[at] + flux_response_[i] * j[i] : q_[at] - p_[at] * d[i];
      const double off = std::abs(c_hat[at] + d[i] - c_s[at]);
      largest = std::isfinite(off) ? std::max(largest, off) : HUGE_VAL;
    }
  return largest / law_.c_s_max();
}

void Particles::weigh_surface(const double* c_ss, const double* c_N, double* error) const {
  for (int i = 0; i < n_; ++i) {
    const double D = potential_->slope(c_ss[i] / law_.c_s_max()), D_N = potential_->slope(c_N[i] / law_.c_s_max());
    error[i] *= std::min(1.0, D / std::max(1.0, D_N));
  }
}

double Particles::mean(const double* c_s, int i) const {
  double sum = 0;
  for (int k = 0; k < shells_.shells; ++k) sum += shells_.volume[k] * c_s[k * n_ + i];
  return 3 * sum;
}

}  // namespace porelith
