#include "solver/cell/bpx/bpx.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "solver/base/error.hpp"
#include "solver/base/sha256.hpp"
#include "tests/support/bpx_texts.hpp"
#include "tests/support/catch.hpp"

using porelith::CaseError;
using porelith::Cell;
using porelith::parse_bpx;
using porelith::samples::bpx_v0;
using porelith::samples::bpx_v1;
using porelith::samples::with;

namespace {

/// Every problem of a text as "line:column: sentence".
std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> list;
  try {
    parse_bpx(text, "cell.json");
  } catch (const CaseError& error) {
    for (const auto& p : error.problems()) {
      CHECK(p.where.file == "cell.json");
      list.push_back(std::to_string(p.where.line) + ":" + std::to_string(p.where.column) + ": " + p.sentence);
    }
  }
  return list;
}

using Sentences = std::vector<std::string>;

/// The warnings of a cell on content that is not used, or all others.
Sentences warnings(const Cell& cell, bool of_unused) {
  Sentences list;
  for (const auto& warning : cell.warnings)
    if ((warning.rfind("Not used of the cell's file", 0) == 0) == of_unused) list.push_back(warning);
  return list;
}
Sentences unused(const Cell& cell) { return warnings(cell, true); }
Sentences doubts_of(const Cell& cell) { return warnings(cell, false); }

}  // namespace

TEST_CASE("a BPX 0.x file is read with everything it says") {
  const Cell cell = parse_bpx(bpx_v0, "cell.json");
  CHECK(doubts_of(cell).empty());
  CHECK(cell.title == "Made-up cell");
  CHECK(cell.file == "cell.json");
  CHECK(cell.sha256 == porelith::sha256(bpx_v0));
  CHECK(cell.area == Approx(0.1));
  CHECK(cell.electrode_pairs == 2);
  CHECK(cell.V_min == 3.14);
  CHECK(cell.V_max == 4.06);
  CHECK(cell.nominal_capacity == 3);
  CHECK(cell.T_ref == 298.15);
  CHECK(*cell.T_initial == 300);
  CHECK_FALSE(cell.soc_initial);
  CHECK(*cell.density == 2000);
  CHECK(*cell.volume == 1e-5);

  CHECK(cell.electrolyte.c_e0 == 1100);
  CHECK(cell.electrolyte.t_plus == 0.26);
  CHECK(cell.electrolyte.kappa(1000).value == Approx(0.1297 - 2.51 + 3.329));
  CHECK(cell.electrolyte.D_e(1500).value == Approx(2.5e-10));
  CHECK(cell.electrolyte.D_e(1500).slope == Approx(-1e-13));
  CHECK(cell.electrolyte.kappa_activation == 17100);
  CHECK(cell.electrolyte.D_e_activation == 17200);
  CHECK(cell.separator.thickness == 2e-5);
  CHECK(cell.separator.porosity == 0.47);
  CHECK(cell.separator.transport_efficiency == 0.32);
}

TEST_CASE("an electrode keeps the file's porosity, transport efficiency and effective conductivity as they are") {
  const auto negative = parse_bpx(bpx_v0, "cell.json").negative;
  CHECK(negative.thickness == 80e-6);
  CHECK(negative.reference_porosity == 0.3);
  CHECK(negative.porosity->is_constant());
  CHECK(negative.eps(0, 1) == 0.3);
  CHECK(negative.B(0, 1) == Approx(0.16).epsilon(1e-14));
  CHECK(negative.conductivity->mean() == 100);
  REQUIRE(negative.materials.size() == 1);
  const auto& m = negative.materials.front();
  CHECK(m.name.empty());
  CHECK(m.R->mean() == 6e-6);
  CHECK(m.eps_s == Approx(0.6).epsilon(1e-15));  // a R/3
  CHECK(m.c_s_max == 30000);
  CHECK(m.sto_min == 0.1);
  CHECK(m.sto_max == 0.9);
  CHECK(m.K == 5e-6);
  CHECK(m.K_activation == 55000);
  CHECK(m.D_s(0.5).value == Approx(3e-14 * std::exp(-1.0)));
  CHECK(m.D_s_activation == 30000);
  CHECK(m.U(0.5).value == Approx(0.3));
  CHECK(m.dUdT(0.25).value == Approx(0.5e-4));
}

