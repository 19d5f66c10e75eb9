/// State of charge (F4): the lithium in the negative electrode's particles between their stoichiometry limits.
#include "solver/newman/model.hpp"
#include "solver/newman/observables/observer.hpp"

namespace porelith {

namespace {

class StateOfCharge : public Observer {
 public:
  explicit StateOfCharge(const Model& model) : model_(model) {
    double sums[2] = {0, 0};  // at the lower limits, between the limits [mol]
    for (std::size_t b = 0; b < model.beds().size(); ++b) {
      const ModelBed& bed = model.beds()[b];
      if (bed.electrode != Region::negative) continue;
      Host host{b, &model.layout().beds[b], &bed.particles.shells().volume, {}};
      for (std::size_t i = 0; i < bed.cells.size(); ++i) {
        host.volume.push_back(bed.eps_s[i] * model.mesh().volume[bed.cells[i]]);
        const double full = bed.law.c_s_max() * host.volume.back();
        sums[0] += bed.sto_min * full;
        sums[1] += (bed.sto_max - bed.sto_min) * full;
      }
      hosts_.push_back(std::move(host));
    }
    model.team().sum(sums, 2);
    empty_ = sums[0], window_ = sums[1];
  }

  double value(const State& state) override {
    double held = 0;
    for (const Host& host : hosts_) {
      average(host, state);
      for (int i = 0; i < host.block->cells; ++i) held += host.volume[i] * mean_[i];
    }
    return (model_.team().sum(held) - empty_) / window_;
  }

  void add_slope(const State&, double factor, State& slope) override {
    for (const Host& host : hosts_)
      for (int k = 0; k < host.block->shells; ++k)
        for (int i = 0; i < host.block->cells; ++i)
          slope[host.block->c_s + k * host.block->cells + i] +=
              factor / window_ * 3 * (*host.shell)[k] * host.volume[i];
  }

  void add_parameter_slope(const State& state, double factor, ParameterChange& slopes) override {
    const double soc = value(state);
    for (const Host& host : hosts_) {
      const ModelBed& bed = model_.beds()[host.bed];
      const double at_soc = bed.law.c_s_max() * (bed.sto_min + soc * (bed.sto_max - bed.sto_min));
      average(host, state);
      for (int i = 0; i < host.block->cells; ++i) {
        const int P = bed.cells[i];
        const double by_volume = factor / window_ * (mean_[i] - at_soc);  // of particles
        slopes.beds[host.bed].eps_s[i] += by_volume * model_.mesh().volume[P];
        if (!slopes.lengths.volume.empty()) slopes.lengths.volume[P] += by_volume * bed.eps_s[i];
      }
    }
  }

 private:
  /// A bed of the negative electrode.
  struct Host {
    std::size_t bed;
    const Layout::BedBlock* block;
    const std::vector<double>* shell;  ///< a third of each shell's share of the particle [1]
    std::vector<double> volume;        ///< of the particles, cell by cell [m3]
  };
  void average(const Host& host, const State& state) {
    const int n = host.block->cells;
    mean_.assign(n, 0.0);
    for (int k = 0; k < host.block->shells; ++k) {
      const double part = 3 * (*host.shell)[k];
      const double* c_s = state.data() + host.block->c_s + k * n;
      for (int i = 0; i < n; ++i) mean_[i] += part * c_s[i];
    }
  }

  const Model& model_;
  std::vector<Host> hosts_;
  std::vector<double> mean_;  ///< of each particle of a host [mol m-3]
  double empty_ = 0, window_ = 0;
};

}  // namespace

ObservableType soc_observable() {
  Observable about{"soc", "1", "state of charge", "soc", "state of charge, from the lithium in the negative electrode"};
  about.landing_floor = 0.01;
  return {about, watched_by<StateOfCharge>};
}

}  // namespace porelith
