#include "solver/newman/observables/observers.hpp"

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

State Observers::slope(std::size_t observable, const State& state) const {
  State slope(model_.layout().size, 0.0);
  observers_[observable]->add_slope(state, 1, slope);
  return slope;
}

ParameterChange Observers::parameter_slope(std::size_t observable, const State& state) const {
  ParameterChange slopes = no_change(model_);
  observers_[observable]->add_parameter_slope(state, 1, slopes);
  return slopes;
}

}  // namespace porelith
