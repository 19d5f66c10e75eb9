#include "solver/newman/parameter_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "meshes/halo.hpp"
#include "meshes/region_names.hpp"
#include "solver/newman/mixing.hpp"

namespace porelith {

namespace {

struct Named {
  ModelParameter parameter;
  std::function<void(const Model&, ParameterChange&)> change;
};

/// By one wherever a layer is all matrix.
std::vector<double> matrix_of(const Model& model, Region layer) {
  const Mesh& mesh = model.mesh();
  std::vector<double> parts;
  parts.reserve(mesh.volume.size());
  for (int P = 0; P < mesh.with_ghosts(); ++P)
    parts.push_back(mesh.region[P] != layer ? 0.0 : is_electrode(layer) ? matrix_part(mesh, P) : 1.0);
  return parts;
}

/// All lengths along x within a layer, relative.
ParameterChange::Lengths stretched(const Model& model, Region layer) {
  const Mesh& mesh = model.mesh();
  if (model.team().any(!mesh.skew.empty()))
    throw std::invalid_argument("thicknesses are no parameters of a mesh with skew faces");
  const auto in = [&](int P) { return mesh.region[P] == layer ? 1.0 : 0.0; };
  ParameterChange::Lengths change;
  for (int P = 0; P < mesh.cells(); ++P) change.volume.push_back(in(P)*mesh.volume[P]);
  for (const Face& f : mesh.faces) {
    if (direction_of(mesh, f) == 0)
      change.faces.push_back({0, in(f.owner) * f.d_owner, in(f.neighbour) * f.d_neighbour});
    else
      change.faces.push_back({in(f.owner) * f.area, 0, 0});
  }
  for (const CollectorFace& f : mesh.negative_collector) change.negative_distance.push_back(in(f.cell) * f.distance);
  for (const CollectorFace& f : mesh.positive_collector) change.positive_distance.push_back(in(f.cell) * f.distance);
  return change;
}

void add_layer(std::vector<Named>& list, Region layer) {
  const std::string name = name_of(layer);
  const auto field = [&](const char* symbol, const char* unit, const char* meaning,
                         std::vector<double> Medium::*which) {
    list.push_back({{name + symbol, unit, meaning}, [layer, which](const Model& model, ParameterChange& change) {
                      change.medium.*which = matrix_of(model, layer);
                    }});
  };
  field(".eps", "1", "porosity", &Medium::eps);
  field(".B", "1", "transport efficiency", &Medium::B);
  if (is_electrode(layer)) field(".sigma", "S m-1", "effective electronic conductivity", &Medium::sigma);
  list.push_back({{name + ".thickness", "1", "thickness, relative"},
                  [layer](const Model& model, ParameterChange& change) { change.lengths = stretched(model, layer); }});
}

void add_bed(std::vector<Named>& list, const ModelBed& bed, std::size_t b) {
  const std::string name = name_of(bed.electrode) + (bed.name.empty() ? "" : "." + bed.name);
  const auto add = [&](const char* symbol, const char* unit, const char* meaning,
                       const std::function<void(const ModelBed&, const Mesh&, ParameterChange::Bed&)>& set) {
    list.push_back({{name + symbol, unit, meaning}, [b, set](const Model& model, ParameterChange& change) {
                      change.beds.resize(model.beds().size());
                      set(model.beds()[b], model.mesh(), change.beds[b]);
                    }});
  };
  add(".eps_s", "1", "active fraction, with the surface of spheres",
      [](const ModelBed& bed, const Mesh& mesh, ParameterChange::Bed& change) {
        for (std::size_t i = 0; i < bed.cells.size(); ++i) {
          change.eps_s.push_back(matrix_part(mesh, bed.cells[i]));
          change.a.push_back(3 / bed.R[i] * change.eps_s.back());
        }
      });
  add(".a", "m-1", "specific surface", [](const ModelBed& bed, const Mesh& mesh, ParameterChange::Bed& change) {
    for (const int P : bed.cells) change.a.push_back(matrix_part(mesh, P));
  });
  add(".R", "m", "particle radius",
      [](const ModelBed& bed, const Mesh&, ParameterChange::Bed& change) { change.R.assign(bed.cells.size(), 1.0); });
  add(".D_s", "1", "diffusivity in the particles, relative",
      [](const ModelBed&, const Mesh&, ParameterChange::Bed& change) { change.ln_D_s = 1; });
  add(".K", "1", "reaction rate constant, relative",
      [](const ModelBed&, const Mesh&, ParameterChange::Bed& change) { change.ln_K = 1; });
}

/// A kelvin more, of all laws.
void warmed(const Model& model, ParameterChange& change) {
  const auto relative = [](const auto& law, double at) {
    double value, slope, by_T;
    law(1, &at, &value, &slope, &by_T);
    return by_T / value;
  };
  const ElectrolyteAt& liquid = model.electrolyte();
  change.temperature = 1;
  change.ln_D_e = relative([&](auto... args) { liquid.diffusivity(args...); }, liquid.c_e0());
  change.ln_kappa = relative([&](auto... args) { liquid.conductivity(args...); }, liquid.c_e0());
  for (const ModelBed& bed : model.beds()) {
    if (bed.surface)
      throw std::invalid_argument("temperature is no parameter where reactions beside intercalation happen");
    change.beds.emplace_back();
    change.beds.back().ln_D_s = relative([&](auto... args) { bed.law.diffusivity(args...); }, 0.5);
    change.beds.back().ln_K = bed.law.exchange_current().dln_dT;
  }
}

std::vector<Named> named(const Model& model) {
  std::vector<Named> list;
  for (const Region layer : {Region::negative, Region::separator, Region::positive}) add_layer(list, layer);
  for (std::size_t b = 0; b < model.beds().size(); ++b) add_bed(list, model.beds()[b], b);
  const auto add = [&](const char* name, const char* unit, const char* meaning, double ParameterChange::*which) {
    list.push_back({{name, unit, meaning}, [which](const Model&, ParameterChange& change) { change.*which = 1; }});
  };
  add("electrolyte.t_plus", "1", "cation transference number", &ParameterChange::t_plus);
  add("electrolyte.D_e", "1", "diffusivity of the salt, relative", &ParameterChange::ln_D_e);
  add("electrolyte.kappa", "1", "ionic conductivity, relative", &ParameterChange::ln_kappa);
  add("electrolyte.thermodynamic_factor", "1", "thermodynamic factor, relative", &ParameterChange::ln_chi);
  list.push_back({{"electrolyte.c_e0", "mol m-3", "concentration at which the exchange currents are given"},
                  [](const Model& model, ParameterChange& change) {
                    for (std::size_t b = 0; b < model.beds().size(); ++b)
                      change.beds.emplace_back().ln_K = -ExchangeCurrent::by_ln_c_e / model.electrolyte().c_e0();
                  }});
  list.push_back({{"cell.temperature", "K", "temperature"}, warmed});
  add("cell.area", "m2", "electrode area of the whole cell", &ParameterChange::area);
  return list;
}

void make_room(const ParameterChange&, const ParameterChange&) {}
/// Where `wanted` has some.
void make_room(ParameterChange& change, const ParameterChange& wanted) {
  const auto as = [](auto& x, const auto& y) {
    if (x.empty()) x.resize(y.size());
  };
  as(change.medium.eps, wanted.medium.eps), as(change.medium.B, wanted.medium.B);
  as(change.medium.sigma, wanted.medium.sigma);
  as(change.beds, wanted.beds);
  for (std::size_t k = 0; k < wanted.beds.size(); ++k) {
    as(change.beds[k].eps_s, wanted.beds[k].eps_s);
    as(change.beds[k].a, wanted.beds[k].a), as(change.beds[k].R, wanted.beds[k].R);
  }
  ParameterChange::Lengths& lengths = change.lengths;
  as(lengths.volume, wanted.lengths.volume), as(lengths.faces, wanted.lengths.faces);
  as(lengths.negative_distance, wanted.lengths.negative_distance);
  as(lengths.positive_distance, wanted.lengths.positive_distance);
  as(lengths.negative_area, wanted.lengths.negative_area), as(lengths.positive_area, wanted.lengths.positive_area);
  as(lengths.matrix, wanted.lengths.matrix), as(lengths.wall_normal, wanted.lengths.wall_normal);
}

/// All numbers that two changes have: visit(a, b). @param a gets room for what b has, unless it must not change
template <class Change, class Visit>
void each_pair(Change& a, const ParameterChange& b, const Visit& visit) {
  make_room(a, b);
  const auto fields = [&](auto& x, const auto& y) {
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) visit(x[i], y[i]);
  };
  fields(a.medium.eps, b.medium.eps), fields(a.medium.B, b.medium.B), fields(a.medium.sigma, b.medium.sigma);
  for (std::size_t k = 0; k < std::min(a.beds.size(), b.beds.size()); ++k) {
    auto& x = a.beds[k];
    const ParameterChange::Bed& y = b.beds[k];
    fields(x.eps_s, y.eps_s), fields(x.a, y.a), fields(x.R, y.R);
    visit(x.ln_D_s, y.ln_D_s), visit(x.ln_K, y.ln_K);
  }
  visit(a.t_plus, b.t_plus), visit(a.ln_D_e, b.ln_D_e), visit(a.ln_kappa, b.ln_kappa), visit(a.ln_chi, b.ln_chi);
  visit(a.temperature, b.temperature), visit(a.area, b.area);
  auto& x = a.lengths;
  const ParameterChange::Lengths& y = b.lengths;
  fields(x.volume, y.volume);
  for (std::size_t k = 0; k < std::min(x.faces.size(), y.faces.size()); ++k) fields(x.faces[k], y.faces[k]);
  fields(x.negative_distance, y.negative_distance), fields(x.positive_distance, y.positive_distance);
  fields(x.negative_area, y.negative_area), fields(x.positive_area, y.positive_area);
  visit(x.footprint, y.footprint);
  fields(x.matrix, y.matrix);
  for (std::size_t P = 0; P < std::min(x.wall_normal.size(), y.wall_normal.size()); ++P)
    fields(x.wall_normal[P], y.wall_normal[P]);
}

}  // namespace

