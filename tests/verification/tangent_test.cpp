/// The equations written for any kind of number against those that are assembled for many cells at once: the same
/// residual, the same derivatives by the state, and derivatives by parameters as other models differ.
#include "solver/newman/tangent.hpp"

#include <Eigen/Dense>
#include <cstdio>
#include <functional>

#include "solver/newman/mixing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/observed.hpp"
#include "tests/support/step_samples.hpp"

using namespace porelith;

namespace {

constexpr double step = sample_gamma;

/// Where rows or unknowns of one kind stand in a state.
struct RowKind {
  std::string name;
  int from, count;
};

std::vector<RowKind> fields_of(const Layout& l) {
  std::vector<RowKind> kinds{{"salt", l.c_e, l.cells}, {"ionic", l.phi_e, l.cells}, {"electronic", l.phi_s, l.cells}};
  for (const auto& block : l.beds) kinds.push_back({"kinetics", block.j, block.cells});
  return kinds;
}

std::vector<RowKind> particles_of(const Layout& l) {
  std::vector<RowKind> kinds;
  for (const auto& block : l.beds) {
    kinds.push_back({"surface", block.c_ss, block.cells});
    kinds.push_back({"shells", block.c_s, block.cells * block.shells});
  }
  return kinds;
}

/// Largest difference of the rows of one kind over their largest; 0 where it is no more than `rounding`.
double deviation(const RowKind& kind, const double* a, const double* b, double rounding = 0) {
  double off = 0, size = 0;
  for (int i = 0; i < kind.count; ++i)
    off = std::max(off, std::abs(a[i] - b[i])), size = std::max(size, std::abs(b[i]));
  if (size == 0) return off <= 10 * rounding ? 0 : HUGE_VAL;  // lengths are differences of positions
  return off <= rounding ? 0 : off / size;
}

/// The derivative along a direction, with the particles following so that their own rows stay as they are: what is
/// condensed, by elimination of the uncondensed rows cell by cell.
State following(const Model& model, const StepPoint& at, State v, const ParameterChange* change = nullptr) {
  const Layout& l = model.layout();
  const auto along = [&](const std::vector<State>& states, const ParameterChange* p) {
    std::vector<Direction> directions;
    for (const State& state : states) directions.push_back({&state, nullptr, p});
    return step_derivatives(model, step, at.hat, at.x, directions);
  };
  for (std::size_t b = 0; b < l.beds.size(); ++b) {
    const auto& block = l.beds[b];
    std::vector<int> own;  // of the particle of cell 0
    for (int k = 0; k < block.shells; ++k) own.push_back(block.c_s + k * block.cells);
    own.push_back(block.c_ss);
    for (int i = 0; i < block.cells; ++i)
      for (const int unknown : own) v[unknown + i] = 0;
    std::vector<State> columns(own.size(), State(l.size, 0.0));
    for (std::size_t m = 0; m < own.size(); ++m) std::fill_n(columns[m].begin() + own[m], block.cells, 1.0);
    const std::vector<State> by = along(columns, nullptr), wanted = along({v}, change);
    const int n = static_cast<int>(own.size());
    for (int i = 0; i < block.cells; ++i) {
      Eigen::MatrixXd matrix(n, n);
      Eigen::VectorXd rest(n);
      for (int r = 0; r < n; ++r) {
        rest[r] = -wanted[0][own[r] + i];
        for (int m = 0; m < n; ++m) matrix(r, m) = by[m][own[r] + i];
      }
      const Eigen::VectorXd solution = matrix.fullPivLu().solve(rest);
      for (int m = 0; m < n; ++m) v[own[m] + i] = solution[m];
    }
  }
  return along({v}, change)[0];
}

}  // namespace