TEST_CASE("measurements keep their sign: discharge is negative in BPX") {
  const auto validation = parse_bpx(bpx_v0, "cell.json").validation;
  REQUIRE(validation.size() == 1);
  CHECK(validation[0].name == "C/20 discharge");
  CHECK(validation[0].time == std::vector<double>{0, 100, 200});
  CHECK(validation[0].current == std::vector<double>{-0.15, -0.15, -0.15});
  CHECK(validation[0].voltage == std::vector<double>{4.05, 4.04, 4.03});
  CHECK(validation[0].temperature.size() == 3);
}

TEST_CASE("a BPX 1.x file starts as its State says, and a blend holds its materials in order") {
  const Cell cell = parse_bpx(bpx_v1, "cell.json");
  CHECK(doubts_of(cell).empty());
  CHECK(cell.description ==
        "25 \xc2\xb0"
        "C");
  CHECK(*cell.soc_initial == 0.25);
  CHECK(*cell.T_initial == 310);
  CHECK(cell.electrolyte.c_e0 == 1200);
  CHECK(cell.electrolyte.kappa->is_constant());
  CHECK(cell.electrolyte.D_e(500).value == 3e-10);
  CHECK(cell.separator.porosity == 1);
  CHECK(cell.separator.transport_efficiency == 1);
  REQUIRE(cell.positive.materials.size() == 2);
  CHECK(cell.positive.materials[0].name == "Large");
  CHECK(cell.positive.materials[1].name == "Small");
  CHECK(cell.positive.materials[0].eps_s == Approx(0.4).epsilon(1e-15));
  CHECK(cell.positive.materials[1].eps_s == Approx(0.1).epsilon(1e-15));
  CHECK(cell.positive.materials[1].K == 3e-5);
}

TEST_CASE("the layout follows from the keys, whatever version the header claims") {
  CHECK(problems(with(bpx_v0, "\"BPX\": 0.4", "\"BPX\": 1.0")).empty());
  CHECK(problems(with(bpx_v0, "\"BPX\": 0.4", "\"BPX\": \"1.1.0\"")).empty());
  CHECK(problems(with(bpx_v1, "\"BPX\": \"1.1.0\"", "\"BPX\": 0.1")).empty());
  CHECK(problems(with(bpx_v0, "\"BPX\": 0.4", "\"BPX\": \"new\"")) ==
        Sentences{"3:12: Header / BPX must be a version such as \"1.1.0\""});
  CHECK(doubts_of(parse_bpx(with(bpx_v0, "\"BPX\": 0.4", "\"BPX\": \"2.0\""), "")) ==
        Sentences{"The file says it is written for a BPX newer than 1.x; it was read by the rules of 1.1."});
}

TEST_CASE("State wins over the older places, and says so") {
  const std::string state = R"("State": {"Initial conditions": {"Initial temperature [K]": 290,
    "Initial electrolyte concentration [mol.m-3]": 900}}, "Validation")";
  const Cell cell = parse_bpx(with(bpx_v0, "\"Validation\"", state), "");
  CHECK(*cell.T_initial == 290);
  CHECK(cell.electrolyte.c_e0 == 900);
  CHECK(doubts_of(cell) ==
        Sentences{"Cell / Initial temperature [K] = 300 gives way to 290 under State.",
                  "Electrolyte / Initial concentration [mol.m-3] = 1100 gives way to 900 under State."});
}

TEST_CASE("a section that is missing is one problem") {
  const std::string separator =
      bpx_v1.substr(bpx_v1.find("    \"Separator\""), bpx_v1.find("    \"User-") - bpx_v1.find("    \"Separator\""));
  CHECK(problems(with(bpx_v1, separator, "")) == Sentences{"3:23: Separator is missing"});
  CHECK(problems("{}") == Sentences{"1:1: Header is missing", "1:1: Parameterisation is missing"});
  CHECK(problems("[]") == Sentences{"1:1: the file must be an object { ... }, not an array"});
  CHECK(problems("{\"Header\": {\"BPX\": 1, \"Model\": \"DFN\"}, \"Parameterisation\": 3}") ==
        Sentences{"1:60: Parameterisation must be an object { ... }, not a number"});
}

