#include "postprocess/vtk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "postprocess/vtk_grid.hpp"
#include "solver/base/together.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/record/fields.hpp"
#include "solver/results/hdf5.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

/// A bed's values on all cells; not a number where the bed has no particles.
void set_bed(vtkUnstructuredGrid* grid, const std::string& name, const std::string& unit, const Bed& bed,
             const std::vector<double>& values) {
  std::vector<double> all(static_cast<std::size_t>(grid->GetNumberOfCells()), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < bed.cells.size(); ++i) all.at(static_cast<std::size_t>(bed.cells[i])) = values.at(i);
  set_cell_array(grid, name, unit, all);
}

/// The mesh with everything that does not change with time. Collective.
vtkNew<vtkUnstructuredGrid> grid_of(const Results& results, const Team& team) {
  auto grid = vtk_grid_of(results.mesh, team);
  set_cell_array(grid, "porosity", "1", results.eps);
  return grid;
}

void set_fields(vtkUnstructuredGrid* grid, const Results& results, const Snapshot& snapshot) {
  for (const Slot& slot : results.slots)
    if (slot.home == Home::cell) set_cell_array(grid, slot.name, slot.unit, *field_of(results, snapshot, slot).values);
  set_cell_array(grid, "reaction_rate", "A.m-3", reaction_rate(results, snapshot));
  for (const Slot& slot : results.slots) {
    const auto field = field_of(results, snapshot, slot);
    if (slot.home == Home::whole && field.values) {
      set_cell_array(grid, slot.name, slot.unit, std::vector<double>(results.mesh.volume.size(), field.values->at(0)));
      continue;
    }
    if (slot.bed < 0) continue;
    const Bed& bed = results.beds[slot.bed];
    if (slot.home == Home::surface) set_bed(grid, slot.name + "_" + bed_name(bed), slot.unit, bed, *field.values);
    if (slot.home == Home::shell)
      set_bed(grid, mean_name(slot) + "_" + bed_name(bed), slot.unit, bed, particle_means(results, snapshot, slot));
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

std::string stem_of(std::size_t number) { return fmt::format("fields/fields_{:04}", number); }

/// What an earlier, longer series left: this rank's pieces, or of a rank alone its files.
void remove_later(const fs::path& folder, std::size_t number, const Team& team) {
  std::error_code missing;
  for (std::size_t k = number; team.size() > 1 && fs::remove(folder / piece_file(stem_of(k), team.rank()), missing);
       ++k) {
  }
  for (std::size_t k = number; team.first() && fs::remove(folder / grid_file(stem_of(k), team), missing); ++k) {
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
  together(team, [&] { make_folder((in / "fields").string()); });
  vtkNew<vtkUnstructuredGrid> grid;
  together(team, [&] { grid->ShallowCopy(grid_of(results, team)); });
  GridWriter writer(grid, team);
  const std::vector<std::size_t> shown =
      evenly_spread(results.snapshots.size(), static_cast<std::size_t>(std::max(at_most, 1)));
  std::vector<std::string> names, all;
  for (const std::size_t n : shown) {
    const std::string stem = stem_of(names.size() + 1);
    names.push_back(grid_file(stem, team));
    all.push_back(names.back());
    for (int rank = 0; team.size() > 1 && rank < team.size(); ++rank) all.push_back(piece_file(stem, rank));
    together(team, [&] {
      set_fields(grid, results, results.snapshots[n]);
      writer.write((in / stem).string());
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
