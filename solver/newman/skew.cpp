#include "solver/newman/skew.hpp"

#include <algorithm>

namespace porelith {

namespace {

using Vector = SkewCorrection::Vector;

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Vector sum(const Vector& a, double factor, const Vector& b) {
  return {a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]};
}

/// Sum of e e^T over the equations e . gradient = value of a cell; symmetric: xx, yy, zz, yz, xz, xy.
struct NormalMatrix {
  std::array<double, 6> m{};

  void add(const Vector& e, double factor = 1) {
    m[0] += factor * e[0] * e[0], m[1] += factor * e[1] * e[1], m[2] += factor * e[2] * e[2];
    m[3] += factor * e[1] * e[2], m[4] += factor * e[0] * e[2], m[5] += factor * e[0] * e[1];
  }
  void add_all(const NormalMatrix& other, double factor) {
    for (std::size_t i = 0; i < m.size(); ++i) m[i] += factor * other.m[i];
  }
  Vector cofactors() const { return {m[1] * m[2] - m[3] * m[3], m[4] * m[3] - m[5] * m[2], m[5] * m[3] - m[4] * m[1]}; }
  double determinant() const { return dot(cofactors(), {m[0], m[5], m[4]}); }
  /// Where neighbours lie in a plane they do not tell the slope across it: it is taken as small. Flat cells have flat
  /// neighbourhoods: what is much is told by the cell's own.
  void strengthen(const NormalMatrix& own) {
    if (determinant() < 1e-4 * own.determinant()) add_all(own, 0.1);
  }
  /// The solution of (this) x = e.
  Vector solve(const Vector& e) const {
    const Vector xx = cofactors();
    const double yy = m[0] * m[2] - m[4] * m[4], yz = m[4] * m[5] - m[0] * m[3], zz = m[0] * m[1] - m[5] * m[5];
    const double determinant = this->determinant();
    return {dot(xx, e) / determinant, (xx[1] * e[0] + yy * e[1] + yz * e[2]) / determinant,
            (xx[2] * e[0] + yz * e[1] + zz * e[2]) / determinant};
  }
};

}  // namespace

SkewCorrection::SkewCorrection(const Mesh& mesh, const std::vector<double>& B, const std::vector<double>& sigma,
                               double chi, const Team& team)
    : mesh_(mesh),
      chi_(chi),
      ionic_(weights_of(B, false)),
      electronic_(weights_of(sigma, true)),
      jumps_(mesh.faces.size()),
      conductance_(mesh.faces.size()),
      exchange_(mesh.halo, team) {
  for (auto& g : gradient_) g.assign(mesh.with_ghosts(), 0.0);
  for (auto& c : change_) c.assign(mesh.with_ghosts(), 0.0);
}

/// Least squares in each cell over its faces: along the way r to the neighbour the field changes by gradient . r, where
/// r counts the way behind the face by the conductivities, for there the slope along the normal jumps and the one along
/// the face does not. Nothing passes a wall: the neighbour is its mirror image. A terminal has one known potential.
/// Each equation counts by the square of the distance to the neighbour: so elements that are stretched have the same
/// weights as those that are not, and the fluxes of flat tetrahedra still dissipate. Weights that fall with distance
/// make them drive currents uphill from an aspect ratio of 14 on.
SkewCorrection::Weights SkewCorrection::weights_of(const std::vector<double>& conductivity, bool solid) const {
  std::vector<NormalMatrix> matrix(mesh_.with_ghosts()), own(mesh_.with_ghosts());
  const auto passes = [&](const Face& f) { return conductivity[f.owner] > 0 && conductivity[f.neighbour] > 0; };
  const auto way = [&](std::size_t k, bool from_owner) {
    const Face& f = mesh_.faces[k];
    const int here = from_owner ? f.owner : f.neighbour, there = from_owner ? f.neighbour : f.owner;
    const double behind = (from_owner ? f.d_neighbour : -f.d_owner) * (conductivity[here] / conductivity[there] - 1);
    return sum(sum(mesh_.centre[there], -1, mesh_.centre[here]), behind, mesh_.skew[k].normal);
  };
  const auto weight_of = [&](std::size_t k, const Vector& r) {
    const Vector apart = sum(mesh_.centre[mesh_.faces[k].neighbour], -1, mesh_.centre[mesh_.faces[k].owner]);
    return dot(apart, apart) / dot(r, r);
  };
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    const Skew& skew = mesh_.skew[k];
    for (bool from_owner : {true, false}) {
      const int here = from_owner ? f.owner : f.neighbour;
      const double d = from_owner ? f.d_owner : f.d_neighbour;
      own[here].add(sum(from_owner ? skew.owner_shift : skew.neighbour_shift, from_owner ? d : -d, skew.normal), 4);
      const Vector r = passes(f) ? way(k, from_owner) : sum({}, 2 * d, skew.normal);
      matrix[here].add(r, passes(f) ? weight_of(k, r) : 1);
    }
  }
  for (const Wall& wall : mesh_.walls)
    for (auto* m : {&matrix, &own}) (*m)[wall.cell].add(wall.normal, 4 * wall.distance * wall.distance);
  for (std::size_t P = 0; P < matrix.size(); ++P) {
    if (mesh_.dimension == 2)
      for (auto* m : {&matrix, &own}) (*m)[P].add({0, 0, 1}, own[P].m[0] + own[P].m[1]);
    matrix[P].strengthen(own[P]);
  }

  Weights weights;
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    const auto weight = [&](bool from_owner) {  // of neighbour less owner, on both sides
      const int here = from_owner ? f.owner : f.neighbour;
      if (!passes(f) || here >= mesh_.cells()) return Vector{};
      const Vector r = way(k, from_owner);
      return sum({}, (from_owner ? 1 : -1) * weight_of(k, r), matrix[here].solve(r));
    };
    weights.owner.push_back(weight(true));
    weights.neighbour.push_back(weight(false));
  }
  for (const Wall& wall : mesh_.walls)  // the equation of one twice as far off with twice the change
    weights.terminal.push_back(solid && wall.terminal != Terminal::none
                                   ? sum({}, 4 * wall.distance, matrix[wall.cell].solve(wall.normal))
                                   : Vector{});
  return weights;
}