TEST_CASE("a file for the single particle model is told so once") {
  std::string text = bpx_v1;
  for (const char* key : {"Electrolyte", "Separator", "State"}) {  // cut each section out
    const auto start = text.find("\"" + std::string(key) + "\": {");
    auto end = start;
    int depth = 0;
    do {
      end = text.find_first_of("{}", end + 1);
      depth += text[end] == '{' ? 1 : -1;
    } while (depth > 0);
    text.erase(start, end + 1 - start);
    const auto comma = text.find_last_not_of(" \n", start - 1);
    if (text[comma] == ',') text.erase(comma, 1);
  }
  for (const char* line : {"\"Porosity\": 0.3,", "\"Transport efficiency\": 0.16,", "\"Conductivity [S.m-1]\": 100,",
                           "\"Porosity\": 0.35,", "\"Transport efficiency\": 0.2,", "\"Conductivity [S.m-1]\": 0.8,"}) {
    text = with(text, line, "");
  }
  CHECK(problems(text) ==
        Sentences{"3:23: This file is for the single particle model: it has no Electrolyte, no Separator and no porous "
                  "structure, which the full (DFN) model needs"});
}

TEST_CASE("unknown keys are told with the nearest right name, and a misspelt key is one problem") {
  CHECK(problems(with(bpx_v0, "\"Porosity\": 0.3,", "\"Porosty\": 0.3,")) ==
        Sentences{"33:7: Negative electrode / Porosty is not a key of BPX; did you mean Porosity?"});
  CHECK(problems(with(bpx_v0, "\"Volume [m3]\"", "\"Volume [l]\"")) ==
        Sentences{"21:7: Cell / Volume [l] is not a key of BPX; did you mean Volume [m3]?"});
  CHECK(problems(with(bpx_v0, "\"Header\"", "\"Colour\": \"red\", \"Header\"")) ==
        Sentences{"2:3: Colour is not a key of BPX"});
  CHECK(
      problems(with(bpx_v1, "\"Particle\"", "\"Maximum stoichiometry\": 1, \"Particle\"")) ==
      Sentences{"36:7: Positive electrode / Maximum stoichiometry is not a key of BPX; in a blend each material under "
                "Particle holds its own particle parameters"});
  CHECK(problems(with(bpx_v1, "\"Initial state-of-charge\"", "\"Initial SOC\"")) ==
        Sentences{"64:7: State / Initial conditions / Initial SOC is not a key of BPX"});
}

TEST_CASE("keys that occur twice are told with both lines") {
  CHECK(problems(with(bpx_v0, "\"Porosity\": 0.3,", "\"Porosity\": 0.3, \"Porosity\": 0.4,")) ==
        Sentences{"33:24: the key \"Porosity\" occurs twice in one object, first in line 33"});
}

TEST_CASE("every problem of a file is told at once, in the order of reading") {
  std::string text = with(bpx_v0, "\"Porosity\": 0.3,", "\"Porosity\": 1.3,");
  text = with(text, "\"Cation transference number\": 0.26", "\"Cation transference number\": \"0.26\"");
  text = with(text, "\"4.5 - x\"", "\"4.5 - y\"");
  text = with(text, "\"Thickness [m]\": 2e-5,", "");
  CHECK(problems(text) ==
        Sentences{
            "25:37: Electrolyte / Cation transference number must be a number, not a string",
            "33:19: Negative electrode / Porosity = 1.3 is outside (0, 1)",
            "59:25: Positive electrode / OCP [V]: column 7 of the expression: y is not known here; an expression may "
            "use x and exp, tanh, cosh, sinh, sqrt, log, log10, sin, cos, atan, erf, abs, min, max, pow",
            "62:18: Separator / Thickness [m] is missing"});
}