TEST_CASE("the relations give the residual that is assembled, on graded, channelled, foiled and skew meshes") {
  for (const StepSample& sample : step_samples()) {
    const Model model = model_of(sample.input, sample.mesh(sample.input));
    const StepPoint at = balanced_point(model);
    const State rows = step_residual(model, step, at.hat, at.x);
    const FullResidual assembled = residual_of(model.linearise(step, at.hat, at.x), model.layout().cells);
    const std::vector<RowKind> kinds = fields_of(model.layout());
    double worst = 0;
    for (std::size_t r = 0; r < kinds.size(); ++r)
      worst = std::max(worst, deviation(kinds[r], &rows[kinds[r].from], assembled[r].data()));
    double left = 0;  // of the particles, which are in balance
    for (std::size_t b = 0; b < model.beds().size(); ++b) {
      const auto& block = model.layout().beds[b];
      const auto largest = [&](int from, int count) {
        double most = 0;
        for (int i = 0; i < count; ++i) most = std::max(most, std::abs(rows[from + i]));
        return most;
      };
      const double c_s_max = model.beds()[b].law.c_s_max();
      left = std::max({left, largest(block.c_ss, block.cells) / c_s_max,
                       largest(block.c_s, block.cells * block.shells) * step / c_s_max});
    }
    std::printf("  %-20s residual off by %.1e, particles' by %.1e\n", sample.name.c_str(), worst, left);
    CHECK(worst < 1e-12);
    CHECK(left < 1e-12);
    const double I = model.current(at.x, at.x[model.layout().voltage]);
    CHECK(at.x[model.layout().current] - rows[model.layout().current] == Approx(I).epsilon(1e-12));
  }
}

TEST_CASE("their derivatives by the state are those that are assembled") {
  for (const StepSample& sample : step_samples()) {
    const Model model = model_of(sample.input, sample.mesh(sample.input));
    const Layout& l = model.layout();
    const StepPoint at = balanced_point(model);
    const Linearisation linearised = model.linearise(step, at.hat, at.x);
    double worst = 0;
    for (const int seed : {3, 8}) {
      const State v = random_direction(model, seed);
      const FullResidual assembled = derivative_along(v, linearised, model);
      const State rows = following(model, at, v);
      const std::vector<RowKind> kinds = fields_of(l);
      for (std::size_t r = 0; r < kinds.size(); ++r)
        worst = std::max(worst, deviation(kinds[r], &rows[kinds[r].from], assembled[r].data()));
    }
    std::printf("  %-20s derivatives off by %.1e\n", sample.name.c_str(), worst);
    CHECK(worst < 1e-12);
  }
}

