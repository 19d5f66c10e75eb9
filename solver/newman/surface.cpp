#include "solver/newman/surface.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/constants.hpp"
#include "solver/newman/small_system.hpp"

namespace porelith {

namespace {

/// What may be left to the linearisation, of a thermal voltage and of the states' scales.
constexpr double left = 1e-5;
constexpr int most_iterations = 60, most_halvings = 10;
constexpr double beyond = 1e-5;      ///< empty and full a search may go, in stoichiometry
constexpr double part_of_way = 0.9;  ///< to empty or full that one step goes at most

}  // namespace

Surface::Surface(std::vector<ReactionPointer> reactions, double t_plus, double T, int cells)
    : reactions_(std::move(reactions)), t_plus_(t_plus), T_(T), n_(cells) {
  std::size_t pairs = 0;
  for (const ReactionPointer& reaction : reactions_) {
    first_state_.push_back(states());
    const auto own = reaction->states();
    states_.insert(states_.end(), own.begin(), own.end());
    pairs += own.size() * own.size();
  }
  unknowns_ = 1 + fluxes() + states();
  const std::size_t n = n_;
  const std::vector<double> zero(n, 0.0);
  intercalation_ = {zero, zero, zero};
  total_ = {intercalation_, intercalation_};
  responses_.assign(unknowns_, intercalation_);
  for (auto* v : {&drop_, &resistance_, &sum_}) v->assign(n, 0.0);
  for (auto* v : {&rate_, &rate_by_c_e_, &rate_by_drop_}) v->assign(n * fluxes(), 0.0);
  for (auto* v : {&resistance_by_own_, &rate_by_own_, &grow_, &grow_by_j_}) v->assign(n * states(), 0.0);
  grow_by_own_.assign(n * pairs, 0.0);
  rows_.unknowns = unknowns_;
  for (auto* v : {&rows_.residual, &rows_.by_c_e, &rows_.by_phi}) v->assign(n * unknowns_, 0.0);
  rows_.by_unknown.assign(n * unknowns_ * unknowns_, 0.0);
}

std::vector<Slot> Surface::flux_slots() const {
  std::vector<Slot> slots;
  for (const ReactionPointer& reaction : reactions_)
    slots.push_back({"j_" + reaction->name(), "mol.m-2.s-1", "flux of " + reaction->name() + " out of the surface",
                     Home::surface, Kind::condensed});
  return slots;
}

std::vector<Slot> Surface::own_slots() const {
  std::vector<Slot> slots;
  for (const Reaction::OwnState& own : states_) {
    slots.push_back({own.name, own.unit, own.meaning, Home::surface, Kind::differential, own.scale});
    slots.back().start = own.start;
  }
  return slots;
}

bool Surface::keeps_salt() const {
  return std::all_of(reactions_.begin(), reactions_.end(), [](const auto& r) { return r->lithium() == 1; });
}

double* Surface::value_of(const Unknowns& u, int q, int i) const {
  if (q == 0) return u.j + i;
  return q <= fluxes() ? u.fluxes + (q - 1) * n_ + i : u.own + (q - 1 - fluxes()) * n_ + i;
}

/// Residuals and slopes of all rows at the unknowns u.
void Surface::evaluate(const Particles& particles, Kinetics& kinetics, const double* c_e, const double* phi,
                       double gamma, const double* own_hat, const Unknowns& u) {
  find_drop(c_e, phi, u);
  kinetics.linearise(particles, c_e, drop_.data(), u.j, intercalation_);
  evaluate_rows(c_e, gamma, own_hat, u);
}

void Surface::find_drop(const double* c_e, const double* phi, const Unknowns& u) {
  const int n = n_, m = fluxes();
  // What films leave of the potential: drop = phi - R F (sum of all fluxes)
  std::fill(resistance_.begin(), resistance_.end(), 0.0);
  std::fill(resistance_by_own_.begin(), resistance_by_own_.end(), 0.0);
  for (int i = 0; i < n; ++i) sum_[i] = u.j[i];
  for (int r = 0; r < m; ++r) {
    const std::size_t own = first_state_[r] * n;
    reactions_[r]->resist({n, T_, c_e, phi, u.own + own}, resistance_.data(), resistance_by_own_.data() + own);
    for (int i = 0; i < n; ++i) sum_[i] += u.fluxes[r * n + i];
  }
  for (int i = 0; i < n; ++i) drop_[i] = phi[i] - resistance_[i] * faraday * sum_[i];
}

/// With the kinetics as `intercalation_` has them.
void Surface::evaluate_rows(const double* c_e, double gamma, const double* own_hat, const Unknowns& u) {
  const int n = n_, m = fluxes(), all = states();
  std::fill(rows_.by_unknown.begin(), rows_.by_unknown.end(), 0.0);
  const auto entry = [&](int row, int column, int i) -> double& {
    return rows_.by_unknown[(row * unknowns_ + column) * n + i];
  };
  const auto through_drop = [&](int row, int i, double by_drop) {
    for (int q = 0; q <= m; ++q) entry(row, q, i) -= by_drop * resistance_[i] * faraday;
    for (int k = 0; k < all; ++k)
      entry(row, 1 + m + k, i) -= by_drop * faraday * sum_[i] * resistance_by_own_[k * n + i];
    rows_.by_phi[row * n + i] = by_drop;
  };
  for (int i = 0; i < n; ++i) {  // drop - U - eta = 0 (E3)
    rows_.residual[i] = (intercalation_.j[i] - u.j[i]) / intercalation_.dj_dphi[i];
    rows_.by_c_e[i] = intercalation_.dj_dc_e[i] / intercalation_.dj_dphi[i];
    entry(0, 0, i) = -1 / intercalation_.dj_dphi[i];
    through_drop(0, i, 1);
  }
  std::size_t pair = 0;
  for (int r = 0; r < m; ++r) {
    const std::size_t from = r * n, own = first_state_[r] * n;
    const int k_from = first_state_[r], count = states_of(r), k_to = k_from + count;
    const ReactionPoints at{n, T_, c_e, drop_.data(), u.own + own};
    reactions_[r]->rate(at, {&rate_[from], &rate_by_c_e_[from], &rate_by_drop_[from], rate_by_own_.data() + own});
    reactions_[r]->grow(at, u.fluxes + from, grow_.data() + own, grow_by_j_.data() + own, grow_by_own_.data() + pair);
    const int row = 1 + r;
    for (int i = 0; i < n; ++i) {  // rate - j_r = 0
      rows_.residual[row * n + i] = rate_[from + i] - u.fluxes[from + i];
      rows_.by_c_e[row * n + i] = rate_by_c_e_[from + i];
      entry(row, row, i) = -1;
      through_drop(row, i, rate_by_drop_[from + i]);
      for (int k = k_from; k < k_to; ++k) entry(row, 1 + m + k, i) += rate_by_own_[k * n + i];
    }
    for (int k = k_from; k < k_to; ++k)
      for (int i = 0; i < n; ++i) {  // s - s_hat - gamma ds/dt = 0
        const int own_row = 1 + m + k, at_k = k * n + i;
        rows_.residual[own_row * n + i] = u.own[at_k] - own_hat[at_k] - gamma * grow_[at_k];
        entry(own_row, row, i) = -gamma * grow_by_j_[at_k];
        entry(own_row, own_row, i) = 1;
        for (int l = 0; l < count; ++l)
          entry(own_row, 1 + m + k_from + l, i) -= gamma * grow_by_own_[pair + ((k - k_from) * count + l) * n + i];
      }
    pair += static_cast<std::size_t>(count) * count * n;
  }
}

/// What is left of cell i's equations, the worst row, in thermal voltages or scales of the states.
double Surface::distance(int i) const {
  const double V_T = thermal_voltage(T_);
  double worst = std::abs(rows_.residual[i]) / V_T;
  for (int r = 0; r < fluxes(); ++r) {
    const int at = r * n_ + i;
    worst = std::max(
        worst, std::abs(rows_.residual[at + n_]) / (V_T * std::abs(rate_by_drop_[at]) + std::abs(rate_[at]) + 1e-30));
  }
  for (int k = 0; k < states(); ++k)
    worst = std::max(worst, std::abs(rows_.residual[(1 + fluxes() + k) * n_ + i]) / states_[k].scale);
  return std::isfinite(worst) ? worst : HUGE_VAL;
}

/// Eliminates the unknowns: where they go, and how they follow c_e and phi.
void Surface::condense(const Unknowns& u) {
  SmallSystem system(unknowns_, 3);
  for (int i = 0; i < n_; ++i) {
    for (int row = 0; row < unknowns_; ++row) {
      double largest = 0;
      for (int q = 0; q < unknowns_; ++q)
        largest = std::max(largest, std::abs(system(row, q) = rows_.by_unknown[(row * unknowns_ + q) * n_ + i]));
      system(row, unknowns_) = rows_.residual[row * n_ + i];
      system(row, unknowns_ + 1) = rows_.by_c_e[row * n_ + i];
      system(row, unknowns_ + 2) = rows_.by_phi[row * n_ + i];
      for (int c = 0; c < unknowns_ + 3; ++c) system(row, c) /= largest;
    }
    system.solve();
    for (int q = 0; q < unknowns_; ++q) {
      responses_[q].j[i] = *value_of(u, q, i) - system(q, unknowns_);
      responses_[q].dj_dc_e[i] = -system(q, unknowns_ + 1);
      responses_[q].dj_dphi[i] = -system(q, unknowns_ + 2);
    }
  }
}

void Surface::sum_up() {
  for (auto* sum : {&total_.current, &total_.salt}) {
    for (auto* v : {&sum->j, &sum->dj_dc_e, &sum->dj_dphi}) std::fill(v->begin(), v->end(), 0.0);
    for (int q = 0; q <= fluxes(); ++q) {
      const double lithium = q == 0 ? 1 : reactions_[q - 1]->lithium();
      const double weight = sum == &total_.current ? 1 : lithium - t_plus_;
      for (int i = 0; i < n_; ++i) {
        sum->j[i] += weight * responses_[q].j[i];
        sum->dj_dc_e[i] += weight * responses_[q].dj_dc_e[i];
        sum->dj_dphi[i] += weight * responses_[q].dj_dphi[i];
      }
    }
  }
}

int Surface::respond(const Particles& particles, Kinetics& kinetics, const double* c_e, const double* phi, double gamma,
                     const double* own_hat, Unknowns u) {
  const double empty = particles.potential_at(-beyond), full = particles.potential_at(1 + beyond);
  const double *alpha = particles.alpha().data(), *beta = particles.beta().data();
  const auto low = [&](int i) { return (full - alpha[i]) / beta[i]; };
  const auto high = [&](int i) { return (empty - alpha[i]) / beta[i]; };
  for (int i = 0; i < n_; ++i) {  // beta < 0: a large flux empties the surface
    const double inset = 1e-3 * (high(i) - low(i));
    if (!(u.j[i] > low(i) && u.j[i] < high(i))) u.j[i] = std::clamp(u.j[i], low(i) + inset, high(i) - inset);
  }
  evaluate(particles, kinetics, c_e, phi, gamma, own_hat, u);
  int evaluations = 1;
  std::vector<double> before(n_), part(n_), from(static_cast<std::size_t>(n_) * unknowns_);
  for (int iteration = 0;; ++iteration) {
    double worst = 0;
    for (int i = 0; i < n_; ++i) worst = std::max(worst, before[i] = distance(i));
    condense(u);
    if (worst < left || iteration == most_iterations) break;
    for (int i = 0; i < n_; ++i) {
      const double to = responses_[0].j[i], bound = to > u.j[i] ? high(i) : low(i);
      part[i] = before[i] < left ? 0 : 1;
      if (!(to > low(i) && to < high(i))) part[i] = std::min(part[i], part_of_way * (bound - u.j[i]) / (to - u.j[i]));
      for (int q = 0; q < unknowns_; ++q) from[q * n_ + i] = *value_of(u, q, i);
    }
    for (int halving = 0; halving <= most_halvings; ++halving) {
      for (int i = 0; i < n_; ++i)
        for (int q = 0; part[i] > 0 && q < unknowns_; ++q)
          *value_of(u, q, i) = from[q * n_ + i] + part[i] * (responses_[q].j[i] - from[q * n_ + i]);
      evaluate(particles, kinetics, c_e, phi, gamma, own_hat, u);
      ++evaluations;
      bool all_fall = true;
      for (int i = 0; i < n_; ++i)
        if (part[i] > 0 && distance(i) >= before[i]) part[i] /= 2, all_fall = false;
      if (all_fall) break;
    }
  }
  sum_up();
  return evaluations;
}

SurfaceRows Surface::at(const Particles& particles, Kinetics& kinetics, const double* c_e, const double* phi,
                        double gamma, const double* own_hat, Unknowns u) {
  evaluate(particles, kinetics, c_e, phi, gamma, own_hat, u);
  condense(u);
  for (int q = 0; q < unknowns_; ++q)
    for (int i = 0; i < n_; ++i) responses_[q].j[i] = *value_of(u, q, i);
  sum_up();
  return rows_;
}

const SurfaceRows& Surface::at(const double* by_c_e, const double* by_j, const double* c_e, const double* phi,
                               double gamma, const double* own_hat, Unknowns u) {
  find_drop(c_e, phi, u);
  for (int i = 0; i < n_; ++i) {
    intercalation_.j[i] = u.j[i];
    intercalation_.dj_dphi[i] = -1 / by_j[i];
    intercalation_.dj_dc_e[i] = -by_c_e[i] / by_j[i];
  }
  evaluate_rows(c_e, gamma, own_hat, u);
  return rows_;
}

}  // namespace porelith
