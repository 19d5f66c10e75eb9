/// Every law of the registry: slopes, limits, units, range, source.
#include <cmath>
#include <set>
#include <stdexcept>

#include "solver/base/constants.hpp"
#include "solver/base/random.hpp"
#include "solver/cell/cell.hpp"
#include "solver/laws/electrolyte.hpp"
#include "solver/laws/material.hpp"
#include "solver/laws/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

constexpr double T_ref = 298.15;
const std::vector<double> temperatures{253.15, 298.15, 300, 333.15};

Electrolyte salty() {
  Electrolyte e;
  e.c_e0 = 1100;
  e.t_plus = 0.3;
  e.thermodynamic_factor = Function::expression("0.9 + 4e-4*x + 1e-7*x**2");
  e.D_e = Function::expression("8e-10*exp(-5e-4*x)");
  e.kappa = Function::expression("1e-3*x*exp(-8e-4*x)");
  e.D_e_activation = 17000;
  e.kappa_activation = 12000;
  return e;
}

ActiveMaterial host() {
  ActiveMaterial m;
  m.U = Function::expression("4 - 0.8*x + 0.1*exp(-20*x)");
  m.dUdT = Function::expression("1e-4*(x - 0.4)**2 - 2e-5");
  m.D_s = Function::expression("1e-14*(0.2 + x**2)");
  m.D_s_activation = 30000;
  m.K = 3e-7;
  m.K_activation = 40000;
  m.c_s_max = 50000;
  return m;
}

/// A table on its range, in between of which everything is linear.
ActiveMaterial tabled() {
  ActiveMaterial m = host();
  m.U = Function::table({0.1, 0.4, 0.8}, {4.2, 3.9, 3.4});
  m.dUdT = Function::table({0.05, 0.9}, {1e-5, -3e-5});
  return m;
}

/// Is it made of units that the project writes?
bool is_unit(const std::string& unit) {
  static const std::set<std::string> known{"m2 s-1", "S m-1", "V", "1", "mol m-3", "mol m-2 s-1"};
  return known.count(unit) == 1;
}

void check_facts(const LawFacts& facts) {
  CHECK(!facts.symbol.empty());
  CHECK(is_unit(facts.unit));
  CHECK(is_unit(facts.argument_unit));
  CHECK((facts.argument == "c_e" || facts.argument == "sto" || facts.argument == "j"));
  CHECK(facts.meaning.size() > 20);
  CHECK(facts.citation.size() > 10);
}

/// Central difference of order 4.
template <class F>
double difference(const F& f, double x, double h) {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

struct Point {
  double value, by_x, by_T;
};
Point at(const Law& law, double x, double T) {
  Point p{};
  law.at(T)->evaluate(1, &x, &p.value, &p.by_x, &p.by_T);
  return p;
}

Overpotential at(const KineticsLaw& law, const Interface& interface, double j, double c_e, double sto) {
  Overpotential o{};
  law.overpotential(interface, 1, &j, &c_e, &sto, {&o.eta, &o.by_j, &o.by_c_e, &o.by_sto, &o.by_T, &o.by_ln_i0});
  return o;
}

Interface interface_at(double T, double alpha) { return {ExchangeCurrent::at(host(), T_ref, T), 1100, T, alpha}; }

bool near(double a, double b, double part, double floor) {
  return std::abs(a - b) <= part * std::max(std::abs(a), std::abs(b)) + floor;
}

}  // namespace

TEST_CASE("every law of c_e or stoichiometry says what it is, in units of the project, from where and within what") {
  for (const ActiveMaterial& m : {host(), tabled()})
    for (const LawPointer& law : laws_of(salty(), m, T_ref)) {
      INFO(law->facts().symbol);
      check_facts(law->facts());
      CHECK(law->range().low < law->range().high);
      CHECK(!law->is_constant());
    }
  const Range range = open_circuit_potential(tabled(), T_ref)->range();
  CHECK(range.low == 0.1);
  CHECK(range.high == 0.8);
  CHECK(laws_of(salty(), host(), T_ref).size() == 5);
}

