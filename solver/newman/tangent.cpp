#include "solver/newman/tangent.hpp"

#include <algorithm>
#include <type_traits>

#include "meshes/halo.hpp"
#include "solver/base/dual.hpp"
#include "solver/newman/mixing.hpp"
#include "solver/newman/relations.hpp"
#include "solver/newman/skew_gradients.hpp"

namespace porelith {

namespace {

/// Makes numbers: of plain ones no more than their values, of others the slopes along directions too.
template <class Number>
class Along;

template <>
class Along<double> {
 public:
  static constexpr int width = 1;  ///< plain numbers in one

  template <class Slope>
  double operator()(double value, const Slope&) const {
    return value;
  }
};

template <int k>
class Along<Dual<k>> {
 public:
  static constexpr int width = 1 + k;

  Along(const Direction* directions, int count) : directions_(directions), count_(count) {}
  template <class Slope>
  Dual<k> operator()(double value, const Slope& slope) const {
    Dual<k> number(value);
    for (int d = 0; d < count_; ++d) number.slope[d] = slope(directions_[d]);
    return number;
  }

 private:
  const Direction* directions_;
  int count_;
};

double entry(const std::vector<double>& values, std::size_t i) { return values.empty() ? 0 : values[i]; }

template <class Number>
class StepRows {
 public:
  StepRows(const Model& model, double gamma, const State& hat, const State& state, const Along<Number>& along)
      : model_(model),
        mesh_(model.mesh()),
        layout_(model.layout()),
        gamma_(gamma),
        hat_(hat),
        state_(state),
        along_(along),
        rows_(layout_.size, Number(0.0)),
        t_plus_(parameter(model.electrolyte().t_plus(), [](const ParameterChange& p) { return p.t_plus; })),
        T_(parameter(model.temperature(), [](const ParameterChange& p) { return p.temperature; })),
        of_chi_((1 - t_plus_) / (1 - model.electrolyte().t_plus()) * (T_ / model.temperature()) *
                parameter(1, [](const ParameterChange& p) { return p.ln_chi; })) {}

  std::vector<Number> all() {
    gather();
    volumes();
    for (std::size_t b = 0; b < model_.beds().size(); ++b) {
      reactions(b);
      particles(b);
    }
    faces();
    collectors();
    integrals();
    for (std::size_t P = 0; P < model_.source.size(); ++P)
      for (int q = 0; q < 3; ++q) rows_[field(q) + P] -= model_.source[P][q];
    return std::move(rows_);
  }

 private:
  int field(int q) const { return q == 0 ? layout_.c_e : q == 1 ? layout_.phi_e : layout_.phi_s; }

  Number unknown(int at) const {
    return along_(state_[at], [at](const Direction& d) { return d.state ? (*d.state)[at] : 0; });
  }
  /// d/dt
  Number rate(int at) const {
    return along_((state_[at] - hat_[at]) / gamma_, [at, this](const Direction& d) {
      return ((d.state ? (*d.state)[at] : 0) - (d.hat ? (*d.hat)[at] : 0)) / gamma_;
    });
  }
  template <class Change>
  Number parameter(double value, const Change& change) const {
    return along_(value, [&](const Direction& d) { return d.parameters ? change(*d.parameters) : 0; });
  }
  Number of_medium(std::vector<double> Medium::*which, int P) const {
    return parameter((model_.medium().*which)[P], [&](const ParameterChange& p) { return entry(p.medium.*which, P); });
  }
  template <class Change>
  Number of_bed(std::size_t b, double value, const Change& change) const {
    return parameter(value, [&](const ParameterChange& p) { return p.beds.empty() ? 0 : change(p.beds[b]); });
  }
  Number volume(int P) const {
    return parameter(mesh_.volume[P], [P](const ParameterChange& p) { return entry(p.lengths.volume, P); });
  }
  Number length(const Face& f, double value, int which) const {
    const std::size_t k = &f - mesh_.faces.data();
    return parameter(value,
                     [&](const ParameterChange& p) { return p.lengths.faces.empty() ? 0 : p.lengths.faces[k][which]; });
  }

