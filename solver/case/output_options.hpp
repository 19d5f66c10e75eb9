#pragma once
/// What a run leaves behind.
#include <array>
#include <vector>

#include "solver/text/holds.hpp"

namespace porelith {

struct OutputOptions {
  double interval = 0;      ///< rows of the curve every so often [s]; 0 = every accepted step
  int max_snapshots = 200;  ///< field snapshots kept at most, evenly thinned
  /// Where particles are kept shell by shell [m]; empty: everywhere in 1D, nowhere in 2D and 3D
  std::vector<std::array<double, 3>> particle_points;
  bool vtk = true;
  bool pictures = true;
  double checkpoint_every = 600;  ///< of wall time [s]; 0 = only when the run is stopped

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("What a run leaves behind.");
    keys.key("interval", &OutputOptions::interval, {unit::second, at_least(0), ""},
             "Time between rows of the curve; 0 = every time step.")
        .key("max_snapshots", &OutputOptions::max_snapshots, {unit::one, between(2, 1000000), "200; in 2D and 3D 20"},
             "Field snapshots kept at most, evenly thinned.")
        .key("particle_points", &OutputOptions::particle_points,
             {unit::metre, any(), "everywhere in 1D, nowhere in 2D and 3D"},
             "Points [x, y, z] where the particles are kept shell by shell: in each material the cell nearest to each. "
             "x from the negative collector; axisymmetric y is the radius.")
        .key("vtk", &OutputOptions::vtk, {}, "Writes fields.pvd and its VTK files for ParaView.")
        .key("pictures", &OutputOptions::pictures, {}, "Draws the curve and the depth profiles.")
        .key("checkpoint_every", &OutputOptions::checkpoint_every, {unit::second, at_least(0), ""},
             "Wall time between checkpoints, from which `run --resume` goes on; 0 = only when the run is stopped.");
  }
};

}  // namespace porelith