TEST_CASE("values outside their range are refused with the range") {
  const auto one = [](const std::string& from, const std::string& to) {
    const auto list = problems(with(bpx_v0, from, to));
    REQUIRE(list.size() == 1);
    return list.front().substr(list.front().find(' ') + 1);
  };
  CHECK(one("\"Cation transference number\": 0.26", "\"Cation transference number\": 1") ==
        "Electrolyte / Cation transference number = 1 is outside (-1, 1)");
  CHECK(one("\"Particle radius [m]\": 6e-6", "\"Particle radius [m]\": 6") ==
        "Negative electrode / Particle radius [m] = 6 is outside (0, 0.01]");
  CHECK(one("\"Thickness [m]\": 80e-6", "\"Thickness [m]\": 0") ==
        "Negative electrode / Thickness [m] = 0 is outside (0, 0.1]");
  CHECK(one("\"Electrode area [m2]\": 0.05", "\"Electrode area [m2]\": -1") ==
        "Cell / Electrode area [m2] = -1 is not > 0");
  CHECK(one("\"Reference temperature [K]\": 298.15", "\"Reference temperature [K]\": 25") ==
        "Cell / Reference temperature [K] = 25 is outside [100, 1000]");
  CHECK(one("\"Transport efficiency\": 0.16", "\"Transport efficiency\": 1") ==
        "Negative electrode / Transport efficiency = 1 is outside (0, 1)");
  CHECK(one("connected in parallel to make a cell\": 2", "connected in parallel to make a cell\": 2.5") ==
        "Cell / Number of electrode pairs connected in parallel to make a cell = 2.5 is not a whole number");
  CHECK(one("\"Lower voltage cut-off [V]\": 3.14", "\"Lower voltage cut-off [V]\": 4.06") ==
        "Cell / Lower voltage cut-off [V] = 4.06 is not below the upper one, 4.06");
  CHECK(one("\"Minimum stoichiometry\": 0.1", "\"Minimum stoichiometry\": 0.95") ==
        "Negative electrode / Minimum stoichiometry = 0.95 is not below the maximum, 0.9");
  CHECK(one("\"Surface area per unit volume [m-1]\": 3e5", "\"Surface area per unit volume [m-1]\": 4e5") ==
        "Negative electrode: the porosity 0.3 and the active material 0.8 (a R/3) fill more than the whole volume");
  CHECK(one("\"Model\": \"DFN\"", "\"Model\": \"P2D\"") ==
        "Header / Model = \"P2D\" is none of SPM, SPMe, DFN, Partial");
}

TEST_CASE("laws must be positive, or finite, on the range in which they are used") {
  const auto one = [](const std::string& from, const std::string& to) {
    const auto list = problems(with(bpx_v0, from, to));
    REQUIRE(list.size() == 1);
    return list.front();
  };
  CHECK(one("\"3e-14 * exp(-2 * x)\"", "\"1e-14 * (0.5 - x)\"") ==
        "41:31: Negative electrode / Diffusivity [m2.s-1] is 0 at 0.5 stoichiometry; it must be positive from 0.1 to "
        "0.9");
  CHECK(one("\"Diffusivity [m2.s-1]\": 1e-14", "\"Diffusivity [m2.s-1]\": -1e-14") ==
        "58:31: Positive electrode / Diffusivity [m2.s-1] is -1e-14 at 0.3 stoichiometry; it must be positive from 0.3 "
        "to 0.9");
  CHECK(one("\"0.5 - 0.4 * x\"", "\"0.5 + log(x - 0.2)\"") ==
        "43:18: Negative electrode / OCP [V] is nan at 0.1 stoichiometry; it must be a finite number from 0.1 to 0.9");
  CHECK(one("\"y\": [1e-10, 4e-10]", "\"y\": [-1e-10, 1e-10]") ==
        "27:31: Electrolyte / Diffusivity [m2.s-1] is -2.66667e-14 at 1500.4 mol/m3; it must be positive from 550 to "
        "1650");
}

TEST_CASE("expressions and tables without sense are refused where they stand") {
  const auto one = [](const std::string& to) {
    const auto list = problems(with(bpx_v0, "\"0.5 - 0.4 * x\"", to));
    REQUIRE(list.size() == 1);
    return list.front();
  };
  const std::string here = "Negative electrode / OCP [V]";
  CHECK(one("\"x = 3\"") == "43:21: " + here +
                                ": column 3 of the expression: = is not an operator: an expression computes one value "
                                "and assigns none");
  CHECK(one("\"\\u0078 ^ 2\"") ==
        "43:18: " + here + ": column 3 of the expression: ^ is not an operator of BPX; a power is written **");
  CHECK(one("\"\"") == "43:19: " + here + ": column 1 of the expression: the expression is empty");
  CHECK(one("null") ==
        "43:18: " + here +
            " must be a number, an expression in x as a string, or a table {\"x\": [...], \"y\": [...]}, not null");
  CHECK(one("{\"x\": [0, 1]}") == "43:18: " + here + " / y is missing");
  CHECK(one("{\"x\": [0, 1], \"y\": [1, 2], \"z\": 0}") ==
        "43:45: " + here + " / z is not a key of BPX; a table has x and y");
  CHECK(one("{\"x\": [0, 1], \"y\": [1, [2]]}") == "43:41: " + here + " / y: entry 2 must be a number, not an array");
  CHECK(one("{\"x\": [0, 0], \"y\": [1, 2]}") ==
        "43:18: " + here + ": x = 0 occurs twice in the table, with y = 1 and 2");
  CHECK(one("{\"x\": [0, 1, 2], \"y\": [1, 2]}") == "43:18: " + here + ": the table has 3 values of x and 2 of y");
  CHECK(one("{\"x\": [], \"y\": [1, 2]}") == "43:24: " + here + " / x must be an array of numbers, not an empty one");
}

