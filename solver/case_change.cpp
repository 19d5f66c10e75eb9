#include "solver/case_change.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/base/together.hpp"
#include "solver/case_mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/newman/mixing.hpp"
#include "solver/simulation.hpp"

namespace porelith {

namespace {

/// All numbers of a case, in the places of their changes, and what has to stay as it is.
struct Numbers {
  RunChange values;
  std::vector<double> fixed;    ///< of laws, tables and functions of time
  std::vector<double> lengths;  ///< likewise, of skew meshes, relative
};

template <class Law>
double value_at(const Law& law, double x) {
  double value, slope;
  law(1, &x, &value, &slope);
  return value;
}

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument(what); }

void same_mesh(const Mesh& mesh, const Mesh& base) {
  const auto same_ends = [](const std::vector<CollectorFace>& a, const std::vector<CollectorFace>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& f, const auto& g) { return f.cell == g.cell; });
  };
  bool same = mesh.with_ghosts() == base.with_ghosts() && mesh.faces.size() == base.faces.size() &&
              mesh.skew.size() == base.skew.size() && mesh.region == base.region &&
              same_ends(mesh.negative_collector, base.negative_collector) &&
              same_ends(mesh.positive_collector, base.positive_collector);
  for (std::size_t k = 0; same && k < mesh.faces.size(); ++k)
    same = mesh.faces[k].owner == base.faces[k].owner && mesh.faces[k].neighbour == base.faces[k].neighbour;
  for (int P = 0; same && P < mesh.with_ghosts(); ++P) same = (matrix_part(mesh, P) > 0) == (matrix_part(base, P) > 0);
  if (!same) refuse("it changes which control volumes there are");
}

void add_lengths(const Mesh& mesh, ParameterChange::Lengths& lengths) {
  lengths.volume.assign(mesh.volume.begin(), mesh.volume.begin() + mesh.cells());
  for (const Face& f : mesh.faces) lengths.faces.push_back({f.area, f.d_owner, f.d_neighbour});
  const auto add_ends = [](const std::vector<CollectorFace>& ends, auto& areas, auto& distances) {
    for (const CollectorFace& f : ends) areas.push_back(f.area), distances.push_back(f.distance);
  };
  add_ends(mesh.negative_collector, lengths.negative_area, lengths.negative_distance);
  add_ends(mesh.positive_collector, lengths.positive_area, lengths.positive_distance);
  lengths.footprint = mesh.footprint;
  for (std::size_t P = 0; P < mesh.wall_normal.size(); ++P)
    lengths.matrix.push_back(matrix_part(mesh, static_cast<int>(P)));
  lengths.wall_normal = mesh.wall_normal;
}

/// Lengths of skew meshes have no slopes (S8): they stay.
void keep_lengths(const Mesh& mesh, const Mesh& base, std::vector<double>& fixed) {
  for (int P = 0; P < mesh.cells(); ++P) fixed.push_back(mesh.volume[P] / base.volume[P]);
  for (std::size_t k = 0; k < mesh.faces.size(); ++k) fixed.push_back(mesh.faces[k].area / base.faces[k].area);
}

