#include "solver/range_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "solver/cell/cell.hpp"

namespace porelith {

namespace {

constexpr double slack = 1e-6;  ///< of a table's length: rounding is no excursion

int variable_of(const TabledLaw& law, const Model& model) {
  if (law.of == TabledLaw::Of::salt) return 0;
  const Region electrode = law.of == TabledLaw::Of::negative ? Region::negative : Region::positive;
  const auto& beds = model.beds();
  const auto found = std::find_if(beds.begin(), beds.end(), [&](const ModelBed& bed) {
    return bed.electrode == electrode && bed.material == law.material;
  });
  return 1 + static_cast<int>(found - beds.begin());
}

}  // namespace

RangeWatch::RangeWatch(const Case& input, const Model& model) : model_(model) {
  for (TabledLaw& law : tabled_laws(*input.cell, input.at_T_ref())) {
    const int variable = variable_of(law, model);
    laws_.push_back({std::move(law), variable, {}, {}});
  }
}

void RangeWatch::accepted(double t, const State& x) {
  if (laws_.empty()) return;
  const Layout& l = model_.layout();
  extremes_.assign(2 * (1 + l.beds.size()), -std::numeric_limits<double>::infinity());
  const auto widen = [&](std::size_t variable, double value) {
    extremes_[2 * variable] = std::max(extremes_[2 * variable], -value);
    extremes_[2 * variable + 1] = std::max(extremes_[2 * variable + 1], value);
  };
  for (int P = 0; P < l.cells; ++P)
    if (model_.medium().eps[P] > 0) widen(0, x[l.c_e + P]);
  for (std::size_t b = 0; b < l.beds.size(); ++b)
    for (int i = 0; i < l.beds[b].cells; ++i) widen(1 + b, x[l.beds[b].c_ss + i] / model_.beds()[b].law.c_s_max());
  model_.team().max(extremes_.data(), static_cast<int>(extremes_.size()));

  if (!begun_) before_ = extremes_;
  const double dt = begun_ ? t - last_time_ : 0;
  for (Watched& w : laws_) {
    const std::size_t least = 2 * w.variable, greatest = least + 1;
    note(w.low, -extremes_[least], w.law.range.low + extremes_[least], w.law.range.low + before_[least], t, dt);
    note(w.high, extremes_[greatest], extremes_[greatest] - w.law.range.high, before_[greatest] - w.law.range.high, t,
         dt);
  }
  before_ = extremes_;
  last_time_ = t;
  begun_ = true;
}

/// The part of the time counts in which the excess, linear between two states, is above zero.
void RangeWatch::note(Beyond& end, double value, double excess, double excess_before, double t, double dt) const {
  const double outside = std::max(excess, 0.0) + std::max(excess_before, 0.0);
  if (outside > 0)
    end.seconds += dt * (std::min(excess, excess_before) >= 0 ? 1 : outside / std::abs(excess - excess_before));
  if (excess > end.by) end.farthest = value, end.by = excess, end.at = t;
}

bool RangeWatch::Watched::left(const Beyond& end) const { return end.by > slack * (law.range.high - law.range.low); }

std::vector<LeftTable> RangeWatch::left() const {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<LeftTable> list;
  for (const Watched& w : laws_)
    if (w.left(w.low) || w.left(w.high))
      list.push_back({w.law.name + ", " + range_text(w.law), w.law.of == TabledLaw::Of::salt,
                      w.left(w.low) ? w.low.farthest : nan, w.left(w.high) ? w.high.farthest : nan});
  return list;
}

std::vector<std::string> RangeWatch::sentences() const {
  std::vector<std::string> list;
  for (const Watched& w : laws_) {
    const bool salt = w.law.of == TabledLaw::Of::salt;
    const auto text = [&](const char* way, const Beyond& end) {
      return w.left(end) ? fmt::format(", {} to {:.4g}{} at {:.4g} s, for {:.4g} s in all", way, end.farthest,
                                       salt ? " mol.m-3" : "", end.at, end.seconds)
                         : "";
    };
    const std::string where = text("down", w.low) + text("up", w.high);
    if (!where.empty())
      list.push_back(fmt::format("{}, {}, was used beyond its points, where it stays at its end values: {} went{}.",
                                 w.law.name, range_text(w.law), salt ? "c_e" : "the stoichiometry at the surface",
                                 where.substr(1)));
  }
  return list;
}

std::vector<double> RangeWatch::memory() const {
  if (!begun_) return {};
  std::vector<double> all{last_time_};
  for (const Watched& w : laws_)
    for (const Beyond* end : {&w.low, &w.high}) all.insert(all.end(), {end->farthest, end->by, end->at, end->seconds});
  all.insert(all.end(), before_.begin(), before_.end());
  return all;
}

void RangeWatch::resume(const std::vector<double>& memory) {
  if (memory.empty()) return;
  if (memory.size() != 1 + 8 * laws_.size() + 2 * (1 + model_.beds().size()))
    throw std::invalid_argument("the checkpoint is of a cell with other tables");
  auto at = memory.begin();
  last_time_ = *at++;
  for (Watched& w : laws_)
    for (Beyond* end : {&w.low, &w.high})
      for (double* value : {&end->farthest, &end->by, &end->at, &end->seconds}) *value = *at++;
  before_.assign(at, memory.end());
  begun_ = true;
}

}  // namespace porelith
