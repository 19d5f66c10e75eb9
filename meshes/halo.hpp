#pragma once
/// The rim of a rank's part of the mesh: which cells are exchanged with whom, and the exchange itself.
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "meshes/mesh.hpp"
#include "solver/base/team.hpp"

namespace porelith {

/// A face between a cell of this rank and one of another.
struct Crossing {
  int cell, ghost;              ///< local
  std::int64_t own_id, its_id;  ///< what both ranks call the two cells
  int rank;                     ///< the other
};

/// Both ranks of a pair find the same lists, from their own crossings alone.
Halo make_halo(const std::vector<Crossing>& crossings);

/// Fills mesh.number: the ranks' own cells one after the other, ghosts as their owners say. Collective.
void number_cells(Mesh& mesh, const Team& team);

/// Brings ghosts up to date. Between start and finish the caller works on what needs no ghost.
class HaloExchange {
 public:
  HaloExchange(const Halo& halo, const Team& team);
  /// @param fields arrays over own cells and ghosts, which live until finish()
  void start(std::initializer_list<double*> fields);
  /// @param values `width` of each cell, one cell's behind the other's
  void start(double* values, int width);
  void finish();

  /// Brings lists of any length up to date: those of own cells are sent, those of ghosts received.
  void share(std::vector<std::vector<double>>& lists);

  /// The way back, the transpose of the exchange: owners add what the other ranks' ghosts of their cells hold.
  void give_back(std::initializer_list<double*> fields);

 private:
  const Halo& halo_;
  MPI_Comm communicator_;
  void start(std::vector<double*> fields, int stride);
  void swap_buffers();

  std::vector<double*> fields_;
  int stride_ = 1;  ///< between one cell's value of a field and the next one's
  std::vector<std::vector<double>> outgoing_, incoming_;
  std::vector<MPI_Request> requests_;
};

}  // namespace porelith
