/// What a run on several ranks leaves on the disk, read back by one.
#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkNew.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLPUnstructuredGridReader.h>
#include <vtkXMLUnstructuredGridReader.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>

#include "postprocess/vtk.hpp"
#include "solver/base/error.hpp"
#include "solver/base/hdf5_reader.hpp"
#include "solver/case_mesh.hpp"
#include "solver/results/hdf5.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/synthetic_results.hpp"

using namespace porelith;

namespace {

/// One scratch folder for all ranks.
struct SharedFolder {
  SharedFolder() {
    if (team.first()) path = scratch.emplace().path();
    path = team.any(path);
  }
  ~SharedFolder() { team.any(true); }  // nobody reads any more
  std::string operator/(const std::string& name) const { return path + "/" + name; }

  Team team = Team::world();
  std::optional<Scratch> scratch;
  std::string path;
};

/// A minute of a 2C charge of a cell with grooves through both electrodes.
Case grooved() {
  Case c = shipped_case("nmc111_pouch");
  c.initial.soc = 0.2;
  c.protocol = {at_rate(*c.cell, -2)};
  c.protocol[0].stops.push_back({Quantity::time, 60});
  set_mesh(c, 6, 3, 5);
  c.mesh.width = 6;
  c.geometry.dimension = 2;
  c.geometry.width = c.geometry.height = 60e-6;
  Channel groove;
  groove.form = ChannelForm::groove;
  groove.mouth = groove.bottom = 15e-6;
  c.geometry.negative = c.geometry.positive = {groove};
  c.output.max_snapshots = 4;
  c.output.particle_points = {{0, 30e-6, 0}, {1, 1, 0}};
  return c;
}

Results solve(const Case& c, const Team& team) { return simulate_on(mesh_of(grid_of(c), team), c, nullptr, team); }

/// The last file that a series names, opened by VTK.
vtkNew<vtkUnstructuredGrid> last_of_series(const std::string& folder) {
  const std::string series = file_text(folder + "/fields.pvd");
  const std::size_t from = series.rfind("file=\"") + 6;
  const std::string path = folder + "/" + series.substr(from, series.find('"', from) - from);
  vtkNew<vtkUnstructuredGrid> grid;
  const auto read = [&](auto&& reader) {
    reader->SetFileName(path.c_str());
    reader->Update();
    grid->ShallowCopy(reader->GetOutput());
  };
  if (path.substr(path.size() - 5) == ".pvtu")
    read(vtkNew<vtkXMLPUnstructuredGridReader>());
  else
    read(vtkNew<vtkXMLUnstructuredGridReader>());
  return grid;
}

Hdf5Reader opened(const std::string& path) { return Hdf5Reader(path, results_format, results_version); }

}  // namespace

TEST_CASE("VTK's reader finds in the ranks' pieces what results.h5 holds, cell by cell") {
  const SharedFolder folder;
  const Results results = solve(grooved(), folder.team);
  REQUIRE(results.status == "complete");
  write_results_h5(results, folder / "results.h5", folder.team);
  const auto names = write_vtk(results, folder.path, 200, folder.team);
  for (const std::string& name : names) CHECK(std::filesystem::exists(folder / name));
  if (!folder.team.first()) return;

  const Hdf5Reader file = opened(folder / "results.h5");
  const std::size_t cells = file.shape("/mesh/volume").at(0), times = file.shape("/fields/time").at(0);
  const auto grid = last_of_series(folder.path);
  REQUIRE(grid->GetNumberOfCells() == static_cast<vtkIdType>(cells));
  const auto array = [&](const char* name) {
    INFO(name);
    auto* it = grid->GetCellData()->GetArray(name);
    REQUIRE(it);
    return it;
  };
  std::vector<bool> seen(cells, false);
  for (const auto& [in_vtk, in_hdf5] : std::map<const char*, const char*>{{"c_e", "/fields/c_e"},
                                                                          {"phi_e", "/fields/phi_e"},
                                                                          {"phi_s", "/fields/phi_s"},
                                                                          {"reaction_rate", "/fields/reaction_rate"},
                                                                          {"porosity", "/mesh/eps"},
                                                                          {"matrix", "/mesh/matrix"}}) {
    std::vector<double> values = file.numbers(in_hdf5);
    if (values.size() > cells) values.erase(values.begin(), values.begin() + static_cast<long>(cells * (times - 1)));
    long unequal = 0;
    for (vtkIdType P = 0; P < grid->GetNumberOfCells(); ++P) {
      const auto number = static_cast<std::size_t>(array("number")->GetComponent(P, 0));
      const double a = array(in_vtk)->GetComponent(P, 0), b = values.at(number);
      seen[number] = true;
      if (!(a == b || (std::isnan(a) && std::isnan(b)))) ++unequal;
    }
    INFO(in_vtk);
    CHECK(unequal == 0);
  }
  CHECK(std::count(seen.begin(), seen.end(), true) == static_cast<long>(cells));
  double ranks[2];
  array("rank")->GetRange(ranks);
  CHECK(ranks[1] == folder.team.size() - 1);
}

