#include "solver/newman/observables/observers.hpp"

#include "solver/newman/observables/soft_least.hpp"

namespace porelith {

Observers::Observers(const Model& model) : model_(model) {
  for (const ObservableType& type : observable_types()) observers_.push_back(type.watch(model));
}

std::vector<double> Observers::values(const State& state) const {
  std::vector<double> all;
  all.reserve(observers_.size());
  for (const auto& observer : observers_) all.push_back(observer->value(state));
  return all;
}

double Observers::smooth(std::size_t observable, const State& state, double sharpness) const {
  std::vector<double> values;
  for (const PlaceValue& place : places(observable, state)) values.push_back(place.value);
  return soft_least(values, sharpness, model_.team()).value;
}

std::vector<double> Observers::weights(std::size_t observable, const State& state, double sharpness) const {
  std::vector<double> values;
  for (const PlaceValue& place : places(observable, state)) values.push_back(place.value);
  return soft_least(values, sharpness, model_.team()).weights;
}

State Observers::slope(std::size_t observable, const State& state, double sharpness) const {
  State slope(model_.layout().size, 0.0);
  if (sharpness == 0)
    observers_[observable]->add_slope(state, 1, slope);
  else
    observers_[observable]->add_slope_of_places(state, weights(observable, state, sharpness), slope);
  return slope;
}

ParameterChange Observers::parameter_slope(std::size_t observable, const State& state, double sharpness) const {
  ParameterChange slopes = no_change(model_);
  if (sharpness == 0)
    observers_[observable]->add_parameter_slope(state, 1, slopes);
  else
    observers_[observable]->add_parameter_slope_of_places(state, weights(observable, state, sharpness), slopes);
  return slopes;
}

}  // namespace porelith
