#include "postprocess/vtk.hpp"

#include <fmt/format.h>
#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkTypeInt64Array.h>
#include <vtkUnsignedCharArray.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridWriter.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <numeric>

#include "solver/base/error.hpp"
#include "solver/base/together.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/results/hdf5.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

/// Shapes by dimension and number of vertices, which tells them apart.
int vtk_cell_type(int dimension, std::size_t vertices) {
  static const std::map<std::pair<int, std::size_t>, int> types = {
      {{1, 2}, VTK_LINE},    {{2, 3}, VTK_TRIANGLE}, {{2, 4}, VTK_QUAD},      {{3, 4}, VTK_TETRA},
      {{3, 5}, VTK_PYRAMID}, {{3, 6}, VTK_WEDGE},    {{3, 8}, VTK_HEXAHEDRON}};
  const auto type = types.find({dimension, vertices});
  if (type == types.end())
    throw WriteError(fmt::format("cannot write VTK files: no cell in {}D has {} vertices", dimension, vertices));
  return type->second;
}

/// An array of the grid by name, made at its first use.
vtkDoubleArray* array(vtkUnstructuredGrid* grid, const std::string& name, const char* unit) {
  if (auto* there = vtkDoubleArray::SafeDownCast(grid->GetCellData()->GetArray(name.c_str()))) return there;
  vtkNew<vtkDoubleArray> fresh;
  fresh->SetName(name.c_str());
  fresh->SetNumberOfTuples(grid->GetNumberOfCells());
  fresh->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), unit);
  grid->GetCellData()->AddArray(fresh);
  return fresh;  // the grid keeps it
}

void set(vtkUnstructuredGrid* grid, const std::string& name, const char* unit, const std::vector<double>& values) {
  vtkDoubleArray* it = array(grid, name, unit);
  if (static_cast<vtkIdType>(values.size()) != it->GetNumberOfTuples()) {
    throw WriteError(fmt::format("cannot write VTK files: {} has {} values, the mesh {} cells", name, values.size(),
                                 it->GetNumberOfTuples()));
  }
  std::copy(values.begin(), values.end(), it->GetPointer(0));
  it->Modified();
}

/// A bed's values on all cells; not a number where the bed has no particles.
void set_bed(vtkUnstructuredGrid* grid, const std::string& name, const char* unit, const Bed& bed,
             const std::vector<double>& values) {
  std::vector<double> all(static_cast<std::size_t>(grid->GetNumberOfCells()), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < bed.cells.size(); ++i) all.at(static_cast<std::size_t>(bed.cells[i])) = values.at(i);
  set(grid, name, unit, all);
}

/// Whole numbers on cells; `Array` is VTK's type for them.
template <class Array, class Values>
void set_whole(vtkUnstructuredGrid* grid, const char* name, const Values& values) {
  vtkNew<Array> it;
  it->SetName(name);
  it->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), "1");
  for (const auto value : values) it->InsertNextValue(static_cast<typename Array::ValueType>(value));
  grid->GetCellData()->AddArray(it);
}

/// The mesh with everything that does not change with time. Collective.
vtkNew<vtkUnstructuredGrid> grid_of(const Results& results, const Team& team) {
  const Mesh& mesh = results.mesh;
  vtkNew<vtkUnstructuredGrid> grid;
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  for (const auto& point : mesh.points) points->InsertNextPoint(point.data());
  grid->SetPoints(points);
  grid->Allocate(mesh.cells());
  const auto cells = static_cast<std::size_t>(mesh.cells());
  std::vector<long> number(cells);
  std::iota(number.begin(), number.end(), team.share(static_cast<long>(cells)).before);
  for (const auto& vertices : mesh.vertices) {
    const std::vector<vtkIdType> ids(vertices.begin(), vertices.end());
    grid->InsertNextCell(vtk_cell_type(mesh.dimension, ids.size()), static_cast<vtkIdType>(ids.size()), ids.data());
  }
  set(grid, "porosity", "1", results.eps);
  set(grid, "matrix", "1", mesh.matrix.empty() ? std::vector<double>(cells, 1.0) : mesh.matrix);
  set_whole<vtkUnsignedCharArray>(grid, "region", mesh.region);
  set_whole<vtkTypeInt64Array>(grid, "number", number);
  set_whole<vtkIntArray>(grid, "rank", std::vector<int>(cells, team.rank()));
  return grid;
}

void set_fields(vtkUnstructuredGrid* grid, const Results& results, const Snapshot& snapshot) {
  set(grid, "c_e", "mol.m-3", snapshot.c_e);
  set(grid, "phi_e", "V", snapshot.phi_e);
  set(grid, "phi_s", "V", snapshot.phi_s);
  set(grid, "reaction_rate", "A.m-3", reaction_rate(results, snapshot));
  for (std::size_t b = 0; b < results.beds.size(); ++b) {
    const Bed& bed = results.beds[b];
    set_bed(grid, "j_" + bed_name(bed), "mol.m-2.s-1", bed, snapshot.j.at(b));
    set_bed(grid, "c_ss_" + bed_name(bed), "mol.m-3", bed, snapshot.c_ss.at(b));
  }
}

