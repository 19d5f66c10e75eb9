/// The least phi_s - phi_e in the negative electrode, its faces to separator and channels included (F17).
#include <algorithm>
#include <limits>

#include "solver/newman/model.hpp"
#include "solver/newman/observables/observer.hpp"
#include "solver/newman/observables/place.hpp"

namespace porelith {

namespace {

class PlatingMargin : public Observer {
 public:
  explicit PlatingMargin(const Model& model)
      : model_(model),
        exchange_(model.mesh().halo, model.team()),
        c_e_(model.mesh().with_ghosts()),
        phi_e_(model.mesh().with_ghosts()) {
    const Mesh& mesh = model.mesh();
    const auto& sigma = model.medium().sigma;
    const auto plates = [&](int P) { return P < mesh.cells() && mesh.region[P] == Region::negative && sigma[P] > 0; };
    for (int P = 0; P < mesh.cells(); ++P)
      if (plates(P)) cells_.push_back(P);
    for (std::size_t k = 0; k < mesh.faces.size(); ++k) {  // where the solid ends: at the separator, or at a channel
      const Face& f = mesh.faces[k];
      if (plates(f.owner) && sigma[f.neighbour] == 0)
        ends_.push_back({k, true, {f.owner, f.neighbour}, {f.d_owner, f.d_neighbour}});
      if (plates(f.neighbour) && sigma[f.owner] == 0)
        ends_.push_back({k, false, {f.neighbour, f.owner}, {f.d_neighbour, f.d_owner}});
    }
  }

  double value(const State& state) override { return model_.team().min(own_least(state).margin); }

  void add_slope(const State& state, double factor, State& slope) override {
    bool here;
    const Least least = least_of_all(state, here);
    const Layout& l = model_.layout();
    std::fill(c_e_.begin(), c_e_.end(), 0.0);
    std::fill(phi_e_.begin(), phi_e_.end(), 0.0);
    if (here && least.cell >= 0) slope[l.phi_s + least.cell] += factor, phi_e_[least.cell] = -factor;
    if (here && least.end) {
      slope[l.phi_s + least.end->cells[0]] += factor;
      for (int k = 0; k < 2; ++k) {
        c_e_[least.end->cells[k]] -= factor * least.at_end.by_c_e[k];
        phi_e_[least.end->cells[k]] -= factor * least.at_end.by_phi_e[k];
      }
    }
    exchange_.give_back({c_e_.data(), phi_e_.data()});  // the cell beyond may be another rank's
    for (int P = 0; P < l.cells; ++P) slope[l.c_e + P] += c_e_[P], slope[l.phi_e + P] += phi_e_[P];
  }

  void add_parameter_slope(const State& state, double factor, ParameterChange& slopes) override {
    bool here;
    const Least least = least_of_all(state, here);
    if (!here || !least.end) return;
    const End& end = *least.end;
    add_slope_by_chi(model_, -factor * least.at_end.by_ln_chi, slopes);
    for (int k = 0; k < 2; ++k) {
      const double B = model_.medium().B[end.cells[k]], by_B = -factor * least.at_end.by_conductance[k] / end.d[k];
      slopes.medium.B[end.cells[k]] += by_B;
      const int distance = end.owned == (k == 0) ? 1 : 2;  // of the face's owner, of its neighbour
      if (!slopes.lengths.faces.empty()) slopes.lengths.faces[end.face][distance] -= by_B * B / end.d[k];
    }
  }

  std::vector<PlaceValue> places(const State& state) override {
    std::vector<PlaceValue> all;
    each_place(
        state,
        [&](double margin, int P) {
          all.push_back({margin, P});
        },
        [&](double margin, const End& end, const AtEnd&) {
          const bool separator = model_.mesh().region[end.cells[1]] == Region::separator;
          all.push_back({margin, end.cells[0], separator ? "at its face to the separator" : "at a channel's wall"});
        });
    return all;
  }

 private:
  /// A face at which the solid ends.
  struct End {
    std::size_t face;
    bool owned;    ///< by the electrode's cell
    int cells[2];  ///< the electrode's and the other
    double d[2];   ///< from their centres to the face [m]
  };
  /// phi_e there, and its slopes by c_e, phi_e and B/d on both sides and by ln chi.
  struct AtEnd {
    double phi_e;
    double by_c_e[2], by_phi_e[2], by_conductance[2], by_ln_chi;
  };
  struct Least {
    double margin = std::numeric_limits<double>::infinity();
    int cell = -1;             ///< where it is in one,
    const End* end = nullptr;  ///< or at an end of the solid
    AtEnd at_end = {};
  };

