/// What the terminals show: unknowns of the state themselves.
#include "solver/newman/model.hpp"
#include "solver/newman/observables/observer.hpp"

namespace porelith {

namespace {

class Unknown : public Observer {
 public:
  explicit Unknown(int at) : at_(at) {}
  double value(const State& state) override { return state[at_]; }
  void add_slope(const State&, double factor, State& slope) override { slope[at_] += factor; }
  void add_parameter_slope(const State&, double, ParameterChange&) override {}  // the state knows it all

 private:
  int at_;
};

template <int Layout::*at>
std::unique_ptr<Observer> unknown(const Model& model) {
  return std::make_unique<Unknown>(model.layout().*at);
}

constexpr double hour = 3600;  // [s]

}  // namespace

ObservableType current_observable() {
  return {{"current", "A", "current", "current [A]", "current of the whole cell, positive on discharge"},
          unknown<&Layout::current>};
}

ObservableType voltage_observable() {
  Observable about{"voltage", "V", "voltage", "voltage [V]", "voltage between the current collectors"};
  about.landing = 1e-5;
  return {about, unknown<&Layout::voltage>};
}

ObservableType charge_observable() {
  Observable about{"charge", "A.s", "charge", "capacity [A.h]",
                   "charge discharged since the start, negative when more was charged"};
  about.title_unit = hour;
  return {about, unknown<&Layout::charge>};
}

ObservableType energy_observable() {
  Observable about{"energy", "J", "energy", "energy [W.h]", "energy delivered since the start"};
  about.title_unit = hour;
  return {about, unknown<&Layout::energy>};
}

}  // namespace porelith
