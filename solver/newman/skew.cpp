#include "solver/newman/skew.hpp"

#include <algorithm>

namespace porelith {

SkewCorrection::SkewCorrection(const Mesh& mesh, const std::vector<double>& B, const std::vector<double>& sigma,
                               const Team& team)
    : mesh_(mesh),
      ionic_(skew_weights(mesh, B, false)),
      electronic_(skew_weights(mesh, sigma, true)),
      jumps_(mesh.faces.size()),
      conductance_(mesh.faces.size()),
      exchange_(mesh.halo, team) {
  for (auto& g : gradient_) g.assign(mesh.with_ghosts(), 0.0);
  for (auto& c : change_) c.assign(mesh.with_ghosts(), 0.0);
}

void SkewCorrection::find_jumps(const double* c_e, const double* psi, const double* phi_s, double V) {
  for (auto& g : gradient_) std::fill(g.begin(), g.end(), 0.0);
  const std::array<const double*, 3> fields{c_e, psi, phi_s};
  const std::array<const SkewWeights<double>*, 3> weights{&ionic_, &ionic_, &electronic_};
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
    change_[1][P] = x[P][1] - dX_dc_e_[P] * x[P][0];
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
  const std::array<const SkewWeights<double>*, 3> weights{&ionic_, &ionic_, &electronic_};
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
    y[P][0] += change_[0][P] - dX_dc_e_[P] * change_[1][P];
    y[P][1] += change_[1][P];
    y[P][2] += change_[2][P];
  }
  return V;
}

/// The gradients of own cells and ghosts by the cells that they are made of, each its own number first.
std::vector<std::vector<SkewCorrection::Share>> SkewCorrection::gradients() {
  std::vector<std::vector<Share>> all(mesh_.with_ghosts());
  const auto share_of = [&](int P) {
    return Share{static_cast<double>(mesh_.number.empty() ? P : mesh_.number[P]), -dX_dc_e_[P], {}, {}};
  };
  for (int P = 0; P < mesh_.cells(); ++P) all[P].push_back(share_of(P));
  const auto add = [&](int P, int N, double sign, const Vector& ionic, const Vector& electronic) {
    if (P >= mesh_.cells()) return;
    all[P].push_back(share_of(N));
    all[P].back().ionic = skew::sum<double>({}, sign, ionic);
    all[P].back().electronic = skew::sum<double>({}, sign, electronic);
    all[P][0].ionic = skew::sum(all[P][0].ionic, -sign, ionic);
    all[P][0].electronic = skew::sum(all[P][0].electronic, -sign, electronic);
  };
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    add(f.owner, f.neighbour, 1, ionic_.owner[k], electronic_.owner[k]);
    add(f.neighbour, f.owner, -1, ionic_.neighbour[k], electronic_.neighbour[k]);
  }
  for (std::size_t k = 0; k < mesh_.walls.size(); ++k) {
    Share& own = all[mesh_.walls[k].cell][0];
    own.electronic = skew::sum(own.electronic, -1.0, electronic_.terminal[k]);
  }
  std::vector<std::vector<double>> packed(all.size());
  for (const Halo::Neighbour& neighbour : mesh_.halo.neighbours)
    for (const int P : neighbour.send) {
      if (!packed[P].empty()) continue;  // two neighbours see it
      for (const Share& s : all[P])
        packed[P].insert(packed[P].end(), {s.number, s.by_c_e, s.ionic[0], s.ionic[1], s.ionic[2], s.electronic[0],
                                           s.electronic[1], s.electronic[2]});
    }
  exchange_.share(packed);
  for (std::size_t P = mesh_.cells(); P < packed.size(); ++P)
    for (auto v = packed[P].cbegin(); v != packed[P].cend(); v += 8)
      all[P].push_back({v[0], v[1], {v[2], v[3], v[4]}, {v[5], v[6], v[7]}});
  return all;
}

FarRows SkewCorrection::rows() {
  const auto gradient = gradients();
  std::vector<std::vector<std::pair<std::int64_t, FaceCoupling>>> rows(mesh_.cells());
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    const double G = conductance_[k][0], K = conductance_[k][1], S = conductance_[k][2];
    const auto feel = [&](int P, const Vector& shift, double sign) {
      for (const Share& s : gradient[P]) {
        const double ionic = sign * skew::dot(s.ionic, shift), electronic = sign * skew::dot(s.electronic, shift);
        FaceCoupling felt{}, back{};
        felt(Isothermal::c_e, Isothermal::c_e) = G * ionic;
        felt(Isothermal::phi_e, Isothermal::c_e) = K * ionic * s.by_c_e;
        felt(Isothermal::phi_e, Isothermal::phi_e) = K * ionic;
        felt(Isothermal::phi_s, Isothermal::phi_s) = S * electronic;
        for (std::size_t i = 0; i < felt.size(); ++i) back[i] = -felt[i];
        const auto column = static_cast<std::int64_t>(s.number);
        if (f.owner < mesh_.cells()) rows[f.owner].push_back({column, felt});
        if (f.neighbour < mesh_.cells()) rows[f.neighbour].push_back({column, back});
      }
    };
    feel(f.owner, mesh_.skew[k].owner_shift, 1);
    feel(f.neighbour, mesh_.skew[k].neighbour_shift, -1);
  }
  FarRows all;
  all.first.push_back(0);
  for (auto& row : rows) {
    std::stable_sort(row.begin(), row.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [column, felt] : row) {
      if (all.column.size() == all.first.back() || all.column.back() != column)
        all.column.push_back(column), all.felt.push_back({});
      all.felt.back() += felt;
    }
    all.first.push_back(all.column.size());
    std::vector<std::pair<std::int64_t, FaceCoupling>>().swap(row);
  }
  return all;
}

}  // namespace porelith