namespace {

/// A parameter as other models have it.
struct Trial {
  std::string name;
  double value;
  std::function<void(Case&, double)> of_case = [](Case&, double) {};
  std::function<void(Parameters&, const Mesh&, double)> of_numbers = [](Parameters&, const Mesh&, double) {};
};

void add_in(Region layer, const Mesh& mesh, std::vector<double>& field, double change) {
  for (int P = 0; P < mesh.with_ghosts(); ++P)
    if (mesh.region[P] == layer) field[P] += change * (is_electrode(layer) ? matrix_part(mesh, P) : 1);
}

Function scaled(const Function& law, double factor) {
  if (law.is_constant()) return law(0).value * factor;
  return Function::expression(fmt::format("({})*{:.17g}", law.text(), factor));
}

std::vector<Trial> trials(const Model& model) {
  std::vector<Trial> list;
  for (const Region layer : {Region::negative, Region::separator, Region::positive}) {
    const std::string name = layer == Region::negative   ? "negative"
                             : layer == Region::positive ? "positive"
                                                         : "separator";
    const auto field = [&](const char* symbol, std::vector<double> Medium::*which) {
      double value = 0;
      for (int P = 0; P < model.mesh().cells(); ++P)
        if (model.mesh().region[P] == layer) value = std::max(value, (model.medium().*which)[P]);
      list.push_back({name + symbol, value, [](Case&, double) {},
                      [=](Parameters& p, const Mesh& mesh, double h) { add_in(layer, mesh, p.medium.*which, h); }});
    };
    field(".eps", &Medium::eps);
    field(".B", &Medium::B);
    if (is_electrode(layer)) field(".sigma", &Medium::sigma);
    if (model.mesh().skew.empty())
      list.push_back({name + ".thickness", 1, [=](Case& c, double h) {
                        (layer == Region::negative   ? c.cell->negative.thickness
                         : layer == Region::positive ? c.cell->positive.thickness
                                                     : c.cell->separator.thickness)
                            .value *= 1 + h;
                      }});
  }
  for (std::size_t b = 0; b < model.beds().size(); ++b) {
    const ModelBed& bed = model.beds()[b];
    const bool negative = bed.electrode == Region::negative;
    const std::string name = (negative ? "negative" : "positive") + (bed.name.empty() ? std::string() : "." + bed.name);
    const std::size_t m = bed.material;
    const auto material = [=](Case& c) -> ActiveMaterial& {
      return (negative ? c.cell->negative : c.cell->positive).materials[m];
    };
    list.push_back({name + ".eps_s", bed.eps_s[0], [](Case&, double) {},
                    [b](Parameters& p, const Mesh& mesh, double h) {
                      for (std::size_t i = 0; i < p.beds[b].cells.size(); ++i)
                        p.beds[b].a[i] += 3 / p.beds[b].R[i] * h * matrix_part(mesh, p.beds[b].cells[i]);
                    }});
    list.push_back({name + ".a", bed.a[0], [](Case&, double) {},
                    [b](Parameters& p, const Mesh& mesh, double h) {
                      for (std::size_t i = 0; i < p.beds[b].cells.size(); ++i)
                        p.beds[b].a[i] += h * matrix_part(mesh, p.beds[b].cells[i]);
                    }});
    list.push_back({name + ".R", bed.R[0], [](Case&, double) {},
                    [b](Parameters& p, const Mesh&, double h) {
                      for (double& R : p.beds[b].R) R += h;
                    }});
    list.push_back({name + ".D_s", 1, [=](Case& c, double h) { material(c).D_s = scaled(material(c).D_s, 1 + h); }});
    list.push_back({name + ".K", 1, [=](Case& c, double h) { material(c).K *= 1 + h; }});
  }
  list.push_back({"electrolyte.t_plus", model.electrolyte().t_plus(),
                  [](Case& c, double h) { c.cell->electrolyte.t_plus.value += h; }});
  list.push_back({"electrolyte.D_e", 1,
                  [](Case& c, double h) { c.cell->electrolyte.D_e = scaled(c.cell->electrolyte.D_e, 1 + h); }});
  list.push_back({"electrolyte.kappa", 1,
                  [](Case& c, double h) { c.cell->electrolyte.kappa = scaled(c.cell->electrolyte.kappa, 1 + h); }});
  list.push_back({"electrolyte.thermodynamic_factor", 1, [](Case& c, double h) {
                    Function& factor = c.cell->electrolyte.thermodynamic_factor;
                    factor = scaled(factor, 1 + h);
                  }});
  list.push_back(
      {"electrolyte.c_e0", model.electrolyte().c_e0(), [](Case& c, double h) { c.cell->electrolyte.c_e0.value += h; }});
  list.push_back({"cell.temperature", model.temperature(), [](Case& c, double h) { c.temperature += h; }});
  list.push_back({"cell.area", model.area(), [](Case& c, double h) { c.cell->area.value += h; }});
  return list;
}

/// With the parameter changed.
Model changed_model(const StepSample& sample, const Trial& trial, double change) {
  Case c = sample.input;
  trial.of_case(c, change);
  Mesh mesh = sample.mesh(c);
  Parameters parameters = parameters_of(c, mesh);
  trial.of_numbers(parameters, mesh, change);
  return {std::move(parameters), std::move(mesh)};
}

/// A difference of fourth order.
struct Slope {
  State value, values;
  double h;
  double deviation(const RowKind& kind, const State& exact) const {
    double largest = 0;  // what differences lose by rounding is of its size
    for (int i = 0; i < kind.count; ++i) largest = std::max(largest, std::abs(values[kind.from + i]));
    return ::deviation(kind, &value[kind.from], &exact[kind.from], 1e-15 * largest / h);
  }
};

template <class F>
Slope slope_by(const Trial& trial, const F& f) {
  const double h = 1e-3 * trial.value;
  const State near[2] = {f(-h), f(h)}, far[2] = {f(-2 * h), f(2 * h)};
  Slope slope{near[0], near[0], h};
  for (std::size_t i = 0; i < near[0].size(); ++i)
    slope.value[i] = (8 * (near[1][i] - near[0][i]) - (far[1][i] - far[0][i])) / (12 * h);
  return slope;
}

/// Rows of another model: of fields and kinetics as assembled, of particles, current and integrals as related.
State rows_of(const Model& model, const StepPoint& at) {
  State rows = step_residual(model, step, at.hat, at.x);
  const FullResidual assembled = residual_of(model.linearise(step, at.hat, at.x), model.layout().cells);
  const std::vector<RowKind> kinds = fields_of(model.layout());
  for (std::size_t r = 0; r < kinds.size(); ++r)
    std::copy(assembled[r].begin(), assembled[r].end(), rows.begin() + kinds[r].from);
  return rows;
}

}  // namespace