std::string series_text(const Results& results, const std::vector<std::size_t>& shown,
                        const std::vector<std::string>& names) {
  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n  "
      "<Collection>\n";
  for (std::size_t k = 0; k < shown.size(); ++k) {
    text += fmt::format("    <DataSet timestep=\"{}\" group=\"\" part=\"0\" file=\"{}\"/>\n",
                        results.snapshots[shown[k]].time, names[k]);
  }
  return text + "  </Collection>\n</VTKFile>\n";
}

std::string name_of(std::size_t number, const char* suffix) {
  return fmt::format("fields/fields_{:04}{}", number, suffix);
}

/// Of one rank's piece; the first rank alone writes no pieces.
std::string piece_of(std::size_t number, int rank) { return name_of(number, fmt::format("_{:04}.vtu", rank).c_str()); }

const char* xml_type(vtkDataArray* array) {
  switch (array->GetDataType()) {
    case VTK_UNSIGNED_CHAR:
      return "UInt8";
    case VTK_INT:
      return "Int32";
    case VTK_DOUBLE:
      return "Float64";
    default:
      return "Int64";
  }
}

/// The .pvtu that makes one grid of the ranks' pieces, beside which it lies.
std::string pieces_text(vtkUnstructuredGrid* grid, std::size_t number, int ranks) {
  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"PUnstructuredGrid\" version=\"0.1\" byte_order=\"LittleEndian\" "
      "header_type=\"UInt64\">\n  <PUnstructuredGrid GhostLevel=\"0\">\n    <PPoints>\n      <PDataArray "
      "type=\"Float64\" NumberOfComponents=\"3\"/>\n    </PPoints>\n    <PCellData>\n";
  for (int k = 0; k < grid->GetCellData()->GetNumberOfArrays(); ++k) {
    vtkDataArray* array = grid->GetCellData()->GetArray(k);
    text += fmt::format("      <PDataArray type=\"{}\" Name=\"{}\"/>\n", xml_type(array), array->GetName());
  }
  text += "    </PCellData>\n";
  for (int rank = 0; rank < ranks; ++rank)
    text += fmt::format("    <Piece Source=\"{}\"/>\n", fs::path(piece_of(number, rank)).filename().string());
  return text + "  </PUnstructuredGrid>\n</VTKFile>\n";
}

/// Writes grids to the disk by ourselves: whole, with the system's own reason when it fails.
class GridWriter {
 public:
  explicit GridWriter(vtkUnstructuredGrid* grid) {
    writer_->SetInputData(grid);
    writer_->SetDataModeToAppended();
    writer_->EncodeAppendedDataOff();
    writer_->SetCompressorTypeToLZ4();
    writer_->SetHeaderTypeToUInt64();
    writer_->WriteToOutputStringOn();
  }
  void write(const fs::path& path) {
    if (!writer_->Write()) throw WriteError("cannot write VTK files: VTK's writer failed");
    write_whole_file(path.string(), writer_->GetOutputString());
  }

 private:
  vtkNew<vtkXMLUnstructuredGridWriter> writer_;
};

/// What an earlier, longer series left: this rank's pieces, or of a rank alone its files.
void remove_later(const fs::path& folder, std::size_t number, const Team& team) {
  std::error_code missing;
  for (std::size_t k = number; team.size() > 1 && fs::remove(folder / piece_of(k, team.rank()), missing); ++k) {
  }
  for (std::size_t k = number;
       team.first() && fs::remove(folder / name_of(k, team.size() > 1 ? ".pvtu" : ".vtu"), missing); ++k) {
  }
}

}  // namespace

std::vector<std::size_t> evenly_spread(std::size_t n, std::size_t at_most) {
  const std::size_t shown = std::min(n, at_most);
  std::vector<std::size_t> chosen(shown);
  for (std::size_t k = 0; k < shown; ++k) chosen[k] = shown > 1 ? (k * (n - 1) + (shown - 1) / 2) / (shown - 1) : n - 1;
  return chosen;
}

std::vector<std::string> write_vtk(const Results& results, const std::string& folder, int at_most, const Team& team) {
  const fs::path in = folder;
  const bool pieces = team.size() > 1;
  together(team, [&] { make_folder((in / "fields").string()); });
  vtkNew<vtkUnstructuredGrid> grid;
  together(team, [&] { grid->ShallowCopy(grid_of(results, team)); });
  GridWriter writer(grid);
  const std::vector<std::size_t> shown =
      evenly_spread(results.snapshots.size(), static_cast<std::size_t>(std::max(at_most, 1)));
  std::vector<std::string> names, all;
  for (const std::size_t n : shown) {
    const std::size_t number = names.size() + 1;
    names.push_back(name_of(number, pieces ? ".pvtu" : ".vtu"));
    all.push_back(names.back());
    for (int rank = 0; pieces && rank < team.size(); ++rank) all.push_back(piece_of(number, rank));
    together(team, [&] {
      set_fields(grid, results, results.snapshots[n]);
      writer.write(in / (pieces ? piece_of(number, team.rank()) : names.back()));
      if (pieces && team.first())
        write_whole_file((in / names.back()).string(), pieces_text(grid, number, team.size()));
    });
  }
  together(team, [&] {
    if (team.first()) write_whole_file((in / "fields.pvd").string(), series_text(results, shown, names));
  });
  remove_later(in, names.size() + 1, team);
  all.insert(all.begin(), "fields.pvd");
  return all;
}

}  // namespace porelith