TEST_CASE("two branches of a hysteresis give their mean, and nothing of it goes unsaid") {
  const std::string both =
      R"("OCP (delithiation) [V]": "0.6 - 0.4 * x", "OCP (lithiation) [V]": {"x": [0, 1], "y": [0.4, 0]},
      "OCP hysteresis decay constant": 0.01)";
  const Cell mean = parse_bpx(with(bpx_v0, "\"OCP [V]\": \"0.5 - 0.4 * x\"", both), "");
  CHECK(mean.negative.materials[0].U(0.5).value == Approx(0.3));
  CHECK(mean.negative.materials[0].U(0.5).slope == Approx(-0.4));
  CHECK(doubts_of(mean) ==
        Sentences{"Negative electrode / OCP [V] is missing; the mean of the delithiation and lithiation "
                  "branches is taken, without hysteresis."});
  const Cell all =
      parse_bpx(with(bpx_v0, "\"OCP [V]\": \"0.5 - 0.4 * x\"", both + ", \"OCP [V]\": \"0.5 - 0.4 * x\""), "");
  CHECK(all.negative.materials[0].U.text() == "0.5 - 0.4 * x");
  CHECK(doubts_of(all).empty());
  CHECK(unused(all)[1] ==
        "Not used of the cell's file (open-circuit potentials have one branch here): Negative electrode / OCP "
        "hysteresis decay constant, Negative electrode / OCP (delithiation) [V], Negative electrode / OCP (lithiation) "
        "[V].");
  CHECK(problems(with(bpx_v0, "\"OCP [V]\": \"0.5 - 0.4 * x\"", "\"OCP (lithiation) [V]\": 0.3")) ==
        Sentences{"31:27: Negative electrode / OCP [V] is missing"});
}

TEST_CASE("what the file says of ageing and hysteresis states is checked, and told to be unused") {
  const std::string more = R"("Initial hysteresis state: Positive electrode": {"Large": 1, "Small": -1},
      "Initial state-of-charge")";
  std::string text = with(bpx_v1, "\"Initial state-of-charge\"", more);
  text = with(text, "\"Thermal environment\"",
              R"("Degradation": {"LLI": 0.05, "LAM: Negative electrode": 0}, "Thermal environment")");
  CHECK(unused(parse_bpx(text, "")) ==
        Sentences{"Not used of the cell's file (open-circuit potentials have one branch here): State / Initial "
                  "conditions / Initial hysteresis state: Positive electrode.",
                  "Not used of the cell's file (no heat is computed: a run has the one temperature of its case): State "
                  "/ Thermal environment / Ambient temperature [K], State / Thermal environment / Heat transfer "
                  "coefficient [W.m-2.K-1].",
                  "Not used of the cell's file (the cell is taken as new): State / Degradation / LLI.",
                  "Not used of the cell's file (what is user-defined has its meaning where it was defined): "
                  "User-defined / Anything / x, User-defined / Anything / nested / deeper, User-defined / A number."});
  CHECK(problems(with(text, "\"LLI\": 0.05", "\"LLI\": 5")) ==
        Sentences{"69:28: State / Degradation / LLI = 5 is outside [0, 1]"});
}

TEST_CASE("every key whose content nothing uses is told, with the reason") {
  CHECK(
      unused(parse_bpx(bpx_v0, "")) ==
      Sentences{"Not used of the cell's file (no heat is computed: a run has the one temperature of its case): Cell / "
                "External surface area [m2], Cell / Specific heat capacity [J.K-1.kg-1], Cell / Thermal conductivity "
                "[W.m-1.K-1], Cell / Ambient temperature [K].",
                "Not used of the cell's file (runs are not compared with measurements): Validation / C/20 discharge."});
  const auto all = [](const std::string& text) {
    std::string sentences;
    for (const auto& sentence : unused(parse_bpx(text, ""))) sentences += sentence;
    return sentences;
  };
  CHECK(all(with(bpx_v0, "\"Model\": \"DFN\"", "\"Model\": \"SPMe\"")).find("DFN, is solved): Header / Model.") !=
        std::string::npos);
  CHECK(all(with(bpx_v0, ",\n      \"Volume [m3]\": 1e-5", ""))
            .find("(a mass takes a volume too): Cell / Density [kg.m-3].") != std::string::npos);
  CHECK(all(with(bpx_v1, "\"Initial state-of-charge\"",
                 "\"Initial hysteresis state: Negative electrode\": 0, \"Initial state-of-charge\""))
            .find("Initial hysteresis state: Negative electrode.") != std::string::npos);
  CHECK(unused(parse_bpx(with(with(bpx_v1, "\"A number\": 1", "\"Porosity of foam\": {}"),
                              "\"Thermal environment\": "
                              "{\"Ambient temperature [K]\": 305, \"Heat transfer coefficient [W.m-2.K-1]\": 10}",
                              "\"Degradation\": {\"LLI\": 0}"),
                         "")) ==
        Sentences{"Not used of the cell's file (what is user-defined has its meaning where it was defined): "
                  "User-defined / Anything / x, User-defined / Anything / nested / deeper, User-defined / Porosity of "
                  "foam."});
}