TEST_CASE("their derivatives by every named parameter are differences of models built with it changed") {
  for (const StepSample& sample : step_samples()) {
    const Model model = model_of(sample.input, sample.mesh(sample.input));
    const Layout& l = model.layout();
    const StepPoint at = balanced_point(model);
    std::vector<RowKind> kinds = fields_of(l), more = particles_of(l);
    kinds.insert(kinds.end(), more.begin(), more.end());
    kinds.push_back({"current", l.current, 1});

    const std::vector<Trial> all = trials(model);
    std::vector<std::string> names;
    for (const Trial& trial : all) names.push_back(trial.name);
    if (model.mesh().skew.empty()) {  // the list has every one of them
      const std::vector<ModelParameter> known = named_parameters(model);
      CHECK(known.size() == names.size());
      for (const ModelParameter& p : known) CHECK(std::count(names.begin(), names.end(), p.name) == 1);
    }
    const std::vector<State> plain = step_derivatives_by(model, step, at.hat, at.x, names);
    double worst = 0;
    std::string where;
    for (std::size_t t = 0; t < all.size(); ++t) {
      const Slope slope =
          slope_by(all[t], [&](double change) { return rows_of(changed_model(sample, all[t], change), at); });
      const ParameterChange change = change_with(model, all[t].name);
      const State followed = following(model, at, State(l.size, 0.0), &change);
      for (const RowKind& kind : kinds) {
        const State& rows = kind.name == "kinetics" ? followed : plain[t];  // assembled, they are condensed
        const double off = slope.deviation(kind, rows);
        if (off > worst) worst = off, where = all[t].name + ", " + kind.name;
      }
    }
    std::printf("  %-20s %2zu parameters, derivatives off by %.1e (%s)\n", sample.name.c_str(), all.size(), worst,
                where.c_str());
    CHECK(worst < 1e-7);
  }
}

TEST_CASE("their derivatives by every kind of number, lengths of the mesh included, are differences of the residual") {
  for (const StepSample& sample : step_samples()) {
    const Mesh mesh = sample.mesh(sample.input);
    const Model model = model_of(sample.input, mesh);
    State x = uneven_state(model);
    Scatter(model, 3).unsettle(x);
    State hat = x;
    for (double& value : hat) value *= 0.999;
    double worst = 0;
    std::string where;
    for (const auto& [name, change] : random_changes(model, 5)) {
      if (name == "temperature") continue;  // by name, with all that follows
      const State exact = step_derivatives(model, sample_gamma, hat, x, {{nullptr, nullptr, &change}})[0];
      const Slope slope = slope_by({"", 0.2}, [&](double part) {
        return step_residual(changed_model(sample.input, mesh, change, part, Team::alone()), sample_gamma, hat, x);
      });
      for (const Slot& slot : model.layout().slots) {
        const double off = slope.deviation({slot.name, slot.at, slot.size}, exact);
        if (off > worst) worst = off, where = slot.name + " by " + name;
      }
    }
    std::printf("  %-20s derivatives by numbers off by %.1e (%s)\n", sample.name.c_str(), worst, where.c_str());
    CHECK(worst < 1e-7);
  }
}

