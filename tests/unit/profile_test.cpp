#include "solver/text/profile.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "solver/cell/cell.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sentence.hpp"

using porelith::Electrode;
using porelith::Profile;
using porelith::Solid;

namespace {

template <class Make>
std::string complaint(Make make) {
  return porelith::sentence_of<std::invalid_argument>(make);
}

/// Porosity 0.4 falling to 0.2; by the file it is 0.3, with B = 0.3^1.5 and two materials that fill 0.4 and 0.2.
Electrode graded_electrode() {
  Electrode e;
  e.porosity = Profile::polynomial({0.4, -0.2});
  e.reference_porosity = 0.3;
  e.reference_transport_efficiency = std::pow(0.3, 1.5);
  e.materials.resize(2);
  e.materials[0].eps_s = 0.4;
  e.materials[1].eps_s = 0.2;
  return e;
}

}  // namespace

TEST_CASE("a constant profile is its number everywhere") {
  const Profile p = 0.3;
  CHECK(p.at(0) == 0.3);
  CHECK(p.mean(0.1, 0.10001) == 0.3);
  CHECK(p.mean() == 0.3);
  CHECK(p.minimum() == 0.3);
  CHECK(p.maximum() == 0.3);
  CHECK(p.is_constant());
  CHECK(p.jumps().empty());
}

TEST_CASE("layers hold their values, jump between them and are averaged by their shares") {
  const Profile p = Profile::layers({0, 0.25, 0.5, 1}, {1, 1, 4});
  CHECK(p.at(0) == 1);
  CHECK(p.at(0.49) == 1);
  CHECK(p.at(0.5) == 4);
  CHECK(p.at(1) == 4);
  CHECK(p.mean() == 2.5);
  CHECK(p.mean(0.4, 0.6) == Approx(2.5).epsilon(1e-15));
  CHECK(p.mean(0.5, 1) == 4);
  CHECK(p.minimum() == 1);
  CHECK(p.maximum() == 4);
  CHECK(p.jumps() == std::vector<double>{0.5});
  CHECK_FALSE(p.is_constant());
  CHECK(Profile::layers({0, 0.5, 1}, {2, 2}).is_constant());
}

TEST_CASE("polynomials have exact means, in slices of any thickness") {
  const Profile p = Profile::polynomial({1, -2, 3});  // integral: x - x^2 + x^3
  CHECK(p.at(0.5) == 0.75);
  CHECK(p.mean() == Approx(1).epsilon(1e-15));
  CHECK(p.mean(0.2, 0.6) == Approx(((0.6 - 0.36 + 0.216) - (0.2 - 0.04 + 0.008)) / 0.4).epsilon(1e-14));
  CHECK(p.mean(0.5, 0.5 + 1e-9) == Approx(0.75 + 0.5e-9).epsilon(1e-15));
  CHECK_FALSE(p.is_constant());
  CHECK(Profile::polynomial({1, 0, 0}).is_constant());
}

TEST_CASE("extremes of polynomials are found inside as well as at the ends") {
  const Profile parabola = Profile::polynomial({0.2, 1, -1});  // 0.45 at 1/2
  CHECK(parabola.maximum() == Approx(0.45).epsilon(1e-15));
  CHECK(parabola.minimum() == Approx(0.2).epsilon(1e-15));
  // (x - 0.2)(x - 0.5)(x - 0.9) + 1: extremes where 3 x^2 - 3.2 x + 0.73 = 0
  const Profile cubic = Profile::polynomial({1 - 0.09, 0.73, -1.6, 1});
  const double root = std::sqrt(3.2 * 3.2 - 12 * 0.73), low = (3.2 + root) / 6, high = (3.2 - root) / 6;
  CHECK(cubic.minimum() == Approx(std::min(cubic.at(low), cubic.at(0))).epsilon(1e-14));
  CHECK(cubic.maximum() == Approx(std::max(cubic.at(high), cubic.at(1))).epsilon(1e-14));
  // Chebyshev's T8(2 x - 1): between -1 and 1, met 9 times
  const Profile chebyshev = Profile::polynomial({1, -128, 2688, -21504, 84480, -180224, 212992, -131072, 32768});
  CHECK(chebyshev.maximum() == Approx(1).epsilon(1e-9));
  CHECK(chebyshev.minimum() == Approx(-1).epsilon(1e-9));
}

