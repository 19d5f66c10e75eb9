/// Surfaces with reactions beside intercalation (E6), tried with reactions made up here: a Tafel reaction that leaves
/// dead lithium, and a film that grows with its own current, slows it down and resists all that reacts beneath.
#include <cmath>
#include <cstdio>
#include <functional>

#include "solver/base/constants.hpp"
#include "solver/case_parameters.hpp"
#include "solver/march/stepper.hpp"
#include "solver/newman/tangent.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/linearised.hpp"
#include "tests/support/made_up_reactions.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

Case sample(int electrode = 8) {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, electrode, 4, 8);
  c.initial.soc = 0.4;
  return c;
}

/// The cell whose negative electrode has these reactions.
Model model_with(const Case& c, const std::vector<ReactionPointer>& reactions) {
  Mesh mesh = layered_mesh(*c.cell, c.mesh);
  Parameters parameters = parameters_of(c, mesh);
  parameters.beds[0].reactions = reactions;
  return {std::move(parameters), std::move(mesh)};
}

/// Charged by a constant current up to t_end.
State charged(Model& model, const Case& c, double rate, double t_end, const SolverOptions& options,
              Counts* counts = nullptr) {
  Stepper stepper(model, options);
  stepper.start(model.rest(initial_stoichiometries(c)), 0,
                Drive::constant(Control::current, -rate * c.cell->nominal_capacity));
  while (stepper.time() < t_end) {
    stepper.advance(t_end);
    stepper.commit();
  }
  if (counts) *counts = stepper.counts();
  return stepper.state();
}

struct Amounts {
  double particles = 0, dead = 0, in_film = 0, salt = 0;  ///< lithium [mol], of the mesh
};

