/// A field that is declared once is in the state, the error test, snapshots, HDF5, VTK, checkpoints and sentences.
#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkNew.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridReader.h>

#include <cmath>

#include "postprocess/vtk.hpp"
#include "solver/base/error.hpp"
#include "solver/base/hdf5_reader.hpp"
#include "solver/case_parameters.hpp"
#include "solver/march/trouble.hpp"
#include "solver/record/fields.hpp"
#include "solver/results/hdf5.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/interrupted.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

constexpr double per_second = 1e-3;

Slot slot_of(Home home, Kind kind, double start) {
  static const char* const homes[] = {"cell", "surface", "shell", "whole"};
  static const char* const kinds[] = {"differential", "algebraic", "condensed", "integral"};
  Slot slot;
  slot.name = std::string(kinds[int(kind)]) + "_" + homes[int(home)];
  slot.unit = "K";
  slot.meaning = "a field of the test";
  slot.home = home, slot.kind = kind, slot.start = start;
  if (home == Home::surface || home == Home::shell) slot.bed = 1;
  return slot;
}

/// One of each home and kind: what has a memory grows evenly, what has none follows the clock of another slot.
std::vector<FurtherField> one_of_each(const Layout& plain) {
  std::vector<FurtherField> fields;
  double start = 1;
  for (const Home home : {Home::cell, Home::surface, Home::shell, Home::whole})
    for (const Kind kind : {Kind::differential, Kind::algebraic, Kind::condensed, Kind::integral}) {
      const Slot slot = slot_of(home, kind, start++);
      const std::size_t n = home == Home::cell      ? plain.cells
                            : home == Home::surface ? plain.beds[1].cells
                            : home == Home::shell   ? plain.beds[1].cells * plain.beds[1].shells
                                                    : 1;
      const bool grows = slot.has_memory();
      const double value = slot.start;
      fields.push_back({slot, [n, grows, value](const State&, double* values) {
                          for (std::size_t i = 0; i < n; ++i)
                            values[i] = grows ? per_second * double(i + 1) : value + double(i);
                        }});
    }
  return fields;
}

Case short_case() {
  Case c = busy_case();
  c.protocol.resize(2);  // a discharge of 600 s, a rest of 200 s
  return c;
}

Layout plain_layout(const Case& c) { return model_of(c, mesh_of(c)).layout(); }

/// What the slot's i-th value is at time t.
double expected(const Slot& slot, double t, int i) {
  return slot.has_memory() ? slot.start + per_second * (i + 1) * t : slot.start + i;
}

}  // namespace

TEST_CASE("a slot of each home and kind is in snapshots, HDF5 and VTK") {
  const Case c = short_case();
  const auto further = one_of_each(plain_layout(c));
  const Results plain = simulate_on(mesh_of(c), c), r = simulate_on(mesh_of(c), c, nullptr, Team::alone(), further);
  REQUIRE(r.status == "complete");
  CHECK(r.counts.steps == plain.counts.steps);  // they take part in nothing
  CHECK(r.curve.back().voltage() == plain.curve.back().voltage());

  const Scratch folder;
  write_results_h5(r, folder / "results.h5");
  const Hdf5Reader h5(folder / "results.h5", results_format, results_version);
  const auto names = write_vtk(r, folder.path());
  vtkNew<vtkXMLUnstructuredGridReader> reader;
  reader->SetFileName((folder / names.back()).c_str());
  reader->Update();

  const Snapshot& last = r.snapshots.back();
  CHECK(last.time == Approx(800));
  const int shells = static_cast<int>(r.beds[1].shell_edges.size()) - 1, in_bed = int(r.beds[1].cells.size());
  for (const FurtherField& field : further) {
    const Slot& slot = field.slot;
    INFO(slot.name);
    const auto values = *field_of(r, last, slot).values;
    const bool shell = slot.home == Home::shell, surface = slot.home == Home::surface;
    for (std::size_t k = 0; k < values.size(); ++k) {
      // The state has shells shell by shell, a snapshot cell by cell.
      const int i = shell ? int(k) % shells * in_bed + int(k) / shells : int(k);
      CHECK(values[k] == Approx(expected(slot, 800, i)));
    }

    const std::string path = "/fields/" + std::string(shell || surface ? "positive/" : "") + slot.name;
    const auto written = h5.numbers(path);
    REQUIRE(written.size() == values.size() * r.snapshots.size());
    CHECK(std::equal(values.begin(), values.end(), written.end() - long(values.size())));

    const std::string array_name = shell ? slot.name + "_mean_positive" : surface ? slot.name + "_positive" : slot.name;
    auto* array = reader->GetOutput()->GetCellData()->GetArray(array_name.c_str());
    REQUIRE(array);
    const int P = shell || surface ? r.beds[1].cells.front() : 0;
    const double shown = shell ? particle_means(r, last, slot).front() : values.front();
    CHECK(array->GetComponent(P, 0) == Approx(shown));
  }
}

