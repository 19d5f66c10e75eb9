#pragma once
/// The middle of a 1C discharge, solved with BDF of one order on even steps from an exact past: orders in time.
#include <array>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "solver/case_parameters.hpp"
#include "solver/march/stepper.hpp"
#include "solver/simulation.hpp"
#include "tests/support/layered.hpp"

namespace porelith {

class OrderStudy {
 public:
  /// @param start,finish of what is solved [s]
  OrderStudy(Case input, double start, double finish) : c_(std::move(input)), start_(start), finish_(finish) {
    c_.solver.rtol = 1e-10;
    model_.reset(new Model(model_of(c_, layered_mesh(*c_.cell, c_.mesh))));
    drive_ = Drive::constant(Control::current, c_.cell->nominal_capacity);
    // The past on a fine even grid, as exact as the tolerance.
    Stepper stepper(*model_, c_.solver, c_.temperature_function);
    stepper.start(model_->rest(initial_stoichiometries(c_)), 0, drive_);
    State x;
    double next = start_ - max_bdf_order * longest;
    while (stepper.time() < start_) {
      stepper.advance(start_);
      for (; next <= stepper.candidate_time() + 1e-9 && next <= start_ + 1e-9; next += grid) {
        stepper.interpolate(next, x);
        past_.push_back(x);
      }
      stepper.commit();
    }
  }

  /// The state at the finish by steps of length h.
  State solve(int order, double h) {
    SolverOptions options = c_.solver;
    options.fixed_step = h;
    options.max_order = order;
    Stepper stepper(*model_, options, c_.temperature_function);
    Stepper::Memory memory{{}, {}, h, order, 0, 1, {}, {}};
    for (int i = 0; i < order + 1; ++i) {
      memory.times.push_back(start_ - i * h);
      memory.states.push_back(past_[past_.size() - 1 - std::lround(i * h / grid)]);
    }
    stepper.resume(memory, drive_);
    while (stepper.time() < finish_ - 1e-9) {
      stepper.advance(finish_);
      stepper.commit();
    }
    return stepper.state();
  }

  /// The largest difference of shell concentrations, as stoichiometry, and that of the voltage [V].
  std::array<double, 2> distance(const State& a, const State& b) const {
    double worst = 0;
    for (std::size_t k = 0; k < model_->beds().size(); ++k) {
      const auto& block = model_->layout().beds[k];
      for (int i = block.c_s; i < block.c_s + block.cells * block.shells; ++i)
        worst = std::max(worst, std::abs(a[i] - b[i]) / model_->beds()[k].law.c_s_max());
    }
    const int V = model_->layout().voltage;
    return {worst, std::abs(a[V] - b[V])};
  }

  static constexpr double longest = 6.25, grid = longest / 8;  ///< steps that the past is there for [s]

 private:
  Case c_;
  double start_, finish_;
  std::unique_ptr<Model> model_;
  Drive drive_;
  std::vector<State> past_;
};

}  // namespace porelith
