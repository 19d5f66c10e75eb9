#include "postprocess/vtk.hpp"

#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkNew.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridReader.h>

#include <cmath>
#include <filesystem>

#include "solver/base/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/synthetic_results.hpp"

using namespace porelith;
namespace fs = std::filesystem;

namespace {

struct Opened {
  vtkNew<vtkXMLUnstructuredGridReader> reader;
  vtkUnstructuredGrid* grid;
  explicit Opened(const std::string& path) {
    reader->SetFileName(path.c_str());
    reader->Update();
    grid = reader->GetOutput();
  }
  double value(const char* name, vtkIdType cell) const {
    INFO(name);
    auto* array = grid->GetCellData()->GetArray(name);
    REQUIRE(array);
    return array->GetComponent(cell, 0);
  }
  std::string unit(const char* name) const {
    const char* label = grid->GetCellData()->GetArray(name)->GetInformation()->Get(vtkDataArray::UNITS_LABEL());
    return label ? label : "none";
  }
};

/// A mesh of one cell of the given vertices, with fields that belong to it.
Results one_cell(int dimension, std::vector<std::array<double, 3>> points) {
  Results r;
  r.mesh.dimension = dimension;
  std::vector<int> vertices;
  for (std::size_t k = 0; k < points.size(); ++k) vertices.push_back(static_cast<int>(k));
  r.mesh.points = std::move(points);
  r.mesh.vertices = {vertices};
  r.mesh.volume = {1};
  r.mesh.region = {Region::separator};
  r.eps = {0.5};
  r.slots = synthetic::slots_of(r);
  r.snapshots = {{0, 3.7, 0, {1000}, {0}, {0}, {}, {}, {}}};
  return r;
}

}  // namespace

TEST_CASE("VTK files hold the fields of each snapshot, on the mesh, with units") {
  const Scratch folder;
  const Results results = synthetic_results(4);
  const auto names = write_vtk(results, folder.path());
  REQUIRE(names.size() == 5);
  CHECK(names[0] == "fields.pvd");
  const Opened file(folder / names[3]);
  REQUIRE(file.grid->GetNumberOfCells() == 50);
  CHECK(file.grid->GetNumberOfPoints() == 51);
  CHECK(file.grid->GetCellType(0) == VTK_LINE);
  CHECK(file.grid->GetPoint(50)[0] == results.mesh.points[50][0]);
  const Snapshot& s = results.snapshots[2];
  for (vtkIdType P = 0; P < 50; ++P) {
    const auto p = static_cast<std::size_t>(P);
    CHECK(file.value("c_e", P) == s.c_e[p]);
    CHECK(file.value("phi_e", P) == s.phi_e[p]);
    CHECK(file.value("porosity", P) == results.eps[p]);
    CHECK(file.value("region", P) == (P < 20 ? 0 : P < 30 ? 1 : 2));
  }
  CHECK(std::isnan(file.value("phi_s", 25)));
  CHECK(file.value("phi_s", 40) == s.phi_s[40]);
  CHECK(file.value("j_negative", 7) == s.j[0][7]);
  CHECK(std::isnan(file.value("j_negative", 40)));
  CHECK(file.value("c_ss_positive", 33) == s.c_ss[1][3]);
  CHECK(file.value("reaction_rate", 33) == Approx(96485.33212 * results.beds[1].a[3] * s.j[1][3]).epsilon(1e-14));
  CHECK(file.value("reaction_rate", 25) == 0);
  CHECK(file.unit("c_e") == "mol.m-3");
  CHECK(file.unit("phi_s") == "V");
  CHECK(file.unit("reaction_rate") == "A.m-3");
  CHECK(file.unit("j_positive") == "mol.m-2.s-1");
  CHECK(file.unit("porosity") == "1");
  CHECK(file.value("matrix", 7) == 1);
  CHECK(file.value("number", 33) == 33);
  CHECK(file.value("rank", 33) == 0);
}

TEST_CASE("cells are of VTK's type for their dimension and number of vertices") {
  const Scratch folder;
  const std::vector<std::array<double, 3>> corners = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                                                      {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
  struct Shape {
    int dimension;
    std::size_t vertices;
    int type;
  };
  for (const Shape& shape :
       {Shape{1, 2, VTK_LINE}, Shape{2, 3, VTK_TRIANGLE}, Shape{2, 4, VTK_QUAD}, Shape{3, 4, VTK_TETRA},
        Shape{3, 5, VTK_PYRAMID}, Shape{3, 6, VTK_WEDGE}, Shape{3, 8, VTK_HEXAHEDRON}}) {
    write_vtk(one_cell(shape.dimension, {corners.begin(), corners.begin() + static_cast<long>(shape.vertices)}),
              folder.path());
    CHECK(Opened(folder / "fields/fields_0001.vtu").grid->GetCellType(0) == shape.type);
  }
  CHECK(sentence_of<WriteError>([&] {
          write_vtk(one_cell(2, {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {2, 2, 0}}), folder / "odd");
        }) == "cannot write VTK files: no cell in 2D has 5 vertices");
}

TEST_CASE("fields.pvd names every file with its time") {
  const Scratch folder;
  Results results = synthetic_results(2);
  results.snapshots[1].time = 1234.5;
  write_vtk(results, folder.path());
  CHECK(file_text(folder / "fields.pvd") == R"(<?xml version="1.0"?>
<VTKFile type="Collection" version="0.1" byte_order="LittleEndian">
  <Collection>
    <DataSet timestep="0" group="" part="0" file="fields/fields_0001.vtu"/>
    <DataSet timestep="1234.5" group="" part="0" file="fields/fields_0002.vtu"/>
  </Collection>
</VTKFile>
)");
}

TEST_CASE("too many snapshots are thinned evenly; files of an earlier, longer series go") {
  const Scratch folder;
  const Results results = synthetic_results(12);
  CHECK(write_vtk(results, folder.path()).size() == 13);
  const auto names = write_vtk(results, folder.path(), 3);
  CHECK(names.size() == 4);
  CHECK(fs::exists(folder / "fields/fields_0003.vtu"));
  CHECK_FALSE(fs::exists(folder / "fields/fields_0004.vtu"));
  CHECK(Opened(folder / "fields/fields_0003.vtu").value("c_e", 0) == results.snapshots[11].c_e[0]);

  CHECK(evenly_spread(5, 9) == std::vector<std::size_t>{0, 1, 2, 3, 4});
  CHECK(evenly_spread(101, 5) == std::vector<std::size_t>{0, 25, 50, 75, 100});
  CHECK(evenly_spread(7, 1) == std::vector<std::size_t>{6});
  CHECK(evenly_spread(0, 4).empty());
}

TEST_CASE("VTK files that cannot be written say why") {
  const Scratch folder;
  write_text(folder / "fields", "a file");
  CHECK(sentence_of<WriteError>([&] { write_vtk(synthetic_results(2), folder.path()); }) ==
        "cannot make the folder " + folder / "fields" + ": " + folder / "fields" + " is a file");
  std::string sentence;
  {
    const SmallFiles only(500);
    sentence = sentence_of<WriteError>([&] { write_vtk(synthetic_results(2), folder / "full"); });
  }
  CHECK(sentence == "cannot write " + folder / "full/fields/fields_0001.vtu" + ": File too large");
  CHECK_FALSE(fs::exists(folder / "full/fields.pvd"));
}
