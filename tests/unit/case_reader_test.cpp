#include <algorithm>

#include "solver/base/error.hpp"
#include "solver/case/echo.hpp"
#include "solver/case/reader.hpp"
#include "solver/cell/cell.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

const std::string head = "[cell]\nfile = \"lgm50_chen2020\"\n";
const std::string step = "[[step]]\ndischarge = \"1C\"\n";

Case parse(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return parse_case(text, "case.toml", overrides);
}

/// What the reader says against a case; "" if nothing.
std::string complaint(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return sentence_of<CaseError>([&] { parse(text, overrides); });
}

/// LG M50 whose negative electrode is a blend of two materials.
Cell blended_cell() {
  Cell cell = *parse(head + step).cell;
  cell.negative.materials[0].name = "Graphite";
  cell.negative.materials[0].eps_s = 0.6;
  cell.negative.materials.push_back(cell.negative.materials[0]);
  cell.negative.materials[1].name = "Silicon";
  cell.negative.materials[1].eps_s = 0.1;
  return cell;
}

std::string blend_complaint(const std::string& text) {
  const Cell cell = blended_cell();
  return sentence_of<CaseError>([&] { parse_case(head + text + step, "case.toml", {}, &cell); });
}

}  // namespace

TEST_CASE("a law of charge transfer and a thermodynamic factor are chosen by the case, and echoed where they are") {
  const std::string plain = echo_of(parse(head + step));
  CHECK_THAT(plain, !says("kinetics") && !says("transfer_coefficient") && !says("thermodynamic_factor"));
  const std::string asked = head + "[negative]\nkinetics = \"asymmetric\"\ntransfer_coefficient = 0.4\n" +
                            "[electrolyte]\nthermodynamic_factor = \"1 + 1e-4*x\"\n" + step;
  const Case read = parse(asked);
  CHECK(read.cell->negative.kinetics.value == "asymmetric");
  CHECK(read.cell->negative.transfer_coefficient == 0.4);
  CHECK(read.cell->positive.kinetics.value == "butler_volmer");
  CHECK(read.cell->electrolyte.thermodynamic_factor(1000).value == Approx(1.1));
  const std::string echo = echo_of(read);
  CHECK_THAT(echo, says("kinetics = \"asymmetric\"\n") && says("transfer_coefficient = 0.4\n") &&
                       says("thermodynamic_factor = \"1 + 1e-4*x\"\n"));
  CHECK(parse(echo).cell->negative.kinetics.value == "asymmetric");

  CHECK_THAT(complaint(head + "[negative]\nkinetics = \"asymetric\"\n" + step),
             says("[negative] kinetics") && says("Did you mean asymmetric?"));
  CHECK_THAT(complaint(head + "[positive]\ntransfer_coefficient = 0.4\n" + step),
             says("[positive] transfer_coefficient is of no use to kinetics = \"butler_volmer\"; laws that have one: "
                  "asymmetric"));
  CHECK_THAT(complaint(head + "[electrolyte]\nthermodynamic_factor = \"1 - x/1500\"\n" + step),
             says("[electrolyte] thermodynamic_factor = \"1 - x/1500\" is") && says("it must be > 0"));
}

TEST_CASE("a case that says nothing but cell and step takes the cell file's numbers") {
  const Case read = parse(head + step);
  CHECK(read.title == read.cell->title);
  CHECK(read.temperature == 298.15);
  CHECK(read.initial.soc == 1.0);
  // Chen et al., J. Electrochem. Soc. 167 (2020) 080534, tables I, VII and IX.
  CHECK(read.cell->negative.thickness == 85.2e-6);
  CHECK(read.cell->positive.porosity->mean() == 0.335);
  CHECK(read.cell->V_min == 2.5);
  CHECK(read.cell->area == Approx(0.1027).epsilon(1e-12));
}