  /// c_e, phi_e, phi_s of own cells and ghosts.
  void gather() {
    static_assert(std::is_trivially_copyable_v<Number> && sizeof(Number) == Along<Number>::width * sizeof(double));
    fields_.resize(mesh_.with_ghosts());
    for (int P = 0; P < layout_.cells; ++P)
      for (int q = 0; q < 3; ++q) fields_[P][q] = unknown(field(q) + P);
    HaloExchange exchange(mesh_.halo, model_.team());
    exchange.start(reinterpret_cast<double*>(fields_.data()), 3 * Along<Number>::width);
    exchange.finish();
  }

  void volumes() {
    for (int P = 0; P < layout_.cells; ++P) {
      rows_[layout_.c_e + P] = relations::salt_stored(volume(P), of_medium(&Medium::eps, P), rate(layout_.c_e + P));
      // what a cell lacks stays 0, or as it was
      if (model_.medium().sigma[P] == 0) rows_[layout_.phi_s + P] = fields_[P][2];
      if (model_.medium().eps[P] > 0) continue;
      rows_[layout_.c_e + P] = rate(layout_.c_e + P) * gamma_;
      rows_[layout_.phi_e + P] = fields_[P][1];
    }
  }

  void reactions(std::size_t b) {
    const ModelBed& bed = model_.beds()[b];
    const auto& block = layout_.beds[b];
    const Interface& interface = bed.kinetics.interface();
    const Number ln_K = of_bed(b, 0, [](const ParameterChange::Bed& p) { return p.ln_K; });
    for (int i = 0; i < block.cells; ++i) {
      const int P = bed.cells[i];
      const Number a = of_bed(b, bed.a[i], [i](const ParameterChange::Bed& p) { return entry(p.a, i); });
      const Number j = unknown(block.j + i);
      Number drop = fields_[P][2] - fields_[P][1], charge = j, salt = (1 - t_plus_) * j;
      if (bed.surface) react(*bed.surface, block, i, fields_[P][0], drop, charge, salt);
      rows_[layout_.c_e + P] -= relations::reaction(volume(P), a, salt);
      const Number current = faraday * relations::reaction(volume(P), a, charge);
      rows_[layout_.phi_e + P] -= current;
      rows_[layout_.phi_s + P] += current;

      const Number sto = unknown(block.c_ss + i) / bed.law.c_s_max();
      const Number low(sto_margin), high(1 - sto_margin), inside = sto < low ? low : sto > high ? high : sto;
      const Number U = relations::open_circuit(bed.law, inside, T_);
      const Number eta = relations::overpotential(*bed.transfer, interface, j, fields_[P][0], inside, ln_K, T_);
      rows_[block.j + i] = relations::kinetics<Number>(drop, U, eta, sto - inside, T_, sto_margin);
    }
  }