TEST_CASE("a constant potential is refused where the curve that is meant stands elsewhere in the file") {
  const auto with_user = [](const std::string& ocp, const std::string& user) {
    return with(with(bpx_v0, "\"OCP [V]\": \"0.5 - 0.4 * x\"", "\"OCP [V]\": " + ocp), "    \"Separator\"",
                "    \"User-defined\": " + user + ", \"Separator\"");
  };
  const std::string curve = "{\"x\": [0, 1], \"y\": [0.5, 0.1]}";
  const std::string said = "43:18: Negative electrode / OCP [V] is 0 V at every stoichiometry, while the file holds ";
  const std::string way = "; write the curve that is meant into OCP [V]";
  CHECK(problems(with_user("0", "{\"Negative electrode delithiation OCP [V]\": " + curve +
                                    ", \"Negative electrode lithiation OCP [V]\": \"0.5 - 0.4 * x\"}")) ==
        Sentences{said +
                  "User-defined / Negative electrode delithiation OCP [V] and User-defined / Negative electrode "
                  "lithiation OCP [V]" +
                  way});
  // whatever says the constant, wherever the curve stands
  for (const char* constant : {"0.0", "\"0\"", "\"0 * x\"", "{\"x\": [0, 1], \"y\": [0, 0]}"})
    CHECK(problems(with_user(constant, "{\"Hysteresis\": {\"anode\": {\"charge\": " + curve + "}}}")) ==
          Sentences{said + "User-defined / Hysteresis / anode / charge" + way});
  // not the other electrode's, no other quantity's, no text and no number: then it is a doubt
  const std::string others = "{\"Cathode OCP [V]\": " + curve + ", \"Negative electrode D_s [m2.s-1]\": " + curve +
                             ", \"Negative electrode\": \"graphite\", \"OCP source\": 3}";
  CHECK(problems(with_user("0.1", others)).empty());
  CHECK(doubts_of(parse_bpx(with_user("0.1", others), "")).back() ==
        "Negative electrode / OCP [V] is 0.1 V at every stoichiometry: it says nothing of the charge.");
  CHECK(
      problems(
          with(bpx_v0, "\"OCP [V]\": \"4.5 - x\"",
               "\"OCP [V]\": 3.9, \"OCP (delithiation) [V]\": \"4.6 - x\", \"OCP (lithiation) [V]\": \"4.4 - x\"")) ==
      Sentences{"59:18: Positive electrode / OCP [V] is 3.9 V at every stoichiometry, while the file holds Positive "
                "electrode / OCP (delithiation) [V] and Positive electrode / OCP (lithiation) [V]; leave OCP [V] out, "
                "and the mean of the two is taken"});
  CHECK(problems(with(bpx_v1, "\"OCP [V]\": \"4.5 - x\"", "\"OCP [V]\": 3.9")) ==
        Sentences{"44:22: Positive electrode / Particle / Large / OCP [V] is 3.9 V at every stoichiometry; the "
                  "materials of a blend share their lithium by potentials that change with it"});
}

