#pragma once
/// A mesh as VTK's unstructured grid, and arrays with units on it.
#include <vtkNew.h>
#include <vtkUnstructuredGrid.h>

#include <string>
#include <vector>

#include "meshes/mesh.hpp"

namespace porelith {

/// The owned cells with their `region`. @throws WriteError for a cell of no shape that VTK knows
vtkNew<vtkUnstructuredGrid> vtk_grid_of(const Mesh& mesh);

/// Puts values, one a cell, on the grid; an array of that name is overwritten. @throws WriteError if they are not as
/// many
void set_cell_array(vtkUnstructuredGrid* grid, const std::string& name, const char* unit,
                    const std::vector<double>& values);

/// The grid as the text of a .vtu file, compressed. @throws WriteError
std::string vtu_text(vtkUnstructuredGrid* grid);

}  // namespace porelith
