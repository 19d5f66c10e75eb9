/// Transposed products of a step's derivatives on several ranks, whose faces are shared.
#include <cstdio>

#include "solver/case_mesh.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pulled.hpp"
#include "tests/support/step_samples.hpp"

using namespace porelith;

TEST_CASE("on any number of ranks transposed products add up to the forward ones") {
  const Team team = Team::world();
  for (const bool skew : {false, true}) {
    const Case c = skew ? warm(graded(shipped_case("lgm50_chen2020"))) : warm(unit_cell(3));
    const Model model = model_of(c, skew ? tetrahedra(c, team) : mesh_of(c, team), team);
    State x = uneven_state(model);
    Scatter(model, 3).unsettle(x);
    State hat = x;
    for (double& value : hat) value *= 0.999;
    const PullBackErrors errors = pull_back_errors(model, sample_gamma, hat, x, 5);
    if (team.first())
      std::printf("  %s on %d ranks: off by %.1e, with the past %.1e (%s)\n", skew ? "tetrahedra" : "a hole",
                  team.size(), errors.by_parameters, errors.by_hat, errors.where.c_str());
    CHECK(errors.by_parameters < 1e-11);
    CHECK(errors.by_hat < 1e-13);
    for (const std::string& kind : errors.unseen) {
      INFO(kind);
      CHECK(kind.rfind("eps_s", 0) == 0);
    }
  }
}

TEST_CASE("with ghosts' parts given back each rank has the slopes of its own cells whole") {
  const Team team = Team::world();
  const Case c = unit_cell(3);
  const Model model = model_of(c, mesh_of(c, team), team), alone = model_of(c, mesh_of(c));
  const auto slopes_of = [](const Model& m) {
    const State x = uneven_state(m);
    State hat = x, lambda(x.size(), 0.0), by_hat(x.size(), 0.0);
    for (double& value : hat) value *= 0.999;
    for (int P = 0; P < m.layout().cells; ++P) {
      const auto& at = m.mesh().centre[P];
      double shift = 0;
      for (const int field : {m.layout().c_e, m.layout().phi_e, m.layout().phi_s})
        lambda[field + P] = std::sin(7e4 * (at[0] + 0.3 * at[1] + 0.6 * at[2]) + ++shift);
    }
    ParameterChange by;
    pull_back(m, sample_gamma, hat, x, lambda, by_hat, by);
    give_ghosts_back(m, by);
    return by;
  };
  const ParameterChange mine = slopes_of(model), all = slopes_of(alone);
  // cells are numbered otherwise on one rank: found by their centres
  const auto value_at = [&](const std::vector<double>& field, const std::array<double, 3>& centre) {
    for (int Q = 0; Q < alone.mesh().cells(); ++Q) {
      const auto& at = alone.mesh().centre[Q];
      if (std::hypot(at[0] - centre[0], at[1] - centre[1], at[2] - centre[2]) < 1e-12) return field[Q];
    }
    throw std::runtime_error("no such cell");
  };
  using Fields = std::pair<const std::vector<double>*, const std::vector<double>*>;
  for (const auto& [field, on_one] :
       {Fields{&mine.medium.eps, &all.medium.eps}, Fields{&mine.medium.B, &all.medium.B},
        Fields{&mine.medium.sigma, &all.medium.sigma}, Fields{&mine.lengths.matrix, &all.lengths.matrix}}) {
    double off = 0, size = 0;
    for (int P = 0; P < model.mesh().cells(); ++P) {
      const double whole = value_at(*on_one, model.mesh().centre[P]);
      off = std::max(off, std::abs((*field)[P] - whole)), size = std::max(size, std::abs(whole));
    }
    CHECK(team.max(size) > 0);
    CHECK(team.max(off) < 1e-11 * team.max(size));
  }
}