TEST_CASE("a cell that is no longer the file's has neither its volume nor its mass, and the case says why") {
  const std::string pouch = "[cell]\nfile = \"nmc111_pouch\"\n";
  const auto why = [&](const std::string& text) {
    const Case read = parse(pouch + text + step);
    CHECK(read.cell->true_volume().has_value() == read.cell->unlike_file.empty());
    CHECK(read.cell->true_mass().has_value() == read.cell->unlike_file.empty());
    std::string all;
    for (const auto& warning : read.warnings)
      if (warning.find("not told") != std::string::npos) all += warning;
    return all;
  };
  CHECK(why("").empty());
  CHECK(why("[negative]\nthickness = \"112.4 um\"\n") ==
        "Energies by volume and mass are not told: Volume [m3] and Density [kg.m-3] of the cell's file are those of a "
        "cell without [negative] thickness = 0.0001124 (file: 5.62e-05).");
  CHECK_THAT(why("[positive]\nporosity = 0.3\n"),
             says("[positive] porosity = 0.3 (file: 0.277493)") && says("[positive] active_fraction = "));
  CHECK_THAT(why("[positive]\nactive_fraction = 0.6\n"), says("[positive] active_fraction = 0.6 (file: 0.6625"));
  CHECK_THAT(why("[separator]\nporosity = 0.5\n"), says("[separator] porosity = 0.5"));
  CHECK_THAT(why("[separator]\nthickness = \"25 um\"\n"), says("[separator] thickness"));
  CHECK_THAT(why("area = 0.1\n"), says("[cell] area = 0.1 (file: 0.571472)"));
  CHECK_THAT(why("[electrolyte]\nconcentration = 1500\n"), says("[electrolyte] concentration = 1500 (file: 1000)"));
  CHECK_THAT(why("[geometry]\ndimension = 2\nwidth = \"200 um\"\n[[channel]]\nelectrode = \"negative\"\nwidth = \"40 "
                 "um\"\n"),
             says("[[channel]] of the negative electrode: share of its volume = "));
  // the same cell: said again, spread otherwise at the same mean, or with other kinetics and transport
  CHECK(why("[negative]\nthickness = \"56.2 um\"\nporosity = 0.253991\n").empty());
  CHECK(why("[negative]\nporosity = [0.203991, 0.303991]\n").empty());
  CHECK(why("nominal_capacity = 10\ntemperature = 310\n[negative]\nparticle_radius = \"2 um\"\n[electrolyte]\nt_plus = "
            "0.4\n")
            .empty());
  CHECK(parse(head + "[negative]\nthickness = \"100 um\"\n" + step).cell->true_mass() == std::nullopt);
}

TEST_CASE("keys change the cell, in SI") {
  const Case read = parse(
      "[cell]\nfile = \"lgm50_chen2020\"\ntemperature = \"10 degC\"\narea = \"500 cm2\"\nnominal_capacity = \"2500 "
      "mAh\"\nvoltage_max = 4.1\n"
      "[negative]\nthickness = \"100 um\"\nporosity = 0.2\nsolid = \"fixed\"\nbruggeman_exponent = 2\n"
      "[separator]\nporosity = 0.5\n[electrolyte]\nconcentration = \"1.2 mol/L\"\nconductivity = \"0.9 + "
      "1e-5*x\"\n[[step]]\ndischarge = \"C/2\"\n");
  CHECK(read.temperature == 283.15);
  CHECK(read.cell->area == Approx(0.05).epsilon(1e-14));
  CHECK(read.protocol[0].value == Approx(1.25).epsilon(1e-14));
  CHECK(read.cell->V_max == 4.1);
  CHECK(read.cell->negative.thickness == 1e-4);
  CHECK(read.cell->negative.eps_s(0, 0, 1) == Approx(0.75).epsilon(1e-14));  // fixed: as in the file
  CHECK(read.cell->negative.B(0, 1) == Approx(0.04).epsilon(1e-14));         // 0.2^2
  CHECK(read.cell->separator.transport_efficiency ==
        Approx(std::pow(0.5, 1.5)).epsilon(1e-12));  // the file has 0.47^1.5
  CHECK(read.cell->electrolyte.c_e0 == Approx(1200).epsilon(1e-14));
  CHECK(read.cell->electrolyte.kappa(1000).value == Approx(0.91).epsilon(1e-14));
  CHECK(read.cell->electrolyte.kappa(1000).slope == Approx(1e-5).epsilon(1e-12));
}

