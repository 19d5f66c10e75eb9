#include "solver/newman/kinetics.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/constants.hpp"

namespace porelith {

namespace {
/// Where the search for the flux begins and ends, beyond empty and full.
constexpr double sto_reach = 1e-5;
/// Of a flux: what is left by less than this is none. Where D_s is small, a flux's last bits move a full surface.
constexpr double rounding = 1e-15;

/// How far a careful search goes, in stoichiometry of the surface.
constexpr double careful_reach = 0.02;

/// c_ss where D_s is constant: what a particle's condensation gives.
struct LinearSurface {
  double c_s_max;
  /// Residual that may be left to the linearisation, in thermal voltages
  static constexpr double left = 1;
  static constexpr bool bends = false;
  double sto(double c_ss, double) const { return c_ss / c_s_max; }
  double per_sto(double) const { return c_s_max; }  ///< of what the condensation gives
  double at(double sto) const { return sto * c_s_max; }
};

/// c_ss where D_s varies: the condensation gives its potential.
struct PotentialSurface {
  const DiffusionPotential& potential;
  double c_s_max;
  static constexpr double left = 1e-5;
  static constexpr bool bends = true;  ///< D_s may change by decades within a thermal voltage
  double sto(double Phi_ss, double guess) const { return potential.sto_at(Phi_ss / c_s_max, guess); }
  double per_sto(double sto) const { return c_s_max * potential.slope(sto); }
  double at(double sto) const { return c_s_max * potential.at(sto); }
};

template <class Use>
auto with_surface(const Particles& particles, const MaterialAt& law, const Use& use) {
  const DiffusionPotential* potential = particles.potential();
  return potential ? use(PotentialSurface{*potential, law.c_s_max()}) : use(LinearSurface{law.c_s_max()});
}
}  // namespace

Kinetics::Kinetics(const MaterialAt& law, const KineticsLaw& transfer, double alpha, double c_e0, double T, int cells)
    : law_(law), transfer_(&transfer), interface_{law.exchange_current(), c_e0, T, alpha}, V_T_(thermal_voltage(T)) {
  for (auto* v : {&sto_, &U_, &dU_, &eta_, &by_j_, &by_c_e_, &by_sto_, &residual_, &beyond_, &low_, &high_, &before_})
    v->assign(cells, 0.0);
  held_.assign(cells, 0);
}

void Kinetics::set_law(const MaterialAt& law, double T) {
  law_ = law;
  interface_.i0 = law.exchange_current();
  interface_.T = T;
  V_T_ = thermal_voltage(T);
}

int Kinetics::respond(const Particles& particles, const double* c_e, const double* phi, double* j,
                      FluxResponse& response, bool careful) {
  return with_surface(particles, law_, [&](const auto& surface) {
    return respond_with(surface, particles, c_e, phi, j, response, careful);
  });
}

template <class Surface>
int Kinetics::respond_with(const Surface& surface, const Particles& particles, const double* c_e, const double* phi,
                           double* j, FluxResponse& response, bool careful) {
  const int n = particles.cells();
  const double full = surface.at(1 + sto_reach), empty = surface.at(-sto_reach);
  const double left = Surface::left * V_T_;
  const double *alpha = particles.alpha().data(), *beta = particles.beta().data();
  for (int i = 0; i < n; ++i) {  // beta < 0: a large flux empties the surface
    low_[i] = (full - alpha[i]) / beta[i];
    high_[i] = (empty - alpha[i]) / beta[i];
    const double inset = 1e-3 * (high_[i] - low_[i]);
    if (!(j[i] > low_[i] && j[i] < high_[i])) j[i] = std::clamp(j[i], low_[i] + inset, high_[i] - inset);
  }

  if (careful) stay_near(surface, particles, j);
  if (Surface::bends) std::fill(before_.begin(), before_.end(), HUGE_VAL);
  for (int evaluation = 1;; ++evaluation) {
    double worst = evaluate(surface, particles, c_e, phi, j, response);
    if (careful) worst = hold_surfaces(j, response);
    if (worst < left || evaluation == 60) return evaluation;

    for (int i = 0; i < n; ++i) {  // the residual falls with j: keep the root between low and high
      if (std::abs(residual_[i]) < left || (careful && held_[i])) continue;
      (residual_[i] > 0 ? low_ : high_)[i] = j[i];
      bool good = response.j[i] > low_[i] && response.j[i] < high_[i];
      if (Surface::bends) {  // where Newton does not halve what is left, bisection does
        good = good && std::abs(residual_[i]) < before_[i] / 2;
        before_[i] = std::abs(residual_[i]);
      }
      j[i] = good ? response.j[i] : (low_[i] + high_[i]) / 2;
    }
  }
}

/// Residual and slopes at the fluxes j. @return the largest residual [V]
template <class Surface>
double Kinetics::evaluate(const Surface& surface, const Particles& particles, const double* c_e, const double* phi,
                          const double* j, FluxResponse& response) {
  const int n = particles.cells();
  const double barrier = V_T_ / sto_margin;
  const double *alpha = particles.alpha().data(), *beta = particles.beta().data();
  for (int i = 0; i < n; ++i) {
    const double sto = surface.sto(alpha[i] + beta[i] * j[i], sto_[i]);
    sto_[i] = std::clamp(sto, sto_margin, 1 - sto_margin);
    beyond_[i] = sto - sto_[i];
  }
  law_.potential(n, sto_.data(), U_.data(), dU_.data());
  transfer_->overpotential(interface_, n, j, c_e, sto_.data(),
                           {eta_.data(), by_j_.data(), by_c_e_.data(), by_sto_.data()});

  double worst = 0;
  for (int i = 0; i < n; ++i) {
    residual_[i] = phi[i] - U_[i] - eta_[i] + barrier * beyond_[i];
    const double dsto = beyond_[i] == 0 ? -dU_[i] - by_sto_[i] : barrier;
    const double slope = dsto * beta[i] / surface.per_sto(sto_[i]) - by_j_[i];
    if (Surface::bends && std::abs(residual_[i]) < rounding * std::abs(slope) * (std::abs(j[i]) - alpha[i] / beta[i]))
      residual_[i] = 0;
    worst = std::max(worst, std::abs(residual_[i]));
    response.dj_dphi[i] = -1 / slope;
    response.dj_dc_e[i] = by_c_e_[i] / slope;
    response.j[i] = j[i] - residual_[i] / slope;
  }
  return worst;
}

FluxResponse Kinetics::at(const Particles& particles, const double* c_e, const double* phi, const double* j,
                          const double* c_ss) {
  const int n = particles.cells();
  for (int i = 0; i < n; ++i) sto_[i] = c_ss[i] / law_.c_s_max();
  const std::vector<double> zero(n, 0.0);
  FluxResponse response{zero, zero, zero};
  linearise(particles, c_e, phi, j, response);
  return response;
}

void Kinetics::linearise(const Particles& particles, const double* c_e, const double* phi, const double* j,
                         FluxResponse& response) {
  with_surface(particles, law_,
               [&](const auto& surface) { return evaluate(surface, particles, c_e, phi, j, response); });
}

void Kinetics::slopes(const double* c_e, const double* j, const double* c_ss, KineticsSlopes& result) {
  const int n = static_cast<int>(sto_.size());
  const double c_s_max = law_.c_s_max(), barrier = V_T_ / sto_margin;
  for (auto* v : {&result.by_c_e, &result.by_j, &result.by_c_ss}) v->resize(n);
  for (int i = 0; i < n; ++i) {
    const double sto = c_ss[i] / c_s_max;
    sto_[i] = std::clamp(sto, sto_margin, 1 - sto_margin);
    beyond_[i] = sto - sto_[i];
  }
  law_.potential(n, sto_.data(), U_.data(), dU_.data());
  transfer_->overpotential(interface_, n, j, c_e, sto_.data(),
                           {eta_.data(), by_j_.data(), by_c_e_.data(), by_sto_.data()});
  for (int i = 0; i < n; ++i) {
    result.by_c_e[i] = -by_c_e_[i];
    result.by_j[i] = -by_j_[i];
    result.by_c_ss[i] = (beyond_[i] == 0 ? -dU_[i] - by_sto_[i] : barrier) / c_s_max;
  }
}

/// Narrows the search to surfaces near the one that belongs to `j`.
template <class Surface>
void Kinetics::stay_near(const Surface& surface, const Particles& particles, const double* j) {
  for (int i = 0; i < particles.cells(); ++i) {
    const double alpha = particles.alpha()[i], beta = particles.beta()[i];
    const double sto = surface.sto(alpha + beta * j[i], sto_[i]);
    low_[i] = std::max(low_[i], (surface.at(sto + careful_reach) - alpha) / beta);
    high_[i] = std::min(high_[i], (surface.at(sto - careful_reach) - alpha) / beta);
  }
}

/// Where the surface's answer to a flux takes back more than half of what the flux itself asks of the potential (as i0
/// rises and U hardly falls, one potential may belong to three fluxes) the search ends, and the linearisation has the
/// surface stay as it is: what is left drives the flux the way that a surface which follows with delay would go.
/// @return the largest residual elsewhere [V]
double Kinetics::hold_surfaces(const double* j, FluxResponse& response) {
  double worst = 0;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    const double by_flux = by_j_[i], slope = -1 / response.dj_dphi[i];
    held_[i] = slope > -by_flux / 2;
    if (!held_[i]) {
      worst = std::max(worst, std::abs(residual_[i]));
      continue;
    }
    response.dj_dphi[i] = 1 / by_flux;
    response.dj_dc_e[i] *= -slope / by_flux;
    response.j[i] = j[i] + residual_[i] / by_flux;
  }
  return worst;
}

}  // namespace porelith