TEST_CASE("a potential that rises with stoichiometry is told with where; the noise of data and plateaus are not") {
  const auto rising = [](const std::string& ocp) {
    Sentences list;
    for (const auto& doubt : doubts_of(parse_bpx(with(bpx_v0, "\"0.5 - 0.4 * x\"", ocp), "")))
      if (doubt.find("rises") != std::string::npos) list.push_back(doubt);
    return list;
  };
  const std::string key = "Negative electrode / OCP [V] rises with stoichiometry,";
  const std::string law =
      "; a potential falls as its host fills: where it rises, full particles draw lithium from empty ones.";
  CHECK(rising("\"0.1 + 0.4 * x\"") == Sentences{key + " by 320 mV from 0.1 to 0.9" + law});
  // 0.3 + (x - 0.5)^3 - 0.03 (x - 0.5) rises outside +-0.1; the limits are 0.1 and 0.9
  CHECK(rising("\"0.3 - (x - 0.5)**3 + 0.03 * (x - 0.5)\"") == Sentences{key + " by 4 mV from 0.4 to 0.6" + law});
  // between two samples of an even spacing: the points of a table count
  CHECK(rising("{\"x\": [0, 0.40001, 0.40002, 1], \"y\": [0.5, 0.3, 0.305, 0.1]}") ==
        Sentences{key + " by 5 mV from 0.40001 to 0.40002" + law});
  CHECK(rising("{\"x\": [0, 0.2, 0.3, 0.4, 0.5, 1], \"y\": [0.5, 0.3, 0.31, 0.2, 0.24, 0.1]}") ==
        Sentences{key + " by 40 mV from 0.4 to 0.5, by 10 mV from 0.2 to 0.3" + law});
  CHECK(rising("{\"x\": [0, 0.2, 0.4, 0.6, 0.8, 1], \"y\": [0.5, 0.3, 0.3009, 0.2995, 0.3, 0.1]}").empty());
  CHECK(rising("{\"x\": [0, 0.2, 0.8, 1], \"y\": [0.5, 0.3, 0.3, 0.1]}").empty());
  const Cell blend = parse_bpx(with(bpx_v1, "\"OCP [V]\": \"4.5 - x\"", "\"OCP [V]\": \"4 + 0.1 * x\""), "");
  CHECK(doubts_of(blend).back().rfind(
            "Positive electrode / Particle / Large / OCP [V] rises with stoichiometry, by 60 mV "
            "from 0.3 to 0.9;",
            0) == 0);
}

TEST_CASE("a transference number may be negative, as in a case, but not beyond -1 and 1") {
  CHECK(parse_bpx(with(bpx_v0, "number\": 0.26", "number\": -0.4"), "").electrolyte.t_plus == -0.4);
  CHECK(parse_bpx(with(bpx_v0, "number\": 0.26", "number\": 0"), "").electrolyte.t_plus == 0);
  CHECK(problems(with(bpx_v0, "number\": 0.26", "number\": -1")).size() == 1);
}

TEST_CASE("the salt's concentration must come from somewhere") {
  CHECK(problems(with(bpx_v0, "\"Initial concentration [mol.m-3]\": 1100,", "")) ==
        Sentences{"23:20: Electrolyte / Initial concentration [mol.m-3] is missing"});
  const Cell cell = parse_bpx(with(bpx_v1, ",\n      \"Initial electrolyte concentration [mol.m-3]\": 1200", ""), "");
  CHECK(cell.electrolyte.c_e0 == 1000);
  CHECK(doubts_of(cell) ==
        Sentences{"No initial electrolyte concentration is given (State / Initial conditions); 1000 mol/m3 is taken."});
}

TEST_CASE("user-defined entries are free, but not under this program's name") {
  CHECK(problems(with(bpx_v1, "\"A number\"", "\"Porelith: magic\"")) ==
        Sentences{"60:101: User-defined / Porelith: magic is not a setting of this program"});
}

TEST_CASE("measurements must fit together") {
  CHECK(problems(with(bpx_v0, "\"Current [A]\": [-0.15, -0.15, -0.15]", "\"Current [A]\": [-0.15, -0.15]")) ==
        Sentences{"71:22: Validation / C/20 discharge / Current [A] has 2 values where Time [s] has 3"});
  CHECK(problems(with(bpx_v0, "[0, 100, 200]", "[0, 200, 100]")) ==
        Sentences{"70:19: Validation / C/20 discharge / Time [s] goes back to 100 in entry 3"});
  CHECK(problems(with(bpx_v0, "\"Voltage [V]\"", "\"Volts\"")).size() == 2);
}

