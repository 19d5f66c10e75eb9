#include "surrogate/design/ladder.hpp"

#include <cmath>
#include <limits>

namespace porelith {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double more_points = 1.25;    // than last time: shapes are looked for again
constexpr std::size_t most_rows = 800;  // of a process: of more points the latest

}  // namespace

Ladder::Ladder(int dimension, int results, int levels)
    : d_(dimension), results_(results), levels_(static_cast<std::size_t>(levels)) {}

void Ladder::add(int level, const VectorXd& u, const VectorXd& values, const MatrixXd& slopes) {
  Level& l = levels_[static_cast<std::size_t>(level)];
  l.u.push_back(u);
  l.values.push_back(values);
  l.slopes.push_back(slopes.size() > 0 ? slopes
                                       : MatrixXd::Constant(results_, d_, std::numeric_limits<double>::quiet_NaN()));
  l.fresh = true;
}

void Ladder::mistrust_slopes(int level) {
  Level& l = levels_[static_cast<std::size_t>(level)];
  l.trusted = false, l.fresh = true, l.searched = 0;
}

void Ladder::learn() {
  bool anew = false;  // what a level foretells has changed: all above it have, too
  for (std::size_t k = 0; k < levels_.size(); ++k) {
    Level& l = levels_[k];
    anew = anew || l.fresh;
    if (!anew || l.u.empty()) continue;
    const std::size_t first = l.u.size() * static_cast<std::size_t>(d_ + 1) > most_rows
                                  ? l.u.size() - most_rows / static_cast<std::size_t>(d_ + 1)
                                  : 0;
    const auto n = static_cast<Index>(l.u.size() - first);
    const bool search = static_cast<double>(l.u.size()) >= more_points * static_cast<double>(l.searched);
    const bool alone = stands_alone(static_cast<int>(k));
    std::vector<KnownPoints> known(static_cast<std::size_t>(results_), {MatrixXd(d_, n), VectorXd(n), MatrixXd(d_, n)});
    for (Index p = 0; p < n; ++p) {
      const std::size_t at = first + static_cast<std::size_t>(p);
      VectorXd values = l.values[at];
      MatrixXd slopes = l.slopes[at];
      if (!alone) {
        const Foretold below = this->at(l.u[at], static_cast<int>(k) - 1);
        values -= below.mean;
        slopes -= below.slopes;
      }
      if (!l.trusted) slopes.setConstant(std::numeric_limits<double>::quiet_NaN());
      for (int r = 0; r < results_; ++r) {
        KnownPoints& of = known[static_cast<std::size_t>(r)];
        of.u.col(p) = l.u[at];
        of.values[p] = values[r];
        of.slopes.col(p) = slopes.row(r).transpose();
      }
    }
    l.shapes.resize(static_cast<std::size_t>(results_), SlopeProcess::usual(d_));
    l.processes.clear();
    for (int r = 0; r < results_; ++r) {
      const auto i = static_cast<std::size_t>(r);
      l.processes.emplace_back(known[i], l.shapes[i], search);
      l.shapes[i] = l.processes.back().shape();
    }
    if (search) l.searched = l.u.size();
    l.fresh = false;
  }
}

Foretold Ladder::at(const VectorXd& u, int level, bool with_deviation) const {
  Foretold told{VectorXd::Zero(results_), VectorXd::Zero(results_), MatrixXd::Zero(results_, d_)};
  VectorXd slope;
  for (int k = level; k >= 0; --k) {
    const Level& l = levels_[static_cast<std::size_t>(k)];
    if (l.processes.empty()) continue;
    for (int r = 0; r < results_; ++r) {
      const SlopeProcess& process = l.processes[static_cast<std::size_t>(r)];
      told.mean[r] += process.mean(u, &slope);
      told.slopes.row(r) += slope.transpose();
      if (with_deviation) told.deviation[r] += std::pow(process.deviation(u), 2);
    }
    if (stands_alone(k)) break;
  }
  told.deviation = told.deviation.cwiseSqrt();
  return told;
}

VectorXd Ladder::deviation_of(const VectorXd& u, int level) const {
  const Level& l = levels_[static_cast<std::size_t>(level)];
  VectorXd deviation = VectorXd::Zero(results_);
  for (std::size_t r = 0; r < l.processes.size(); ++r) deviation[static_cast<Index>(r)] = l.processes[r].deviation(u);
  return deviation;
}

double Ladder::explained(int level) const {
  const Level& l = levels_[static_cast<std::size_t>(level)];
  if (level == 0 || l.u.empty() || levels_[static_cast<std::size_t>(level) - 1].processes.empty())
    return std::numeric_limits<double>::quiet_NaN();
  double worst = std::numeric_limits<double>::quiet_NaN();
  for (int r = 0; r < results_; ++r) {
    double all = 0, left = 0;
    for (std::size_t p = 0; p < l.u.size(); ++p) {
      const Foretold below = at(l.u[p], level - 1);
      for (int i = 0; i < d_; ++i) {
        if (!std::isfinite(l.slopes[p](r, i))) continue;
        all += std::pow(l.slopes[p](r, i), 2);
        left += std::pow(l.slopes[p](r, i) - below.slopes(r, i), 2);
      }
    }
    if (all > 0) worst = std::isnan(worst) ? 1 - left / all : std::min(worst, 1 - left / all);
  }
  return worst;
}

}  // namespace porelith
