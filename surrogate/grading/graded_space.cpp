#include "surrogate/grading/graded_space.hpp"

#include <limits>

#include "solver/base/error.hpp"
#include "solver/case/case.hpp"
#include "solver/gradient.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/simulation.hpp"
#include "surrogate/dataset/taped_solve.hpp"

namespace porelith {
namespace {

constexpr double case_step = 1e-3;  // of a range: of differences of what cases say
constexpr double finer_steps = 4;   // rtol over that of a finer mesh
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

struct GradedSpace::Run {
  std::vector<double> x;
  Sample sample;
  TapedSolve solve;
};

GradedSpace::GradedSpace(const Case& input) : space_(input, input.design->space), gradings_(input.design->gradings) {
  const Case start = space_.case_at(space_.start());
  for (const Grading& grading : gradings_)
    volumes_.push_back(graded_volumes(start, grading.negative ? Side::negative : Side::positive));
}

GradedSpace::~GradedSpace() = default;

std::size_t GradedSpace::dimension() const {
  std::size_t n = space_.family().variables.size();
  for (const GradedVolumes& volumes : volumes_) n += volumes.size();
  return n;
}

std::vector<double> GradedSpace::variables(const std::vector<double>& x) const {
  return {x.begin(), x.begin() + space_.dimension()};
}

std::vector<double> GradedSpace::porosities(const std::vector<double>& x, std::size_t grading) const {
  auto at = x.begin() + space_.dimension();
  for (std::size_t g = 0; g < grading; ++g) at += static_cast<std::ptrdiff_t>(volumes_[g].size());
  return {at, at + static_cast<std::ptrdiff_t>(volumes_[grading].size())};
}

std::vector<double> GradedSpace::start() const {
  std::vector<double> x = space_.start();
  for (std::size_t g = 0; g < gradings_.size(); ++g)
    x.insert(x.end(), volumes_[g].size(), space_.family().variables[gradings_[g].variable].start);
  return x;
}

Case GradedSpace::case_at(const std::vector<double>& x, double finer) const {
  std::vector<CaseChange> changes;
  for (std::size_t g = 0; g < gradings_.size(); ++g)
    for (CaseChange& change : porosity_changes(volumes_[g], porosities(x, g))) changes.push_back(std::move(change));
  if (finer != 1) changes.push_back({"solver.rtol", {space_.base().solver.rtol / finer_steps}});
  return space_.case_at(variables(x), finer, changes);
}

void GradedSpace::set_fields(Case& at, const std::vector<double>& x) const {
  for (std::size_t g = 0; g < gradings_.size(); ++g) set_porosity(at, volumes_[g], porosities(x, g));
}

Sample GradedSpace::solve(long index, const std::vector<double>& x, double finer) const {
  return solve(index, x, finer, nullptr);
}

Sample GradedSpace::solve(long index, const std::vector<double>& x, double finer, Run* run) const {
  Sample sample = space_.solve(
      index, variables(x),
      [&](const Case& plain) {
        Case at = plain;
        set_fields(at, x);
        if (finer != 1) at.solver.rtol /= finer_steps;
        return run ? run->solve.solve(at) : simulate(at);
      },
      finer);
  sample.x = x;
  return sample;
}

Sloped GradedSpace::sloped(long index, const std::vector<double>& x, bool slope) const {
  if (!latest_ || latest_->x != x) {
    auto run = std::make_shared<Run>();
    run->x = x;
    run->sample = solve(index, x, 1, run.get());
    latest_ = run;
  }
  Sloped sloped{latest_->sample};
  sloped.sample.index = index;
  if (!slope) return sloped;
  if (!latest_->solve.run || !complete(latest_->sample)) {
    sloped.missing = latest_->solve.refused.empty() ? latest_->sample.status : latest_->solve.refused;
    return sloped;
  }
  try {
    add_slopes(*latest_, sloped);
  } catch (const SolveFailure& failure) {
    sloped.slopes.resize(0, 0);
    sloped.missing = failure.what();
  }
  return sloped;
}

void GradedSpace::add_slopes(const Run& run, Sloped& sloped) const {
  const auto rows = static_cast<Eigen::Index>(scalar_results().size());
  sloped.slopes = Eigen::MatrixXd::Constant(rows, static_cast<Eigen::Index>(dimension()), nan);
  std::vector<std::string> names;
  for (const std::size_t k : results_) names.push_back(scalar_results()[k].name);
  if (names.empty()) return;
  std::vector<Along> by;
  for (std::size_t i = 0; i < space_.family().variables.size(); ++i) {
    const DesignVariable& v = space_.family().variables[i];
    const CaseAt case_at = [&, i](double step) {
      std::vector<double> z = variables(run.x);
      z[i] += step;
      Case at = space_.case_at(z);
      set_fields(at, run.x);
      return at;
    };
    by.push_back(along(case_at, v.name, "1", run.x[i], case_step * (v.high - v.low), run.solve.run->taped()));
    if (!by.back().missing.empty()) throw SolveFailure("no slope by " + v.name + ": " + by.back().missing);
  }
  const std::vector<Gradient> found = gradients(*run.solve.input, run.solve.run->taped(), names, by);
  for (std::size_t r = 0; r < results_.size(); ++r)
    for (std::size_t i = 0; i < by.size(); ++i)
      sloped.slopes(static_cast<Eigen::Index>(results_[r]), static_cast<Eigen::Index>(i)) = found[r].slopes[i];
  auto column = static_cast<Eigen::Index>(by.size());
  for (const GradedVolumes& volumes : volumes_) {
    const auto slopes = porosity_slopes(*run.solve.input, *run.solve.run, found, volumes);
    for (std::size_t r = 0; r < results_.size(); ++r)
      for (std::size_t k = 0; k < volumes.size(); ++k)
        sloped.slopes(static_cast<Eigen::Index>(results_[r]), column + static_cast<Eigen::Index>(k)) = slopes[r][k];
    column += static_cast<Eigen::Index>(volumes.size());
  }
  sloped.linearisations += run.solve.run->stages() - 1;
}

Physics GradedSpace::physics(const Goal& goal) const {
  results_ = goal.results_read();
  Physics physics;
  physics.family = space_.family();
  physics.solve = [this](long index, const std::vector<double>& x, double finer) { return solve(index, x, finer); };
  physics.infeasible = [this](const std::vector<double>& x) { return space_.infeasible(variables(x)); };
  physics.sloped = [this](long index, const std::vector<double>& x, bool slope) { return sloped(index, x, slope); };
  physics.sloped_results = results_;
  return physics;
}

}  // namespace porelith