TEST_CASE("every law's slopes by its argument and by T are those of its values") {
  Random random(3);
  for (const ActiveMaterial& m : {host(), tabled()})
    for (const LawPointer& law : laws_of(salty(), m, T_ref))
      for (const double T : temperatures)
        for (int k = 0; k < 40; ++k) {
          const bool salt = law->facts().argument == "c_e";
          double x = salt ? random.uniform(20, 3000) : random.uniform(0.12, 0.78);
          const double h = salt ? 0.5 : 2e-4, h_T = 1e-2;
          for (const double kink : law->kinks())
            if (std::abs(x - kink) < 3 * h) x += 6 * h;
          INFO(law->facts().symbol << " at " << x << ", " << T << " K");
          const Point p = at(*law, x, T);
          const double by_x = difference([&](double q) { return at(*law, q, T).value; }, x, h);
          const double by_T = difference([&](double q) { return at(*law, x, q).value; }, T, h_T);
          CHECK(near(p.by_x, by_x, 1e-7, 1e-11 * std::abs(p.value) / h));
          CHECK(near(p.by_T, by_T, 1e-7, 1e-11 * std::abs(p.value) / h_T));
          double value, slope;
          law->at(T)->evaluate(1, &x, &value, &slope);
          CHECK(near(value, p.value, 1e-15, 0));
          CHECK(near(slope, p.by_x, 1e-15, 0));
        }
}

TEST_CASE("at the reference temperature every law is the cell's own function, and rates follow Arrhenius from there") {
  const double c = 700, sto = 0.3;
  const Electrolyte e = salty();
  const ActiveMaterial m = host();
  CHECK(at(*salt_diffusivity(e, T_ref), c, T_ref).value == e.D_e(c).value);
  CHECK(at(*salt_conductivity(e, T_ref), c, T_ref).value == e.kappa(c).value);
  CHECK(at(*open_circuit_potential(m, T_ref), sto, T_ref).value == m.U(sto).value);
  CHECK(at(*solid_diffusivity(m, T_ref), sto, T_ref).value == m.D_s(sto).value);
  CHECK(at(*concentration_voltage(e, T_ref), c, 310).value ==
        Approx(2 * 0.7 * 8.314462618 * 310 / 96485.33212 * (0.9 + 0.28 + 0.049)));
  // 30 kJ/mol from 298.15 to 318.15 K: exp(30000/R (1/298.15 - 1/318.15)) = 2.13991
  CHECK(at(*solid_diffusivity(m, T_ref), sto, 318.15).value == Approx(2.13991 * m.D_s(sto).value).epsilon(1e-5));
  CHECK(at(*open_circuit_potential(m, T_ref), sto, 308.15).value - m.U(sto).value == Approx(10 * (1e-6 - 2e-5)));
}

TEST_CASE("where chi varies, its integral over ln c_e is the closed form, and chi its slope") {
  const Electrolyte e = salty();
  const ElectrolyteAt law = ElectrolyteLaw(e, T_ref).at(310);
  REQUIRE(law.varying_chi());
  const double chi_0 = 2 * 0.7 * thermal_voltage(310);
  const auto X = [&](double c) { return chi_0 * (0.9 * std::log(c) + 4e-4 * c + 0.5e-7 * c * c); };
  for (const double c : {1e-2, 1.0, 37.0, 500.0, 1100.0, 1101.0, 2900.0, 12000.0}) {
    INFO(c);
    double value, chi;
    law.varying_chi()->evaluate(1, &c, &value, &chi);
    CHECK(std::abs(value - (X(c) - X(1100))) < 1e-11);
    CHECK(chi == Approx(chi_0 * (0.9 + 4e-4 * c + 1e-7 * c * c)).epsilon(1e-9));
    const double slope = difference([&](double q) { return law.salt_potential(q); }, c, 1e-4 * c);
    CHECK(slope == Approx(chi / c).epsilon(1e-7));
  }
  Electrolyte plain = e;
  plain.thermodynamic_factor = 1.5;
  const ElectrolyteAt constant = ElectrolyteLaw(plain, T_ref).at(310);
  CHECK(!constant.varying_chi());
  CHECK(constant.chi() == Approx(1.5 * chi_0));
  CHECK(constant.salt_potential(400) == Approx(1.5 * chi_0 * std::log(400)));
}

TEST_CASE("every law of charge transfer says what it is, and is found by its name") {
  REQUIRE(kinetics_laws().size() >= 3);
  CHECK(kinetics_laws().front()->name() == Electrode().kinetics.value);
  std::set<std::string> names;
  for (const KineticsLaw* law : kinetics_laws()) {
    INFO(law->name());
    check_facts(law->facts());
    CHECK(law->facts().unit == "V");
    CHECK(names.insert(law->name()).second);
    CHECK(&kinetics_called(law->name()) == law);
  }
  CHECK_THAT(sentence_of<std::invalid_argument>([] { kinetics_called("tafel"); }),
             says("tafel is no law of charge transfer; there are butler_volmer, linear, asymmetric"));
}

