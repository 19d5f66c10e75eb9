#include "surrogate/design/ladder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace porelith {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double more_points = 1.25;                          // than last time: habits are looked for again
constexpr double most_noise = 1e-6, most_slope_noise = 1e-4;  // variances, over the process's own
constexpr Index most_rows = 800;                              // of a process: of more points the latest

/// The cube as processes want it.
VectorXd scaled(const VectorXd& u) { return 2 * u.array() - 1; }

}  // namespace

/// What is left over of one result by the level below, in units of its own.
struct Ladder::Rest {
  double level = 0, unit = 1;
  std::optional<Habits> habits;
  std::optional<Process> process;
};

Ladder::Ladder(int dimension, int results, int levels)
    : d_(dimension), results_(results), levels_(static_cast<std::size_t>(levels)) {}
Ladder::~Ladder() = default;

void Ladder::add(int level, const VectorXd& u, const VectorXd& values, const MatrixXd& slopes) {
  Level& l = levels_[static_cast<std::size_t>(level)];
  l.u.push_back(u);
  l.values.push_back(values);
  l.slopes.push_back(slopes.size() > 0 ? slopes : MatrixXd::Constant(results_, d_, nan));
  l.fresh = true;
}

long Ladder::known(int level) const { return static_cast<long>(levels_[static_cast<std::size_t>(level)].u.size()); }

void Ladder::mistrust_slopes(int level) {
  Level& l = levels_[static_cast<std::size_t>(level)];
  l.trusted = false, l.fresh = true, l.searched = 0;
}

void Ladder::stand_alone(int level) {
  Level& l = levels_[static_cast<std::size_t>(level)];
  l.stands_alone = true, l.fresh = true, l.searched = 0;
}

void Ladder::learn() {
  bool anew = false;  // what a level foretells has changed: all above it have, too
  for (std::size_t k = 0; k < levels_.size(); ++k) {
    Level& l = levels_[k];
    anew = anew || l.fresh;
    if (!anew || l.u.empty()) continue;
    const bool search = static_cast<double>(l.u.size()) >= more_points * static_cast<double>(l.searched);
    l.rests.resize(static_cast<std::size_t>(results_));
    std::vector<Corrected> below;
    if (!stands_alone(static_cast<int>(k)))
      for (const VectorXd& u : l.u) below.push_back(at(u, static_cast<int>(k) - 1));
    for (int r = 0; r < results_; ++r) learn(l, r, below, search);
    if (search) l.searched = l.u.size();
    l.fresh = false;
  }
}

/// @param below what is foretold of each point; empty: nothing
void Ladder::learn(Level& l, int r, const std::vector<Corrected>& below, bool search) const {
  const auto all = static_cast<Index>(l.u.size());
  const Index n = std::min(all, std::max<Index>(2, most_rows / (d_ + 1)));
  Points points{MatrixXd(d_, n), {}};
  std::vector<VectorXd> slopes;
  VectorXd values(n);
  for (Index p = 0; p < n; ++p) {
    const auto at = static_cast<std::size_t>(all - n + p);
    points.X.col(p) = scaled(l.u[at]);
    values[p] = l.values[at][r] - (below.empty() ? 0 : below[at].mean[r]);
    VectorXd slope = l.slopes[at].row(r).transpose();
    if (!below.empty()) slope -= below[at].slopes.row(r).transpose();
    if (!l.trusted || !slope.allFinite()) continue;
    points.sloped.push_back(p);
    slopes.push_back(0.5 * slope);  // by the scaled cube
  }
  Rest& rest = l.rests[static_cast<std::size_t>(r)];
  MatrixXd rows(points.rows(), 1);
  rest.level = values.mean();
  rows.col(0).head(n) = values.array() - rest.level;
  for (std::size_t s = 0; s < slopes.size(); ++s) rows.col(0).segment(n + static_cast<Index>(s) * d_, d_) = slopes[s];
  rest.unit =
      std::max(std::sqrt(rows.squaredNorm() / static_cast<double>(rows.rows())), 1e-12 * std::abs(rest.level) + 1e-300);
  rows /= rest.unit;
  if (!rest.habits) rest.habits = Habits{VectorXd::Constant(d_, 2 * std::sqrt(static_cast<double>(d_))), 1e-6, 1e-5};
  if (search && rows.rows() > 1) rest.habits = likeliest(points, rows, &*rest.habits);
  // A search ends where the model has its summit: only a model that keeps to values and slopes has it where they do.
  rest.habits->noise = std::min(rest.habits->noise, most_noise);
  rest.habits->slope_noise = std::min(rest.habits->slope_noise, most_slope_noise);
  rest.process.emplace(points, rows, *rest.habits);
}

Corrected Ladder::at(const VectorXd& u, int level, bool with_deviation) const {
  Corrected told{VectorXd::Zero(results_), VectorXd::Zero(results_), MatrixXd::Zero(results_, d_)};
  const VectorXd at = scaled(u);
  for (int k = level; k >= 0; --k) {
    const Level& l = levels_[static_cast<std::size_t>(k)];
    for (std::size_t i = 0; i < l.rests.size(); ++i) {
      const Rest& rest = l.rests[i];
      const auto r = static_cast<Index>(i);
      told.mean[r] += rest.level + rest.unit * rest.process->mean(at)[0];
      told.slopes.row(r) += 2 * rest.unit * rest.process->slope(at).row(0);
      if (with_deviation)
        told.deviation[r] += rest.unit * rest.unit * rest.process->variance()[0] * rest.process->doubt(at);
    }
    if (!l.rests.empty() && stands_alone(k)) break;
  }
  told.deviation = told.deviation.cwiseSqrt();
  return told;
}

double Ladder::explained(int level) const {
  const Level& l = levels_[static_cast<std::size_t>(level)];
  if (level == 0 || l.u.empty() || levels_[static_cast<std::size_t>(level) - 1].rests.empty()) return nan;
  double worst = nan;
  for (int r = 0; r < results_; ++r) {
    double all = 0, left = 0;
    for (std::size_t p = 0; p < l.u.size(); ++p) {
      if (!l.slopes[p].row(r).allFinite()) continue;
      const Corrected below = at(l.u[p], level - 1);
      all += l.slopes[p].row(r).squaredNorm();
      left += (l.slopes[p].row(r) - below.slopes.row(r)).squaredNorm();
    }
    if (all > 0) worst = std::isnan(worst) ? 1 - left / all : std::min(worst, 1 - left / all);
  }
  return worst;
}

}  // namespace porelith
