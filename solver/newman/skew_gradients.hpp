#pragma once
/// Gradients of the cells of a mesh with skew faces (S4), for any kind of number.
#include <array>
#include <vector>

#include "meshes/halo.hpp"
#include "meshes/mesh.hpp"

namespace porelith {

template <class Number>
using VectorOf = std::array<Number, 3>;

/// Of one conducting medium: gradient of a cell = sum over its faces of weight x (neighbour - owner).
template <class Number>
struct SkewWeights {
  std::vector<VectorOf<Number>> owner, neighbour;  ///< one a face
  std::vector<VectorOf<Number>> terminal;  ///< the same for the walls that are one: x (its potential - the cell's)
};

namespace skew {

/// A vector of the mesh's geometry among those of another kind of number.
template <class Number>
VectorOf<Number> given(const VectorOf<double>& v) {
  return {Number(v[0]), Number(v[1]), Number(v[2])};
}
template <class Number>
Number dot(const VectorOf<Number>& a, const VectorOf<Number>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
template <class Number>
VectorOf<Number> sum(const VectorOf<Number>& a, const Number& factor, const VectorOf<Number>& b) {
  return {a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]};
}

/// Sum of e e^T over the equations e . gradient = value of a cell; symmetric: xx, yy, zz, yz, xz, xy.
template <class Number>
struct NormalMatrix {
  using Vector = VectorOf<Number>;
  std::array<Number, 6> m{};

  void add(const Vector& e, const Number& factor) {
    m[0] += factor * e[0] * e[0], m[1] += factor * e[1] * e[1], m[2] += factor * e[2] * e[2];
    m[3] += factor * e[1] * e[2], m[4] += factor * e[0] * e[2], m[5] += factor * e[0] * e[1];
  }
  void add_all(const NormalMatrix& other, double factor) {
    for (std::size_t i = 0; i < m.size(); ++i) m[i] += factor * other.m[i];
  }
  Vector cofactors() const { return {m[1] * m[2] - m[3] * m[3], m[4] * m[3] - m[5] * m[2], m[5] * m[3] - m[4] * m[1]}; }
  Number determinant() const { return dot(cofactors(), {m[0], m[5], m[4]}); }
  /// Where neighbours lie in a plane they do not tell the slope across it: it is taken as small. Flat cells have flat
  /// neighbourhoods: what is much is told by the cell's own.
  void strengthen(const NormalMatrix& own) {
    if (determinant() < 1e-4 * own.determinant()) add_all(own, 0.1);
  }
  /// The solution of (this) x = e.
  Vector solve(const Vector& e) const {
    const Vector xx = cofactors();
    const Number yy = m[0] * m[2] - m[4] * m[4], yz = m[4] * m[5] - m[0] * m[3], zz = m[0] * m[1] - m[5] * m[5];
    const Number determinant = this->determinant();
    return {dot(xx, e) / determinant, (xx[1] * e[0] + yy * e[1] + yz * e[2]) / determinant,
            (xx[2] * e[0] + yz * e[1] + zz * e[2]) / determinant};
  }
};

}  // namespace skew

namespace skew {

template <class Number>
bool passes(const Face& f, const std::vector<Number>& conductivity) {
  return conductivity[f.owner] > 0 && conductivity[f.neighbour] > 0;
}

/// The way r from the cell on this side of face k to its neighbour.
template <class Number>
VectorOf<Number> way(const Mesh& mesh, const std::vector<Number>& conductivity, std::size_t k, bool from_owner) {
  const Face& f = mesh.faces[k];
  const int here = from_owner ? f.owner : f.neighbour, there = from_owner ? f.neighbour : f.owner;
  const Number behind = (from_owner ? f.d_neighbour : -f.d_owner) * (conductivity[here] / conductivity[there] - 1);
  return sum(given<Number>(sum(mesh.centre[there], -1.0, mesh.centre[here])), behind,
             given<Number>(mesh.skew[k].normal));
}

/// How much its equation counts.
template <class Number>
Number weight_of(const Mesh& mesh, std::size_t k, const VectorOf<Number>& r) {
  const auto apart = sum(mesh.centre[mesh.faces[k].neighbour], -1.0, mesh.centre[mesh.faces[k].owner]);
  return dot(apart, apart) / dot(r, r);
}

/// Of every cell's equations.
template <class Number>
std::vector<NormalMatrix<Number>> normal_matrices(const Mesh& mesh, const std::vector<Number>& conductivity) {
  std::vector<NormalMatrix<Number>> matrix(mesh.with_ghosts()), own(mesh.with_ghosts());
  for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
    const Face& f = mesh.faces[k];
    const Skew& skew = mesh.skew[k];
    for (bool from_owner : {true, false}) {
      const int here = from_owner ? f.owner : f.neighbour;
      const double d = from_owner ? f.d_owner : f.d_neighbour;
      const auto middle = sum(from_owner ? skew.owner_shift : skew.neighbour_shift, from_owner ? d : -d, skew.normal);
      own[here].add(given<Number>(middle), 4);
      const bool open = passes(f, conductivity);
      const VectorOf<Number> r =
          open ? way(mesh, conductivity, k, from_owner) : given<Number>(sum({}, 2 * d, skew.normal));
      matrix[here].add(r, open ? weight_of(mesh, k, r) : Number(1));
    }
  }
  for (const Wall& wall : mesh.walls)
    for (auto* m : {&matrix, &own}) (*m)[wall.cell].add(given<Number>(wall.normal), 4 * wall.distance * wall.distance);
  for (std::size_t P = 0; P < matrix.size(); ++P) {
    if (mesh.dimension == 2)
      for (auto* m : {&matrix, &own}) (*m)[P].add(given<Number>({0, 0, 1}), own[P].m[0] + own[P].m[1]);
    matrix[P].strengthen(own[P]);
  }
  return matrix;
}

}  // namespace skew

