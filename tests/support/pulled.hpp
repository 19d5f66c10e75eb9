#pragma once
/// Transposed products of a step's derivatives against the forward ones: row by row kind, number by number kind.
#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "solver/newman/pull_back.hpp"
#include "solver/newman/tangent.hpp"
#include "tests/support/linearised.hpp"

namespace porelith {

/// Every number that has a place on a mesh, by its place alone: alike on any number of ranks.
class Scatter {
 public:
  Scatter(const Model& model, int seed) : model_(model), mesh_(model.mesh()), seed_(seed) {}

  /// 0.7 to 1.3 times, or what is added.
  double factor(int what, long place, long other = -1) { return 1 + draw(what, place, other); }
  double draw(int what, long place, long other = -1) { return RandomOf(100 * seed_ + what, place, other)(-0.3, 0.3); }
  long place_of(int P) const { return number_of(mesh_, P); }

  /// Shells and surfaces that differ from each other, own states of reactions, integrals.
  void unsettle(State& x) {
    const Layout& l = model_.layout();
    for (std::size_t b = 0; b < l.beds.size(); ++b) {
      const auto& block = l.beds[b];
      const int id = 20 * static_cast<int>(b);
      for (int i = 0; i < block.cells; ++i) {
        const long place = place_of(model_.beds()[b].cells[i]);
        x[block.c_ss + i] *= factor(id, place);
        for (int k = 0; k < block.shells; ++k) x[block.c_s + k * block.cells + i] *= factor(id + 1, place, k);
        for (int r = 0; r < block.reactions; ++r) x[block.fluxes + r * block.cells + i] = 1e-6 * draw(id + 2, place, r);
        for (int k = 0; k < block.states; ++k) x[block.own + k * block.cells + i] += 1e-9 * factor(id + 3, place, k);
      }
    }
    x[l.current] = 2, x[l.charge] = 30, x[l.energy] = 70;
  }

  /// Of one slot of a state.
  State on_slot(const Slot& slot) {
    State v(model_.layout().size, 0.0);
    const std::vector<int>* cells = slot.bed < 0 ? nullptr : &model_.beds()[slot.bed].cells;
    const int n = cells ? static_cast<int>(cells->size()) : model_.layout().cells;
    for (int i = 0; i < slot.size; ++i) {
      const long place = slot.size < n ? 0 : place_of(cells ? (*cells)[i % n] : i % n);
      v[slot.at + i] = 1 + draw(7, place, i / n);
    }
    return v;
  }

 private:
  const Model& model_;
  const Mesh& mesh_;
  int seed_;
};

struct NamedChange {
  std::string name;
  ParameterChange change;
};

/// A random change of every kind of number, one kind a time, each number by about a part of itself.
inline std::deque<NamedChange> random_changes(const Model& model, int seed) {
  const Mesh& mesh = model.mesh();
  Scatter scatter(model, seed);
  std::deque<NamedChange> list;
  const auto add = [&](const std::string& name) -> ParameterChange& {
    list.push_back({name, {}});
    return list.back().change;
  };
  const std::pair<const char*, std::vector<double> Medium::*> media[] = {
      {"eps", &Medium::eps}, {"B", &Medium::B}, {"sigma", &Medium::sigma}};
  for (const auto& [name, which] : media) {
    auto& field = add(name).medium.*which;
    for (int P = 0; P < mesh.with_ghosts(); ++P)
      field.push_back((model.medium().*which)[P] * scatter.draw(1, scatter.place_of(P)));
  }
  for (std::size_t b = 0; b < model.beds().size(); ++b) {
    const ModelBed& bed = model.beds()[b];
    const std::string of = " of bed " + std::to_string(b);
    const auto bed_of = [&](const std::string& name) -> ParameterChange::Bed& {
      ParameterChange& change = add(name + of);
      change.beds.resize(model.beds().size());
      return change.beds[b];
    };
    auto& eps_s = bed_of("eps_s").eps_s;
    auto& a = bed_of("a").a;
    auto& R = bed_of("R").R;
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      const long place = scatter.place_of(bed.cells[i]);
      eps_s.push_back(bed.eps_s[i] * scatter.draw(4, place));
      a.push_back(bed.a[i] * scatter.draw(5, place)), R.push_back(bed.R[i] * scatter.draw(6, place));
    }
    bed_of("ln D_s").ln_D_s = 1;
    bed_of("ln K").ln_K = 1;
  }
  add("t_plus").t_plus = 0.1, add("ln D_e").ln_D_e = 1, add("ln kappa").ln_kappa = 1, add("ln chi").ln_chi = 1;
  add("temperature").temperature = 10;
  add("area").area = 0.1 * model.area();
  if (model.team().any(!mesh.skew.empty())) return list;
  auto& volume = add("volumes").lengths.volume;
  for (int P = 0; P < mesh.cells(); ++P) volume.push_back(mesh.volume[P] * scatter.draw(8, scatter.place_of(P)));
  for (int which = 0; which < 3; ++which) {
    auto& faces = add(which == 0 ? "areas" : which == 1 ? "owners' distances" : "neighbours' distances").lengths.faces;
    for (const Face& f : mesh.faces) {
      faces.push_back({});
      faces.back()[which] = (which == 0   ? f.area
                             : which == 1 ? f.d_owner
                                          : f.d_neighbour) *
                            scatter.draw(9, scatter.place_of(f.owner), scatter.place_of(f.neighbour));
    }
  }
  auto& negative = add("negative collector").lengths.negative_distance;
  for (const CollectorFace& f : mesh.negative_collector)
    negative.push_back(f.distance * scatter.draw(10, scatter.place_of(f.cell)));
  auto& positive = add("positive collector").lengths.positive_distance;
  for (const CollectorFace& f : mesh.positive_collector)
    positive.push_back(f.distance * scatter.draw(11, scatter.place_of(f.cell)));
  auto& negative_area = add("negative collector's areas").lengths.negative_area;
  for (const CollectorFace& f : mesh.negative_collector)
    negative_area.push_back(f.area * scatter.draw(12, scatter.place_of(f.cell)));
  auto& positive_area = add("positive collector's areas").lengths.positive_area;
  for (const CollectorFace& f : mesh.positive_collector)
    positive_area.push_back(f.area * scatter.draw(13, scatter.place_of(f.cell)));
  add("footprint").lengths.footprint = 0.1 * mesh.footprint;
  bool cut = false;
  for (std::size_t P = 0; P < mesh.wall_normal.size(); ++P)
    cut = cut || (is_electrode(mesh.region[P]) && mesh.matrix_of(P) > 0 && mesh.matrix_of(P) < 1);
  if (!model.team().any(cut)) return list;
  auto& matrix = add("matrix").lengths.matrix;
  for (std::size_t P = 0; P < mesh.wall_normal.size(); ++P)  // of a cell that no channel cuts it stays
    matrix.push_back(mesh.matrix_of(P) < 1 ? 0.1 * mesh.matrix_of(P) * scatter.draw(14, scatter.place_of(P)) : 0);
  auto& normals = add("wall normals").lengths.wall_normal;
  for (std::size_t P = 0; P < mesh.wall_normal.size(); ++P) {
    normals.push_back(mesh.wall_normal[P]);
    for (int axis = 0; axis < 3; ++axis) normals[P][axis] *= scatter.draw(15, scatter.place_of(P), axis);
  }
  return list;
}

