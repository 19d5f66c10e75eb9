/// (L7) Charge transfer in proportion to the overpotential.
#include "solver/base/constants.hpp"
#include "solver/laws/kinetics_law.hpp"

namespace porelith {

namespace {

/// F j = i0 F eta/RT
class Linear {
 public:
  explicit Linear(const Interface& at) : at_(at), V_T_(thermal_voltage(at.T)) {}

  Overpotential operator()(double j, double c_e, double sto) const {
    const double by_j = V_T_ * faraday / at_.i0(c_e / at_.c_e0, sto), eta = by_j * j;
    return {eta,
            by_j,
            -eta * ExchangeCurrent::by_ln_c_e / c_e,
            -eta * ExchangeCurrent::dln_dsto(sto),
            eta / at_.T - eta * at_.i0.dln_dT,
            -eta};
  }

 private:
  Interface at_;
  double V_T_;
};

class LinearKinetics : public PointwiseKinetics<Linear> {
 public:
  std::string name() const override { return "linear"; }
  LawFacts facts() const override {
    return {"eta",
            "V",
            "j",
            "mol m-2 s-1",
            "F j = i0 F eta/RT: what every law is for |eta| far below RT/F",
            "J. Newman and C. W. Tobias, J. Electrochem. Soc. 109 (1962) 1183"};
  }
};

}  // namespace

const KineticsLaw& linear_kinetics() {
  static const LinearKinetics law;
  return law;
}

}  // namespace porelith
