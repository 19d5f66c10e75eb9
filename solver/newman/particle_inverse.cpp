#include "solver/newman/particle_inverse.hpp"

#include <algorithm>

namespace porelith {

ParticleInverse::ParticleInverse(const Particles& particles, const std::vector<double>& R, double c_s_max)
    : particles_(particles),
      shells_(particles.shells()),
      c_s_max_(c_s_max),
      n_(particles.cells()),
      rate_(n_),
      closure_(n_),
      R_(R) {
  const std::size_t count = shells_.shells;
  for (auto* v : {&sub_, &pivot_, &over_}) v->assign(n_ * count, 0.0);
  for (auto* v : {&D_in_, &D_, &D_out_, &D_ss_}) v->assign(n_, 1.0);  // as it is where D_s is constant
  for (auto* v : {&sto_, &Phi_, &weight_last_, &weight_before_, &last_by_j_, &before_by_j_, &surface_by_j_})
    v->assign(n_, 0.0);
}

/// What follows from the law, which may be one of another temperature than last time.
void ParticleInverse::take_law() {
  potential_ = particles_.potential();
  if (particles_.mean_diffusivity() == D_mean_) return;
  D_mean_ = particles_.mean_diffusivity();
  for (int i = 0; i < n_; ++i) {
    rate_[i] = D_mean_ / (R_[i] * R_[i]);
    closure_[i] = shells_.w_slope * R_[i] / D_mean_;
  }
}

/// dPhi/dc = D_s/<D_s> at concentrations c.
void ParticleInverse::slopes(const double* c, double* D) {
  if (!potential_) return;
  for (int i = 0; i < n_; ++i) sto_[i] = c[i] / c_s_max_;
  potential_->evaluate(n_, sto_.data(), Phi_.data(), D);
}

/// Row k of the shells by c_(k-1), c_k, c_(k+1), lags of dc/dt = (c - c_hat)/gamma at hand:
/// lag_in/gamma - G_k D_(k-1);  storage/gamma + (G_k + G_(k+1)) D_k;  -(lag_out/gamma + G_(k+1) D_(k+1)).
void ParticleInverse::take(double gamma, const double* c_s, const double* c_ss) {
  const int n = n_, last = shells_.shells - 1;
  const double w1 = shells_.w_last, w2 = shells_.w_before;
  take_law();
  slopes(c_s, D_.data());
  for (int k = 0; k <= last; ++k) {
    const bool outermost = k == last;
    if (!outermost) slopes(c_s + (k + 1) * n, D_out_.data());
    const double storage = shells_.storage[k] / gamma, lag = shells_.lag_in[k] / gamma,
                 lag_next = outermost ? 0 : shells_.lag_out[k + 1] / gamma;
    const double g = shells_.conductance[k], g_next = outermost ? 0 : shells_.conductance[k + 1];
    double *sub = &sub_[k * n], *pivot = &pivot_[k * n], *over = &over_[k * n];
    const double* over_in = k > 0 ? over - n : over;  // 0 as yet where nothing is further in
    const double *rate = rate_.data(), *D_in = D_in_.data(), *D = D_.data(), *D_out = D_out_.data();
    for (int i = 0; i < n; ++i) {
      const double below = k > 0 ? lag - g * rate[i] * D_in[i] : 0;
      const double before = k > 0 ? over_in[i] : 0;
      sub[i] = below;
      pivot[i] = 1 / (storage + (g + g_next) * rate[i] * D[i] - below * before);
      over[i] = -(lag_next + g_next * rate[i] * D_out[i]) * pivot[i];
    }
    if (outermost) break;
    D_in_.swap(D_);
    D_.swap(D_out_);
  }
  slopes(c_ss, D_ss_.data());
  const double *pivot = &pivot_[last * n], *over_in = &over_[(last - 1) * n];
  for (int i = 0; i < n; ++i) {
    weight_last_[i] = w1 * D_[i];
    weight_before_[i] = w2 * D_in_[i];
    last_by_j_[i] = -pivot[i] / R_[i];
    before_by_j_[i] = -over_in[i] * last_by_j_[i];
    surface_by_j_[i] = (weight_last_[i] * last_by_j_[i] + weight_before_[i] * before_by_j_[i] - closure_[i]) / D_ss_[i];
  }
}

void ParticleInverse::eliminate(double* c_s, double* c_ss) const {
  const int n = n_, last = shells_.shells - 1;
  for (int i = 0; i < n; ++i) c_s[i] *= pivot_[i];
  for (int k = 1; k <= last; ++k) {
    const double *sub = &sub_[k * n], *pivot = &pivot_[k * n];
    double* c = c_s + k * n;
    const double* c_in = c - n;
    for (int i = 0; i < n; ++i) c[i] = (c[i] - sub[i] * c_in[i]) * pivot[i];
  }
  const double *c_N = c_s + last * n, *c_before = c_N - n, *over = &over_[(last - 1) * n];
  for (int i = 0; i < n; ++i) {
    const double before = c_before[i] - over[i] * c_N[i];
    c_ss[i] = (c_ss[i] + weight_last_[i] * c_N[i] + weight_before_[i] * before) / D_ss_[i];
  }
}

void ParticleInverse::substitute(const double* dj, double* c_s, double* c_ss) const {
  const int n = n_, last = shells_.shells - 1;
  double* c_N = c_s + last * n;
  for (int i = 0; i < n; ++i) {
    c_ss[i] += surface_by_j_[i] * dj[i];
    c_N[i] += last_by_j_[i] * dj[i];
  }
  for (int k = last - 1; k >= 0; --k) {
    const double* over = &over_[k * n];
    double* c = c_s + k * n;
    const double* c_out = c + n;
    for (int i = 0; i < n; ++i) c[i] -= over[i] * c_out[i];
  }
}

void ParticleInverse::eliminate_transposed(double* c_s, const double* c_ss, double* by_j) const {
  const int n = n_, last = shells_.shells - 1;
  for (int k = 1; k <= last; ++k) {
    const double* over = &over_[(k - 1) * n];
    double* c = c_s + k * n;
    const double* c_in = c - n;
    for (int i = 0; i < n; ++i) c[i] -= over[i] * c_in[i];
  }
  const double* c_N = c_s + last * n;
  for (int i = 0; i < n; ++i) by_j[i] += last_by_j_[i] * c_N[i] + surface_by_j_[i] * c_ss[i];
}

void ParticleInverse::substitute_transposed(double* c_s, double* c_ss) const {
  const int n = n_, last = shells_.shells - 1;
  double *c_N = c_s + last * n, *c_before = c_N - n;
  const double *over_before = &over_[(last - 1) * n], *pivot_N = &pivot_[last * n];
  for (int i = 0; i < n; ++i) {
    c_ss[i] /= D_ss_[i];
    const double before = weight_before_[i] * c_ss[i];
    c_before[i] += before;
    c_N[i] = (c_N[i] + weight_last_[i] * c_ss[i] - over_before[i] * before) * pivot_N[i];
  }
  for (int k = last - 1; k >= 0; --k) {
    const double *pivot = &pivot_[k * n], *sub_out = &sub_[(k + 1) * n];
    double* c = c_s + k * n;
    const double* c_out = c + n;
    for (int i = 0; i < n; ++i) c[i] = (c[i] - sub_out[i] * c_out[i]) * pivot[i];
  }
}

}  // namespace porelith