  /// What happens beside intercalation at the surface of one cell (E6): its rows, what films take of the drop, and the
  /// sums of charge and salt [mol m-2 s-1].
  void react(const Surface& surface, const Layout::BedBlock& block, int i, const Number& c_e, Number& drop,
             Number& charge, Number& salt) {
    const auto flux_at = [&](int r) { return block.fluxes + r * block.cells + i; };
    const auto own_at = [&](int k) { return block.own + k * block.cells + i; };
    std::vector<double> own(block.states);
    for (int k = 0; k < block.states; ++k) own[k] = state_[own_at(k)];
    // a value, and how it follows own states from that number on
    const auto following = [&](Number value, int from, const std::vector<double>& slopes) {
      for (std::size_t k = 0; k < slopes.size(); ++k)
        value += slopes[k] * (unknown(own_at(from + static_cast<int>(k))) - own[from + k]);
      return value;
    };
    const double c_at = value_of(c_e);
    double drop_at = value_of(drop);
    const auto points = [&](int from) {
      return ReactionPoints{1, model_.temperature(), &c_at, &drop_at, own.data() + from};
    };
    Number resistance(0.0);
    for (int r = 0, from = 0; r < block.reactions; from += surface.states_of(r++)) {
      std::vector<double> slopes(surface.states_of(r));
      double value = 0;
      surface.reactions()[r]->resist(points(from), &value, slopes.data());
      resistance += following(Number(value), from, slopes);
      const Number j = unknown(flux_at(r));
      charge += j;
      salt += (surface.reactions()[r]->lithium() - t_plus_) * j;
    }
    drop -= resistance * faraday * charge;
    drop_at = value_of(drop);
    for (int r = 0, from = 0; r < block.reactions; from += surface.states_of(r++)) {
      const int count = surface.states_of(r);
      const Reaction& reaction = *surface.reactions()[r];
      double flux, by_c_e, by_drop;
      std::vector<double> slopes(count), grow(count), by_j(count), among(count * count);
      reaction.rate(points(from), {&flux, &by_c_e, &by_drop, slopes.data()});
      const Number j = unknown(flux_at(r));
      rows_[flux_at(r)] = following(flux + by_c_e * (c_e - c_at) + by_drop * (drop - drop_at), from, slopes) - j;
      const double j_value = value_of(j);
      reaction.grow(points(from), &j_value, grow.data(), by_j.data(), among.data());
      for (int k = 0; k < count; ++k) {
        const std::vector<double> row(among.begin() + k * count, among.begin() + (k + 1) * count);
        rows_[own_at(from + k)] = rate(own_at(from + k)) - following(grow[k] + by_j[k] * (j - j_value), from, row);
      }
    }
  }

  void particles(std::size_t b) {
    const ModelBed& bed = model_.beds()[b];
    const auto& block = layout_.beds[b];
    const ShellGeometry& shells = bed.shells;
    const double D_mean = bed.particles.mean_diffusivity();
    const Number D = of_bed(b, D_mean, [D_mean](const ParameterChange::Bed& p) { return p.ln_D_s * D_mean; });
    const auto Phi_of = [&](const Number& c) { return potential(bed, c); };
    std::vector<Number> Phi(shells.shells), dcdt(shells.shells);
    for (int i = 0; i < block.cells; ++i) {
      const Number R = of_bed(b, bed.R[i], [i](const ParameterChange::Bed& p) { return entry(p.R, i); });
      const Number j = unknown(block.j + i);
      for (int k = 0; k < shells.shells; ++k) {
        const int at = block.c_s + k * block.cells + i;
        Phi[k] = Phi_of(unknown(at)), dcdt[k] = rate(at);
      }
      Number flux_in(0.0);
      for (int k = 0; k < shells.shells; ++k) {
        const Number flux_out =
            k + 1 < shells.shells ? relations::shell_flux(shells, k + 1, D, R, Phi[k], Phi[k + 1], dcdt[k], dcdt[k + 1])
                                  : -j / R;
        rows_[block.c_s + k * block.cells + i] = relations::shell_balance(shells, k, dcdt[k], flux_in, flux_out);
        flux_in = flux_out;
      }
      const Number& before = Phi[shells.shells - 2];
      rows_[block.c_ss + i] =
          Phi_of(unknown(block.c_ss + i)) - relations::surface_potential(shells, D, R, Phi.back(), before, j);
    }
  }

  /// c_s itself where D_s is constant.
  static Number potential(const ModelBed& bed, const Number& c) {
    const DiffusionPotential* law = bed.particles.potential();
    if (!law) return c;
    const double c_max = bed.law.c_s_max();
    return c_max * relations::at([&](int n, const double* x, double* Phi, double* D) { law->evaluate(n, x, Phi, D); },
                                 c / c_max);
  }