TEST_CASE("profiles run from collector to separator in each of their forms") {
  const auto porosity = [](const std::string& text) {
    return parse(head + "[negative]\nporosity = " + text + "\n" + step).cell->negative.porosity.value;
  };
  CHECK(porosity("[0.2, 0.3]").at(0.1) == 0.2);
  CHECK(porosity("[0.2, 0.3]").at(0.9) == 0.3);
  CHECK(porosity("{ layers = [0.2, \"30 %\"], fractions = [0.75, 0.25] }").at(0.7) == 0.2);
  CHECK(porosity("{ layers = [0.2, \"30 %\"], fractions = [0.75, 0.25] }").mean() == Approx(0.225).epsilon(1e-14));
  CHECK(porosity("{ polynomial = [0.2, 0.1] }").at(0.5) == Approx(0.25).epsilon(1e-14));
  CHECK(porosity("{ depth = [0, 0.5, 1], value = [0.2, 0.3, 0.2] }").at(0.25) == Approx(0.25).epsilon(1e-14));
}

TEST_CASE("a problem stands with its line, column, value and range, and all are told at once") {
  const std::string text =
      complaint(head + "[negative]\nporosity = 1.3\nporosty = 0.3\n[electrolyte]\nt_pluss = 0.3\n" + step);
  CHECK_THAT(text, says("case.toml:4:12: [negative] porosity = 1.3 is outside (0, 1)\n"));
  CHECK_THAT(text, says("case.toml:5:1: [negative] porosty is not a key. Did you mean porosity?\n"));
  CHECK_THAT(text, says("case.toml:7:1: [electrolyte] t_pluss is not a key. Did you mean t_plus?\n"));
  CHECK_THAT(text, says("3 problems; nothing was run."));
}

TEST_CASE("what a user would type wrong first is answered with what was meant") {
  CHECK_THAT(complaint("titel = \"x\"\n" + head + step), says("titel is not a key. Did you mean title?"));
  CHECK_THAT(complaint("[cell]\nfile = \"lgm50_chen2021\"\n" + step), says("Did you mean lgm50_chen2020?"));
  CHECK_THAT(complaint(head + "temperature = 25\n" + step), says("is outside [200, 400] K; did you mean \"25 degC\"?"));
  CHECK_THAT(complaint(head + "[negative]\nthickness = 85.2\n" + step),
             says("is outside (0, 0.01] m; did you mean \"85.2 um\"?"));
  CHECK_THAT(complaint(head + "[negative]\nrtol = 1e-5\n" + step),
             says("rtol is not a key. It belongs into [solver]."));
  CHECK_THAT(complaint(head + "[step]\ndischarge = \"1C\"\n"),
             says("step is a table, not a list of tables; write [[step]]\n1 problem; nothing was run."));
  CHECK_THAT(complaint(head + "[negative]\nsolid = \"fillr\"\n" + step),
             says("is not one of composition, filler, fixed. Did you mean filler?"));
  CHECK_THAT(complaint(head), says("there is no [[step]]; write at least one, e.g."));
  CHECK_THAT(complaint(step), says("[cell] file is missing; write a BPX file or one of kokam_ecker2015"));
}

TEST_CASE("wrong types are named") {
  CHECK_THAT(complaint(head + "[mesh]\nnegative = 2.5\n" + step), says("[mesh] negative = 2.5 is not a whole number"));
  CHECK_THAT(complaint(head + "[output]\nvtk = \"yes\"\n" + step),
             says("[output] vtk = \"yes\" is a string, not true or false"));
  CHECK_THAT(complaint(head + "[solver]\nlinear = 3\n" + step), says("[solver] linear = 3 is not one of "));
  CHECK_THAT(complaint(head + "[separator]\nporosity = [0.4]\n" + step), says("is a list, not a number"));
  CHECK_THAT(complaint(head + "[separator]\nporosity = nan\n" + step), says("is not a finite number"));
  CHECK_THAT(complaint(head + "[separator]\nporosity = 2020-01-01\n" + step), says("is a date or time, not a number"));
  CHECK_THAT(complaint("negative = 3\n" + head + step),
             says("negative is a whole number, not a table; write [negative]"));
}

