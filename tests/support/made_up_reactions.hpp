#pragma once
/// Reactions beside intercalation (E6), made up for tests.
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "solver/base/constants.hpp"
#include "solver/laws/reaction.hpp"

namespace porelith {

/// F/2RT [V-1]
inline double half_f(double T) { return 0.5 / thermal_voltage(T); }

/// j = -k c_e/1000 exp(-F drop/2RT): lithium that is plated and stays. Its amount rises by -j.
class Plating : public Reaction {
 public:
  explicit Plating(double k, double lithium = 1) : k_(k), lithium_(lithium) {}
  std::string name() const override { return "plating"; }
  std::vector<OwnState> states() const override {
    return {{"dead lithium", "mol m-2", "plated and never stripped", 0, 1e-3}};
  }
  double lithium() const override { return lithium_; }
  void rate(const ReactionPoints& at, const RateSlopes& r) const override {
    for (int i = 0; i < at.n; ++i) {
      r.flux[i] = -k_ * at.c_e[i] / 1000 * std::exp(-half_f(at.T) * at.drop[i]);
      r.by_c_e[i] = r.flux[i] / at.c_e[i];
      r.by_drop[i] = -half_f(at.T) * r.flux[i];
      r.by_own[i] = 0;
    }
  }
  void grow(const ReactionPoints& at, const double* j, double* rate, double* by_j, double* by_own) const override {
    for (int i = 0; i < at.n; ++i) rate[i] = -j[i], by_j[i] = -1, by_own[i] = 0;
  }

 private:
  double k_, lithium_;
};

/// j = -k exp(-F drop/2RT)/(1 + d/d_0), d the film's thickness: d rises by -V j and resists by d/kappa. A second state
/// tells what has ripened of it: m' = (d - m)/tau.
class Film : public Reaction {
 public:
  static constexpr double k = 3e-7, d_0 = 4e-9, volume = 1e-4, kappa = 1e-6, tau = 300, start = 2e-9;

  std::string name() const override { return "film"; }
  std::vector<OwnState> states() const override {
    return {{"film", "m", "thickness", start, 1e-9}, {"ripe film", "m", "thickness that has ripened", 0, 1e-9}};
  }
  void rate(const ReactionPoints& at, const RateSlopes& r) const override {
    for (int i = 0; i < at.n; ++i) {
      const double part = 1 + at.own[i] / d_0;
      r.flux[i] = -k * std::exp(-half_f(at.T) * at.drop[i]) / part;
      r.by_c_e[i] = 0;
      r.by_drop[i] = -half_f(at.T) * r.flux[i];
      r.by_own[i] = -r.flux[i] / (part * d_0);
      r.by_own[at.n + i] = 0;
    }
  }
  void grow(const ReactionPoints& at, const double* j, double* rate, double* by_j, double* by_own) const override {
    const int n = at.n;
    for (int i = 0; i < n; ++i) {
      rate[i] = -volume * j[i], by_j[i] = -volume;
      rate[n + i] = (at.own[i] - at.own[n + i]) / tau, by_j[n + i] = 0;
      by_own[i] = by_own[n + i] = 0;
      by_own[2 * n + i] = 1 / tau, by_own[3 * n + i] = -1 / tau;
    }
  }
  void resist(const ReactionPoints& at, double* resistance, double* by_own) const override {
    for (int i = 0; i < at.n; ++i) resistance[i] += at.own[i] / kappa, by_own[i] += 1 / kappa;
  }
};

/// Of one surface: a flux each, one state and two.
inline std::vector<ReactionPointer> both() { return {std::make_shared<Plating>(3e-7), std::make_shared<Film>()}; }

}  // namespace porelith
