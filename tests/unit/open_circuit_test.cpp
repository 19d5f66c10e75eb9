#include "solver/laws/open_circuit.hpp"

#include "solver/cell/cell.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

/// Two materials with straight potentials, hosts 2 to 1.
Electrode straight_blend() {
  Electrode e;
  e.thickness = 1e-4;
  e.porosity = e.reference_porosity = 0.4;
  ActiveMaterial m;
  m.c_s_max = 30000;
  m.sto_min = 0, m.sto_max = 1;
  m.eps_s = 0.4;
  m.U = Function::expression("0.3 - 0.2*x");
  e.materials.push_back(m);
  m.eps_s = 0.2;
  m.U = Function::expression("0.5 - 0.4*x");
  e.materials.push_back(m);
  return e;
}

}  // namespace

TEST_CASE("the materials of a blend at rest share the lithium at one potential") {
  const OpenCircuit blend(straight_blend(), 298.15, 298.15);
  // 2 x_a + x_b = 3 * 0.5 and 0.3 - 0.2 x_a = 0.5 - 0.4 x_b give x_a = 0.4, x_b = 0.7, U = 0.22 V.
  for (const Equilibrium& half : {blend.filled(0.5), blend.shared({0.5, 0.5}), blend.shared({0.25, 1})}) {
    CHECK(half.U == Approx(0.22).margin(1e-14));
    CHECK(half.sto[0] == Approx(0.4).margin(1e-13));
    CHECK(half.sto[1] == Approx(0.7).margin(1e-13));
    CHECK(blend.share(half.sto) == Approx(0.5).margin(1e-13));
  }
}

TEST_CASE("a material of a blend that no potential of the other empties stays next to empty") {
  const OpenCircuit blend(straight_blend(), 298.15, 298.15);
  // Above 0.3 V only the second material holds lithium: 3 * 0.1 = x_b, U = 0.5 - 0.4 * 0.3.
  const Equilibrium low = blend.filled(0.1);
  CHECK(low.sto[0] == 1e-6);
  CHECK(low.sto[1] == Approx(0.3 - 2e-6).margin(1e-13));
  CHECK(low.U == Approx(0.38 + 8e-7).margin(1e-13));
}

TEST_CASE("a single material holds what it is given, to the last bit") {
  Electrode e = straight_blend();
  e.materials.pop_back();
  const OpenCircuit single(e, 298.15, 298.15);
  CHECK(single.shared({0.3}).sto[0] == 0.3);
  CHECK(single.filled(1).sto[0] == 1);
  CHECK(single.share({0.3}) == Approx(0.3).epsilon(1e-14));
}
