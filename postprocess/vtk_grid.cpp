#include "postprocess/vtk_grid.hpp"

#include <fmt/format.h>
#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkPoints.h>
#include <vtkUnsignedCharArray.h>
#include <vtkXMLUnstructuredGridWriter.h>

#include <algorithm>

#include "solver/base/error.hpp"

namespace porelith {
namespace {

int vtk_cell_type(std::size_t vertices, int dimension) {
  switch (vertices) {
    case 2:
      return VTK_LINE;
    case 3:
      return VTK_TRIANGLE;
    case 4:
      return dimension == 3 ? VTK_TETRA : VTK_QUAD;
    case 5:
      return VTK_PYRAMID;
    case 6:
      return VTK_WEDGE;
    case 8:
      return VTK_HEXAHEDRON;
    default:
      throw WriteError(fmt::format("cannot write VTK files: no cell has {} vertices", vertices));
  }
}

}  // namespace

vtkNew<vtkUnstructuredGrid> vtk_grid_of(const Mesh& mesh) {
  vtkNew<vtkUnstructuredGrid> grid;
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  for (const auto& point : mesh.points) points->InsertNextPoint(point.data());
  grid->SetPoints(points);
  grid->Allocate(mesh.cells());
  for (int P = 0; P < mesh.cells(); ++P) {
    const std::vector<vtkIdType> ids(mesh.vertices[P].begin(), mesh.vertices[P].end());
    grid->InsertNextCell(vtk_cell_type(ids.size(), mesh.dimension), static_cast<vtkIdType>(ids.size()), ids.data());
  }
  vtkNew<vtkUnsignedCharArray> region;
  region->SetName("region");
  region->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), "1");
  for (int P = 0; P < mesh.cells(); ++P) region->InsertNextValue(static_cast<unsigned char>(mesh.region[P]));
  grid->GetCellData()->AddArray(region);
  return grid;
}

void set_cell_array(vtkUnstructuredGrid* grid, const std::string& name, const char* unit,
                    const std::vector<double>& values) {
  auto* array = vtkDoubleArray::SafeDownCast(grid->GetCellData()->GetArray(name.c_str()));
  if (array == nullptr) {
    vtkNew<vtkDoubleArray> fresh;
    fresh->SetName(name.c_str());
    fresh->SetNumberOfTuples(grid->GetNumberOfCells());
    fresh->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), unit);
    grid->GetCellData()->AddArray(fresh);
    array = fresh;  // the grid keeps it
  }
  if (static_cast<vtkIdType>(values.size()) != array->GetNumberOfTuples()) {
    throw WriteError(fmt::format("cannot write VTK files: {} has {} values, the mesh {} cells", name, values.size(),
                                 array->GetNumberOfTuples()));
  }
  std::copy(values.begin(), values.end(), array->GetPointer(0));
  array->Modified();
}

std::string vtu_text(vtkUnstructuredGrid* grid) {
  vtkNew<vtkXMLUnstructuredGridWriter> writer;
  writer->SetInputData(grid);
  writer->SetDataModeToAppended();
  writer->EncodeAppendedDataOff();
  writer->SetCompressorTypeToLZ4();
  writer->SetHeaderTypeToUInt64();
  writer->WriteToOutputStringOn();  // to the disk by ourselves: whole, with the system's own reason when it fails
  if (!writer->Write()) throw WriteError("cannot write VTK files: VTK's writer failed");
  return writer->GetOutputString();
}

}  // namespace porelith
