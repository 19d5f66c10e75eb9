#pragma once
/// Single implicit steps on meshes of every kind, on which the derivatives of a step are tried.
#include <functional>
#include <string>
#include <vector>

#include "meshes/gmsh/mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/cell/cell.hpp"
#include "tests/support/channelled.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/linearised.hpp"

namespace porelith {

constexpr double sample_gamma = 2;  ///< [s]

/// A cell and how it is meshed.
struct StepSample {
  std::string name;
  Case input;
  std::function<Mesh(const Case&, const Team&)> part = [](const Case& c, const Team& team) { return mesh_of(c, team); };

  Mesh mesh(const Case& c, const Team& team = Team::alone()) const { return part(c, team); }
};

inline Case graded(Case c) {
  set_mesh(c, 5, 3, 5);
  for (Electrode* e : {&c.cell->negative, &c.cell->positive}) {
    e->porosity = Profile::layers({0, 0.4, 1}, {0.28, 0.36});
    e->materials[0].R = e->materials[0].R->scaled(1.1);
  }
  return c;
}

inline Case unit_cell(int dimension) {
  Case c = graded(shipped_case("lgm50_chen2020"));
  cut(c, dimension, 60e-6, dimension == 2 ? ChannelForm::groove : ChannelForm::round, 25e-6);
  c.mesh.width = c.mesh.height = 4;
  return c;
}

inline Mesh tetrahedra(const Case& c, const Team& team = Team::alone()) {
  BoxMesh block = layered_boxes(*c.cell, 3, 2, equal_edges(60, 2), equal_edges(60, 2));
  block.cut = Cut::tetrahedra;
  block.shake = 0.2;
  return gmsh_mesh(make_boxes(block), thicknesses_of(*c.cell), {}, team.rank(), team.size());
}

/// Off its file's temperature, with everything that depends on it, and another law of charge transfer.
inline Case warm(Case c) {
  c.temperature = c.cell->T_ref + 20;
  c.cell->electrolyte.D_e_activation = 17000, c.cell->electrolyte.kappa_activation = 14000;
  c.cell->electrolyte.thermodynamic_factor = 1.4;
  for (Electrode* e : {&c.cell->negative, &c.cell->positive}) {
    e->kinetics = "asymmetric", e->transfer_coefficient = 0.4;
    ActiveMaterial& m = e->materials[0];
    m.dUdT = Function::expression("1e-4 - 3e-4*x**2");
    m.D_s_activation = 30000, m.K_activation = 45000;
  }
  return c;
}

inline std::vector<StepSample> step_samples() {
  Case foils = unit_cell(2);
  foils.geometry.negative_foil = foils.geometry.positive_foil = Foil{10e-6, 1e5};
  return {{"graded", graded(shipped_case("lgm50_chen2020"))},
          {"D_s varies", graded(shipped_case("kokam_ecker2015"))},
          {"warm", warm(graded(shipped_case("lgm50_chen2020")))},
          {"a blend", graded(blended_case())},
          {"a groove and foils", foils},
          {"a hole", unit_cell(3)},
          {"tetrahedra", graded(shipped_case("lgm50_chen2020")), tetrahedra}};
}

/// Everything out of balance but the particles, which stand as their fluxes and the past want them.
struct StepPoint {
  State hat, x;
};

inline StepPoint balanced_point(const Model& model) {
  StepPoint at{uneven_state(model), uneven_state(model)};
  for (double& value : at.hat) value *= 0.999;
  for (std::size_t b = 0; b < model.beds().size(); ++b) {
    const auto& block = model.layout().beds[b];
    Particles particles = model.beds()[b].particles;
    double *c_s = &at.x[block.c_s], *j = &at.x[block.j];
    for (int iteration = 0; iteration < 20; ++iteration) {
      particles.condense(sample_gamma, &at.hat[block.c_s], c_s);
      particles.expand(j, &at.hat[block.c_s], c_s);
    }
    particles.condense(sample_gamma, &at.hat[block.c_s], c_s);
    particles.surface(j, &at.x[block.c_ss]);
  }
  return at;
}

}  // namespace porelith
