/// How evenly an electrode reacts: the volume mean of |F a j| over its maximum (F18).
#include <algorithm>
#include <array>
#include <cmath>

#include "solver/newman/model.hpp"
#include "solver/newman/observables/observer.hpp"
#include "solver/newman/observables/place.hpp"

namespace porelith {

namespace {

class Uniformity : public Observer {
 public:
  Uniformity(const Model& model, Region electrode)
      : model_(model), electrode_(electrode), rate_(model.mesh().cells(), 0.0) {}

  double value(const State& state) override {
    look_at(state);
    return largest_ > 0 ? mean_ / largest_ : 0;
  }

  void add_slope(const State& state, double factor, State& slope) override {
    each_surface(state, [&](std::size_t b, std::size_t i, double by_rate) {
      slope[model_.layout().beds[b].j + i] += factor * by_rate * model_.beds()[b].a[i];
    });
  }

  void add_parameter_slope(const State& state, double factor, ParameterChange& slopes) override {
    each_surface(state, [&](std::size_t b, std::size_t i, double by_rate) {
      slopes.beds[b].a[i] += factor * by_rate * state[model_.layout().beds[b].j + i];
    });
    if (!(largest_ > 0) || slopes.lengths.volume.empty()) return;
    for (int P = 0; P < model_.mesh().cells(); ++P)
      if (reacts(P)) slopes.lengths.volume[P] += factor * (std::abs(rate_[P]) - mean_) / volume_ / largest_;
  }

 private:
  /// visit(bed, place in it, d(value)/d(a j) there) for all surfaces of the electrode.
  template <class Visit>
  void each_surface(const State& state, const Visit& visit) {
    look_at(state);
    if (!(largest_ > 0)) return;
    const auto found =
        std::find_if(rate_.begin(), rate_.end(), [&](double rate) { return std::abs(rate) == largest_; });
    const int place = is_first(found != rate_.end(), model_.team()) ? static_cast<int>(found - rate_.begin()) : -1;
    const double value = mean_ / largest_;
    for (std::size_t b = 0; b < model_.beds().size(); ++b) {
      const ModelBed& bed = model_.beds()[b];
      if (bed.electrode != electrode_) continue;
      for (std::size_t i = 0; i < bed.cells.size(); ++i) {
        const int P = bed.cells[i];
        const double per_rate = model_.mesh().volume[P] / volume_ / largest_ - (P == place ? value / largest_ : 0);
        visit(b, i, std::copysign(1.0, rate_[P]) * per_rate);
      }
    }
  }

  bool reacts(int P) const { return model_.mesh().region[P] == electrode_ && model_.medium().sigma[P] > 0; }

  void look_at(const State& state) {
    std::fill(rate_.begin(), rate_.end(), 0.0);
    for (std::size_t b = 0; b < model_.beds().size(); ++b) {
      const ModelBed& bed = model_.beds()[b];
      if (bed.electrode != electrode_) continue;
      for (std::size_t i = 0; i < bed.cells.size(); ++i)
        rate_[bed.cells[i]] += bed.a[i] * state[model_.layout().beds[b].j + i];
    }
    double sum = 0, volume = 0, largest = 0;
    for (int P = 0; P < model_.mesh().cells(); ++P) {
      if (!reacts(P)) continue;
      sum += std::abs(rate_[P]) * model_.mesh().volume[P];
      volume += model_.mesh().volume[P];
      largest = std::max(largest, std::abs(rate_[P]));
    }
    std::array<double, 2> sums{sum, volume};
    model_.team().sum(sums.data(), 2);
    largest_ = model_.team().max(largest);
    mean_ = sums[0] / sums[1], volume_ = sums[1];
  }

  const Model& model_;
  Region electrode_;
  std::vector<double> rate_;  ///< a j, a cell [mol m-3 s-1]
  double mean_ = 0, largest_ = 0, volume_ = 1;
};

Observable about(const std::string& electrode) {
  const std::string name = "uniformity_" + electrode.substr(0, 3);
  Observable o{name, "1", "reaction uniformity of the " + electrode + " electrode", "reaction uniformity " + electrode,
               "mean reaction rate over the largest, " + electrode + " electrode; 1 is even"};
  o.reduced = {
      {Reduction::mean_over_charge, name,
       "mean reaction rate over the largest in the " + electrode + " electrode, averaged over the last step's charge"}};
  o.landing_floor = 0.01;
  return o;
}

template <Region electrode>
std::unique_ptr<Observer> watch(const Model& model) {
  return std::make_unique<Uniformity>(model, electrode);
}

}  // namespace

ObservableType uniformity_neg_observable() { return {about("negative"), watch<Region::negative>}; }
ObservableType uniformity_pos_observable() { return {about("positive"), watch<Region::positive>}; }

}  // namespace porelith
