/// Landing on stops (T6): a bracket between steps that are solved again, narrowed until the value or the time is met.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/base/error.hpp"
#include "solver/march/step_run.hpp"

namespace porelith {

namespace {
constexpr double narrow = 1e-9;       ///< a bracket that is as good as a point [s]
constexpr double good_enough = 1e-6;  ///< a bracket that a stop may be left at [s]
constexpr double near = 0.01;         ///< margin that is as good as none, in tolerances
constexpr double beyond_doubt = 10;   ///< tolerances that a polynomial passes a stop by if a step does
constexpr int most_landings = 200;    ///< false position, halved every third time: far fewer are needed
constexpr double closer_part = 0.25;  ///< of the way to a stop that cannot be landed on: the next step's
}  // namespace

Nearest StepRun::nearest(double t, const State& x) const {
  stepper_.take_temperature_of(t);
  Nearest first = stops_.nearest(x);
  if (at_.mode == ProtocolPosition::holds) {
    const double margin = pushes_beyond(t, x) / (1e-6 * table_->largest());
    if (margin < first.margin) first = {&turned_away, margin};
  }
  return first;
}

/// If the candidate has passed stops, does the step again so that it ends on the earliest.
StepRun::Landing StepRun::land_on_first_stop() {
  const double a = stepper_.time();
  double b = stepper_.candidate_time();
  Nearest at_b = nearest(b, stepper_.candidate());
  if (at_b.margin > 0 && step_.function) look_between(a, b, at_b);
  if (at_b.margin > 0) return Landing::none;
  reached_ = at_b.stop;
  if (b - a <= narrow) return Landing::reached;
  Nearest at_a = nearest(a, stepper_.state());
  if (at_a.margin < -1) return Landing::at_once;
  at_a.margin = std::max(at_a.margin, near);  // a hold that has just ended stands on its stop to rounding
  return bracket(a, b, at_a, at_b);
}

/// A function as a drive may pass a stop and come back within a step: to where the step's polynomial is beyond one.
void StepRun::look_between(double a, double& b, Nearest& at_b) {
  const double end = b;
  for (const double part : {0.25, 0.5, 0.75}) {
    const double t = a + part * (end - a);
    stepper_.interpolate(t, trial_);
    const Nearest here = nearest(t, trial_);
    if (here.margin > -beyond_doubt) continue;
    b = t, at_b = here;
    return;
  }
}

namespace {

/// A false position between a time before a stop and one after it; the end that stays twice counts half (Illinois).
struct Bracket {
  double a, b, margin_a, margin_b;
  int stayed = 0;  ///< how often in a row a (1, 2, ...) or b (-1, -2, ...) stayed

  void narrow_to(double t, double margin) {
    if (margin > 0) {
      a = t, margin_a = margin;
      stayed = std::min(stayed, 0) - 1;
      if (stayed < -1) margin_b /= 2;
    } else {
      b = t, margin_b = margin;
      stayed = std::max(stayed, 0) + 1;
      if (stayed > 1) margin_a /= 2;
    }
  }
  double guess() const {
    const double t = b - margin_b * (b - a) / (margin_b - margin_a);
    return t > a && t < b ? t : (a + b) / 2;
  }
};

}  // namespace

/// Root of the nearest stop on the step's polynomial. [s]
double StepRun::on_polynomial(double a, double b, double margin_a, double margin_b) {
  Bracket at{a, b, margin_a, margin_b};
  for (int i = 0; i < 60 && at.b - at.a > narrow / 10 && at.margin_b != 0; ++i) {
    const double t = at.guess();
    stepper_.interpolate(t, trial_);
    at.narrow_to(t, nearest(t, trial_).margin);
  }
  return at.b;
}

/// @param a, b times before and after the stop: the step's start and its candidate [s]
StepRun::Landing StepRun::bracket(double a, double b, Nearest at_a, Nearest at_b) {
  const double start = a;
  double t = on_polynomial(a, b, at_a.margin, at_b.margin), width = b - a;
  Bracket at{a, b, at_a.margin, at_b.margin};
  passed_ = at_b.stop;
  for (int i = 1; i <= most_landings; ++i) {
    const bool last = at.b - at.a <= narrow;
    if (last) t = at.b;
    if (!stepper_.land(t)) {
      if (at.b - at.a <= good_enough && stepper_.land(at.b)) return reached_ = passed_, Landing::reached;
      stepper_.shorten(closer_part * (t - start));
      return Landing::closer;
    }
    const Nearest here = nearest(t, stepper_.candidate());
    reached_ = here.margin <= near ? here.stop : passed_;
    if (last || std::abs(here.margin) <= near) return Landing::reached;
    if (here.margin < 0) passed_ = here.stop;
    at.narrow_to(t, here.margin);
    t = at.guess();
    if (i % 3 != 0) continue;
    if (at.b - at.a > width / 4) t = (at.a + at.b) / 2;
    width = at.b - at.a;
  }
  if (at.b - at.a <= good_enough && stepper_.land(at.b)) return reached_ = passed_, Landing::reached;
  throw SolveFailure(fmt::format("could not land on the stop \"{}\": the step from t = {:.9g} s stands at {}",
                                 why(*passed_), start, stops_.stands_at(*passed_, stepper_.candidate())));
}

}  // namespace porelith
