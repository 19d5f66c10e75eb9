#pragma once
/// All observables of one model.
#include <memory>
#include <vector>

#include "solver/newman/model.hpp"
#include "solver/newman/observables/observer.hpp"

namespace porelith {

/// In the order of observables().
const std::vector<ObservableType>& observable_types();

class Observers {
 public:
  explicit Observers(const Model& model);

  const Layout& layout() const { return model_.layout(); }
  /// Collective.
  double value(std::size_t observable, const State& state) const { return observers_[observable]->value(state); }
  /// Of all of them, in order. Collective.
  std::vector<double> values(const State& state) const;
  /// (R8) The smooth extreme of what a least or greatest value is taken of; the least where sharpness > 0, the greatest
  /// where it is < 0 [1 over its unit]. Collective.
  double smooth(std::size_t observable, const State& state, double sharpness) const;
  /// d(value)/d(state), this rank's part [Layout::size]; of the smooth extreme where sharpness is not 0. Collective.
  State slope(std::size_t observable, const State& state, double sharpness = 0) const;
  /// d(value)/d(number), the state as it is; this rank's part. Collective.
  ParameterChange parameter_slope(std::size_t observable, const State& state, double sharpness = 0) const;
  /// Where a least or greatest value is looked for; none of the others. Collective.
  std::vector<PlaceValue> places(std::size_t observable, const State& state) const {
    return observers_[observable]->places(state);
  }

 private:
  /// Of each place of this rank: how much it counts in the smooth extreme.
  std::vector<double> weights(std::size_t observable, const State& state, double sharpness) const;

  const Model& model_;
  std::vector<std::unique_ptr<Observer>> observers_;
};

}  // namespace porelith
