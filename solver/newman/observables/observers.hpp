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
  /// d(value)/d(state), this rank's part [Layout::size]. Collective.
  State slope(std::size_t observable, const State& state) const;
  /// d(value)/d(number), the state as it is; this rank's part. Collective.
  ParameterChange parameter_slope(std::size_t observable, const State& state) const;
  /// Where a least or greatest value is looked for; none of the others. Collective.
  std::vector<PlaceValue> places(std::size_t observable, const State& state) const {
    return observers_[observable]->places(state);
  }

 private:
  const Model& model_;
  std::vector<std::unique_ptr<Observer>> observers_;
};

}  // namespace porelith
