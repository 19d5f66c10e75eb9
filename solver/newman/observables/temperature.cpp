/// The temperature of the cell, the same everywhere: of the model, as it stands at the state's time.
#include "solver/newman/model.hpp"
#include "solver/newman/observables/observer.hpp"
#include "solver/newman/parameter_change.hpp"

namespace porelith {

namespace {

class Temperature : public Observer {
 public:
  explicit Temperature(const Model& model) : model_(model) {}
  double value(const State&) override { return model_.temperature(); }
  void add_slope(const State&, double, State&) override {}
  void add_parameter_slope(const State&, double factor, ParameterChange& slopes) override {
    if (model_.team().first()) slopes.temperature += factor;
  }

 private:
  const Model& model_;
};

}  // namespace

ObservableType temperature_observable() {
  Observable about{"temperature", "K", "temperature", "temperature [K]", "temperature of the whole cell"};
  about.rare = true;
  return {about, watched_by<Temperature>};
}

}  // namespace porelith