TEST_CASE("every law of charge transfer has the slopes of its values, by flux, concentrations and temperature") {
  Random random(5);
  for (const KineticsLaw* law : kinetics_laws())
    for (const double T : temperatures)
      for (const double alpha : {0.5, 0.3, 0.75})
        for (int k = 0; k < 40; ++k) {
          const double c_e = random.uniform(20, 3000), sto = random.uniform(0.02, 0.98);
          const double j = (k % 2 ? 1 : -1) * std::pow(10.0, random.uniform(-9, -3));
          INFO(law->name() << ", j = " << j << ", c_e = " << c_e << ", sto = " << sto << ", T = " << T);
          const Interface here = interface_at(T, alpha);
          const Overpotential o = at(*law, here, j, c_e, sto);
          const auto eta = [&](double j_, double c_, double s_) { return at(*law, here, j_, c_, s_).eta; };
          const double h_j = 1e-3 * std::abs(j), h_c = 1e-3 * c_e, h_s = 1e-3 * std::min(sto, 1 - sto), h_T = 1e-2;
          const double rounding = 1e-15;  // of eta, V
          CHECK(near(o.by_j, difference([&](double q) { return eta(q, c_e, sto); }, j, h_j), 1e-7, 4 * rounding / h_j));
          CHECK(
              near(o.by_c_e, difference([&](double q) { return eta(j, q, sto); }, c_e, h_c), 1e-7, 4 * rounding / h_c));
          CHECK(
              near(o.by_sto, difference([&](double q) { return eta(j, c_e, q); }, sto, h_s), 1e-7, 4 * rounding / h_s));
          const auto of_T = [&](double q) { return at(*law, interface_at(q, alpha), j, c_e, sto).eta; };
          CHECK(near(o.by_T, difference(of_T, T, h_T), 1e-7, 4 * rounding / h_T));
          const auto of_i0 = [&](double q) {
            Interface other = here;
            other.i0.scale *= std::exp(q);
            return at(*law, other, j, c_e, sto).eta;
          };
          CHECK(near(o.by_ln_i0, difference(of_i0, 0, 1e-3), 1e-7, 4 * rounding / 1e-3));
          CHECK(o.by_j > 0);
          CHECK(o.eta * j > 0);
        }
}

TEST_CASE("at small fluxes every law of charge transfer is R T/(F i0) a current density") {
  for (const KineticsLaw* law : kinetics_laws())
    for (const double T : temperatures)
      for (const double alpha : {0.5, 0.3}) {
        INFO(law->name());
        const Interface here = interface_at(T, alpha);
        const double i0 = here.i0(400 / 1100.0, 0.35);
        const Overpotential none = at(*law, here, 0, 400, 0.35);
        CHECK(none.eta == 0);
        CHECK(none.by_j == Approx(thermal_voltage(T) * faraday / i0).epsilon(1e-12));
        CHECK(none.by_c_e == 0);
        CHECK(none.by_sto == 0);
        CHECK(none.by_T == 0);
      }
}

TEST_CASE("the laws of charge transfer are inverse to their rates, at any overpotential") {
  const double T = 310, V_T = thermal_voltage(T);
  for (const double alpha : {0.5, 0.2, 0.85}) {
    const Interface here = interface_at(T, alpha);
    const double c_e = 800, sto = 0.6, i0 = here.i0(c_e / 1100, sto);
    for (double eta = -0.6; eta < 0.61; eta += 0.05) {
      INFO("eta = " << eta << ", alpha = " << alpha);
      const double u = eta / V_T;
      const double symmetric = 2 * i0 * std::sinh(u / 2) / faraday;
      const double asymmetric = i0 * (std::exp(alpha * u) - std::exp(-(1 - alpha) * u)) / faraday;
      CHECK(std::abs(at(kinetics_called("butler_volmer"), here, symmetric, c_e, sto).eta - eta) < 1e-14);
      CHECK(std::abs(at(kinetics_called("asymmetric"), here, asymmetric, c_e, sto).eta - eta) < 1e-14);
      CHECK(std::abs(at(kinetics_called("linear"), here, i0 * u / faraday, c_e, sto).eta - eta) < 1e-14);
    }
  }
  // With alpha = 1/2 the third is the first.
  const Interface half = interface_at(T, 0.5);
  for (const double j : {-1e-3, -1e-6, 1e-8, 2e-4}) {
    const Overpotential a = at(kinetics_called("butler_volmer"), half, j, 900, 0.2);
    const Overpotential b = at(kinetics_called("asymmetric"), half, j, 900, 0.2);
    CHECK(a.eta == Approx(b.eta).epsilon(1e-12));
    CHECK(a.by_j == Approx(b.by_j).epsilon(1e-12));
  }
}