namespace {

/// The state after one implicit step from rest at a voltage that is held, by Newton's method with the assembled system.
State stepped(Model model, const State& rest) {
  const Layout& l = model.layout();
  State x = rest;
  x[l.voltage] -= 0.05;
  BlockSystem system(l.cells, static_cast<int>(model.mesh().faces.size()));
  std::vector<Triple> delta(l.cells);
  const auto solver = make_linear_solver(model.mesh(), "chain");
  model.condense(step, rest, x);
  for (int iteration = 0; iteration < 30; ++iteration) {
    double dV;
    if (!model.assemble(step, rest, x, system) || !solver->solve(system, delta, dV).solved)
      throw std::runtime_error("the step fails");
    model.update(delta, 1, x);
    model.relinearise(step, rest, x);
  }
  model.expand(rest, x, true);
  return x;
}

}  // namespace

TEST_CASE("a whole step moves with a parameter as the derivatives say") {
  for (const Case& c : {graded(shipped_case("lgm50_chen2020")), graded(shipped_case("kokam_ecker2015"))}) {
    const Model model = model_of(c, mesh_of(c));
    const Layout& l = model.layout();
    const State rest = model.rest({0.6, 0.5}), x = stepped(model_of(c, mesh_of(c)), rest);
    std::vector<int> unknowns;
    for (int i = 0; i < l.size; ++i)
      if (i != l.voltage && i != l.current && i != l.charge && i != l.energy) unknowns.push_back(i);
    const int n = static_cast<int>(unknowns.size());
    std::vector<State> units(n, State(l.size, 0.0));
    std::vector<Direction> directions(n);
    for (int q = 0; q < n; ++q) units[q][unknowns[q]] = 1, directions[q].state = &units[q];
    const std::vector<State> columns = step_derivatives(model, step, rest, x, directions);
    Eigen::MatrixXd J(n, n);
    for (int r = 0; r < n; ++r)
      for (int q = 0; q < n; ++q) J(r, q) = columns[q][unknowns[r]];
    const Eigen::VectorXd scale = J.cwiseAbs().rowwise().maxCoeff().cwiseInverse();
    const Eigen::FullPivLU<Eigen::MatrixXd> solver(scale.asDiagonal() * J);

    double worst = 0;
    std::string where;
    for (const Trial& trial : trials(model)) {
      if (trial.name == "cell.area") continue;  // of the current alone
      const State by = step_derivatives_by(model, step, rest, x, {trial.name})[0];
      Eigen::VectorXd rest_of_rows(n);
      for (int r = 0; r < n; ++r) rest_of_rows[r] = -scale[r] * by[unknowns[r]];
      const Eigen::VectorXd moves = solver.solve(rest_of_rows);
      const Slope slope = slope_by(trial, [&](double change) {
        return stepped(changed_model({"", c}, trial, change), rest);
      });
      State exact(l.size, 0.0);
      for (int r = 0; r < n; ++r) exact[unknowns[r]] = moves[r];
      std::vector<RowKind> kinds = fields_of(l), more = particles_of(l);
      kinds.insert(kinds.end(), more.begin(), more.end());
      for (const RowKind& kind : kinds) {
        const double off = slope.deviation(kind, exact);
        if (off > worst) worst = off, where = trial.name + ", " + kind.name;
      }
    }
    std::printf("  %-20s the step's derivatives off by %.1e (%s)\n", c.title.c_str(), worst, where.c_str());
    CHECK(worst < 1e-5);
  }
}

TEST_CASE("a parameter that there is not, and a thickness where faces are skew, get a sentence") {
  const Case c = graded(shipped_case("lgm50_chen2020"));
  const Model line = model_of(c, mesh_of(c)), skew = model_of(c, tetrahedra(c));
  CHECK_THROWS_WITH(change_with(line, "negative.porosity"), "negative.porosity is no parameter of the model");
  CHECK_THROWS_WITH(change_with(skew, "negative.thickness"), "thicknesses are no parameters of a mesh with skew faces");
}