TEST_CASE("profiles that make no sense are told why") {
  const auto porosity = [](const std::string& text) {
    return complaint(head + "[negative]\nporosity = " + text + "\n" + step);
  };
  CHECK_THAT(porosity("{ polynomial = [0.5, 0.8] }"), says("reaches 1.3, which is outside (0, 1)"));
  CHECK_THAT(porosity("{ layers = [0.2, 0.3], fractions = [0.5, 0.6] }"),
             says("has fractions that add up to 1.1; they must add up to 1"));
  CHECK_THAT(porosity("{ layers = [0.2, 0.3], fractions = [1] }"), says("has 2 layers and 1 fractions"));
  CHECK_THAT(porosity("{ depth = [0, 2], value = [0.2, 0.3] }"),
             says("runs from depth 0 to 2; it must run from 0 (collector) to 1 (separator)"));
  CHECK_THAT(porosity("{ depth = [0, 0.5, 0.5, 1], value = [0.2, 0.3, 0.3, 0.2] }"), says("depths must increase"));
  CHECK_THAT(porosity("{ polynom = [0.2] }"), says("is not a profile; write"));
  CHECK_THAT(porosity("[]"), says("is an empty list"));
  CHECK_THAT(porosity("[0.2, \"x\"]"), says("has \"x\" in the list of layers, which is not a number with a unit"));
}

TEST_CASE("functions of concentration are judged as expressions and by their values") {
  const auto kappa = [](const std::string& text) {
    return complaint(head + "[electrolyte]\nconductivity = " + text + "\n" + step);
  };
  CHECK(kappa("\"0.1297*(x/1000)**3 - 2.51*(x/1000)**1.5 + 3.329*(x/1000)\"").empty());  // Nyman et al. 2008
  CHECK(kappa("\"10 mS/cm\"").empty());
  CHECK(kappa("{ x = [0, 2000], y = [0.5, 1.0] }").empty());
  CHECK_THAT(kappa("\"0.1*y\""), says("is not an expression in x: column 5: y is not known here"));
  CHECK_THAT(kappa("\"x = 3\""), says("is not an expression in x: column 3"));
  CHECK_THAT(kappa("\"1 - x/1000\""), says("at c_e = 1000 mol.m-3; it must be > 0"));
  CHECK_THAT(kappa("-1"), says("is not > 0 S.m-1"));
  CHECK_THAT(kappa("{ x = [0, 0], y = [0.5, 1.0] }"), says("is not a table of x and y"));
}

TEST_CASE("volume fractions never add up to more than one") {
  CHECK_THAT(complaint(head + "[negative]\nporosity = 0.9\nsolid = \"fixed\"\n" + step),
             says("add up to 1.65 at depth xi = 0.5 (porosity 0.9, active 0.75); that is 0.65 more than 1"));
  CHECK_THAT(complaint(head + "[positive]\nactive_fraction = [0.5, 0.7]\n" + step),
             says("[positive] active_fraction makes volume fractions add up to 1.035"));
  CHECK(complaint(head + "[negative]\nporosity = 0.9\n" + step).empty());  // every solid keeps its share
}

TEST_CASE("a porosity that leaves no active material is refused") {
  Cell cell = *parse(head + step).cell;
  cell.negative.materials[0].eps_s = 0.1;  // beside 0.65 of filler
  const auto text = sentence_of<CaseError>(
      [&] { parse_case(head + "[negative]\nporosity = 0.5\nsolid = \"filler\"\n" + step, "case.toml", {}, &cell); });
  CHECK_THAT(text, says("leaves an active fraction of -0.15 with solid = \"filler\"; it must stay above 0"));
}

TEST_CASE("two ways to say one thing are one too many") {
  CHECK_THAT(complaint(head + "[negative]\ntransport_efficiency = 0.2\nbruggeman_exponent = 2\n" + step),
             says("stands beside transport_efficiency"));
  CHECK_THAT(complaint(head + "[initial]\nsoc = 1\nvoltage = 4\n" + step),
             says("[initial] says in more than one way how the cell starts"));
  CHECK_THAT(complaint(head + "[initial]\nstoichiometry_negative = 0.5\n" + step),
             says("needs stoichiometry_positive beside it"));
  CHECK_THAT(complaint(head + "voltage_min = 4.5\n" + step), says("the lower must be below the upper"));
}

