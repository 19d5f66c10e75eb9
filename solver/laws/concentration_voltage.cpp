/// (L2b) chi = 2 (1 - t_plus) (1 + dln f/dln c_e) R T/F, the factor of grad ln c_e in (E2).
#include "solver/base/constants.hpp"
#include "solver/cell/cell.hpp"
#include "solver/laws/arrhenius.hpp"
#include "solver/laws/registry.hpp"

namespace porelith {

namespace {

class ConcentrationVoltage : public Law {
 public:
  explicit ConcentrationVoltage(const Electrolyte& e)
      : thermodynamic_factor_(e.thermodynamic_factor), anions_(1 - e.t_plus) {}

  LawFacts facts() const override {
    return {"chi",
            "V",
            "c_e",
            "mol m-3",
            "voltage that a gradient of ln c_e makes: 2 (1 - t_plus) R T/F times the thermodynamic factor",
            "J. Newman and K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 12"};
  }
  std::shared_ptr<const LawAt> at(double T) const override {
    const double chi = 2 * anions_ * thermal_voltage(T);
    return std::make_shared<ScaledAt>(thermodynamic_factor_, ValueAndSlope{chi, chi / T});
  }
  Range range() const override { return thermodynamic_factor_.range(); }
  bool is_constant() const override { return thermodynamic_factor_.is_constant(); }
  std::vector<double> kinks() const override { return thermodynamic_factor_.kinks(); }

 private:
  Function thermodynamic_factor_;
  double anions_;  ///< 1 - t_plus
};

}  // namespace

LawPointer concentration_voltage(const Electrolyte& e, double) { return std::make_shared<ConcentrationVoltage>(e); }

}  // namespace porelith