/// Sum over ranks of the products of two states; what is one number for all ranks counts once. The second is the sum of
/// their sizes.
inline std::pair<double, double> product(const Model& model, const State& a, const State& b) {
  double sums[2] = {0, 0};
  for (const Slot& slot : model.layout().slots) {
    const bool whole = slot.at == model.layout().voltage || slot.at == model.layout().current ||
                       slot.at == model.layout().charge || slot.at == model.layout().energy;
    if (whole && !model.team().first()) continue;
    for (int i = 0; i < slot.size; ++i) {
      sums[0] += a[slot.at + i] * b[slot.at + i];
      sums[1] += std::abs(a[slot.at + i] * b[slot.at + i]);
    }
  }
  model.team().sum(sums, 2);
  return {sums[0], sums[1]};
}

struct PullBackErrors {
  double by_parameters = 0, by_hat = 0;
  std::string where;
  std::vector<std::string> unseen;  ///< kinds of numbers that no row knows
};

/// lambda . (dF along a change) against (lambda . dF) along the change, over the sizes of the former's terms; for
/// lambda of every kind of row and changes of every kind of number and of the past. Collective.
inline PullBackErrors pull_back_errors(const Model& model, double gamma, const State& hat, const State& x, int seed) {
  const std::deque<NamedChange> changes = random_changes(model, seed);
  const std::vector<Slot>& slots = model.layout().slots;
  Scatter scatter(model, seed);
  std::vector<State> pasts;
  for (const Slot& slot : slots) pasts.push_back(scatter.on_slot(slot));
  std::vector<Direction> directions;
  for (const NamedChange& c : changes) directions.push_back({nullptr, nullptr, &c.change});
  for (const State& past : pasts) directions.push_back({nullptr, &past, nullptr});
  const std::vector<State> forward = step_derivatives(model, gamma, hat, x, directions);

  PullBackErrors errors;
  std::vector<bool> seen(changes.size(), false);
  PullBack step(model);
  step.take(gamma, hat, x);
  for (const Slot& row : slots) {
    const State lambda = scatter.on_slot(row);
    State by_hat(x.size(), 0.0);
    ParameterChange by;
    step.add(lambda, by_hat, by);
    for (std::size_t d = 0; d < directions.size(); ++d) {
      const auto [wanted, size] = product(model, lambda, forward[d]);
      const bool past = d >= changes.size();
      const double found =
          past ? product(model, by_hat, pasts[d - changes.size()]).first : model.team().sum(dot(by, changes[d].change));
      const double off = size > 0 ? std::abs(found - wanted) / size : std::abs(found) > 0 ? HUGE_VAL : 0;
      if (!past && size > 0) seen[d] = true;
      double& worst = past ? errors.by_hat : errors.by_parameters;
      if (!(off > worst)) continue;
      worst = off;
      errors.where = row.name + " by " + (past ? "past " + slots[d - changes.size()].name : changes[d].name);
    }
  }
  for (std::size_t d = 0; d < changes.size(); ++d)
    if (!seen[d]) errors.unseen.push_back(changes[d].name);
  return errors;
}

}  // namespace porelith
