/// (L6) Charge transfer after Butler and Volmer with equal transfer coefficients, solved for the overpotential.
#include <cmath>

#include "solver/base/constants.hpp"
#include "solver/laws/kinetics_law.hpp"
#include "solver/text/vector_math.hpp"

namespace porelith {

namespace {

/// asinh x, absolute error of a few 1e-16; vectorises
inline double arsinh(double x) {
  const double magnitude = std::abs(x);
  return std::copysign(vector_math::log(magnitude + std::sqrt(magnitude * magnitude + 1)), x);
}

/// F j = 2 i0 sinh(F eta/2RT)
class ButlerVolmer {
 public:
  explicit ButlerVolmer(const Interface& at) : at_(at), two_V_T_(2 * thermal_voltage(at.T)) {}

  Overpotential operator()(double j, double c_e, double sto) const {
    const double i0 = at_.i0(c_e / at_.c_e0, sto);
    const double x = faraday * j / (2 * i0), bend = two_V_T_ / std::sqrt(1 + x * x);
    const double eta = two_V_T_ * arsinh(x);
    return {eta,
            bend * faraday / (2 * i0),
            -(bend * x / (2 * c_e)),
            -(bend * x * ExchangeCurrent::dln_dsto(sto)),
            eta / at_.T - bend * x * at_.i0.dln_dT,
            -(bend * x)};
  }

 private:
  Interface at_;
  double two_V_T_;
};

class ButlerVolmerKinetics : public PointwiseKinetics<ButlerVolmer> {
 public:
  std::string name() const override { return "butler_volmer"; }
  LawFacts facts() const override {
    return {"eta",
            "V",
            "j",
            "mol m-2 s-1",
            "F j = 2 i0 sinh(F eta/2RT): one electron, both transfer coefficients 1/2",
            "J. Newman and K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 8"};
  }
};

}  // namespace

const KineticsLaw& butler_volmer_kinetics() {
  static const ButlerVolmerKinetics law;
  return law;
}

}  // namespace porelith