ParameterChange no_change(const Model& model) {
  const Mesh& mesh = model.mesh();
  ParameterChange none;
  for (auto* v : {&none.medium.eps, &none.medium.B, &none.medium.sigma}) v->assign(mesh.with_ghosts(), 0.0);
  for (const ModelBed& bed : model.beds()) {
    none.beds.emplace_back();
    for (auto* v : {&none.beds.back().eps_s, &none.beds.back().a, &none.beds.back().R})
      v->assign(bed.cells.size(), 0.0);
  }
  if (model.team().any(!mesh.skew.empty())) return none;
  none.lengths.volume.assign(mesh.cells(), 0.0);
  none.lengths.faces.assign(mesh.faces.size(), {});
  for (auto* v : {&none.lengths.negative_distance, &none.lengths.negative_area})
    v->assign(mesh.negative_collector.size(), 0.0);
  for (auto* v : {&none.lengths.positive_distance, &none.lengths.positive_area})
    v->assign(mesh.positive_collector.size(), 0.0);
  none.lengths.matrix.assign(mesh.wall_normal.size(), 0.0);
  none.lengths.wall_normal.assign(mesh.wall_normal.size(), {});
  return none;
}

double dot(const ParameterChange& slopes, const ParameterChange& change) {
  double sum = 0;
  each_pair(slopes, change, [&](double slope, double by) { sum += slope * by; });
  return sum;
}

