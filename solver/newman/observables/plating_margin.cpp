/// The least phi_s - phi_e in the negative electrode, its faces to separator and channels included (F17).
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "solver/newman/mixing.hpp"
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
        phi_e_(model.mesh().with_ghosts()),
        phi_s_(model.mesh().with_ghosts()) {
    const Mesh& mesh = model.mesh();
    std::vector<int> place(mesh.with_ghosts(), -1);
    for (int P = 0; P < mesh.cells(); ++P)
      if (plates(P)) place[P] = static_cast<int>(cells_.size()), cells_.push_back({P, cut_of(P)});
    for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
      const Face& f = mesh.faces[k];
      add_end({k, true, {f.owner, f.neighbour}, {f.d_owner, f.d_neighbour}}, place);
      add_end({k, false, {f.neighbour, f.owner}, {f.d_neighbour, f.d_owner}}, place);
    }
  }

  double value(const State& state) override { return model_.team().min(own_least(state).margin); }

  void add_slope(const State& state, double factor, State& slope) override {
    add_slope_of_places(state, only_the_least(state, factor), slope);
  }

  void add_slope_of_places(const State& state, const std::vector<double>& weights, State& slope) override {
    const Layout& l = model_.layout();
    std::vector<double> by_c_e(c_e_.size()), by_phi_e(c_e_.size()), by_phi_s(c_e_.size());
    each_weighed(state, weights, [&](double factor, const Place& place) {
      each_part(place, [&](double weight, int cell, const End* end, const AtEnd& at_end) {
        by_phi_s[cell] += factor * weight;
        if (!end) by_phi_e[cell] -= factor * weight;
        for (int k = 0; end && k < 2; ++k) {
          by_c_e[end->cells[k]] -= factor * weight * at_end.by_c_e[k];
          by_phi_e[end->cells[k]] -= factor * weight * at_end.by_phi_e[k];
        }
      });
    });
    exchange_.give_back({by_c_e.data(), by_phi_e.data(), by_phi_s.data()});  // the cell beyond may be another rank's
    for (int P = 0; P < l.cells; ++P)
      slope[l.c_e + P] += by_c_e[P], slope[l.phi_e + P] += by_phi_e[P], slope[l.phi_s + P] += by_phi_s[P];
  }

  void add_parameter_slope(const State& state, double factor, ParameterChange& slopes) override {
    add_parameter_slope_of_places(state, only_the_least(state, factor), slopes);
  }

  void add_parameter_slope_of_places(const State& state, const std::vector<double>& weights,
                                     ParameterChange& slopes) override {
    each_weighed(state, weights, [&](double factor, const Place& place) {
      each_part(place, [&](double weight, int, const End* end, const AtEnd& at_end) {
        if (end) add_slope_at(*end, at_end, factor * weight, slopes);
      });
      if (place.of->cut >= 0 && !slopes.lengths.matrix.empty()) add_matrix_slope(place, factor, slopes);
    });
  }

  std::vector<PlaceValue> places(const State& state) override {
    std::vector<PlaceValue> all;
    each_place(state, [&](double margin, const Place& place) {
      if (!place.end) return all.push_back({margin, place.of->cell});
      const bool separator = model_.mesh().region[place.end->cells[1]] == Region::separator;
      all.push_back({margin, place.of->cell, separator ? "at its face to the separator" : "at a channel's wall"});
    });
    return all;
  }

 private:
  /// A face as the electrode's cell on one side of it sees it.
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
  /// A cell of the electrode; where a channel cuts it, its place among those.
  struct Home {
    int cell;
    int cut;
  };
  /// Faces of a cut cell to those that are more of matrix, each with its weight.
  struct Cut {
    double matrix;
    std::vector<End> within;
    std::vector<double> weight;
    double sum = itself;
    double inner = 0;                       ///< the margin at those faces [V]
    static constexpr double itself = 1e-6;  ///< weight of the cell's own margin, should there be no such face
  };
  struct Place {
    const Home* of = nullptr;
    const End* end = nullptr;  ///< at a face where the solid ends; null: in the cell
  };
  struct Least {
    double margin = std::numeric_limits<double>::infinity();
    std::size_t place = 0;  ///< in the order of places()
  };

  bool plates(int P) const { return model_.mesh().region[P] == Region::negative && model_.medium().sigma[P] > 0; }

  int cut_of(int P) {
    const double matrix = matrix_part(model_.mesh(), P);
    if (matrix >= 1) return -1;
    cut_.push_back({matrix, {}, {}});
    return static_cast<int>(cut_.size()) - 1;
  }

  /// Where the solid ends, at the separator or at a channel; or from a cut cell to one that is more of matrix.
  void add_end(const End& seen, const std::vector<int>& place) {
    const auto [P, N] = seen.cells;
    if (place[P] >= 0 && model_.medium().sigma[N] == 0) ends_.push_back({seen, place[P]});
    if (place[N] < 0 || cells_[place[N]].cut < 0 || !plates(P)) return;
    Cut& cut = cut_[cells_[place[N]].cut];
    const double more = matrix_part(model_.mesh(), P) - cut.matrix;
    if (more <= 0) return;
    cut.within.push_back(seen);
    cut.weight.push_back(more * more);
    cut.sum += more * more;
  }

  /// This rank's.
  Least own_least(const State& state) {
    Least least;
    std::size_t place = 0;
    each_place(state, [&](double margin, const Place&) {
      if (margin < least.margin) least = {margin, place};
      ++place;
    });
    return least;
  }

  /// A weight for each place: `weight` for the first that has the least value of all ranks.
  std::vector<double> only_the_least(const State& state, double weight) {
    const Least least = own_least(state);
    const double of_all = model_.team().min(least.margin);
    std::vector<double> weights(cells_.size() + ends_.size(), 0.0);
    if (is_first(!weights.empty() && least.margin == of_all, model_.team())) weights[least.place] = weight;
    return weights;
  }

  /// visit(weight, place) of those that have one.
  template <class Visit>
  void each_weighed(const State& state, const std::vector<double>& weights, const Visit& visit) {
    std::size_t at = 0;
    each_place(state, [&](double, const Place& place) {
      const double weight = weights[at++];
      if (weight != 0) visit(weight, place);
    });
  }

  double in_cell(int P) const { return phi_s_[P] - phi_e_[P]; }
  double at_face(const End& end) const { return phi_s_[end.cells[0]] - at(end).phi_e; }
  double plain(const Place& place) const { return place.end ? at_face(*place.end) : in_cell(place.of->cell); }

  /// Where a channel's wall is between the faces of a cell, so is the margin at it (F17).
  double margin_at(const Place& place) const {
    if (place.of->cut < 0) return plain(place);
    const Cut& cut = cut_[place.of->cut];
    return (1 - cut.matrix) * cut.inner + cut.matrix * plain(place);
  }

  /// visit(margin, place) of all cells, then of all ends of the solid.
  template <class Visit>
  void each_place(const State& state, const Visit& visit) {
    const Layout& l = model_.layout();
    std::copy_n(&state[l.c_e], l.cells, c_e_.begin());
    std::copy_n(&state[l.phi_e], l.cells, phi_e_.begin());
    std::copy_n(&state[l.phi_s], l.cells, phi_s_.begin());
    exchange_.start({c_e_.data(), phi_e_.data(), phi_s_.data()});
    exchange_.finish();
    for (const Home& home : cells_) {
      if (home.cut < 0) continue;
      Cut& cut = cut_[home.cut];
      cut.inner = Cut::itself / cut.sum * in_cell(home.cell);
      for (std::size_t k = 0; k < cut.within.size(); ++k) cut.inner += cut.weight[k] / cut.sum * at_face(cut.within[k]);
    }
    const auto tell = [&](const Place& place) { visit(margin_at(place), place); };
    for (const Home& home : cells_) tell({&home, nullptr});
    for (const auto& [end, home] : ends_) tell({&cells_[home], &end});
  }

  /// visit(weight, the electrode's cell, the face or null, what is there) of all that a place's margin is made of; of
  /// the state that was looked at last.
  template <class Visit>
  void each_part(const Place& place, const Visit& visit) const {
    const int P = place.of->cell;
    const double own = place.of->cut < 0 ? 1 : cut_[place.of->cut].matrix;
    visit(own, P, place.end, place.end ? at(*place.end) : AtEnd{});
    if (place.of->cut < 0) return;
    const Cut& cut = cut_[place.of->cut];
    const double share = (1 - cut.matrix) / cut.sum;
    visit(share * Cut::itself, P, nullptr, AtEnd{});
    for (std::size_t k = 0; k < cut.within.size(); ++k)
      visit(share * cut.weight[k], cut.within[k].cells[0], &cut.within[k], at(cut.within[k]));
  }

  void add_slope_at(const End& end, const AtEnd& at_end, double factor, ParameterChange& slopes) const {
    add_slope_by_chi(model_, -factor * at_end.by_ln_chi, slopes);
    for (int k = 0; k < 2; ++k) {
      const double B = model_.medium().B[end.cells[k]], by_B = -factor * at_end.by_conductance[k] / end.d[k];
      slopes.medium.B[end.cells[k]] += by_B;
      const int distance = end.owned == (k == 0) ? 1 : 2;  // of the face's owner, of its neighbour
      if (!slopes.lengths.faces.empty()) slopes.lengths.faces[end.face][distance] -= by_B * B / end.d[k];
    }
  }

  /// By how much of the cell, and of those beside it, is matrix.
  void add_matrix_slope(const Place& place, double factor, ParameterChange& slopes) const {
    const int P = place.of->cell;
    const Cut& cut = cut_[place.of->cut];
    auto& matrix = slopes.lengths.matrix;
    matrix[P] += factor * (plain(place) - cut.inner);
    for (std::size_t k = 0; k < cut.within.size(); ++k) {
      const double more = std::sqrt(cut.weight[k]);
      const double by_more = factor * (1 - cut.matrix) * 2 * more * (at_face(cut.within[k]) - cut.inner) / cut.sum;
      matrix[cut.within[k].cells[0]] += by_more;
      matrix[P] -= by_more;
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
  std::vector<Home> cells_;
  std::vector<Cut> cut_;
  std::vector<std::pair<End, int>> ends_;  ///< with the place of the electrode's cell
  HaloExchange exchange_;
  std::vector<double> c_e_, phi_e_, phi_s_;
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
