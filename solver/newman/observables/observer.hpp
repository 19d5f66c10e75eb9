#pragma once
/// An observable of one model: its value at a state, and its slopes by the state and by the numbers of the model.
#include <memory>
#include <vector>

#include "solver/newman/parameter_change.hpp"
#include "solver/record/observable.hpp"

namespace porelith {

/// A value that one place has, of which an observable is the least or the greatest.
struct PlaceValue {
  double value;
  int cell;             ///< this rank's own
  const char* on = "";  ///< where at the cell, as a clause; "" in its middle
};

class Observer {
 public:
  virtual ~Observer() = default;
  /// The same on every rank. Collective.
  virtual double value(const State& state) = 0;
  /// slope += factor d(value)/d(state), this rank's part of the state [Layout::size]. A least or greatest value has the
  /// slope of the place where it is; of several, of the first rank's first. Collective.
  virtual void add_slope(const State& state, double factor, State& slope) = 0;
  /// slopes += factor d(value)/d(number), of the numbers of the model that the value itself is made with; this rank's
  /// part. @param slopes with room (no_change). Collective.
  virtual void add_parameter_slope(const State& state, double factor, ParameterChange& slopes) = 0;
  /// Of a least or greatest value what it is taken of, this rank's; the first one that has it is the one whose slope it
  /// has. Collective.
  virtual std::vector<PlaceValue> places(const State& /*state*/) { return {}; }
  /// The same as add_slope and add_parameter_slope, of the sum of all places' values, each times its weight.
  /// @param weights in the order of places(). Collective.
  virtual void add_slope_of_places(const State& /*state*/, const std::vector<double>& /*weights*/, State& /*slope*/) {}
  virtual void add_parameter_slope_of_places(const State& /*state*/, const std::vector<double>& /*weights*/,
                                             ParameterChange& /*slopes*/) {}
};

/// What a file of this folder is: an observable, and how a model is watched for it.
struct ObservableType {
  Observable about;
  std::unique_ptr<Observer> (*watch)(const Model&);
};

template <class Watch>
std::unique_ptr<Observer> watched_by(const Model& model) {
  return std::make_unique<Watch>(model);
}

}  // namespace porelith
