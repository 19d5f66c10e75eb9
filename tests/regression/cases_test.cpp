/// Every shipped case with an expected.toml gives what that file says.
#define TOML_ASSERT(expression) (void)0
#include <toml++/toml.h>

#include <cstdio>
#include <filesystem>
#include <map>

#include "solver/case/reader.hpp"
#include "solver/cell/cell.hpp"
#include "solver/laws/open_circuit.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> expectations() {
  std::vector<fs::path> files;
  for (const auto& folder : fs::directory_iterator(fs::path(PORELITH_SOURCE_DIR) / "cases"))
    if (fs::exists(folder.path() / "expected.toml")) files.push_back(folder.path() / "expected.toml");
  std::sort(files.begin(), files.end());
  return files;
}

/// The run of a case file, once.
const Results& run_of(const fs::path& file) {
  static std::map<fs::path, Results> runs;
  if (runs.count(file) == 0) {
    Case c = read_case(file.string());
    c.output.max_snapshots = 0;
    runs[file] = simulate(c);
  }
  return runs[file];
}

}  // namespace

TEST_CASE("shipped cases give the figures that stand in their expected.toml") {
  REQUIRE(expectations().size() >= 3);
  for (const fs::path& file : expectations()) {
    const toml::table table = toml::parse_file(file.string());
    const toml::array* figures = table["figure"].as_array();
    REQUIRE(figures);
    for (const auto& node : *figures) {
      const toml::table& figure = *node.as_table();
      const fs::path input = file.parent_path() / figure["run"].value<std::string>().value();
      const Results& r = run_of(input);
      INFO(input << ": " << r.status);
      REQUIRE(r.status == "complete");
      const StepSummary& step = r.steps.at(figure["step"].value<int>().value() - 1);
      const double capacity = std::abs(step.charge) / 3600, time = step.end - step.start;
      const auto compare = [&](const char* key, double ours) {
        const auto value = figure[key].value<double>();
        if (!value) return false;
        std::printf("  %-28s step %2d %-8s %10.4f, expected %10.4f (%s)\n",
                    (file.parent_path().filename() / figure["run"].value<std::string>().value()).c_str(),
                    figure["step"].value<int>().value(), key, ours, *value,
                    figure["source"].value<std::string>().value().c_str());
        CHECK(ours == Approx(*value).epsilon(figure["within"].value<double>().value()));
        return true;
      };
      bool checked = compare("time", time);
      checked = compare("capacity", capacity) || checked;
      checked = compare("mean_voltage", step.energy / step.charge) || checked;
      if (const auto bound = figure["capacity_below"].value<double>()) {
        CHECK(capacity < *bound);
        checked = true;
      }
      CHECK(checked);
    }
  }
}

TEST_CASE("what a channelled case is compared with has its active mass, or its thickness, and nothing else in common") {
  int compared = 0;
  for (const auto& folder : fs::directory_iterator(fs::path(PORELITH_SOURCE_DIR) / "cases")) {
    const Case channelled = fs::exists(folder.path() / "equal_mass.toml") ? read_case(folder.path().string()) : Case();
    if (!channelled.geometry.has_channels()) continue;
    const auto same = [&](const char* file, auto property) {
      const Case plain = read_case((folder.path() / file).string());
      INFO(folder.path() / file);
      CHECK_FALSE(plain.geometry.has_channels());
      CHECK(plain.cell_sha256() == channelled.cell_sha256());
      CHECK(plain.protocol[0].value == channelled.protocol[0].value);
      CHECK(property(plain, plain.cell->negative) ==
            Approx(property(channelled, channelled.cell->negative)).epsilon(1e-4));
      CHECK(property(plain, plain.cell->positive) ==
            Approx(property(channelled, channelled.cell->positive)).epsilon(1e-4));
    };
    same("equal_mass.toml",
         [](const Case& c, const Electrode& e) { return OpenCircuit(e, c.cell->T_ref, c.temperature).capacity(); });
    same("equal_thickness.toml", [](const Case&, const Electrode& e) { return e.thickness; });
    ++compared;
  }
  CHECK(compared == 4);
}
