/// (L8) Charge transfer after Butler and Volmer with an anodic transfer coefficient alpha other than 1/2.
#include <cmath>

#include "solver/base/constants.hpp"
#include "solver/laws/kinetics_law.hpp"

namespace porelith {

namespace {

/// The root u >= 0 of exp(a u) - exp(-(1 - a) u) = y >= 0: Newton's method on a u - ln(y + exp(-(1 - a) u)), which
/// rises and is concave, so that from u = 0 it climbs to the root without passing it.
double root(double a, double y) {
  constexpr int most = 60;
  double u = 0;
  for (int i = 0; i < most; ++i) {
    const double back = std::exp(-(1 - a) * u), sum = y + back;
    const double step = -(a * u - std::log(sum)) / (a + (1 - a) * back / sum);
    u += step;
    if (!(step > 1e-15 * u)) break;
  }
  return u;
}

/// F j = i0 (exp(alpha F eta/RT) - exp(-(1 - alpha) F eta/RT))
class Asymmetric {
 public:
  explicit Asymmetric(const Interface& at) : at_(at), V_T_(thermal_voltage(at.T)) {}

  Overpotential operator()(double j, double c_e, double sto) const {
    const double i0 = at_.i0(c_e / at_.c_e0, sto), y = faraday * j / i0, a = at_.alpha;
    const double u = y >= 0 ? root(a, y) : -root(1 - a, -y);
    const double bend = V_T_ / (a * std::exp(a * u) + (1 - a) * std::exp(-(1 - a) * u));  // d eta/dy
    const double eta = V_T_ * u;
    return {eta,
            bend * faraday / i0,
            -bend * y * ExchangeCurrent::by_ln_c_e / c_e,
            -bend * y * ExchangeCurrent::dln_dsto(sto),
            eta / at_.T - bend * y * at_.i0.dln_dT,
            -bend * y};
  }

 private:
  Interface at_;
  double V_T_;
};

class AsymmetricKinetics : public PointwiseKinetics<Asymmetric> {
 public:
  std::string name() const override { return "asymmetric"; }
  bool has_alpha() const override { return true; }
  LawFacts facts() const override {
    return {"eta",
            "V",
            "j",
            "mol m-2 s-1",
            "F j = i0 (exp(alpha F eta/RT) - exp(-(1 - alpha) F eta/RT)), alpha the transfer_coefficient",
            "J. A. V. Butler, Trans. Faraday Soc. 19 (1924) 729; T. Erdey-Gruz and M. Volmer, Z. Phys. Chem. A 150 "
            "(1930) 203"};
  }
};

}  // namespace

const KineticsLaw& asymmetric_kinetics() {
  static const AsymmetricKinetics law;
  return law;
}

}  // namespace porelith
