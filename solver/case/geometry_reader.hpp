#pragma once
/// From the keys of [geometry], [[channel]], foils and tabs to a Geometry, and what channels make of the electrodes.
#include "solver/case/draft.hpp"

namespace porelith {

/// Judges what is written and fills defaults into the draft. Keys that mean nothing here are refused by name.
/// @param cell as its file and the case's other keys have it
Geometry read_geometry(Draft& draft, const Cell& cell, Problems& problems);

/// Makes the cell's electrodes what they are between the channels (Electrode::channel_fraction; porosity, active
/// fractions and transport efficiency, or thickness, as [geometry] keep says) and remarks on it in the draft. Once.
void carve(Draft& draft, const Geometry& geometry, Cell& cell, Problems& problems);

/// Counts of cells and shells that the case does not give, from [mesh] fineness; and of snapshots.
void settle_mesh(Draft& draft, const Geometry& geometry);

}  // namespace porelith
