#include "surrogate/dataset/sloped_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/base/error.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "surrogate/dataset/along_design.hpp"
#include "surrogate/dataset/taped_solve.hpp"

namespace porelith {
namespace {

constexpr double run_step = 5e-3;  // of a range: of differences of runs, where cases say nothing

}  // namespace

struct SlopedSolver::Run {
  std::vector<double> x;
  Sample sample;
  TapedSolve solve;
};

SlopedSolver::SlopedSolver(const DesignSpace& space, std::vector<std::size_t> results, int kept)
    : space_(space), results_(std::move(results)), most_(static_cast<std::size_t>(kept)) {}

SlopedSolver::~SlopedSolver() = default;

Sloped SlopedSolver::solve(long index, const std::vector<double>& x, bool slope) {
  std::shared_ptr<Run> run = take(x);
  if (!run) run = solved(index, x);
  Sloped sloped{run->sample};
  sloped.sample.index = index;
  if (run->solve.run) add_smooth(*run, sloped);
  if (!slope) {
    keep(run);
  } else if (!run->solve.run) {
    sloped.missing = run->solve.refused.empty() ? run->sample.status : run->solve.refused;
  } else {
    try {
      add_slopes(*run, sloped);
    } catch (const SolveFailure& failure) {
      sloped.slopes.resize(0, 0);
      sloped.missing = failure.what();
    }
  }
  return sloped;
}

std::shared_ptr<SlopedSolver::Run> SlopedSolver::solved(long index, const std::vector<double>& x) {
  auto run = std::make_shared<Run>();
  run->x = x;
  run->sample = space_.solve(index, x, [&run](const Case& at) { return run->solve.solve(at); });
  if (!complete(run->sample)) run->solve.run.reset();
  return run;
}

std::shared_ptr<SlopedSolver::Run> SlopedSolver::take(const std::vector<double>& x) {
  const std::lock_guard<std::mutex> guard(lock_);
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const auto& run) { return run->x == x; });
  if (found == kept_.end()) return nullptr;
  std::shared_ptr<Run> run = *found;
  kept_.erase(found);
  return run;
}

void SlopedSolver::keep(const std::shared_ptr<Run>& run) {
  if (!run->solve.run) return;
  const std::lock_guard<std::mutex> guard(lock_);
  kept_.push_front(run);
  if (kept_.size() > most_) kept_.pop_back();
}

void SlopedSolver::add_smooth(const Run& run, Sloped& sloped) const {
  const TapedRun& taped = run.solve.run->taped();
  for (const std::size_t k : results_) {
    const auto smooth = smooth_value(taped, scalar_results()[k].name);
    if (!smooth) continue;
    if (sloped.smooth.empty()) sloped.smooth = sloped.sample.scalars;
    sloped.smooth[k] = *smooth;
  }
}

/// Backward along the run: as costly for any number of variables.
void SlopedSolver::add_slopes(const Run& run, Sloped& sloped) const {
  const auto& variables = space_.family().variables;
  const auto d = static_cast<Eigen::Index>(variables.size());
  std::vector<Along> all = along_design(space_, run.x, run.solve.run->taped()), by;
  std::vector<std::size_t> places, other;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (variables[i].integer) continue;
    if (all[i].missing.empty()) {
      by.push_back(std::move(all[i]));
      places.push_back(i);
    } else {
      other.push_back(i);
    }
  }
  std::vector<std::string> names;
  for (const std::size_t k : results_) names.push_back(scalar_results()[k].name);
  sloped.slopes = Eigen::MatrixXd::Constant(static_cast<Eigen::Index>(scalar_results().size()), d,
                                            std::numeric_limits<double>::quiet_NaN());
  for (const std::size_t k : results_) sloped.slopes.row(static_cast<Eigen::Index>(k)).setZero();
  if (names.empty()) return;
  if (!by.empty()) {
    const std::vector<Gradient> found = smooth_gradients(*run.solve.input, run.solve.run->taped(), names, by);
    for (std::size_t r = 0; r < results_.size(); ++r)
      for (std::size_t j = 0; j < places.size(); ++j)
        sloped.slopes(static_cast<Eigen::Index>(results_[r]), static_cast<Eigen::Index>(places[j])) =
            found[r].slopes[j];
    sloped.linearisations += run.solve.run->stages() - 1;  // each stage but what the run starts from
  }
  for (const std::size_t i : other) add_differences(run, i, sloped);
}

/// By a variable that a run's numbers do not follow smoothly: it changes which control volumes there are, say.
void SlopedSolver::add_differences(const Run& run, std::size_t variable, Sloped& sloped) const {
  const DesignVariable& v = space_.family().variables[variable];
  const double h = run_step * (v.high - v.low);
  const auto at = [&](double by) {
    std::vector<double> x = run.x;
    x[variable] = std::clamp(x[variable] + by, v.low, v.high);
    Sample sample = x == run.x ? run.sample : space_.solve(-1, x);
    if (x != run.x) sloped.linearisations += sample.newton;
    return complete(sample) ? sample : run.sample;
  };
  const Sample below = at(-h), above = at(h);
  const double distance = above.x[variable] - below.x[variable];
  if (!(distance > 0)) throw SolveFailure(v.name + " has no slope: there is no design beside it that can be solved");
  for (const std::size_t k : results_)
    sloped.slopes(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(variable)) =
        (above.scalars[k] - below.scalars[k]) / distance;
  sloped.by_differences.push_back(v.name);
}

}  // namespace porelith