/// Least squares in each cell over its faces: along the way r to the neighbour the field changes by gradient . r, where
/// r counts the way behind the face by the conductivities, for there the slope along the normal jumps and the one along
/// the face does not. Nothing passes a wall: the neighbour is its mirror image. A terminal has one known potential.
/// Each equation counts by the square of the distance to the neighbour: so elements that are stretched have the same
/// weights as those that are not, and the fluxes of flat tetrahedra still dissipate. Weights that fall with distance
/// make them drive currents uphill from an aspect ratio of 14 on.
template <class Number>
SkewWeights<Number> skew_weights(const Mesh& mesh, const std::vector<Number>& conductivity, bool solid) {
  using skew::given, skew::sum;
  using Vector = VectorOf<Number>;
  const std::vector<skew::NormalMatrix<Number>> matrix = skew::normal_matrices(mesh, conductivity);
  SkewWeights<Number> weights;
  for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
    const Face& f = mesh.faces[k];
    const auto weight = [&](bool from_owner) {  // of neighbour less owner, on both sides
      const int here = from_owner ? f.owner : f.neighbour;
      if (!skew::passes(f, conductivity) || here >= mesh.cells()) return Vector{};
      const Vector r = skew::way(mesh, conductivity, k, from_owner);
      return sum(Vector{}, (from_owner ? 1 : -1) * skew::weight_of(mesh, k, r), matrix[here].solve(r));
    };
    weights.owner.push_back(weight(true));
    weights.neighbour.push_back(weight(false));
  }
  for (const Wall& wall : mesh.walls)  // the equation of one twice as far off with twice the change
    weights.terminal.push_back(
        solid && wall.terminal != Terminal::none
            ? sum(Vector{}, Number(4 * wall.distance), matrix[wall.cell].solve(given<Number>(wall.normal)))
            : Vector{});
  return weights;
}

/// Gradients of three fields in own cells and ghosts. Collective.
/// @param falling c_e, phi_e - chi ln c_e and phi_s of own cells and ghosts; V the positive terminal's potential
template <class Number>
std::vector<std::array<VectorOf<Number>, 3>> skew_gradients(const Mesh& mesh, const Team& team,
                                                            const SkewWeights<Number>& ionic,
                                                            const SkewWeights<Number>& electronic,
                                                            const std::vector<VectorOf<Number>>& falling,
                                                            const Number& V) {
  using skew::sum;
  const std::array<const SkewWeights<Number>*, 3> weights{&ionic, &ionic, &electronic};
  std::vector<std::array<VectorOf<Number>, 3>> gradient(mesh.with_ghosts());
  for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
    const int P = mesh.faces[k].owner, N = mesh.faces[k].neighbour;
    for (int q = 0; q < 3; ++q) {
      const Number change = falling[N][q] - falling[P][q];
      gradient[P][q] = sum(gradient[P][q], change, weights[q]->owner[k]);
      gradient[N][q] = sum(gradient[N][q], change, weights[q]->neighbour[k]);
    }
  }
  for (std::size_t k = 0; k < mesh.walls.size(); ++k) {
    const Wall& wall = mesh.walls[k];
    if (wall.terminal == Terminal::none) continue;
    const Number change = (wall.terminal == Terminal::positive ? V : Number(0)) - falling[wall.cell][2];
    gradient[wall.cell][2] = sum(gradient[wall.cell][2], change, electronic.terminal[k]);
  }
  HaloExchange exchange(mesh.halo, team);
  exchange.start(reinterpret_cast<double*>(gradient.data()), sizeof(gradient[0]) / sizeof(double));
  exchange.finish();
  return gradient;
}

/// What owner less neighbour of each face lacks of the fall along its normal.
template <class Number>
std::vector<VectorOf<Number>> skew_jumps(const Mesh& mesh,
                                         const std::vector<std::array<VectorOf<Number>, 3>>& gradient) {
  using skew::dot, skew::given;
  std::vector<VectorOf<Number>> jumps(mesh.faces.size());
  for (std::size_t k = 0; k < mesh.faces.size(); ++k)
    for (int q = 0; q < 3; ++q)
      jumps[k][q] = dot(gradient[mesh.faces[k].owner][q], given<Number>(mesh.skew[k].owner_shift)) -
                    dot(gradient[mesh.faces[k].neighbour][q], given<Number>(mesh.skew[k].neighbour_shift));
  return jumps;
}

}  // namespace porelith
