#pragma once
/// What drives a cell at its terminals.
#include <memory>

#include "solver/case/case.hpp"

namespace porelith {

/// What the terminals hold fixed at a time: current [A], voltage [V] or power [W] of the whole cell.
struct Drive {
  Control control = Control::current;  ///< current, voltage or power
  double from = 0, to = 0;             ///< value at t_from and t_to, linear in between
  double t_from = 0, t_to = 1;
  bool exact = false;  ///< no step at order 1: charge, lithium and energy follow the drive's very integral (T7)

  /// In place of from and to: a part of a function of the time since t_from.
  std::shared_ptr<const DriveFunction> function = {};
  double part = 1;

  static Drive constant(Control control, double value) { return {control, value, value, 0, 1}; }
  double at(double t) const {
    if (function) return part * function->at(t - t_from);
    return from == to ? from : from + (to - from) * (t - t_from) / (t_to - t_from);
  }
  /// d(value)/dt
  double slope_at(double t) const {
    if (function) return part * function->slope_at(t - t_from);
    return from == to ? 0 : (to - from) / (t_to - t_from);
  }
};

}  // namespace porelith