  void faces() {
    const ElectrolyteAt& law = model_.electrolyte();
    const auto factor = [&](double ParameterChange::*which) {
      return parameter(1, [which](const ParameterChange& p) { return p.*which; });
    };
    const Number of_D = factor(&ParameterChange::ln_D_e), of_kappa = factor(&ParameterChange::ln_kappa);
    std::vector<Number> D_e, kappa;
    for (const auto& at : fields_) {
      D_e.push_back(
          of_D *
          relations::at([&](int n, const double* c, double* f, double* df) { law.diffusivity(n, c, f, df); }, at[0]));
      kappa.push_back(
          of_kappa *
          relations::at([&](int n, const double* c, double* f, double* df) { law.conductivity(n, c, f, df); }, at[0]));
    }
    const std::vector<std::array<Number, 3>> jumps = find_jumps();
    for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
      const Face& f = mesh_.faces[k];
      const int P = f.owner, N = f.neighbour, d = direction_of(mesh_, f);
      const Number area = length(f, f.area, 0), d_P = length(f, f.d_owner, 1), d_N = length(f, f.d_neighbour, 2);
      const Number way_P = d_P / through(P, d), way_N = d_N / through(N, d);
      const auto &at_P = fields_[P], &at_N = fields_[N];
      const std::array<Number, 3>& jump = jumps[k];
      add(k, 0,
          relations::salt_flux(relations::conductance(area, way_P, D_e[P], way_N, D_e[N]), at_P[0], at_N[0], jump[0]));
      add(k, 1,
          relations::ionic_current(relations::conductance(area, way_P, kappa[P], way_N, kappa[N]), at_P[1], at_N[1],
                                   salt_potential(at_P[0]), salt_potential(at_N[0]), jump[1]));
      if (model_.medium().sigma[P] == 0 || model_.medium().sigma[N] == 0) continue;
      const Number S =
          relations::conductance(area, d_P, of_medium(&Medium::sigma, P), d_N, of_medium(&Medium::sigma, N));
      add(k, 2, relations::electronic_current(S, at_P[2], at_N[2], jump[2]));
    }
  }

  /// B along an axis (S5).
  Number through(int P, int axis) const {
    const Number matrix = parameter(matrix_part(mesh_, P), [P](const auto& p) { return entry(p.lengths.matrix, P); });
    const Number normal = parameter(wall_normal(mesh_, P, axis), [P, axis](const ParameterChange& p) {
      return p.lengths.wall_normal.empty() ? 0 : p.lengths.wall_normal[P][axis];
    });
    return B_through(mesh_, P, of_medium(&Medium::B, P), matrix, normal);
  }

  /// X (L2b), which goes with 1 - t_plus, T and the thermodynamic factor.
  Number salt_potential(const Number& c_e) const {
    using std::log;
    const ElectrolyteAt& law = model_.electrolyte();
    if (!law.varying_chi()) return of_chi_ * law.chi() * log(c_e);
    const auto X = [&](int n, const double* c, double* value, double* slope) {
      law.varying_chi()->evaluate(n, c, value, slope);
      for (int i = 0; i < n; ++i) slope[i] /= c[i];
    };
    return of_chi_ * relations::at(X, c_e);
  }

  void add(std::size_t face, int q, const Number& flux) {
    const Face& f = mesh_.faces[face];
    if (f.owner < layout_.cells) rows_[field(q) + f.owner] += flux;
    if (f.neighbour < layout_.cells) rows_[field(q) + f.neighbour] -= flux;
  }

  /// What the falls between the centres lack (S4).
  std::vector<std::array<Number, 3>> find_jumps() const {
    if (!model_.team().any(!mesh_.skew.empty())) return std::vector<std::array<Number, 3>>(mesh_.faces.size());
    std::vector<Number> B, sigma;
    std::vector<std::array<Number, 3>> falling(fields_);
    for (int P = 0; P < mesh_.with_ghosts(); ++P) {
      B.push_back(of_medium(&Medium::B, P)), sigma.push_back(of_medium(&Medium::sigma, P));
      falling[P][1] -= salt_potential(fields_[P][0]);
    }
    return skew_jumps(mesh_, skew_gradients(mesh_, model_.team(), skew_weights(mesh_, B, false),
                                            skew_weights(mesh_, sigma, true), falling, unknown(layout_.voltage)));
  }