  /// This rank's least, and whether it is that of all ranks.
  Least least_of_all(const State& state, bool& here) {
    const Least least = own_least(state);
    here = is_first(least.margin == model_.team().min(least.margin), model_.team());
    return least;
  }

  Least own_least(const State& state) {
    Least least;
    each_place(
        state,
        [&](double margin, int P) {
          if (margin < least.margin) least.margin = margin, least.cell = P;
        },
        [&](double margin, const End& end, const AtEnd& here) {
          if (margin < least.margin) least = {margin, -1, &end, here};
        });
    return least;
  }

  /// in_cell(margin, cell) of all cells, then at_end(margin, end, what is there) of all ends of the solid.
  template <class InCell, class AtAnEnd>
  void each_place(const State& state, const InCell& in_cell, const AtAnEnd& at_end) {
    const Layout& l = model_.layout();
    std::copy_n(&state[l.c_e], l.cells, c_e_.begin());
    std::copy_n(&state[l.phi_e], l.cells, phi_e_.begin());
    exchange_.start({c_e_.data(), phi_e_.data()});
    for (int P : cells_) in_cell(state[l.phi_s + P] - state[l.phi_e + P], P);
    exchange_.finish();
    for (const End& end : ends_) {
      const AtEnd here = at(end);
      at_end(state[l.phi_s + end.cells[0]] - here.phi_e, end, here);
    }
  }

  /// There no electrons flow, and phi_e - X(c_e) is continuous with its flux (E2).
  AtEnd at(const End& end) const {
    const ElectrolyteAt& liquid = model_.electrolyte();
    const double c[2] = {c_e_[end.cells[0]], c_e_[end.cells[1]]};
    double D[2], dD[2], kappa[2], dkappa[2];
    liquid.diffusivity(2, c, D, dD);
    liquid.conductivity(2, c, kappa, dkappa);
    const auto& B_of = model_.medium().B;
    const double B[2] = {B_of[end.cells[0]] / end.d[0], B_of[end.cells[1]] / end.d[1]};
    const double salt = B[0] * D[0] + B[1] * D[1];
    const double c_face = (B[0] * D[0] * c[0] + B[1] * D[1] * c[1]) / salt;
    const double g[2] = {B[0] * kappa[0], B[1] * kappa[1]};
    double dX[2], dX_face;
    const double X[2] = {liquid.salt_potential(c[0], dX[0]), liquid.salt_potential(c[1], dX[1])};
    const double X_face = liquid.salt_potential(c_face, dX_face);
    const double psi[2] = {phi_e_[end.cells[0]] - X[0], phi_e_[end.cells[1]] - X[1]};
    const double psi_face = (g[0] * psi[0] + g[1] * psi[1]) / (g[0] + g[1]);
    AtEnd at{psi_face + X_face, {}, {}, {}, X_face - (g[0] * X[0] + g[1] * X[1]) / (g[0] + g[1])};
    for (int k = 0; k < 2; ++k) {
      const double dc_face = B[k] * (D[k] + dD[k] * (c[k] - c_face)) / salt;
      const double dpsi = (B[k] * dkappa[k] * (psi[k] - psi_face) - g[k] * dX[k]) / (g[0] + g[1]);
      at.by_c_e[k] = dpsi + dX_face * dc_face;
      at.by_phi_e[k] = g[k] / (g[0] + g[1]);
      at.by_conductance[k] = dX_face * D[k] * (c[k] - c_face) / salt + kappa[k] * (psi[k] - psi_face) / (g[0] + g[1]);
    }
    return at;
  }

  const Model& model_;
  std::vector<int> cells_;
  std::vector<End> ends_;
  HaloExchange exchange_;
  std::vector<double> c_e_, phi_e_;
};

}  // namespace

ObservableType plating_margin_observable() {
  Observable about{"plating_margin", "V", "plating margin", "plating margin [V]",
                   "least phi_s - phi_e in the negative electrode; below zero lithium metal may plate"};
  about.reduced = {{Reduction::least, "plating_margin", "least phi_s - phi_e in the negative electrode over the run"}};
  about.landing = 1e-5;
  return {about, watched_by<PlatingMargin>};
}

}  // namespace porelith
