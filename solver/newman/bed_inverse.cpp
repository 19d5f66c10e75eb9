#include "solver/newman/bed_inverse.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/constants.hpp"
#include "solver/newman/small_system.hpp"

namespace porelith {

BedInverse::BedInverse(const Model& model, std::size_t bed)
    : model_(model),
      bed_(model.beds()[bed]),
      block_(model.layout().beds[bed]),
      n_(block_.cells),
      T_(model.temperature()),
      particles_(bed_.particles, bed_.R, bed_.law.c_s_max()),
      kinetics_(bed_.kinetics),
      surface_(bed_.surface) {
  const std::size_t n = n_, count = unknowns();
  for (auto* v : {&c_e_, &phi_}) v->assign(n, 0.0);
  for (auto* v : {&at_, &by_c_e_, &by_phi_, &values_}) v->assign(n * count, 0.0);
  inverse_.assign(n * count * count, 0.0);
  for (auto* sum : {&total_.current, &total_.salt})
    for (auto* v : {&sum->j, &sum->dj_dc_e, &sum->dj_dphi}) v->assign(n, 0.0);
}

int BedInverse::place(int q) const {
  if (q == 0) return block_.j;
  return q < fluxes() ? block_.fluxes + (q - 1) * n_ : block_.own + (q - fluxes()) * n_;
}

/// What a flux gives the salt balance (E1).
double BedInverse::salt_weight(int q) const {
  return (q == 0 ? 1 : surface_->reactions()[q - 1]->lithium()) - model_.electrolyte().t_plus();
}

void BedInverse::take_law() {
  if (model_.temperature() == T_) return;
  T_ = model_.temperature();
  kinetics_.set_law(bed_.law, T_);
  if (surface_) surface_->set_temperature(T_);
}

const SurfaceResponse& BedInverse::take(double gamma, const State& hat, const State& state) {
  if (n_ == 0) return total_;  // this rank has none of its cells
  const Layout& l = model_.layout();
  for (int i = 0; i < n_; ++i) {
    const int P = bed_.cells[i];
    c_e_[i] = state[l.c_e + P];
    phi_[i] = state[l.phi_s + P] - state[l.phi_e + P];
  }
  for (int q = 0; q < unknowns(); ++q) std::copy_n(state.begin() + place(q), n_, at_.begin() + q * n_);
  const double* c_ss = state.data() + block_.c_ss;
  take_law();
  particles_.take(gamma, state.data() + block_.c_s, c_ss);
  kinetics_.slopes(c_e_.data(), at_.data(), c_ss, kinetics_slopes_);
  const std::vector<double>& by_c_ss = kinetics_slopes_.by_c_ss;
  for (int i = 0; i < n_; ++i) kinetics_slopes_.by_j[i] += by_c_ss[i] * particles_.surface_by_j()[i];
  if (surface_)
    invert_surface(gamma, hat);
  else
    invert_kinetics();
  respond(state);
  return total_;
}

void BedInverse::invert_kinetics() {
  for (int i = 0; i < n_; ++i) {
    inverse_[i] = 1 / kinetics_slopes_.by_j[i];
    by_c_e_[i] = -kinetics_slopes_.by_c_e[i] * inverse_[i];
    by_phi_[i] = -inverse_[i];
  }
}

void BedInverse::invert_surface(double gamma, const State& hat) {
  const int n = n_, m = unknowns();
  const Surface::Unknowns u{at_.data(), at_.data() + n, at_.data() + fluxes() * n};
  const SurfaceRows& rows = surface_->at(kinetics_slopes_.by_c_e.data(), kinetics_slopes_.by_j.data(), c_e_.data(),
                                         phi_.data(), gamma, hat.data() + block_.own, u);
  SmallSystem system(m, m);
  for (int i = 0; i < n; ++i) {
    for (int row = 0; row < m; ++row) {
      double largest = 0;
      for (int q = 0; q < m; ++q) {
        largest = std::max(largest, std::abs(system(row, q) = rows.by_unknown[(row * m + q) * n + i]));
        system(row, m + q) = 0;
      }
      for (int q = 0; q < m; ++q) system(row, q) /= largest;
      // the states' own rows are written times gamma there
      system(row, m + row) = (row < fluxes() ? 1 : gamma) / largest;
    }
    system.solve();
    for (int q = 0; q < m; ++q) {
      double by_c_e = 0, by_phi = 0;
      for (int row = 0; row < m; ++row) {
        const double entry = inverse_[(q * m + row) * n + i] = system(q, m + row);
        if (row >= fluxes()) continue;  // the states feel no field but through the fluxes
        by_c_e -= entry * rows.by_c_e[row * n + i];
        by_phi -= entry * rows.by_phi[row * n + i];
      }
      by_c_e_[q * n + i] = by_c_e;
      by_phi_[q * n + i] = by_phi;
    }
  }
}

/// Sums of charge and salt.
void BedInverse::respond(const State& state) {
  for (auto* sum : {&total_.current, &total_.salt}) {
    for (auto* v : {&sum->j, &sum->dj_dc_e, &sum->dj_dphi}) std::fill(v->begin(), v->end(), 0.0);
    for (int q = 0; q < fluxes(); ++q) {
      const double weight = sum == &total_.current ? 1 : salt_weight(q);
      const double *j = &state[place(q)], *by_c_e = &by_c_e_[q * n_], *by_phi = &by_phi_[q * n_];
      for (int i = 0; i < n_; ++i) {
        sum->j[i] += weight * j[i];
        sum->dj_dc_e[i] += weight * by_c_e[i];
        sum->dj_dphi[i] += weight * by_phi[i];
      }
    }
  }
}

void BedInverse::multiply(const State& column, Form form) {
  const int n = n_, m = unknowns();
  std::fill(values_.begin(), values_.end(), 0.0);
  for (int q = 0; q < m; ++q)
    for (int row = 0; row < m; ++row) {
      const double* entry = &inverse_[(q * m + row) * n];
      const double* x = &column[place(form == Form::plain ? row : q)];
      double* y = &values_[(form == Form::plain ? q : row) * n];
      for (int i = 0; i < n; ++i) y[i] += entry[i] * x[i];
    }
}

void BedInverse::eliminate(State& column, Form form) {
  if (n_ == 0) return;
  const Layout& l = model_.layout();
  double *c_s = column.data() + block_.c_s, *c_ss = column.data() + block_.c_ss, *j = column.data() + block_.j;
  double *c_e = &column[l.c_e], *phi_e = &column[l.phi_e], *phi_s = &column[l.phi_s];
  if (form == Form::transposed) {
    particles_.eliminate_transposed(c_s, c_ss, j);
    for (int q = 0; q < unknowns(); ++q) {
      const double *by_u = &column[place(q)], *by_c_e = &by_c_e_[q * n_], *by_phi = &by_phi_[q * n_];
      for (int i = 0; i < n_; ++i) {
        const int P = bed_.cells[i];
        c_e[P] += by_c_e[i] * by_u[i];
        phi_s[P] += by_phi[i] * by_u[i];
        phi_e[P] -= by_phi[i] * by_u[i];
      }
    }
    return;
  }
  particles_.eliminate(c_s, c_ss);
  for (int i = 0; i < n_; ++i) j[i] -= kinetics_slopes_.by_c_ss[i] * c_ss[i];
  multiply(column, form);
  for (int q = 0; q < unknowns(); ++q) std::copy_n(&values_[q * n_], n_, &column[place(q)]);
  for (int q = 0; q < fluxes(); ++q) {  // what the fluxes do without the fields
    const double salt = salt_weight(q);
    const double* flux = &values_[q * n_];
    for (int i = 0; i < n_; ++i) {
      const int P = bed_.cells[i];
      const double through = surface(i) * flux[i];
      c_e[P] += salt * through;
      phi_e[P] += faraday * through;
      phi_s[P] -= faraday * through;
    }
  }
}

void BedInverse::substitute(State& column, Form form) {
  if (n_ == 0) return;
  const Layout& l = model_.layout();
  double *c_s = column.data() + block_.c_s, *c_ss = column.data() + block_.c_ss, *j = column.data() + block_.j;
  const double *c_e = &column[l.c_e], *phi_e = &column[l.phi_e], *phi_s = &column[l.phi_s];
  if (form == Form::plain) {
    for (int q = 0; q < unknowns(); ++q) {
      const double *by_c_e = &by_c_e_[q * n_], *by_phi = &by_phi_[q * n_];
      double* u = &column[place(q)];
      for (int i = 0; i < n_; ++i) {
        const int P = bed_.cells[i];
        u[i] += by_c_e[i] * c_e[P] + by_phi[i] * (phi_s[P] - phi_e[P]);
      }
    }
    particles_.substitute(j, c_s, c_ss);
    return;
  }
  for (int q = 0; q < fluxes(); ++q) {  // what the fields' rows have of the fluxes
    const double salt = salt_weight(q);
    double* by_u = &column[place(q)];
    for (int i = 0; i < n_; ++i) {
      const int P = bed_.cells[i];
      by_u[i] -= surface(i) * (faraday * (phi_s[P] - phi_e[P]) - salt * c_e[P]);
    }
  }
  multiply(column, form);
  for (int q = 0; q < unknowns(); ++q) std::copy_n(&values_[q * n_], n_, &column[place(q)]);
  for (int i = 0; i < n_; ++i) c_ss[i] -= kinetics_slopes_.by_c_ss[i] * j[i];
  particles_.substitute_transposed(c_s, c_ss);
}

}  // namespace porelith