TEST_CASE("a run with further slots that is interrupted goes on bit for bit, and no other checkpoint fits it") {
  const Case c = short_case();
  const auto further = one_of_each(plain_layout(c));
  const auto leg = [&](const std::string& folder, long stop_after, const std::vector<FurtherField>& fields) {
    Interruption interruption(stop_after);
    Checkpoints checkpoints(folder, {values_of(c), c.cell->sha256}, Team::alone());
    std::vector<std::string> warnings;
    const auto kept = checkpoints.newest(warnings);
    KeepingRecorder recorder(&interruption, checkpoints, Team::alone(), {}, kept ? kept->memory : "");
    return simulate_on(mesh_of(c), c, &recorder, Team::alone(), fields);
  };
  const Scratch whole, parts;
  const Results one = leg(whole.path(), -1, further);
  CHECK(leg(parts.path(), 20, further).status == "stopped");
  CHECK_THROWS_AS(leg(parts.path(), -1, {}), CaseError);
  const Results two = leg(parts.path(), -1, further);
  require_same(one, two);
  CHECK(one.snapshots.back().further == two.snapshots.back().further);
}

TEST_CASE("the error test looks at a further slot that has a scale, and names it where it is worst") {
  Case c = short_case();
  c.protocol.resize(1);
  for (const Home home : {Home::cell, Home::surface, Home::whole}) {
    Slot slot = slot_of(home, Kind::differential, 0);
    INFO(slot.name);
    const int charge = model_of(c, mesh_of(c), Team::alone(), {{slot, {}}}).layout().charge;
    const std::size_t n = home == Home::cell      ? plain_layout(c).cells
                          : home == Home::surface ? plain_layout(c).beds[1].cells
                                                  : 1;
    const auto wavy = [&](double scale) {
      slot.scale = scale;
      return std::vector<FurtherField>{
          {slot, [charge, n](const State& x, double* rate) { std::fill_n(rate, n, std::sin(x[charge] / 50)); }}};
    };
    const auto steps = [&](double scale) {
      const Results r = simulate_on(mesh_of(c), c, nullptr, Team::alone(), wavy(scale));
      REQUIRE(r.status == "complete");
      return r.counts.steps;
    };
    CHECK(steps(1) > 2 * steps(0));
    CHECK(steps(1e6) == steps(0));

    const Model model = model_of(c, mesh_of(c), Team::alone(), wavy(1));
    State error(model.layout().size, 0.0);
    error[model.layout().find(slot.name, slot.bed)->at] = 3;
    const std::string sentence = largest_error(model, error);
    CHECK(sentence.find("largest of " + slot.name + " in ") == 0);
    CHECK(sentence.find(home == Home::whole  ? "the whole cell"
                        : home == Home::cell ? "cell 1 ("
                                             : "positive electrode") != std::string::npos);
    CHECK(sentence.find("3 K") != std::string::npos);
  }
}

TEST_CASE("two slots of one name, and surfaces of no bed, are refused") {
  Slot twice = slot_of(Home::cell, Kind::integral, 0);
  CHECK_THROWS_AS(Layout(3, 1000, {{2, 4, 3e4}}, {twice, twice}), std::invalid_argument);
  Slot lost = slot_of(Home::surface, Kind::condensed, 0);
  CHECK_THROWS_AS(Layout(3, 1000, {{2, 4, 3e4}}, {lost}), std::invalid_argument);
}