void add(ParameterChange& to, double factor, const ParameterChange& change) {
  each_pair(to, change, [factor](double& number, double by) { number += factor * by; });
}

void add_slope_by_chi(const Model& model, double by_ln_chi, ParameterChange& slopes, bool temperature) {
  slopes.ln_chi += by_ln_chi;
  slopes.t_plus -= by_ln_chi / (1 - model.electrolyte().t_plus());
  if (temperature) slopes.temperature += by_ln_chi / model.temperature();
}

void give_ghosts_back(const Model& model, ParameterChange& slopes) {
  const Mesh& mesh = model.mesh();
  HaloExchange exchange(mesh.halo, model.team());
  exchange.give_back({slopes.medium.eps.data(), slopes.medium.B.data(), slopes.medium.sigma.data()});
  for (auto* v : {&slopes.medium.eps, &slopes.medium.B, &slopes.medium.sigma})
    std::fill(v->begin() + mesh.cells(), v->end(), 0.0);
  auto& lengths = slopes.lengths;
  if (!model.team().any(!mesh.wall_normal.empty()) || model.team().any(!mesh.skew.empty())) return;
  std::array<std::vector<double>, 4> cut;  // wall normals, matrix
  for (auto& field : cut) field.assign(mesh.with_ghosts(), 0.0);
  for (std::size_t P = 0; P < lengths.matrix.size(); ++P) {
    for (int axis = 0; axis < 3; ++axis) cut[axis][P] = lengths.wall_normal[P][axis];
    cut[3][P] = lengths.matrix[P];
  }
  exchange.give_back({cut[0].data(), cut[1].data(), cut[2].data(), cut[3].data()});
  for (std::size_t P = 0; P < lengths.matrix.size(); ++P) {
    const bool own = static_cast<int>(P) < mesh.cells();
    for (int axis = 0; axis < 3; ++axis) lengths.wall_normal[P][axis] = own ? cut[axis][P] : 0;
    lengths.matrix[P] = own ? cut[3][P] : 0;
  }
}

std::vector<ModelParameter> named_parameters(const Model& model) {
  std::vector<ModelParameter> list;
  for (const Named& each : named(model)) list.push_back(each.parameter);
  return list;
}

ParameterChange change_with(const Model& model, const std::string& name) {
  for (const Named& each : named(model)) {
    if (each.parameter.name != name) continue;
    ParameterChange change;
    each.change(model, change);
    return change;
  }
  throw std::invalid_argument(fmt::format("{} is no parameter of the model", name));
}

}  // namespace porelith