TEST_CASE("the ranks' cells, particles and probes in results.h5 are those of the whole cell") {
  const SharedFolder folder;
  const Case c = grooved();
  const Results results = solve(c, folder.team);
  write_results_h5(results, folder / "results.h5", folder.team);
  if (!folder.team.first()) return;
  const Hdf5Reader file = opened(folder / "results.h5");

  const double thickness = c.cell->negative.thickness + c.cell->separator.thickness + c.cell->positive.thickness;
  double volume = 0;
  for (const double V : file.numbers("/mesh/volume")) volume += V;
  CHECK(volume == Approx(thickness * file.numbers("/mesh/footprint").at(0)).epsilon(1e-12));

  // Of the footprint's current each electrode's reaction carries all, in or out.
  const auto rate = file.numbers("/fields/reaction_rate"), V = file.numbers("/mesh/volume");
  const auto region = file.integers("/mesh/region");
  double into[3] = {0, 0, 0};
  for (std::size_t P = 0; P < V.size(); ++P) into[region[P]] += V[P] * rate[rate.size() - V.size() + P];
  const double current =
      file.numbers("/fields/current").back() * file.numbers("/mesh/footprint")[0] / file.numbers("/mesh/area")[0];
  CHECK(into[0] == Approx(current).epsilon(1e-6));
  CHECK(into[2] == Approx(-current).epsilon(1e-6));

  // Every vertex of a cell is within a cell's size of its centre.
  const auto points = file.numbers("/mesh/points"), centre = file.numbers("/mesh/centre");
  const auto vertices = file.integers("/mesh/vertices");
  REQUIRE(vertices.size() == 4 * V.size());
  for (std::size_t P = 0; P < V.size(); ++P) {
    double middle = 0;
    for (int k = 0; k < 4; ++k) middle += points[3 * static_cast<std::size_t>(vertices[4 * P + k])] / 4;
    CHECK(middle == Approx(centre[3 * P]).margin(1e-12));
  }

  for (const std::string electrode : {"negative", "positive"}) {
    const auto held = file.integers("/fields/" + electrode + "/cells");
    CHECK(std::is_sorted(held.begin(), held.end()));
    for (const auto P : held) CHECK(region[static_cast<std::size_t>(P)] == (electrode == "negative" ? 0 : 2));
    CHECK_FALSE(file.has("/fields/" + electrode + "/c_s"));
    const std::string group = "/particles/" + electrode;
    CHECK(file.shape(group + "/c_s") == std::vector<hsize_t>{file.shape("/fields/time").at(0), 2, 5});
    // The two points lie in opposite corners: their cells are the first and the last through the electrode's depth.
    const auto cell = file.integers(group + "/cell");
    double first = 1, last = -1;
    for (const auto P : held) {
      first = std::min(first, centre[3 * static_cast<std::size_t>(P)]);
      last = std::max(last, centre[3 * static_cast<std::size_t>(P)]);
    }
    CHECK(centre[3 * static_cast<std::size_t>(cell.at(0))] == first);
    CHECK(centre[3 * static_cast<std::size_t>(cell.at(1))] == last);
    CHECK(file.numbers(group + "/position").at(3) == last);
    // Shells weighted with their volumes make the mean that is kept of every particle.
    const auto c_s = file.numbers(group + "/c_s"), r = file.numbers(group + "/shell_edges"),
               mean = file.numbers("/fields/" + electrode + "/c_mean");
    double sum = 0;
    for (std::size_t k = 0; k < 5; ++k) sum += c_s[c_s.size() - 5 + k] * (std::pow(r[k + 1], 3) - std::pow(r[k], 3));
    const auto at = std::find(held.begin(), held.end(), cell[1]) - held.begin();
    CHECK(sum == Approx(mean[mean.size() - held.size() + static_cast<std::size_t>(at)]).epsilon(1e-12));
  }
}