void SkewCorrection::find_jumps(const double* c_e, const double* psi, const double* phi_s, double V) {
  for (auto& g : gradient_) std::fill(g.begin(), g.end(), 0.0);
  const std::array<const double*, 3> fields{c_e, psi, phi_s};
  const std::array<const Weights*, 3> weights{&ionic_, &ionic_, &electronic_};
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    for (int q = 0; q < 3; ++q) {
      const double change = fields[q][N] - fields[q][P];
      const Vector &owner = weights[q]->owner[k], &neighbour = weights[q]->neighbour[k];
      for (int axis = 0; axis < 3; ++axis) {
        gradient_[3 * q + axis][P] += owner[axis] * change;
        gradient_[3 * q + axis][N] += neighbour[axis] * change;
      }
    }
  }
  auto& g = gradient_;
  for (std::size_t k = 0; k < mesh_.walls.size(); ++k) {
    const Wall& wall = mesh_.walls[k];
    if (wall.terminal == Terminal::none) continue;
    const double change = (wall.terminal == Terminal::positive ? V : 0) - phi_s[wall.cell];
    for (int axis = 0; axis < 3; ++axis) g[6 + axis][wall.cell] += electronic_.terminal[k][axis] * change;
  }
  exchange_.start({g[0].data(), g[1].data(), g[2].data(), g[3].data(), g[4].data(), g[5].data(), g[6].data(),
                   g[7].data(), g[8].data()});
  exchange_.finish();
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    const Skew& skew = mesh_.skew[k];
    for (int q = 0; q < 3; ++q) {
      double jump = 0;
      for (int axis = 0; axis < 3; ++axis)
        jump += g[3 * q + axis][P] * skew.owner_shift[axis] - g[3 * q + axis][N] * skew.neighbour_shift[axis];
      jumps_[k][q] = jump;
    }
  }
}

void SkewCorrection::add(const std::vector<Triple>& x, double V, std::vector<Triple>& y) {
  for (int P = 0; P < mesh_.cells(); ++P) {
    change_[0][P] = x[P][0];
    change_[1][P] = x[P][1] - chi_ / (*c_e_)[P] * x[P][0];
    change_[2][P] = x[P][2];
  }
  exchange_.start({change_[0].data(), change_[1].data(), change_[2].data()});
  exchange_.finish();
  find_jumps(change_[0].data(), change_[1].data(), change_[2].data(), V);
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    for (int q = 0; q < 3; ++q) {
      const double flux = conductance_[k][q] * jumps_[k][q];
      if (f.owner < mesh_.cells()) y[f.owner][q] += flux;
      if (f.neighbour < mesh_.cells()) y[f.neighbour][q] -= flux;
    }
  }
}

/// The same way back: fluxes to gradients of their two cells, those to the values that they were made of.
double SkewCorrection::add_transposed(const std::vector<Triple>& x, std::vector<Triple>& y) {
  for (int q = 0; q < 3; ++q)
    for (int P = 0; P < mesh_.cells(); ++P) change_[q][P] = x[P][q];
  exchange_.start({change_[0].data(), change_[1].data(), change_[2].data()});
  exchange_.finish();
  for (auto& g : gradient_) std::fill(g.begin(), g.end(), 0.0);
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    const Skew& skew = mesh_.skew[k];
    for (int q = 0; q < 3; ++q) {
      const double flux = conductance_[k][q] * (change_[q][P] - change_[q][N]);
      for (int axis = 0; axis < 3; ++axis) {
        gradient_[3 * q + axis][P] += flux * skew.owner_shift[axis];
        gradient_[3 * q + axis][N] -= flux * skew.neighbour_shift[axis];
      }
    }
  }
  for (auto& c : change_) std::fill(c.begin(), c.end(), 0.0);
  const std::array<const Weights*, 3> weights{&ionic_, &ionic_, &electronic_};
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    for (int q = 0; q < 3; ++q) {
      double change = 0;  // a ghost's gradient has no weight here
      for (int axis = 0; axis < 3; ++axis)
        change += weights[q]->owner[k][axis] * gradient_[3 * q + axis][P] +
                  weights[q]->neighbour[k][axis] * gradient_[3 * q + axis][N];
      change_[q][N] += change;
      change_[q][P] -= change;
    }
  }
  double V = 0;
  for (std::size_t k = 0; k < mesh_.walls.size(); ++k) {
    const Wall& wall = mesh_.walls[k];
    if (wall.terminal == Terminal::none) continue;
    double change = 0;
    for (int axis = 0; axis < 3; ++axis) change += electronic_.terminal[k][axis] * gradient_[6 + axis][wall.cell];
    change_[2][wall.cell] -= change;
    if (wall.terminal == Terminal::positive) V += change;
  }
  exchange_.give_back({change_[0].data(), change_[1].data(), change_[2].data()});
  for (int P = 0; P < mesh_.cells(); ++P) {
    y[P][0] += change_[0][P] - chi_ / (*c_e_)[P] * change_[1][P];
    y[P][1] += change_[1][P];
    y[P][2] += change_[2][P];
  }
  return V;
}

}  // namespace porelith