TEST_CASE("a blend is changed material by material") {
  const Cell cell = blended_cell();
  const Case read =
      parse_case(head + "[negative.material.Silicon]\nactive_fraction = 0.05\nparticle_radius = \"2 um\"\n" + step,
                 "case.toml", {}, &cell);
  CHECK(read.cell->negative.materials[1].R->mean() == 2e-6);
  CHECK(read.cell->negative.eps_s(1, 0, 1) == 0.05);
  CHECK(read.cell->negative.materials[0].R->mean() == cell.negative.materials[0].R->mean());

  CHECK_THAT(blend_complaint("[negative]\nparticle_radius = \"2 um\"\n"),
             says("give it in a table [negative.material.\"Graphite\"]"));
  CHECK_THAT(
      blend_complaint("[negative.material.Silcon]\nactive_fraction = 0.1\n"),
      says("\"Silcon\" is not a material of this electrode; it has \"Graphite\", \"Silicon\". Did you mean Silicon?"));
  CHECK_THAT(complaint(head + "[negative.material.Graphite]\nactive_fraction = 0.1\n" + step),
             says("write the keys into [negative]"));
}

TEST_CASE("the resolved case reads back to itself, wherever it then stands") {
  const Case read = parse(
      head +
          "[negative]\nporosity = [0.2, 0.3]\nthickness = \"85.2 um\"\n[electrolyte]\nconductivity = \"0.9 + 1e-5*x\"\n"
          "[protocol]\nrepeat = 2\n[[step]]\ncharge = \"C/3\"\nuntil = { soc = 0.9, time = \"1 h\" }\n[[step]]\nhold = "
          "4.2\nuntil = { current = \"C/20\" }\n",
      {"mesh.shells=9"});
  const Case again = parse_case(read.resolved, "/somewhere/else/case.toml");
  CHECK(again.resolved == read.resolved);
  CHECK(again.sha256 == read.sha256);
  CHECK(again.mesh.shells == 9);
  CHECK(again.protocol.size() == 4);
  CHECK(again.protocol[3].label == "hold at 4.2 V");
  CHECK(again.cell->negative.porosity->at(0.9) == 0.3);
  CHECK(again.cell->electrolyte.kappa(500).value == read.cell->electrolyte.kappa(500).value);
}

TEST_CASE("overrides change any key, and are typo-checked and recorded") {
  const Case read = parse(head + step, {"negative.thickness=100um", "step.1.discharge=C/20",
                                        "step.1.until.time = 30 min", "negative.porosity=[0.2,0.3]", "title=a name"});
  CHECK(read.cell->negative.thickness == 1e-4);
  CHECK(read.protocol[0].label == "discharge at C/20");
  CHECK(read.protocol[0].stops[0].value == 1800);
  CHECK(read.cell->negative.porosity->at(0) == 0.2);
  CHECK(read.title == "a name");
  CHECK(read.overrides.size() == 5);

  CHECK_THAT(complaint(head + step, {"negative.thicknes=1um"}),
             says("--set negative.thicknes=1um: [negative] thicknes is not a key. Did you mean thickness?"));
  CHECK_THAT(complaint(head + step, {"negative.porosity=1.3"}),
             says("--set negative.porosity=1.3: [negative] porosity = 1.3 is outside (0, 1)"));
  CHECK_THAT(complaint(head + step, {"step.2.discharge=1C"}), says("there is no item 2 in a list of 1"));
  CHECK_THAT(complaint(head + step, {"cell.file.name=x"}), says("name cannot stand below a value"));
  CHECK_THAT(complaint(head + step, {"porosity"}), says("is not table.key=value"));
  CHECK_THAT(complaint(head + step, {"=3"}), says("has no key in front of the equals sign"));
}

