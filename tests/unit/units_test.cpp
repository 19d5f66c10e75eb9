#include "solver/text/units.hpp"

#include "solver/case/solver_options.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

// Conversion factors: BIPM SI Brochure, 9th edition (2019), tables 7 and 8.

TEST_CASE("a number with a unit reads as the SI number that one would type instead") {
  CHECK(read_quantity("85.2 um", unit::metre) == 85.2e-6);
  CHECK(read_quantity("112.4um", unit::metre) == 112.4e-6);
  CHECK(read_quantity(" 0.5 mm ", unit::metre) == 0.5e-3);
  CHECK(read_quantity("25 degC", unit::kelvin) == 298.15);
  CHECK(read_quantity("-20 degC", unit::kelvin) == Approx(253.15).epsilon(1e-15));
  CHECK(read_quantity("298.15 K", unit::kelvin) == 298.15);
  CHECK(read_quantity("30 min", unit::second) == 1800);
  CHECK(read_quantity("2 h", unit::second) == 7200);
  CHECK(read_quantity("4200 mV", unit::volt) == 4.2);
  CHECK(read_quantity("50 %", unit::one) == 0.5);
  CHECK(read_quantity("+1e-3 m", unit::metre) == 1e-3);
  CHECK(read_quantity(".5 V", unit::volt) == 0.5);
}

TEST_CASE("amounts of memory are powers of ten or of two") {
  CHECK(read_quantity("1 GiB", unit::byte) == 1073741824);
  CHECK(read_quantity("1.5 GB", unit::byte) == 1.5e9);
  CHECK(read_quantity("512 MiB", unit::byte) == 512.0 * 1024 * 1024);
  CHECK_THROWS_WITH(read_quantity("1 m", unit::byte), says("possible units of amount of memory: GiB, MiB, GB, MB"));
}

TEST_CASE("units multiply, divide and take powers, in BPX's way of writing and in others") {
  CHECK(read_quantity("1 mol/L", unit::concentration) == Approx(1000).epsilon(1e-15));
  CHECK(read_quantity("1 mol.m-3", unit::concentration) == 1);
  CHECK(read_quantity("0.1 mol/m3", unit::concentration) == 0.1);
  CHECK(read_quantity("1 mol/m^3", unit::concentration) == 1);
  CHECK(read_quantity("10 mS/cm", unit::conductivity) == Approx(1).epsilon(1e-15));
  CHECK(read_quantity("3e-6 cm2/s", unit::diffusivity) == Approx(3e-10).epsilon(1e-15));
  CHECK(read_quantity("1027 cm2", unit::square_metre) == Approx(0.1027).epsilon(1e-15));
  CHECK(read_quantity("5000 mAh", unit::ampere_hour) == Approx(5).epsilon(1e-15));
  CHECK(read_quantity("5 A h", unit::ampere_hour) == 5);
  CHECK(read_quantity("18000 A.s", unit::ampere_hour) == Approx(5).epsilon(1e-15));
  CHECK(read_quantity("10 V*A", unit::watt) == 10);
}

TEST_CASE("signs that people paste mean what they look like") {
  CHECK(read_quantity("85.2 µm", unit::metre) == 85.2e-6);  // micro sign
  CHECK(read_quantity("85.2 μm", unit::metre) == 85.2e-6);  // Greek mu
  CHECK(read_quantity("25 °C", unit::kelvin) == 298.15);
  CHECK(read_quantity("2 m²", unit::square_metre) == 2);
}

TEST_CASE("a current is amperes, a C-rate or amperes an area") {
  CHECK(read_rate("5 A").amperes(3, 2) == 5);
  CHECK(read_rate("500 mA").amperes(3, 2) == 0.5);
  CHECK(read_rate("1C").amperes(3, 2) == 3);
  CHECK(read_rate("0.5 C").amperes(3, 2) == 1.5);
  CHECK(read_rate("C/20").amperes(5, 2) == 0.25);
  CHECK(read_rate("2C/3").amperes(3, 2) == Approx(2).epsilon(1e-15));
  CHECK(read_rate("24 A/m2").amperes(3, 2) == 48);
  CHECK(read_rate("2.4 mA/cm2").amperes(3, 2) == Approx(48).epsilon(1e-15));
  CHECK(read_rate("C/20").text == "C/20");
}

TEST_CASE("a wrong unit is told together with those that are possible") {
  CHECK_THROWS_WITH(read_quantity("85 s", unit::metre),
                    "has the wrong unit: s does not measure length; possible units of length: um, nm, mm, m");
  CHECK_THROWS_WITH(read_quantity("5 umm", unit::metre), says("umm is not a known unit. Did you mean um?"));
  CHECK_THROWS_WITH(read_quantity("85", unit::metre), says("has no unit; write the number without quotes to mean m"));
  CHECK_THROWS_WITH(read_quantity("thin", unit::metre), says("is not a number with a unit"));
  CHECK_THROWS_WITH(read_quantity("1C", unit::second), says("C is not a known unit"));
  CHECK_THROWS_WITH(read_quantity("25 degC", unit::volt), says("degC does not measure voltage"));
  CHECK_THROWS_WITH(read_rate("C/0"), says("is not a C-rate"));
  CHECK_THROWS_WITH(read_rate("5 V"), says("V does not measure current"));
}

TEST_CASE("what is no number with a unit is refused") {
  for (const char* text : {"", " ", "um", "- um", "nan um", "inf um", "0x10 m", "1 m/", "1 /m2/", "1 m^",
                           "1 m99999999999", "1e999 m", "1..2 m", "C/", "C/x", "1 2 m"}) {
    INFO(text);
    CHECK_THROWS_AS(read_quantity(text, unit::metre), UnitError);
    CHECK_THROWS_AS(read_rate(text), UnitError);
  }
}
