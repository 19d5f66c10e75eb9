#pragma once
/// A mesh as VTK's unstructured grid, arrays with units on it, and its file: one of a rank alone, one piece a rank and
/// one that joins them of several.
#include <vtkNew.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridWriter.h>

#include <functional>
#include <string>
#include <vector>

#include "meshes/cells.hpp"
#include "solver/base/team.hpp"

namespace porelith {

/// The owned cells with their `matrix`, `region`, `number` among all ranks' and `rank`. Collective.
/// @throws WriteError for a cell of no shape that VTK knows
vtkNew<vtkUnstructuredGrid> vtk_grid_of(const Cells& mesh, const Team& team);

/// Puts values, one a cell, on the grid; an array of that name is overwritten.
/// @throws WriteError if they are not as many as the cells
void set_cell_array(vtkUnstructuredGrid* grid, const std::string& name, const std::string& unit,
                    const std::vector<double>& values);

/// Writes a grid to the disk again and again: whole, with the system's own reason when it fails.
class GridWriter {
 public:
  GridWriter(vtkUnstructuredGrid* grid, const Team& team);
  /// @param stem of the file, without its ending. Each rank writes its own, the first of several the .pvtu too.
  /// Not collective: the caller sees to it that all hear of an error.
  /// @throws WriteError
  void write(const std::string& stem);

 private:
  vtkUnstructuredGrid* grid_;
  const Team& team_;
  vtkNew<vtkXMLUnstructuredGridWriter> writer_;
};

/// What GridWriter makes of a stem: "fields.vtu"; of several ranks "fields.pvtu".
std::string grid_file(const std::string& stem, const Team& team);
/// One rank's part of it: "fields_0003.vtu".
std::string piece_file(const std::string& stem, int rank);

}  // namespace porelith
