#include "solver/newman/step_inverse.hpp"

#include <algorithm>
#include <stdexcept>

#include "solver/base/constants.hpp"
#include "solver/base/error.hpp"

namespace porelith {

using at = Isothermal;

StepInverse::StepInverse(const Model& model, const std::string& linear_kind)
    : model_(model),
      linear_(make_linear_solver(model.mesh(), linear_kind, model.electrolyte().c_e0(), model.team())),
      fields_(model.face_fields()),
      system_(model.mesh().with_ghosts(), static_cast<int>(model.mesh().faces.size())) {
  beds_.reserve(model.beds().size());
  for (std::size_t b = 0; b < model.beds().size(); ++b) beds_.emplace_back(model, b);
  for (int P = 0; P < model.layout().cells; ++P)
    if (is_positive_side(model.mesh().region[P]) && model.medium().sigma[P] > 0) positive_solid_.push_back(P);
}

void StepInverse::take(double gamma, const State& hat, const State& state, TerminalsRow terminals) {
  const Layout& l = model_.layout();
  taken_ = false;
  gamma_ = gamma, terminals_ = terminals;
  V_ = state[l.voltage], I_ = state[l.current];
  model_.linearise_volumes(gamma, hat, state, fields_, system_);
  for (std::size_t b = 0; b < beds_.size(); ++b)
    model_.add_reactions(model_.beds()[b], beds_[b].take(gamma, hat, state), system_);
  const std::string trouble = model_.linearise_faces(state, fields_, system_);
  if (!trouble.empty()) throw SolveFailure("the step has no derivatives: " + trouble);

  find_current_row();
  Border& border = system_.borders[0];
  border.row.clear();
  if (terminals.by_I != 0) border.row = current_row_;
  for (Border::Entry& e : border.row) e.by *= terminals.by_I;
  system_.corner[0] = terminals.by_V;
  // Residuals are weighed by a preconditioner: by one of much shorter steps what is stored hardly counts.
  constexpr double alike = 3;
  const bool far = !(gamma < alike * gamma_prepared_ && gamma_prepared_ < alike * gamma);
  if (far || (terminals.by_I == 0) != held_) linear_->forget();
  const LinearOutcome outcome = linear_->take(system_);
  if (outcome.prepared) gamma_prepared_ = gamma, held_ = terminals.by_I == 0;
  note(outcome);
  taken_ = true;
}

/// The row of the current plus those of (E5) of all solid that the positive terminal reaches: what comes out of it is
/// what the fluxes there give. Nothing then is a small difference of a terminal's own large conductance, as foils have
/// it.
void StepInverse::find_current_row() {
  current_row_.clear();
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const ModelBed& bed = model_.beds()[b];
    if (bed.electrode != Region::positive) continue;
    const FluxResponse& flux = beds_[b].total().current;
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      const int P = bed.cells[i];
      const double charge = -model_.cells_in_parallel() * faraday * model_.mesh().volume[P] * bed.a[i];
      current_row_.push_back({P, at::c_e, charge * flux.dj_dc_e[i]});
      current_row_.push_back({P, at::phi_e, -charge * flux.dj_dphi[i]});
      current_row_.push_back({P, at::phi_s, charge * flux.dj_dphi[i]});
    }
  }
}

void StepInverse::note(const LinearOutcome& outcome) {
  iterations_ += outcome.iterations;
  preconditioners_ += outcome.prepared;
  if (!outcome.solved) throw SolveFailure("the step's derivatives cannot be solved: " + outcome.trouble);
}

void StepInverse::solve(std::vector<State>& columns, Form form) {
  if (!taken_) throw std::logic_error("no step is taken");
  const Layout& l = model_.layout();
  // Where V is held, what weighs it alone is no part of the others' system, whose tolerance it would swamp.
  const bool apart = form == Form::transposed && terminals_.by_I == 0;
  columns_.resize(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    State& column = columns[c];
    for (BedInverse& bed : beds_) bed.eliminate(column, form);
    eliminate(column, form);
    columns_[c].cells.resize(l.cells);
    for (int P = 0; P < l.cells; ++P)
      columns_[c].cells[P] = {column[l.c_e + P], column[l.phi_e + P], column[l.phi_s + P]};
    columns_[c].borders.assign(1, apart ? 0 : column[l.voltage]);
  }
  const LinearOutcome outcome = linear_->solve_all(columns_, form);
  if (outcome.prepared) gamma_prepared_ = gamma_, held_ = terminals_.by_I == 0;
  note(outcome);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    State& column = columns[c];
    for (int P = 0; P < l.cells; ++P) {
      const Triple& found = columns_[c].cells[P];
      column[l.c_e + P] = found[at::c_e];
      column[l.phi_e + P] = found[at::phi_e];
      column[l.phi_s + P] = found[at::phi_s];
    }
    column[l.voltage] = columns_[c].borders[0] + (apart ? column[l.voltage] / terminals_.by_V : 0);
    substitute(column, form);
    for (BedInverse& bed : beds_) bed.substitute(column, form);
  }
}

/// What I is by the fields, beside the right sides.
double StepInverse::through_fields(const State& column) const {
  const Layout& l = model_.layout();
  const int from[] = {l.c_e, l.phi_e, l.phi_s};
  double sum = 0;
  for (const Border::Entry& e : current_row_) sum += e.by * column[from[e.unknown] + e.cell];
  return model_.team().sum(sum);
}

/// I, charge and energy out of the right sides of the fields and V, with dI - (by fields) = r_I as find_current_row()
/// has it; dQ/gamma - dI = r_Q; dE/gamma - V dI - I dV = r_E.
void StepInverse::eliminate(State& column, Form form) const {
  const Layout& l = model_.layout();
  double &V = column[l.voltage], &I = column[l.current], &charge = column[l.charge], &energy = column[l.energy];
  if (form == Form::plain) {
    double sum = 0;
    for (const int P : positive_solid_) sum += column[l.phi_s + P];
    I += model_.cells_in_parallel() * model_.team().sum(sum);
    V -= terminals_.by_I * I;
    return;
  }
  charge *= gamma_, energy *= gamma_;
  I += charge + V_ * energy;
  V += I_ * energy;
  const int from[] = {l.c_e, l.phi_e, l.phi_s};
  for (const Border::Entry& e : current_row_) column[from[e.unknown] + e.cell] += e.by * I;
}

/// The same once fields and V are found.
void StepInverse::substitute(State& column, Form form) const {
  const Layout& l = model_.layout();
  double &V = column[l.voltage], &I = column[l.current], &charge = column[l.charge], &energy = column[l.energy];
  if (form == Form::plain) {
    I += through_fields(column);
    charge = gamma_ * (charge + I);
    energy = gamma_ * (energy + V_ * I + I_ * V);
    return;
  }
  I -= terminals_.by_I * V;
  for (const int P : positive_solid_) column[l.phi_s + P] += model_.cells_in_parallel() * I;
}

}  // namespace porelith