void add_laws(const Parameters& p, const TapedRun& run, Numbers& numbers) {
  const double c_e0 = run.model->electrolyte().c_e0();
  const ElectrolyteAt& liquid = p.electrolyte;
  ParameterChange& model = numbers.values.model;
  const auto D_e = [&](int n, const double* c, double* f, double* by_c) { liquid.diffusivity(n, c, f, by_c); };
  const auto kappa = [&](int n, const double* c, double* f, double* by_c) { liquid.conductivity(n, c, f, by_c); };
  const auto chi = [&](double c) {
    double by_c;
    liquid.salt_potential(c, by_c);
    return by_c * c;
  };
  model.t_plus = liquid.t_plus();
  model.ln_D_e = std::log(value_at(D_e, c_e0));
  model.ln_kappa = std::log(value_at(kappa, c_e0));
  model.ln_chi = std::log(chi(c_e0) / ((1 - liquid.t_plus()) * p.temperature));
  model.temperature = p.temperature;
  for (const double part : {0.3, 0.7, 1.5, 2.5}) {
    const double c = part * c_e0;
    numbers.fixed.insert(numbers.fixed.end(), {value_at(D_e, c) / value_at(D_e, c_e0),
                                               value_at(kappa, c) / value_at(kappa, c_e0), chi(c) / chi(c_e0)});
  }
  for (const BedParameters& bed : p.beds) {
    const auto D_s = [&](int n, const double* x, double* f, double* by_x) { bed.law.diffusivity(n, x, f, by_x); };
    ParameterChange::Bed change{bed.eps_s, bed.a, bed.R};
    change.ln_D_s = std::log(value_at(D_s, 0.5));
    change.ln_K = std::log(bed.law.exchange_current().scale) - ExchangeCurrent::by_ln_c_e * std::log(liquid.c_e0());
    model.beds.push_back(std::move(change));
    for (const double sto : {0.1, 0.3, 0.5, 0.7, 0.9}) {
      double U, by_sto, by_T;
      bed.law.potential(1, &sto, &U, &by_sto, &by_T);
      numbers.fixed.push_back(U - p.temperature * by_T);
      numbers.fixed.push_back(value_at(D_s, sto) / value_at(D_s, 0.5));
    }
    for (const double number : {bed.law.c_s_max(), bed.alpha, bed.sto_min, bed.sto_max, double(bed.shells.shells)})
      numbers.fixed.push_back(number);
  }
}

/// What each step of the protocol holds, and at which value it ended.
void add_protocol(const Case& input, const TapedRun& run, Numbers& numbers) {
  for (const Step& step : input.protocol) {
    numbers.values.drives.push_back(step.table || step.function ? 0 : step.value);
    if (step.table) {
      numbers.fixed.insert(numbers.fixed.end(), step.table->time.begin(), step.table->time.end());
      numbers.fixed.insert(numbers.fixed.end(), step.table->value.begin(), step.table->value.end());
    }
    if (step.function) {
      const DriveTable& samples = step.function->samples;
      numbers.fixed.insert(numbers.fixed.end(), samples.value.begin(), samples.value.end());
    }
  }
  const std::size_t ended = run.tape.ends.size();
  if (input.protocol.size() < ended) refuse("it changes the protocol's steps");
  numbers.values.drives.resize(ended);
  for (std::size_t k = 0; k < ended; ++k) {
    const TapedEnd& end = run.tape.ends[k];
    const auto& stops = end.of_protocol ? input.until : input.protocol[k].stops;
    if (end.by != TapedEnd::By::nothing && end.stop >= stops.size()) refuse("it changes the protocol's stops");
    numbers.values.stops.push_back(end.by == TapedEnd::By::nothing ? 0 : stops[end.stop].value);
  }
}

void add_initial(const Case& input, const Parameters& p, const TapedRun& run, Numbers& numbers) {
  const Layout& l = run.model->layout();
  State& initial = numbers.values.initial;
  initial.assign(l.size, 0.0);
  for (int P = 0; P < l.cells; ++P)
    if (p.medium.eps[P] > 0) initial[l.c_e + P] = p.electrolyte.c_e0();
  const std::vector<double> sto = initial_stoichiometries(input);
  for (std::size_t b = 0; b < p.beds.size(); ++b) {
    const auto& block = l.beds[b];
    std::fill_n(initial.begin() + block.c_s, block.cells * block.shells, sto[b] * p.beds[b].law.c_s_max());
  }
}

Numbers numbers_of(const Case& input, const TapedRun& run) {
  const Model& model = *run.model;
  const Mesh mesh = mesh_of(input, model.team());
  const bool skew = model.team().any(!mesh.skew.empty());
  return together(model.team(), [&] {
    same_mesh(mesh, model.mesh());
    const Parameters p = parameters_of(input, mesh);
    Numbers numbers;
    numbers.values.model.medium = p.medium;
    numbers.values.model.area = p.area;
    if (skew)
      keep_lengths(mesh, model.mesh(), numbers.lengths);
    else
      add_lengths(mesh, numbers.values.model.lengths);
    add_laws(p, run, numbers);
    add_protocol(input, run, numbers);
    add_initial(input, p, run, numbers);
    return numbers;
  });
}

