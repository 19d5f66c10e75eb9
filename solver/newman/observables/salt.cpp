/// The least and the greatest salt concentration in the cell.
#include <algorithm>
#include <limits>
#include <vector>

#include "solver/newman/model.hpp"
#include "solver/newman/observables/observer.hpp"
#include "solver/newman/observables/place.hpp"

namespace porelith {

namespace {

template <bool least>
class Extreme : public Observer {
 public:
  explicit Extreme(const Model& model) : model_(model) {
    for (int P = 0; P < model.layout().cells; ++P)
      if (model.medium().eps[P] > 0) cells_.push_back(P);  // a foil has none
  }

  double value(const State& state) override {
    const double* c_e = &state[model_.layout().c_e];
    double extreme = least ? std::numeric_limits<double>::infinity() : 0;
    for (const int P : cells_) extreme = least ? std::min(extreme, c_e[P]) : std::max(extreme, c_e[P]);
    return least ? model_.team().min(extreme) : model_.team().max(extreme);
  }

  void add_slope(const State& state, double factor, State& slope) override {
    const double wanted = value(state);
    const int c_e = model_.layout().c_e;
    const auto found = std::find_if(cells_.begin(), cells_.end(), [&](int P) { return state[c_e + P] == wanted; });
    if (is_first(found != cells_.end(), model_.team())) slope[c_e + *found] += factor;
  }

  void add_parameter_slope(const State&, double, ParameterChange&) override {}  // the state knows it all

  void add_slope_of_places(const State&, const std::vector<double>& weights, State& slope) override {
    for (std::size_t k = 0; k < weights.size(); ++k) slope[model_.layout().c_e + cells_[k]] += weights[k];
  }

  std::vector<PlaceValue> places(const State& state) override {
    std::vector<PlaceValue> all;
    for (const int P : cells_) all.push_back({state[model_.layout().c_e + P], P});
    return all;
  }

 private:
  const Model& model_;
  std::vector<int> cells_;
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