TEST_CASE("results.h5 of several ranks holds their parts one behind the other, with checksums") {
  const SharedFolder folder;
  const int ranks = folder.team.size();
  const Results results = synthetic_results(50);
  write_results_h5(results, folder / "results.h5", folder.team);
  if (!folder.team.first()) return;
  const Hdf5Reader file = opened(folder / "results.h5");
  const auto cells = static_cast<std::size_t>(50 * ranks);
  CHECK(file.shape("/fields/c_e") == std::vector<hsize_t>{50, cells});
  CHECK(file.shape("/fields/negative/c_s") == std::vector<hsize_t>{50, static_cast<hsize_t>(20 * ranks), 15});
  const auto c_e = file.numbers("/fields/c_e");
  const auto held = file.integers("/fields/positive/cells"), vertices = file.integers("/mesh/vertices");
  for (std::size_t rank = 0; rank < static_cast<std::size_t>(ranks); ++rank) {
    CHECK(std::equal(results.snapshots[30].c_e.begin(), results.snapshots[30].c_e.end(),
                     c_e.begin() + static_cast<long>(30 * cells + 50 * rank)));
    CHECK(held[20 * rank] == static_cast<long>(50 * rank + 30));
    CHECK(vertices[100 * rank + 1] == static_cast<long>(51 * rank + 1));
  }
  CHECK(file.numbers("/curve/voltage").size() == results.curve.size());
  CHECK(file.texts("/steps/label") == std::vector<std::string>{"discharge at 1C", "rest"});

  // A flipped bit is told.
  const double value = results.snapshots[30].c_e[7];
  std::string bytes = file_text(folder / "results.h5"), pattern(sizeof value, '\0');
  std::memcpy(pattern.data(), &value, sizeof value);
  const std::size_t place = bytes.find(pattern);
  REQUIRE(place != std::string::npos);
  bytes[place + 3] = static_cast<char>(bytes[place + 3] ^ 0x10);
  write_text(folder / "damaged.h5", bytes);
  CHECK_THROWS_AS(opened(folder / "damaged.h5").numbers("/fields/c_e"), CaseError);
}

TEST_CASE("a full disk is told on every rank, and the older file stays") {
  const SharedFolder folder;
  if (folder.team.first()) write_text(folder / "results.h5", "older");
  folder.team.any(true);
  std::string sentence;
  {
    // A limit on a file's size stands for the full disk.
    const SmallFiles only(60000);
    sentence =
        sentence_of<WriteError>([&] { write_results_h5(synthetic_results(50), folder / "results.h5", folder.team); });
  }
  CHECK(sentence == "cannot write " + folder / "results.h5" + ": File too large");
  if (folder.team.first()) {
    CHECK(file_text(folder / "results.h5") == "older");
    CHECK(folder.scratch->entries() == 1);
  }
}
