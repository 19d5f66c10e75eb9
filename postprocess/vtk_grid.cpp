#include "postprocess/vtk_grid.hpp"

#include <fmt/format.h>
#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkIntArray.h>
#include <vtkPoints.h>
#include <vtkTypeInt64Array.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>

#include "solver/base/error.hpp"
#include "solver/base/whole_file.hpp"

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
vtkDoubleArray* array(vtkUnstructuredGrid* grid, const std::string& name, const std::string& unit) {
  if (auto* there = vtkDoubleArray::SafeDownCast(grid->GetCellData()->GetArray(name.c_str()))) return there;
  vtkNew<vtkDoubleArray> fresh;
  fresh->SetName(name.c_str());
  fresh->SetNumberOfTuples(grid->GetNumberOfCells());
  fresh->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), unit.c_str());
  grid->GetCellData()->AddArray(fresh);
  return fresh;  // the grid keeps it
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
std::string pieces_text(vtkUnstructuredGrid* grid, const std::string& stem, int ranks) {
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
    text += fmt::format("    <Piece Source=\"{}\"/>\n", fs::path(piece_file(stem, rank)).filename().string());
  return text + "  </PUnstructuredGrid>\n</VTKFile>\n";
}

}  // namespace

vtkNew<vtkUnstructuredGrid> vtk_grid_of(const Cells& mesh, const Team& team) {
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
  std::vector<double> matrix(cells);
  for (std::size_t P = 0; P < cells; ++P) matrix[P] = mesh.matrix_of(static_cast<int>(P));
  set_cell_array(grid, "matrix", "1", matrix);
  set_whole<vtkUnsignedCharArray>(grid, "region",
                                  std::vector<Region>(mesh.region.begin(), mesh.region.begin() + mesh.cells()));
  set_whole<vtkTypeInt64Array>(grid, "number", number);
  set_whole<vtkIntArray>(grid, "rank", std::vector<int>(cells, team.rank()));
  return grid;
}

void set_cell_array(vtkUnstructuredGrid* grid, const std::string& name, const std::string& unit,
                    const std::vector<double>& values) {
  vtkDoubleArray* it = array(grid, name, unit);
  if (static_cast<vtkIdType>(values.size()) != it->GetNumberOfTuples()) {
    throw WriteError(fmt::format("cannot write VTK files: {} has {} values, the mesh {} cells", name, values.size(),
                                 it->GetNumberOfTuples()));
  }
  std::copy(values.begin(), values.end(), it->GetPointer(0));
  it->Modified();
}

GridWriter::GridWriter(vtkUnstructuredGrid* grid, const Team& team) : grid_(grid), team_(team) {
  writer_->SetInputData(grid);
  writer_->SetDataModeToAppended();
  writer_->EncodeAppendedDataOff();
  writer_->SetCompressorTypeToLZ4();
  writer_->SetHeaderTypeToUInt64();
  writer_->WriteToOutputStringOn();
}

void GridWriter::write(const std::string& stem) {
  const bool pieces = team_.size() > 1;
  if (!writer_->Write()) throw WriteError("cannot write VTK files: VTK's writer failed");
  write_whole_file(pieces ? piece_file(stem, team_.rank()) : grid_file(stem, team_), writer_->GetOutputString());
  if (pieces && team_.first()) write_whole_file(grid_file(stem, team_), pieces_text(grid_, stem, team_.size()));
}

std::string grid_file(const std::string& stem, const Team& team) { return stem + (team.size() > 1 ? ".pvtu" : ".vtu"); }

std::string piece_file(const std::string& stem, int rank) { return fmt::format("{}_{:04}.vtu", stem, rank); }

}  // namespace porelith
