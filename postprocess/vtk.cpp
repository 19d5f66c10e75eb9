#include "postprocess/vtk.hpp"

#include <fmt/format.h>
#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkUnsignedCharArray.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridWriter.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "solver/base/error.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/results/hdf5.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

int vtk_cell_type(std::size_t vertices) {
  if (vertices == 2) return VTK_LINE;
  if (vertices == 4) return VTK_QUAD;
  if (vertices == 8) return VTK_HEXAHEDRON;
  throw WriteError(fmt::format("cannot write VTK files: no cell has {} vertices", vertices));
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

/// The mesh with everything that does not change with time.
vtkNew<vtkUnstructuredGrid> grid_of(const Results& results) {
  const Mesh& mesh = results.mesh;
  vtkNew<vtkUnstructuredGrid> grid;
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  for (const auto& point : mesh.points) points->InsertNextPoint(point.data());
  grid->SetPoints(points);
  grid->Allocate(mesh.cells());
  for (const auto& vertices : mesh.vertices) {
    const std::vector<vtkIdType> ids(vertices.begin(), vertices.end());
    grid->InsertNextCell(vtk_cell_type(ids.size()), static_cast<vtkIdType>(ids.size()), ids.data());
  }
  set(grid, "porosity", "1", results.eps);
  vtkNew<vtkUnsignedCharArray> region;
  region->SetName("region");
  region->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), "1");
  for (const Region it : mesh.region) region->InsertNextValue(static_cast<unsigned char>(it));
  grid->GetCellData()->AddArray(region);
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

std::string name_of(std::size_t number) { return fmt::format("fields/fields_{:04}.vtu", number); }

}  // namespace

std::vector<std::size_t> evenly_spread(std::size_t n, std::size_t at_most) {
  const std::size_t shown = std::min(n, at_most);
  std::vector<std::size_t> chosen(shown);
  for (std::size_t k = 0; k < shown; ++k) chosen[k] = shown > 1 ? (k * (n - 1) + (shown - 1) / 2) / (shown - 1) : n - 1;
  return chosen;
}

std::vector<std::string> write_vtk(const Results& results, const std::string& folder, int at_most) {
  make_folder((fs::path(folder) / "fields").string());
  const auto grid = grid_of(results);
  vtkNew<vtkXMLUnstructuredGridWriter> writer;
  writer->SetInputData(grid);
  writer->SetDataModeToAppended();
  writer->EncodeAppendedDataOff();
  writer->SetCompressorTypeToLZ4();
  writer->SetHeaderTypeToUInt64();
  writer->WriteToOutputStringOn();  // to the disk by ourselves: whole, with the system's own reason when it fails

  const std::vector<std::size_t> shown =
      evenly_spread(results.snapshots.size(), static_cast<std::size_t>(std::max(at_most, 1)));
  std::vector<std::string> names;
  for (const std::size_t n : shown) {
    set_fields(grid, results, results.snapshots[n]);
    if (!writer->Write()) throw WriteError("cannot write VTK files: VTK's writer failed");
    names.push_back(name_of(names.size() + 1));
    write_whole_file((fs::path(folder) / names.back()).string(), writer->GetOutputString());
  }
  write_whole_file((fs::path(folder) / "fields.pvd").string(), series_text(results, shown, names));

  std::error_code missing;
  for (std::size_t k = names.size() + 1; fs::remove(fs::path(folder) / name_of(k), missing); ++k) {
  }
  names.insert(names.begin(), "fields.pvd");
  return names;
}

}  // namespace porelith
