/// The least and the greatest salt concentration in the cell.
#include <algorithm>
#include <limits>

#include "solver/newman/model.hpp"
#include "solver/newman/observables/observer.hpp"
#include "solver/newman/observables/place.hpp"

namespace porelith {

namespace {

template <bool least>
class Extreme : public Observer {
 public:
  explicit Extreme(const Model& model) : model_(model) {}

  double value(const State& state) override {
    const auto [from, to] = salt(state);
    if (least)
      return model_.team().min(from == to ? std::numeric_limits<double>::infinity() : *std::min_element(from, to));
    return model_.team().max(from == to ? 0 : *std::max_element(from, to));
  }

  void add_slope(const State& state, double factor, State& slope) override {
    const double wanted = value(state);
    const auto [from, to] = salt(state);
    const auto found = std::find(from, to, wanted);
    if (is_first(found != to, model_.team())) slope[found - state.begin()] += factor;
  }

  void add_parameter_slope(const State&, double, ParameterChange&) override {}  // the state knows it all

  void add_slope_of_places(const State&, const std::vector<double>& weights, State& slope) override {
    for (std::size_t k = 0; k < weights.size(); ++k) slope[model_.layout().c_e + k] += weights[k];
  }

  std::vector<PlaceValue> places(const State& state) override {
    std::vector<PlaceValue> all;
    const auto [from, to] = salt(state);
    for (auto c = from; c != to; ++c) all.push_back({*c, static_cast<int>(c - from)});
    return all;
  }

 private:
  std::pair<State::const_iterator, State::const_iterator> salt(const State& state) const {
    const auto from = state.begin() + model_.layout().c_e;
    return {from, from + model_.layout().cells};
  }
  const Model& model_;
};

constexpr double landing = 0.1;  // [mol m-3]

}  // namespace

ObservableType c_e_min_observable() {
  Observable about{"c_e_min", "mol.m-3", "least salt concentration", "min c_e [mol.m-3]",
                   "least salt concentration in the cell"};
  about.reduced = {{Reduction::least, "c_e_min", "least salt concentration over the run"}};
  about.landing = landing;
  return {about, watched_by<Extreme<true>>};
}

ObservableType c_e_max_observable() {
  Observable about{"c_e_max", "mol.m-3", "greatest salt concentration", "max c_e [mol.m-3]",
                   "greatest salt concentration in the cell"};
  about.reduced = {{Reduction::greatest, "c_e_max", "greatest salt concentration over the run"}};
  about.landing = landing;
  return {about, watched_by<Extreme<false>>};
}

}  // namespace porelith