void add(std::vector<double>& to, double factor, const std::vector<double>& values) {
  to.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) to[i] += factor * values[i];
}

void add(RunChange& to, double factor, const RunChange& change) {
  add(to.model, factor, change.model);
  add(to.initial, factor, change.initial);
  add(to.drives, factor, change.drives);
  add(to.stops, factor, change.stops);
}

/// A formula of fourth order: steps, and their weights over the step.
struct Formula {
  std::vector<std::pair<int, double>> terms;
};
const Formula central{{{-2, 1.0 / 12}, {-1, -2.0 / 3}, {1, 2.0 / 3}, {2, -1.0 / 12}}};
const Formula onward{{{0, -25.0 / 12}, {1, 4}, {2, -3}, {3, 4.0 / 3}, {4, -1.0 / 4}}};
const Formula back{{{0, 25.0 / 12}, {-1, -4}, {-2, 3}, {-3, -4.0 / 3}, {-4, 1.0 / 4}}};

bool alike(const std::vector<double>& a, const std::vector<double>& b) {
  constexpr double same = 1e-9;  // of what has to stay
  bool stays = a.size() == b.size();
  for (std::size_t i = 0; stays && i < a.size(); ++i)
    stays = std::abs(a[i] - b[i]) <= same * std::max(1.0, std::abs(a[i]));
  return stays;
}

/// Whether a control volume, or the part of it that is matrix, is another one from somewhere on: an edge of the mesh
/// that leaves a wall, a count of cells that moves from one side of it to the other.
bool jumps(const std::vector<std::pair<double, Numbers>>& at) {
  constexpr double jump = 0.01;  // of a volume, against what the others change by
  const auto uneven = [&](const auto& value) {
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (std::size_t k = 1; k < at.size(); ++k) {
      const double rise = (value(at[k].second) - value(at[k - 1].second)) / (at[k].first - at[k - 1].first);
      least = std::min(least, rise), most = std::max(most, rise);
    }
    return most - least > jump;
  };
  const ParameterChange::Lengths& first = at.front().second.values.model.lengths;
  for (std::size_t P = 0; P < first.volume.size(); ++P)
    if (uneven([&](const Numbers& n) { return n.values.model.lengths.volume[P] / first.volume[P]; })) return true;
  for (std::size_t P = 0; P < first.matrix.size(); ++P)
    if (uneven([&](const Numbers& n) { return n.values.model.lengths.matrix[P]; })) return true;
  return false;
}

RunChange difference(const CaseAt& case_at, double step, const TapedRun& run, const Formula& formula) {
  RunChange change;
  std::vector<std::pair<double, Numbers>> all;
  for (const auto& [at, weight] : formula.terms) {
    all.push_back({at, numbers_of(case_at(at * step), run)});
    add(change, weight / step, all.back().second.values);
  }
  const Team& team = run.model->team();
  const auto stay = [&](std::vector<double> Numbers::*which) {
    bool stays = true;
    for (const auto& [at, numbers] : all) stays = stays && alike(all.front().second.*which, numbers.*which);
    return !team.any(!stays);
  };
  if (!stay(&Numbers::fixed)) refuse("it changes the shape of a law, a table or a function of time");
  if (!stay(&Numbers::lengths)) refuse("it changes lengths of a mesh with skew faces");
  if (team.any(jumps(all))) refuse("control volumes jump where it changes");
  return change;
}

}  // namespace

RunChange change_along(const CaseAt& case_at, double step, const TapedRun& run) {
  constexpr double nearer = 0.05;  // where a control volume loses its last matrix within the step
  const std::array<std::pair<const Formula*, double>, 4> trials{
      {{&central, step}, {&central, nearer * step}, {&onward, step}, {&back, step}}};
  for (const auto& [formula, by] : trials) {
    const bool last = formula == &back;
    try {
      return difference(case_at, by, run, *formula);
    } catch (const CaseError&) {
      if (last) throw;
    } catch (const std::invalid_argument&) {
      if (last) throw;
    }
  }
  throw std::logic_error("no formula is the last");
}

}  // namespace porelith