TEST_CASE("an override of nothing takes a key out, so that another can take its place") {
  const std::string text = head + "[initial]\nsoc = 1\n" + step;
  const Case read = parse(text, {"initial.soc=", "initial.voltage=3.7", "step.1.discharge=", "step.1.charge=1C"});
  CHECK_FALSE(read.initial.soc);
  CHECK(read.initial.voltage == 3.7);
  CHECK(read.protocol[0].label == "charge at 1C");
  CHECK_THAT(complaint(text, {"initial.sco="}),
             says("--set initial.sco=: sco is not in the case and cannot be taken out"));
  CHECK_THAT(complaint(text, {"step.1="}), says("1 is not in the case and cannot be taken out"));
}

TEST_CASE("a case is a folder or a file, and the cell stands beside it or in the shop") {
  const Scratch folder;
  write_text(folder / "case.toml", "[cell]\nfile = \"own\"\n" + step);
  write_text(folder / "own.json", file_text(PORELITH_SOURCE_DIR "/cases/cells/kokam_marquis2019.json"));
  const Case read = read_case(folder.path());
  CHECK(read.file == folder / "case.toml");
  CHECK(read.directory == folder.path());
  CHECK(read.cell->file == folder / "own.json");
  CHECK(parse_case(read.resolved, "/elsewhere/case.toml").cell_sha256() == read.cell_sha256());
  const auto shop = shipped_cells();
  CHECK(std::is_sorted(shop.begin(), shop.end()));
  CHECK(std::count(shop.begin(), shop.end(), "lgm50_chen2020") == 1);
}

TEST_CASE("the hash of a case depends on what its cell's file holds, not on where it lies") {
  const std::string text = "[cell]\nfile = \"own\"\n" + step;
  const std::string cell = file_text(PORELITH_SOURCE_DIR "/cases/cells/kokam_marquis2019.json");
  const Scratch here, there, changed;
  for (const Scratch* folder : {&here, &there, &changed}) {
    write_text(*folder / "case.toml", text);
    write_text(*folder / "own.json", folder == &changed ? cell + "\n" : cell);
  }
  const std::string hash = read_case(here.path()).sha256;
  CHECK(read_case(there.path()).sha256 == hash);
  CHECK(read_case(there.path(), {"cell.file=kokam_marquis2019"}).sha256 == hash);
  CHECK(read_case(changed.path()).sha256 != hash);
  CHECK(read_case(here.path(), {"cell.temperature=300"}).sha256 != hash);
}

TEST_CASE("files that are no case are told as what they are") {
  const Scratch folder;
  const auto said = [](const std::string& path) { return sentence_of<CaseError>([&] { read_case(path); }); };
  CHECK_THAT(said(folder / "none"), says("there is no such file or folder"));
  CHECK_THAT(said(folder.path()), says("is a folder without a case.toml"));
  write_text(folder / "other.toml", "");
  CHECK_THAT(said(folder / "othre.toml"), says("Did you mean " + (folder / "other.toml") + "?"));
  CHECK_THAT(said(folder.path()), says("it does hold " + (folder / "other.toml")));
  CHECK_THAT(said(folder / "other.toml"), says("[cell] file is missing"));
  CHECK_THAT(said("/dev/null"), says("is not a file"));
  write_text(folder / "binary.toml", std::string("\x7f"
                                                 "ELF\0\1\2\3",
                                                 8));
  CHECK_THAT(said(folder / "binary.toml"), says("is not TOML"));
  write_text(folder / "long.toml", std::string(10 << 20, 'x'));
  CHECK_THAT(said(folder / "long.toml"), says("is 10 MB long"));
  write_text(folder / "keys.toml", [] {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += "k" + std::to_string(i) + " = 1\n";
    return text;
  }());
  CHECK_THAT(said(folder / "keys.toml"), says("100 problems and perhaps more; nothing was run."));
  write_text(folder / "case.toml", "[cell]\nfile = \"cut.json\"\n" + step);
  write_text(folder / "cut.json", file_text(PORELITH_SOURCE_DIR "/cases/cells/kokam_marquis2019.json").substr(0, 500));
  CHECK_THAT(said(folder.path()), says(folder / "cut.json"));
}
