/// gradient.h5, gradient.vtu and the picture, as their readers find them.
#include "postprocess/gradient_view.hpp"

#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkNew.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridReader.h>

#include <filesystem>

#include "solver/base/hdf5_reader.hpp"
#include "solver/results/gradient_h5.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/synthetic_results.hpp"

using namespace porelith;

namespace {

/// Slopes that go with depth in the electrodes.
std::vector<ResultFields> fields_on(const Cells& mesh) {
  std::vector<GradientField> fields;
  for (const char* number : {"porosity", "porosity_alone", "active_fraction", "particle_radius"}) {
    const std::string name = number;
    GradientField field{name, name == "particle_radius" ? "A.h.m-4" : "A.h.m-3", "what it is", {}, {}};
    for (std::size_t P = 0; P < mesh.volume.size(); ++P) {
      const bool none = mesh.region[P] == Region::separator;
      field.slope.push_back(none ? NAN : 1e9 * mesh.centre[P][0] + static_cast<double>(fields.size()));
      field.kept.push_back(field.slope.back() - 1e5);
    }
    fields.push_back(std::move(field));
  }
  return {{"capacity", "A.h", "capacity, last step", 4.2, fields}};
}

}  // namespace

TEST_CASE("gradient.h5 gives back slopes with their units and meanings") {
  const Scratch folder;
  const Results results = synthetic_results(2);
  auto fields = fields_on(results.mesh);
  fields[0].branch.time = 140, fields[0].branch.step = 1, fields[0].branch.cell = 3, fields[0].branch.place = "there";
  fields[0].branch.one_sided = "another is as good", fields[0].fixed = "a stop";
  const CurveSlopes curve{
      "voltage", "V",      "voltage",
      "share",   "1",      "share of the charge",
      {0, 1},    {4.1, 3}, {{"t_plus", "1", 0.26, {0.1, 0.2}, {}}, {"area", "m2", 0.1, {3, 4}, {}}}};
  write_gradient_h5("a title", results.mesh, results.mesh.volume, fields, {curve}, folder / "gradient.h5");
  const Hdf5Reader file(folder / "gradient.h5", gradient_format, gradient_version);
  CHECK(file.text("/", "title") == "a title");
  CHECK(file.numbers("/capacity/value") == std::vector<double>{4.2});
  CHECK(file.numbers("/mesh/volume") == results.mesh.volume);
  const auto slope = file.numbers("/capacity/porosity"), kept = file.numbers("/capacity/porosity_kept");
  CHECK(slope[3] == fields[0].fields[0].slope[3]);
  CHECK(kept[3] == fields[0].fields[0].kept[3]);
  CHECK(std::isnan(slope[synthetic::negative_cells]));
  CHECK(file.text("/capacity/particle_radius", "unit") == "A.h.m-4");
  CHECK(file.text("/capacity/porosity", "meaning") == "slope per volume by what it is");
  CHECK(file.numbers("/capacity/time") == std::vector<double>{140});
  CHECK(file.numbers("/capacity/step") == std::vector<double>{2});
  CHECK(file.numbers("/capacity/cell") == std::vector<double>{3});
  CHECK(file.text("/capacity", "place") == "there");
  CHECK(file.text("/capacity", "one-sided") == "another is as good");
  CHECK(file.text("/capacity", "fixed by") == "a stop");
  CHECK(file.shape("/curves/voltage/slope") == std::vector<hsize_t>{2, 2});
  CHECK(file.numbers("/curves/voltage/slope") == std::vector<double>{0.1, 0.2, 3, 4});
  CHECK(file.numbers("/curves/voltage/share") == std::vector<double>{0, 1});
  CHECK(file.texts("/curves/voltage/number") == std::vector<std::string>{"t_plus", "area"});
  CHECK(file.text("/curves/voltage/slope", "unit") == "V, each over its number's unit");
}

TEST_CASE("VTK's own reader finds the slopes and their units in gradient.vtu") {
  const Scratch folder;
  const Results results = synthetic_results(2);
  const auto fields = fields_on(results.mesh);
  CHECK(write_gradient_vtk(results.mesh, fields, folder.path()) == std::vector<std::string>{"gradient.vtu"});
  vtkNew<vtkXMLUnstructuredGridReader> reader;
  reader->SetFileName((folder / "gradient.vtu").c_str());
  reader->Update();
  vtkUnstructuredGrid* grid = reader->GetOutput();
  REQUIRE(grid->GetNumberOfCells() == static_cast<vtkIdType>(results.mesh.volume.size()));
  vtkDataArray* slope = grid->GetCellData()->GetArray("capacity_porosity");
  REQUIRE(slope);
  CHECK(slope->GetComponent(5, 0) == fields[0].fields[0].slope[5]);
  CHECK(slope->GetInformation()->Get(vtkDataArray::UNITS_LABEL()) == std::string("A.h.m-3"));
  vtkDataArray* kept = grid->GetCellData()->GetArray("capacity_particle_radius_kept");
  REQUIRE(kept);
  CHECK(kept->GetComponent(5, 0) == fields[0].fields[3].kept[5]);
}

TEST_CASE("the picture of slopes over depth is drawn whole") {
  const Scratch folder;
  const Results results = synthetic_results(2);
  const Drawn drawn = draw_gradient("a cell's slopes", results.mesh, fields_on(results.mesh), folder.path());
  if (!drawn.warning.empty()) return;  // no gnuplot here: told, and no error
  REQUIRE(drawn.files.size() == 2);
  for (const char* name : {"gradient.png", "gradient.svg"}) CHECK(std::filesystem::file_size(folder / name) > 10000);
}