TEST_CASE("piecewise linear profiles pass through their points") {
  const Profile p = Profile::piecewise_linear({0, 0.5, 1}, {0.2, 0.4, 0.4});
  CHECK(p.at(0) == Approx(0.2).epsilon(1e-15));
  CHECK(p.at(0.25) == Approx(0.3).epsilon(1e-15));
  CHECK(p.at(0.75) == 0.4);
  CHECK(p.mean() == Approx(0.35).epsilon(1e-15));
  CHECK(p.mean(0.25, 0.75) == Approx(0.375).epsilon(1e-15));
  CHECK(p.minimum() == Approx(0.2).epsilon(1e-15));
  CHECK(p.maximum() == Approx(0.4).epsilon(1e-15));
  CHECK(p.jumps().empty());
  CHECK(Profile::piecewise_linear({0, 1}, {2, 2}).is_constant());
}

TEST_CASE("a profile times a number keeps its jumps") {
  const Profile p = Profile::layers({0, 0.5, 1}, {1, 3}).scaled(2);
  CHECK(p.mean() == 4);
  CHECK(p.maximum() == 6);
  CHECK(p.jumps() == std::vector<double>{0.5});
}

TEST_CASE("profiles without sense are refused with a sentence") {
  CHECK(complaint([] { Profile::layers({}, {}); }) == "a layered profile needs at least one layer");
  CHECK(complaint([] { Profile::layers({0, 1}, {1, 2}); }) == "2 layers need 3 edges, not 2");
  CHECK(complaint([] {
          Profile::layers({0, 2}, {1});
        }) == "the edges of the layers must start at 0 and end at 1, not run from 0 to 2");
  CHECK(complaint([] {
          Profile::layers({0, 0.5, 0.5, 1}, {1, 2, 3});
        }) == "the edges of the layers must increase; 0.5 is followed by 0.5");
  CHECK(complaint([] {
          Profile::layers({0, 1}, {NAN});
        }) == "the values of the layers must be finite numbers, not nan");
  CHECK(complaint([] { Profile::polynomial({}); }) == "a polynomial profile needs at least one coefficient");
  CHECK(complaint([] { Profile::piecewise_linear({0}, {1}); }) ==
        "a piecewise linear profile needs at least two points");
  CHECK(complaint([] {
          Profile::piecewise_linear({0, 1}, {1});
        }) == "a piecewise linear profile has 2 positions and 1 values");
}

TEST_CASE("the transport efficiency follows the porosity by the exponent that the file implies") {
  Electrode e = graded_electrode();
  CHECK(e.bruggeman_exponent() == Approx(1.5).epsilon(1e-14));
  CHECK(e.eps(0, 0.5) == Approx(0.35).epsilon(1e-15));
  CHECK(e.B(0, 0.5) == Approx(std::pow(0.35, 1.5)).epsilon(1e-14));
  e.bruggeman = 2;
  CHECK(e.bruggeman_exponent() == 2);
  CHECK(e.B(0, 0.5) == Approx(0.35 * 0.35).epsilon(1e-14));
  e.transport_efficiency = Profile::layers({0, 0.5, 1}, {0.1, 0.2});
  CHECK(e.B(0, 0.5) == 0.1);
  CHECK(e.B(0.25, 0.75) == Approx(0.15).epsilon(1e-15));
}

TEST_CASE("an electrode as the file gives it keeps its B and its active fraction") {
  Electrode e = graded_electrode();
  e.porosity = e.reference_porosity;
  CHECK(e.B(0.2, 0.3) == Approx(e.reference_transport_efficiency).epsilon(1e-14));
  for (const Solid rule : {Solid::composition, Solid::filler, Solid::fixed}) {
    e.solid = rule;
    CHECK(e.eps_s(0, 0.2, 0.3) == 0.4);
    CHECK(e.eps_s(1, 0.2, 0.3) == 0.2);
  }
  e.reference_transport_efficiency = 1;
  CHECK(e.B(0, 1) == 1);
}

TEST_CASE("the active fraction gives way to the porosity by the chosen rule") {
  Electrode e = graded_electrode();  // porosity 0.35 in the inner half: 0.05 more than in the file
  e.solid = Solid::composition;
  CHECK(e.eps_s(0, 0, 0.5) == Approx(0.4 * 0.65 / 0.7).epsilon(1e-14));
  CHECK(e.eps_s(1, 0, 0.5) == Approx(0.2 * 0.65 / 0.7).epsilon(1e-14));
  e.solid = Solid::filler;
  CHECK(e.eps_s(0, 0, 0.5) + e.eps_s(1, 0, 0.5) == Approx(0.55).epsilon(1e-14));
  CHECK(e.eps_s(0, 0, 0.5) == Approx(2 * e.eps_s(1, 0, 0.5)).epsilon(1e-14));
  e.solid = Solid::fixed;
  CHECK(e.eps_s(0, 0, 0.5) == 0.4);
  e.materials[0].active_fraction = Profile::polynomial({0.5, -0.2});
  CHECK(e.eps_s(0, 0, 0.5) == Approx(0.45).epsilon(1e-15));
}
