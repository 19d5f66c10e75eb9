#include "solver/newman/parameter_change.hpp"

#include <fmt/format.h>

#include <functional>
#include <stdexcept>

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
  add("cell.area", "m2", "electrode area of the whole cell", &ParameterChange::area);
  return list;
}

}  // namespace

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
