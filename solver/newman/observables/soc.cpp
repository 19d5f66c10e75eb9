/// State of charge (F4): the lithium in the negative electrode's particles between their stoichiometry limits.
#include "solver/newman/model.hpp"
#include "solver/newman/observables/observer.hpp"

namespace porelith {

namespace {

class StateOfCharge : public Observer {
 public:
  explicit StateOfCharge(const Model& model) : model_(model) {
    double sums[2] = {0, 0};  // at the lower limits, between the limits [mol]
    for (const ModelBed& bed : model.beds()) {
      if (bed.electrode != Region::negative) continue;
      for (std::size_t i = 0; i < bed.cells.size(); ++i) {
        const double host = bed.law.c_s_max() * bed.eps_s[i] * model.mesh().volume[bed.cells[i]];
        sums[0] += bed.sto_min * host;
        sums[1] += (bed.sto_max - bed.sto_min) * host;
      }
    }
    model.team().sum(sums, 2);
    empty_ = sums[0], window_ = sums[1];
  }

  double value(const State& state) override {
    double held = 0;
    visit([&](int first, const std::vector<double>& volume, double part) {
      for (std::size_t i = 0; i < volume.size(); ++i) held += part * volume[i] * state[first + static_cast<int>(i)];
    });
    return (model_.team().sum(held) - empty_) / window_;
  }

  void add_slope(const State&, double factor, State& slope) override {
    visit([&](int first, const std::vector<double>& volume, double part) {
      for (std::size_t i = 0; i < volume.size(); ++i)
        slope[first + static_cast<int>(i)] += factor / window_ * part * volume[i];
    });
  }

 private:
  /// Shell by shell: its first unknown, the particles' volumes cell by cell [m3], its share of them.
  template <class Use>
  void visit(const Use& use) {
    for (std::size_t b = 0; b < model_.beds().size(); ++b) {
      const ModelBed& bed = model_.beds()[b];
      if (bed.electrode != Region::negative) continue;
      const Layout::BedBlock& block = model_.layout().beds[b];
      volume_.resize(bed.cells.size());
      for (std::size_t i = 0; i < bed.cells.size(); ++i) volume_[i] = bed.eps_s[i] * model_.mesh().volume[bed.cells[i]];
      const std::vector<double>& shell = bed.particles.shells().volume;  // of a third of the sphere's
      for (int k = 0; k < block.shells; ++k) use(block.c_s + k * block.cells, volume_, 3 * shell[k]);
    }
  }

  const Model& model_;
  std::vector<double> volume_;
  double empty_ = 0, window_ = 0;
};

}  // namespace

ObservableType soc_observable() {
  Observable about{"soc", "1", "state of charge", "soc", "state of charge, from the lithium in the negative electrode"};
  about.landing_floor = 0.01;
  return {about,
          [](const Model& model) -> std::unique_ptr<Observer> { return std::make_unique<StateOfCharge>(model); }};
}

}  // namespace porelith
