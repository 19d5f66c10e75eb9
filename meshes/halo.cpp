#include "meshes/halo.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace porelith {

Halo make_halo(const std::vector<Crossing>& crossings) {
  using Listed = std::map<std::int64_t, int>;  // by the name both ranks know: the same order on both sides
  std::map<int, std::pair<Listed, Listed>> by_rank;
  for (const Crossing& c : crossings) {
    auto& [send, receive] = by_rank[c.rank];
    send[c.own_id] = c.cell;
    receive[c.its_id] = c.ghost;
  }
  Halo halo;
  const auto cells_of = [](const Listed& listed) {
    std::vector<int> cells;
    for (const auto& entry : listed) cells.push_back(entry.second);
    return cells;
  };
  for (const auto& [rank, lists] : by_rank)
    halo.neighbours.push_back({rank, cells_of(lists.first), cells_of(lists.second)});
  return halo;
}

void number_cells(Mesh& mesh, const Team& team) {
  std::int64_t own = mesh.cells(), before = 0;
  if (team.size() > 1) MPI_Exscan(&own, &before, 1, MPI_INT64_T, MPI_SUM, team.communicator());
  if (team.first()) before = 0;                    // MPI leaves the first rank's result undefined
  std::vector<double> number(mesh.with_ghosts());  // exact up to 2^53
  for (int P = 0; P < mesh.cells(); ++P) number[P] = static_cast<double>(before + P);
  HaloExchange exchange(mesh.halo, team);
  exchange.start({number.data()});
  exchange.finish();
  mesh.number.assign(number.begin(), number.end());
}

HaloExchange::HaloExchange(const Halo& halo, const Team& team) : halo_(halo), communicator_(team.communicator()) {
  outgoing_.resize(halo.neighbours.size());
  incoming_.resize(halo.neighbours.size());
  requests_.resize(2 * halo.neighbours.size());
}

void HaloExchange::start(std::initializer_list<double*> fields) { start(std::vector<double*>(fields), 1); }

void HaloExchange::start(double* values, int width) {
  std::vector<double*> fields;
  for (int q = 0; q < width; ++q) fields.push_back(values + q);
  start(std::move(fields), width);
}

void HaloExchange::start(std::vector<double*> fields, int stride) {
  fields_ = std::move(fields);
  stride_ = stride;
  for (std::size_t n = 0; n < halo_.neighbours.size(); ++n) {
    const auto& neighbour = halo_.neighbours[n];
    incoming_[n].resize(fields_.size() * neighbour.receive.size());
    MPI_Irecv(incoming_[n].data(), static_cast<int>(incoming_[n].size()), MPI_DOUBLE, neighbour.rank, 0, communicator_,
              &requests_[2 * n]);
    auto& buffer = outgoing_[n];
    buffer.clear();
    for (const double* field : fields_)
      for (int P : neighbour.send) buffer.push_back(field[P * stride_]);
    MPI_Isend(buffer.data(), static_cast<int>(buffer.size()), MPI_DOUBLE, neighbour.rank, 0, communicator_,
              &requests_[2 * n + 1]);
  }
}

void HaloExchange::finish() {
  if (requests_.empty()) return;
  MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
  for (std::size_t n = 0; n < halo_.neighbours.size(); ++n) {
    const double* value = incoming_[n].data();
    for (double* field : fields_)
      for (int P : halo_.neighbours[n].receive) field[P * stride_] = *value++;
  }
}

void HaloExchange::give_back(std::initializer_list<double*> fields) {
  if (requests_.empty()) return;
  for (std::size_t n = 0; n < halo_.neighbours.size(); ++n) {
    const auto& neighbour = halo_.neighbours[n];
    incoming_[n].resize(fields.size() * neighbour.send.size());
    outgoing_[n].clear();
    for (const double* field : fields)
      for (int P : neighbour.receive) outgoing_[n].push_back(field[P]);
  }
  swap_buffers();
  for (std::size_t n = 0; n < halo_.neighbours.size(); ++n) {
    const double* value = incoming_[n].data();
    for (double* field : fields)
      for (int P : halo_.neighbours[n].send) field[P] += *value++;
  }
}

void HaloExchange::share(std::vector<std::vector<double>>& lists) {
  std::vector<double> length(lists.size());
  for (std::size_t P = 0; P < lists.size(); ++P) length[P] = static_cast<double>(lists[P].size());
  start({length.data()});
  finish();
  for (std::size_t n = 0; n < halo_.neighbours.size(); ++n) {
    const auto& neighbour = halo_.neighbours[n];
    outgoing_[n].clear();
    for (int P : neighbour.send) outgoing_[n].insert(outgoing_[n].end(), lists[P].begin(), lists[P].end());
    std::size_t expected = 0;
    for (int P : neighbour.receive) expected += static_cast<std::size_t>(length[P]);
    incoming_[n].resize(expected);
  }
  swap_buffers();
  for (std::size_t n = 0; n < halo_.neighbours.size(); ++n) {
    auto from = incoming_[n].cbegin();
    for (int P : halo_.neighbours[n].receive) {
      lists[P].assign(from, from + static_cast<std::ptrdiff_t>(length[P]));
      from += static_cast<std::ptrdiff_t>(length[P]);
    }
  }
}

void HaloExchange::swap_buffers() {
  for (std::size_t n = 0; n < halo_.neighbours.size(); ++n) {
    const int rank = halo_.neighbours[n].rank;
    MPI_Irecv(incoming_[n].data(), static_cast<int>(incoming_[n].size()), MPI_DOUBLE, rank, 0, communicator_,
              &requests_[2 * n]);
    MPI_Isend(outgoing_[n].data(), static_cast<int>(outgoing_[n].size()), MPI_DOUBLE, rank, 0, communicator_,
              &requests_[2 * n + 1]);
  }
  MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
}

}  // namespace porelith
