/// Damages a case file in many ways and reads it: nothing but a CaseError may come out.
/// Usage: fuzz_case [MUTANTS [SEED]]
#include <sstream>

#include "solver/case/reader.hpp"
#include "solver/cell/cell.hpp"
#include "tests/support/mutants.hpp"

namespace {

using porelith::below;
using porelith::Generator;

const std::string seed_case = R"toml(title = "fuzz"
[cell]
file = "lgm50_chen2020"
temperature = "25 degC"
area = "1027 cm2"
[negative]
thickness = "85.2 um"
porosity = [0.2, "30 %", 0.25]
solid = "filler"
active_fraction = { layers = [0.5, 0.6], fractions = [0.25, 0.75] }
particle_radius = { depth = [0, 0.5, 1], value = ["5 um", 4e-6, "6 um"] }
[positive]
porosity = { polynomial = [0.3, 0.05, 0.01] }
bruggeman_exponent = 1.7
conductivity = 0.2
[electrolyte]
concentration = "1.1 mol/L"
diffusivity = "4.9e-10*exp(-x/1500)"
conductivity = { x = [0, 1000, 3000], y = [0.1, "10 mS/cm", 0.2] }
[initial]
soc = 0.9
[protocol]
repeat = 3
repeat_from = 2
[[step]]
discharge = "C/3"
until = { time = "30 min", voltage = "2.8 V", capacity = "2 A.h", soc = "10 %", salt = "10 mol/m3" }
[[step]]
charge = "24 A/m2"
until = { plating_margin = "0 mV" }
[[step]]
hold = 4.2
until = { current = "C/20" }
[[step]]
current_table = { time = [0, "1 min"], current = [1, "-5 mA"] }
table_sign = "discharge_negative"
[mesh]
negative = 12
shells = 9
shell_grading = 5.0
[output]
vtk = false
)toml";

/// Pieces that are likely to mean something to one reader or another.
const std::vector<std::string> pieces = {"[",
                                         "]",
                                         "[[",
                                         "]]",
                                         "{",
                                         "}",
                                         "=",
                                         ".",
                                         "\"",
                                         "'",
                                         "\"\"\"",
                                         ",",
                                         "\n",
                                         "#",
                                         "-",
                                         "e",
                                         "1e999",
                                         "nan",
                                         "inf",
                                         "0x",
                                         "_",
                                         "\\u",
                                         "\\",
                                         "\xff",
                                         "\xc2\xb5",
                                         std::string(1, '\0'),
                                         "x**",
                                         "((((",
                                         "C/",
                                         "C",
                                         " um",
                                         " degC",
                                         "1979-05-27",
                                         "true",
                                         "until",
                                         "step",
                                         "[step]\n",
                                         "[negative.material.\"a\"]\n",
                                         "9999999999999999999",
                                         "exp(",
                                         "[[[[[[[[[[[[[[[[",
                                         "porosity",
                                         "--",
                                         "\t",
                                         "\r"};

/// Damage that mostly leaves TOML: digits change, lines go, come twice, or hold another line's value.
std::string rearranged(Generator& random) {
  std::vector<std::string> lines;
  std::istringstream text(seed_case);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  for (std::size_t left = 1 + below(random, 3); left > 0; --left) {
    const std::size_t at = below(random, lines.size()), other = below(random, lines.size());
    const std::size_t equals = lines[at].find('='), value = lines[other].find('=');
    const std::size_t digit = lines[at].find_first_of("0123456789", below(random, lines[at].size() + 1));
    const std::size_t what = below(random, 5);
    if (what == 0) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
    if (what == 1) lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), lines[other]);
    if (what == 2 && equals != std::string::npos && value != std::string::npos)
      lines[at] = lines[at].substr(0, equals) + lines[other].substr(value);
    if (what > 2 && digit != std::string::npos) lines[at][digit] = "0123456789.-e"[below(random, 13)];
  }
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return all;
}

/// Now and then a --set that is as damaged as the file.
std::vector<std::string> damaged_overrides(Generator& random) {
  if (below(random, 4) != 0) return {};
  std::string text = "negative.porosity={ polynomial = [0.3, 0.1] }";
  text.insert(below(random, text.size()), pieces[below(random, pieces.size())]);
  return {text};
}

}  // namespace

int main(int argc, char** argv) {
  using namespace porelith;
  parse_case(seed_case, "case.toml");  // throws if the seed itself were wrong
  const Cell cell = *parse_case("[cell]\nfile = \"lgm50_chen2020\"\n[[step]]\nrest = 1\n", "case.toml").cell;
  const auto mutant = [](Generator& random) {
    return below(random, 2) == 0 ? rearranged(random) : damaged(random, seed_case, pieces, 30);
  };
  return fuzz(argc, argv, mutant, [&](const std::string& text, Generator& random) -> std::string {
    const Case survivor = parse_case(text, "case.toml", damaged_overrides(random), &cell);
    if (parse_case(survivor.resolved, "case.toml", {}, &cell).resolved == survivor.resolved) return "";
    return "does not read back to itself";
  });
}