  void collectors() {
    using Lengths = ParameterChange::Lengths;
    using Field = std::vector<double> Lengths::*;
    const auto tie = [&](const CollectorFace& f, std::size_t k, Field distances, Field areas) {
      const auto number = [&](double value, Field which) {
        return parameter(value, [&](const ParameterChange& p) { return entry(p.lengths.*which, k); });
      };
      return number(f.area, areas) * of_medium(&Medium::sigma, f.cell) / number(f.distance, distances);
    };
    const Number V = unknown(layout_.voltage), none(0.0);
    Number through(0.0);
    for (std::size_t k = 0; k < mesh_.negative_collector.size(); ++k) {
      const CollectorFace& f = mesh_.negative_collector[k];
      rows_[layout_.phi_s + f.cell] += relations::electronic_current(
          tie(f, k, &Lengths::negative_distance, &Lengths::negative_area), fields_[f.cell][2], none, none);
    }
    for (std::size_t k = 0; k < mesh_.positive_collector.size(); ++k) {
      const CollectorFace& f = mesh_.positive_collector[k];
      const Number current = relations::electronic_current(
          tie(f, k, &Lengths::positive_distance, &Lengths::positive_area), fields_[f.cell][2], V, none);
      rows_[layout_.phi_s + f.cell] += current;
      through += current;
    }
    model_.team().sum(reinterpret_cast<double*>(&through), Along<Number>::width);
    const Number area = parameter(model_.area(), [](const ParameterChange& p) { return p.area; });
    const Number footprint = parameter(mesh_.footprint, [](const ParameterChange& p) { return p.lengths.footprint; });
    rows_[layout_.current] = unknown(layout_.current) - through * area / footprint;
  }

  void integrals() {
    const Number I = unknown(layout_.current);
    rows_[layout_.charge] = rate(layout_.charge) - I;
    rows_[layout_.energy] = rate(layout_.energy) - I * unknown(layout_.voltage);
  }

  const Model& model_;
  const Mesh& mesh_;
  const Layout& layout_;
  double gamma_;
  const State &hat_, &state_;
  Along<Number> along_;
  std::vector<Number> rows_;
  Number t_plus_, T_;
  Number of_chi_;  ///< chi over that of the model
  std::vector<std::array<Number, 3>> fields_;
};

constexpr int at_once = 4;  ///< directions a walk through the mesh

}  // namespace

State step_residual(const Model& model, double gamma, const State& hat, const State& state) {
  return StepRows<double>(model, gamma, hat, state, {}).all();
}

std::vector<State> step_derivatives(const Model& model, double gamma, const State& hat, const State& state,
                                    const std::vector<Direction>& directions) {
  using Number = Dual<at_once>;
  std::vector<State> all;
  for (std::size_t from = 0; from < directions.size(); from += at_once) {
    const int count = static_cast<int>(std::min<std::size_t>(at_once, directions.size() - from));
    const Along<Number> along(&directions[from], count);
    const std::vector<Number> rows = StepRows<Number>(model, gamma, hat, state, along).all();
    for (int d = 0; d < count; ++d) {
      all.emplace_back();
      for (const Number& row : rows) all.back().push_back(row.slope[d]);
    }
  }
  return all;
}

std::vector<State> step_derivatives_by(const Model& model, double gamma, const State& hat, const State& state,
                                       const std::vector<std::string>& names) {
  std::vector<ParameterChange> changes;
  changes.reserve(names.size());
  for (const std::string& name : names) changes.push_back(change_with(model, name));
  std::vector<Direction> directions;
  directions.reserve(names.size());
  for (const ParameterChange& change : changes) directions.push_back({nullptr, nullptr, &change});
  return step_derivatives(model, gamma, hat, state, directions);
}

}  // namespace porelith