TEST_CASE("doubtful cells are read, with a sentence for each doubt") {
  const auto doubts = [](const std::string& from, const std::string& to) {
    return doubts_of(parse_bpx(with(bpx_v0, from, to), ""));
  };
  CHECK(
      doubts("\"Upper voltage cut-off [V]\": 4.06", "\"Upper voltage cut-off [V]\": 4.062") ==
      Sentences{
          "The open-circuit voltage at 100 % state of charge is 4.0600 V by the stoichiometry limits, 2.0 mV below the "
          "upper cut-off of 4.062 V."});
  CHECK(doubts("\"Upper voltage cut-off [V]\": 4.06", "\"Upper voltage cut-off [V]\": 4.0609").empty());
  CHECK(
      doubts("\"Transport efficiency\": 0.16", "\"Transport efficiency\": 0.31") ==
      Sentences{
          "Negative electrode: the transport efficiency 0.31 is larger than the porosity 0.3: a tortuosity below 1."});
  CHECK(
      doubts("\"Thickness [m]\": 80e-6", "\"Thickness [m]\": 82e-6") ==
      Sentences{
          "Between their stoichiometry limits the negative electrode holds 3.165 A h and the positive 3.088 A h; they "
          "should be equal."});
  CHECK(doubts("\"Nominal cell capacity [A.h]\": 3", "\"Nominal cell capacity [A.h]\": 2") ==
        Sentences{
            "The negative electrode holds 3.088 A h between its stoichiometry limits; the nominal capacity is 2 A h.",
            "The positive electrode holds 3.088 A h between its stoichiometry limits; the nominal capacity is 2 A h."});
  CHECK(doubts("{\"x\": [3000, 0], \"y\": [1e-10, 4e-10]}", "\"5e-10 - 2e-13 * x\"") ==
        Sentences{"Electrolyte / Diffusivity [m2.s-1] is not positive at 2500 mol/m3 and beyond: a run that comes "
                  "there has no meaning."});
  // Positive between the limits; the table crosses zero at 0.98.
  const Sentences negative = doubts("\"Diffusivity [m2.s-1]\": 1e-14",
                                    "\"Diffusivity [m2.s-1]\": {\"x\": [0, 0.96, 1], \"y\": [1e-14, 1e-14, -1e-14]}");
  REQUIRE(negative.size() == 1);
  CHECK(negative[0].find("Positive electrode / Diffusivity [m2.s-1] is ") == 0);
  CHECK(negative[0].find(" at stoichiometry 0.98, outside the limits (0.3 to ") != std::string::npos);
  CHECK(negative[0].find("): a run whose particles come there fails.") != std::string::npos);
  CHECK(doubts("\"0.5 - 0.4 * x\"", "\"0.5 - 0.4 * abs(x)\"") ==
        Sentences{
            "Negative electrode / OCP [V] uses abs, which BPX does not define: other programs may refuse this file."});
  CHECK(doubts("      \"Reference temperature [K]\": 298.15,\n", "") ==
        Sentences{"Cell / Reference temperature [K] is missing; 298.15 is taken."});
}

TEST_CASE("a file that cannot be read is a problem with the system's reason") {
  const auto sentence = [](const std::string& path) -> std::string {
    try {
      porelith::read_bpx(path);
    } catch (const CaseError& error) {
      return error.problems().at(0).text();
    }
    return "read";
  };
  CHECK(sentence("/nonexistent/cell.json") ==
        "/nonexistent/cell.json: the file cannot be read: No such file or directory");
  CHECK(sentence(PORELITH_SOURCE_DIR) == PORELITH_SOURCE_DIR ": the file cannot be read: Is a directory");
}

TEST_CASE("every cell that comes with the program is read") {
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(PORELITH_SOURCE_DIR) / "cases" / "cells")) {
    if (entry.path().extension() != ".json") continue;
    INFO(entry.path());
    CHECK_NOTHROW(porelith::read_bpx(entry.path().string()));
    ++count;
  }
  CHECK(count >= 5);
}

TEST_CASE("a flood of wrong keys is cut short and ends at once") {
  std::string keys;
  for (int k = 0; k < 1900; ++k) keys += "\"key " + std::to_string(k) + "\": 1, ";
  CHECK(problems(with(bpx_v0, "\"Separator\": {", "\"Separator\": {" + keys)).size() == 100);
  for (int k = 0; k < 600; ++k) keys += "\"more " + std::to_string(k) + "\": 1, ";
  CHECK(problems(with(bpx_v0, "\"Separator\": {", "\"Separator\": {" + keys)) ==
        Sentences{"62:18: Separator holds 2503 entries; at most 2000 are read"});
  const std::string same(3'000'000, 'k');
  const auto one = problems(with(bpx_v0, "\"Title\"", "\"" + same + "\": 1, \"Title\""));
  CHECK(one == Sentences{"4:5: Header / " + std::string(100, 'k') + "... is not a key of BPX"});
}