Amounts amounts(const Model& model, const State& x) {
  Amounts sum;
  const Layout& l = model.layout();
  for (int P = 0; P < l.cells; ++P) sum.salt += model.mesh().volume[P] * model.medium().eps[P] * x[l.c_e + P];
  for (std::size_t b = 0; b < model.beds().size(); ++b) {
    const ModelBed& bed = model.beds()[b];
    const auto& block = l.beds[b];
    for (int i = 0; i < block.cells; ++i) {
      const double volume = model.mesh().volume[bed.cells[i]];
      sum.particles += bed.eps_s[i] * volume * bed.particles.mean(&x[block.c_s], i);
      if (block.states == 0) continue;
      sum.dead += volume * bed.a[i] * x[block.own + i];
      sum.in_film += volume * bed.a[i] * (x[block.own + block.cells + i] - Film::start) / Film::volume;
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("a surface's answer has the slopes of its own values, and solves every equation of its cells") {
  const Case c = sample();
  Model model = model_with(c, both());
  const State hat = model.rest(initial_stoichiometries(c));
  const auto& block = model.layout().beds[0];
  const ModelBed& bed = model.beds()[0];
  for (const double gamma : {1e-3, 1.0, 200.0}) {
    model.condense(gamma, hat, hat);
    const int n = block.cells;
    struct Answer {
      std::vector<double> current, salt, unknowns;
      SurfaceResponse response;
      std::vector<double> left;
    };
    const auto solve = [&](double dc_e, double dphi) {
      std::vector<double> c_e(n), phi(n);
      for (int i = 0; i < n; ++i) c_e[i] = 700 + 80 * i + dc_e, phi[i] = 0.16 - 0.035 * i + dphi;  // +160 to -85 mV
      State x = hat;
      Surface surface = *bed.surface;
      Kinetics kinetics = bed.kinetics;
      const Surface::Unknowns u{&x[block.j], &x[block.fluxes], &x[block.own]};
      for (int k = 0; k < 3; ++k) {  // the last of what is left is the linearisation's
        surface.respond(bed.particles, kinetics, c_e.data(), phi.data(), gamma, &hat[block.own], u);
        for (int q = 0; q <= block.reactions + block.states; ++q)
          for (int i = 0; i < n; ++i)
            (q == 0                 ? u.j[i]
             : q <= block.reactions ? u.fluxes[(q - 1) * n + i]
                                    : u.own[(q - 1 - block.reactions) * n + i]) = surface.response(q).j[i];
      }
      surface.respond(bed.particles, kinetics, c_e.data(), phi.data(), gamma, &hat[block.own], u);
      Answer a{surface.total().current.j, surface.total().salt.j, {}, surface.total(), {}};
      a.left = surface.at(bed.particles, kinetics, c_e.data(), phi.data(), gamma, &hat[block.own], u).residual;
      return a;
    };
    const double h_c = 0.05, h_phi = 1e-6;
    const Answer here = solve(0, 0), up = solve(0, h_phi), down = solve(0, -h_phi), more = solve(h_c, 0),
                 less = solve(-h_c, 0);
    double worst = 0;
    const auto compare = [&](const std::vector<double>& high, const std::vector<double>& low, double h,
                             const std::vector<double>& slope) {
      for (int i = 0; i < n; ++i)
        worst = std::max(worst, std::abs((high[i] - low[i]) / (2 * h) - slope[i]) / std::abs(slope[i]));
    };
    compare(up.current, down.current, h_phi, here.response.current.dj_dphi);
    compare(up.salt, down.salt, h_phi, here.response.salt.dj_dphi);
    compare(more.current, less.current, h_c, here.response.current.dj_dc_e);
    compare(more.salt, less.salt, h_c, here.response.salt.dj_dc_e);
    double left = 0;
    for (int q = 0; q < 1 + block.reactions + block.states; ++q)
      for (int i = 0; i < n; ++i)
        left = std::max(left, std::abs(here.left[q * n + i]) / (q == 0 ? 0.0257 : q < 3 ? 1e-7 : 1e-9));
    std::printf("  gamma = %g s: slopes within %.1e of differences, equations within %.1e\n", gamma, worst, left);
    CHECK(worst < 1e-5);
    CHECK(left < 1e-9);
  }
}

TEST_CASE("a surface's fluxes and states are found from rest, at any potential and salt that a cell may come to") {
  const Case c = sample();
  Model model = model_with(c, both());
  const State hat = model.rest(initial_stoichiometries(c));
  const auto& block = model.layout().beds[0];
  const ModelBed& bed = model.beds()[0];
  const int n = block.cells;
  double worst = 0;
  int most = 0;
  for (const double gamma : {1e-6, 1e-2, 1.0, 100.0})
    for (const double salt : {0.5, 50.0, 1000.0, 3500.0})
      for (double middle = -0.35; middle < 1.01; middle += 0.15) {
        model.condense(gamma, hat, hat);
        std::vector<double> c_e(n, salt), phi(n);
        for (int i = 0; i < n; ++i) phi[i] = middle + 0.02 * i;
        State x = hat;
        Surface surface = *bed.surface;
        Kinetics kinetics = bed.kinetics;
        const Surface::Unknowns u{&x[block.j], &x[block.fluxes], &x[block.own]};
        const int taken = surface.respond(bed.particles, kinetics, c_e.data(), phi.data(), gamma, &hat[block.own], u);
        const SurfaceRows rows = surface.at(bed.particles, kinetics, c_e.data(), phi.data(), gamma, &hat[block.own], u);
        most = std::max(most, taken);
        for (int i = 0; i < n; ++i) worst = std::max(worst, std::abs(rows.residual[i]));
      }
  std::printf("  at most %d evaluations; kinetics within %.1e V\n", most, worst);
  CHECK(worst < 1e-6);
  CHECK(most < 60);
}

TEST_CASE("the whole step with its reactions has the slopes of its residual, and Newton's solution leaves none of it") {
  const Case c = sample(5);
  Model model = model_with(c, both());
  const Layout& l = model.layout();
  const auto& block = l.beds[0];
  State x = uneven_state(model), hat = x, v = random_direction(model, 11);
  for (double& value : hat) value *= 0.999;
  for (int i = 0; i < block.cells; ++i)
    for (int q = 0; q < 2; ++q) {
      x[block.fluxes + q * block.cells + i] = -1e-8 * (1 + i), v[block.fluxes + q * block.cells + i] = 1e-9 * (i - 2);
      x[block.own + (1 + q) * block.cells + i] = 1e-9 * (2 + i), v[block.own + (1 + q) * block.cells + i] = 1e-10;
    }
  const double gamma = 20, h = 1e-3;
  State up = x, down = x;
  for (int k = 0; k < l.size; ++k) up[k] += h * v[k], down[k] -= h * v[k];
  const State above = step_residual(model, gamma, hat, up), below = step_residual(model, gamma, hat, down);
  const State slope = step_derivatives(model, gamma, hat, x, {{&v}})[0];
  const auto compare = [&](const char* name, int from, int to) {
    double off = 0, size = 0;
    for (int k = from; k < to; ++k) {
      off = std::max(off, std::abs((above[k] - below[k]) / (2 * h) - slope[k]));
      size = std::max(size, std::abs(slope[k]));
    }
    std::printf("  %s: %.1e of the largest slope from differences\n", name, off / size);
    CHECK(off < 1e-5 * size);
  };
  compare("salt", l.c_e, l.c_e + l.cells);
  compare("charge", l.phi_e, l.phi_e + l.cells);
  compare("kinetics", block.j, block.j + block.cells);
  compare("fluxes", block.fluxes, block.fluxes + 2 * block.cells);
  compare("own states", block.own, block.own + 3 * block.cells);

  // The linearisation says the same of the cells' rows, kernels against twins.
  const State rows = step_residual(model, gamma, hat, x);
  const Linearisation at_x = model.linearise(gamma, hat, x);
  for (const auto& [q, from] : {std::pair{0, l.c_e}, {1, l.phi_e}, {2, l.phi_s}}) {
    double off = 0, size = 0;
    for (int P = 0; P < l.cells; ++P) {
      off = std::max(off, std::abs(at_x.system.residual[P][q] - rows[from + P]));
      size = std::max(size, std::abs(rows[from + P]));
    }
    CHECK(off < 1e-12 * size);
  }
  REQUIRE(at_x.surfaces[0].unknowns == 1 + block.reactions + block.states);
  CHECK(at_x.kinetics[0].residual.empty());
  CHECK(at_x.surfaces[1].unknowns == 0);

  // Newton's solution of an implicit step solves all rows, written independently of what it was solved with.
  SolverOptions options = c.solver;
  options.fixed_step = 5;
  options.max_order = 1;
  options.rtol = 1e-9;
  Stepper stepper(model, options);
  stepper.start(model.rest(initial_stoichiometries(c)), 0,
                Drive::constant(Control::current, -2 * c.cell->nominal_capacity));
  const State from = stepper.state();
  stepper.advance(100);
  const State left = step_residual(model, 5, from, stepper.candidate());
  const State before = step_residual(model, 5, from, from);
  for (const auto& [at, count] : {std::pair{block.fluxes, 2}, {block.own, 3}, {l.beds[0].j, 1}}) {
    double off = 0;
    for (int k = 0; k < count * block.cells; ++k) off = std::max(off, std::abs(left[at + k]));
    CHECK(off < (at == block.j ? 1e-7 : at == block.own ? 1e-15 : 1e-14));
  }
  double salt = 0, salt_before = 0;
  for (int P = 0; P < l.cells; ++P)
    salt = std::max(salt, std::abs(left[l.c_e + P])), salt_before = std::max(salt_before, std::abs(before[l.c_e + P]));
  CHECK(salt < 1e-6 * salt_before);
}

TEST_CASE("reactions beside intercalation take lithium and charge, and none is lost") {
  const Case c = sample();
  Model model = model_with(c, both());
  const Layout& l = model.layout();
  const State start = model.rest(initial_stoichiometries(c));
  const double rate = 2, t_end = 700;
  const State end = charged(model, c, rate, t_end, c.solver);
  const Amounts before = amounts(model, start), after = amounts(model, end);
  const double moved = rate * c.cell->nominal_capacity * t_end / faraday / model.cells_in_parallel();
  std::printf("  of the lithium that moved %.2f %% are dead, %.2f %% in the film\n",
              100 * (after.dead - before.dead) / moved, 100 * (after.in_film - before.in_film) / moved);
  CHECK(after.dead > 0.002 * moved);
  CHECK(after.in_film > 0.002 * moved);
  const double all = after.particles + after.dead + after.in_film - before.particles - before.dead - before.in_film;
  std::printf("  lithium gained: %.1e of what moved; salt: %.1e of what is there\n", all / moved,
              after.salt / before.salt - 1);
  CHECK(std::abs(all) < 1e-10 * moved);
  CHECK(std::abs(after.salt / before.salt - 1) < 1e-12);

  // The positive electrode, where nothing else happens, has given what the current took.
  const ModelBed& positive = model.beds()[1];
  double given = 0;
  for (int i = 0; i < l.beds[1].cells; ++i)
    given -= positive.eps_s[i] * model.mesh().volume[positive.cells[i]] *
             (positive.particles.mean(&end[l.beds[1].c_s], i) - positive.particles.mean(&start[l.beds[1].c_s], i));
  CHECK(std::abs(given / moved - 1) < 1e-9);
}

TEST_CASE("what a run ends with solves the equations of its reactions as they are written") {
  const Case c = sample();
  Model model = model_with(c, both());
  SolverOptions options = c.solver;
  options.rtol = 1e-7;
  const State x = charged(model, c, 2, 400, options);
  const auto& block = model.layout().beds[0];
  const ModelBed& bed = model.beds()[0];
  const int n = block.cells;
  double worst = 0;
  for (int i = 0; i < n; ++i) {
    const int P = bed.cells[i];
    const double c_e = x[model.layout().c_e + P], d = x[block.own + n + i];
    const double j = x[block.j + i], j_dead = x[block.fluxes + i], j_film = x[block.fluxes + n + i];
    const double drop =
        x[model.layout().phi_s + P] - x[model.layout().phi_e + P] - d / Film::kappa * faraday * (j + j_dead + j_film);
    const double sto = x[block.c_ss + i] / bed.law.c_s_max();
    const double eta = 2 * thermal_voltage(298.15) * std::asinh(faraday * j / (2 * bed.law.i0(c_e / 1000, sto)));
    const double e = std::exp(-half_f(298.15) * drop);
    worst =
        std::max({worst, std::abs(drop - bed.law.potential(sto) - eta), std::abs(j_dead / (-3e-7 * c_e / 1000 * e) - 1),
                  std::abs(j_film / (-Film::k * e / (1 + d / Film::d_0)) - 1)});
  }
  std::printf("  drops [V] and fluxes [relative] within %.1e; film %.2f to %.2f nm\n", worst, 1e9 * x[block.own + n],
              1e9 * x[block.own + 2 * n - 1]);
  CHECK(worst < 1e-6);
}

TEST_CASE("own states converge in time with the order of the formula") {
  const Case c = sample(5);
  Model model = model_with(c, both());
  const auto& block = model.layout().beds[0];
  SolverOptions exact = c.solver;
  exact.rtol = 1e-10;
  const Drive drive = Drive::constant(Control::current, -2 * c.cell->nominal_capacity);
  // The past, and the end, from a run as exact as it goes.
  const double from = 100, to = 180, longest = 16;
  std::vector<State> past;
  State end;
  {
    Stepper stepper(model, exact);
    stepper.start(model.rest(initial_stoichiometries(c)), 0, drive);
    double next = from - 4 * longest;
    State x;
    while (stepper.time() < to) {
      stepper.advance(stepper.time() < from ? from : to);
      for (; next <= stepper.candidate_time() && next <= from; next += 1) {
        stepper.interpolate(next, x);
        past.push_back(x);
      }
      stepper.commit();
    }
    end = stepper.state();
  }
  REQUIRE(past.size() == 65);
  for (const int order : {1, 2, 3}) {
    double before = 0;
    for (const double h : {16.0, 8.0, 4.0}) {
      SolverOptions options = c.solver;
      options.fixed_step = h;
      options.max_order = order;
      options.rtol = 1e-10;
      Stepper stepper(model, options);
      Stepper::Memory memory{{}, {}, h, order, 0, 1, {}, {}};
      for (int i = 0; i <= order; ++i) {
        memory.times.push_back(from - i * h);
        memory.states.push_back(past[past.size() - 1 - static_cast<std::size_t>(i * h)]);
      }
      stepper.resume(memory, drive);
      while (stepper.time() < to - 1e-9) {
        stepper.advance(to);
        stepper.commit();
      }
      double error = 0;
      const auto& own = model.beds()[0].surface->own_states();
      for (int k = 0; k < block.states; ++k)
        for (int i = 0; i < block.cells; ++i) {
          const int at = block.own + k * block.cells + i;
          error = std::max(error, std::abs(stepper.state()[at] - end[at]) / own[k].scale);
        }
      std::printf("  order %d, steps of %4.1f s: error %.2e of the states' scales", order, h, error);
      if (before > 0) {
        std::printf(", order %.2f", std::log2(before / error));
        CHECK(std::log2(before / error) > order - 0.35);
      }
      std::printf("\n");
      before = error;
    }
  }
}

TEST_CASE("errors of own states choose the steps: at a tenth of the tolerance they are a fraction of what they were") {
  const Case c = sample(5);
  Model model = model_with(c, both());
  const auto& block = model.layout().beds[0];
  const auto error_at = [&](double rtol, const State& truth) {
    SolverOptions options = c.solver;
    options.rtol = rtol;
    const State x = charged(model, c, 2, 500, options);
    double error = 0;
    for (int k = 0; k < block.states; ++k)
      for (int i = 0; i < block.cells; ++i) {
        const int at = block.own + k * block.cells + i;
        error = std::max(error, std::abs(x[at] - truth[at]) / model.beds()[0].surface->own_states()[k].scale);
      }
    return error;
  };
  SolverOptions exact = c.solver;
  exact.rtol = 1e-9;
  const State truth = charged(model, c, 2, 500, exact);
  const double coarse = error_at(1e-4, truth), fine = error_at(1e-6, truth);
  std::printf("  error %.1e of the states' scales at rtol = 1e-4, %.1e at 1e-6\n", coarse, fine);
  CHECK(coarse < 3e-3);
  CHECK(fine < 0.1 * coarse);
}

TEST_CASE("a reaction that does not go changes nothing of a run") {
  const Case c = sample();
  Model plain = model_of(c, layered_mesh(*c.cell, c.mesh)), idle = model_with(c, {std::make_shared<Plating>(0)});
  Counts counts, idle_counts;
  const double V = charged(plain, c, 1.5, 900, c.solver, &counts)[plain.layout().voltage];
  const double V_idle = charged(idle, c, 1.5, 900, c.solver, &idle_counts)[idle.layout().voltage];
  std::printf("  %ld steps and %ld, %.1e V apart\n", long(counts.steps), long(idle_counts.steps), V_idle - V);
  CHECK(std::abs(V_idle - V) < 1e-6);
  CHECK(std::abs(long(counts.steps) - long(idle_counts.steps)) <= 1);
}

TEST_CASE("a reaction whose charge no lithium ion carries leaves the salt as that says") {
  // Each electron of it gives the electrolyte nothing: salt changes by -t_plus j, and the positive electrode's by
  // (1 - t_plus) of all that the current takes.
  const Case c = sample();
  Model model = model_with(c, {std::make_shared<Plating>(3e-7, 0)});
  const State start = model.rest(initial_stoichiometries(c)), end = charged(model, c, 2, 500, c.solver);
  const Amounts before = amounts(model, start), after = amounts(model, end);
  CHECK(after.dead > 0);
  CHECK(after.salt - before.salt == Approx(after.dead).epsilon(1e-8));
}
