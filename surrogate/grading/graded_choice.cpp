#include "surrogate/grading/graded_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace porelith {

using Eigen::Index;
using Eigen::VectorXd;

GradedChoice::GradedChoice(const GradedSpace& space, std::vector<FieldMap> maps)
    : space_(space), maps_(std::move(maps)), cube_(space.space().family().variables) {
  const DesignFamily& family = space.space().family();
  for (std::size_t i = 0; i < family.variables.size(); ++i)
    if (!is_mean(i)) own_.push_back(i);
  for (const Grading& grading : space.gradings()) {
    means_.emplace_back();
    if (!grading.mean.empty()) means_.back().emplace_back(grading.mean, family.names(), family.let);
  }
}

GradedChoice GradedChoice::of_volumes(const GradedSpace& space) {
  std::vector<FieldMap> maps;
  for (std::size_t g = 0; g < space.gradings().size(); ++g) {
    const Grading& grading = space.gradings()[g];
    maps.push_back(FieldMap::filtered(space.volumes(g), grading.filter, grading.low, grading.high));
  }
  return {space, std::move(maps)};
}

GradedChoice GradedChoice::of_layers(const GradedSpace& space, const std::vector<int>& layers) {
  std::vector<FieldMap> maps;
  for (std::size_t g = 0; g < space.gradings().size(); ++g) {
    const Grading& grading = space.gradings()[g];
    maps.push_back(FieldMap::layered(space.volumes(g), layers[g], grading.low, grading.high));
  }
  return {space, std::move(maps)};
}

bool GradedChoice::is_mean(std::size_t variable) const {
  const auto& gradings = space_.gradings();
  return std::any_of(gradings.begin(), gradings.end(), [&](const Grading& g) { return g.variable == variable; });
}

bool GradedChoice::asks_mean(std::size_t grading) const {
  return space_.gradings()[grading].mean_kept || !means_[grading].empty();
}

Index GradedChoice::dimension() const {
  auto n = static_cast<Index>(own_.size());
  for (const FieldMap& map : maps_) n += map.numbers();
  return n;
}

VectorXd GradedChoice::nearest(const std::vector<double>& x) const {
  const VectorXd all = cube_.unit(space_.variables(x));
  VectorXd u(dimension());
  Index at = 0;
  for (const std::size_t i : own_) u[at++] = all[static_cast<Index>(i)];
  for (std::size_t g = 0; g < maps_.size(); ++g) {
    const VectorXd numbers = maps_[g].numbers_of(space_.porosities(x, g));
    u.segment(at, numbers.size()) = (numbers.array() - maps_[g].low()) / (maps_[g].high() - maps_[g].low());
    at += numbers.size();
  }
  return u;
}

GradedChoice::Made GradedChoice::make(const VectorXd& u) const {
  Made made;
  const DesignFamily& family = space_.space().family();
  VectorXd all = cube_.unit(family.start());
  Index at = 0;
  for (const std::size_t i : own_) all[static_cast<Index>(i)] = u[at++];
  std::vector<double> z = cube_.point(all);
  for (std::size_t g = 0; g < maps_.size(); ++g) {
    const Grading& grading = space_.gradings()[g];
    const FieldMap& map = maps_[g];
    std::optional<double> mean;
    if (grading.mean_kept) mean = family.variables[grading.variable].start;
    if (!means_[g].empty()) mean = means_[g].front().value(z);
    if (mean && !(*mean >= map.low() && *mean <= map.high())) {
      made.refused =
          fmt::format("the mean of {} would be {:.6g}, outside [{}, {}]", grading.name, *mean, map.low(), map.high());
      return made;
    }
    const VectorXd q = map.low() + u.segment(at, map.numbers()).array() * (map.high() - map.low());
    at += map.numbers();
    made.fields.push_back(map.field(q, mean));
    z[grading.variable] = map.mean(made.fields.back().eps);
  }
  made.x = z;
  for (const FieldMap::Field& field : made.fields) made.x.insert(made.x.end(), field.eps.begin(), field.eps.end());
  return made;
}

VectorXd GradedChoice::pull(const Made& made, const VectorXd& by_x) const {
  const std::vector<double> z = space_.variables(made.x);
  VectorXd by_z = by_x.head(static_cast<Index>(z.size()));
  VectorXd by_u(dimension());
  Index at = by_x.size(), to = by_u.size();
  for (std::size_t g = maps_.size(); g-- > 0;) {
    const FieldMap& map = maps_[g];
    const GradedVolumes& volumes = space_.volumes(g);
    at -= map.volumes(), to -= map.numbers();
    VectorXd by_eps = by_x.segment(at, map.volumes());
    const double by_mean = by_z[static_cast<Index>(space_.gradings()[g].variable)];
    for (Index i = 0; i < by_eps.size(); ++i) by_eps[i] += by_mean * volumes.volume[static_cast<std::size_t>(i)];
    const FieldMap::Slopes slopes = map.pull(made.fields[g], asks_mean(g), by_eps);
    by_u.segment(to, map.numbers()) = slopes.by_numbers * (map.high() - map.low());
    if (means_[g].empty()) continue;
    for (std::size_t i = 0; i < z.size(); ++i)
      if (means_[g].front().reads(i)) by_z[static_cast<Index>(i)] += slopes.by_mean * means_[g].front().slope(z, i);
  }
  const VectorXd by_cube = cube_.slope(z);
  for (std::size_t i = 0; i < own_.size(); ++i) {
    const auto k = static_cast<Index>(own_[i]);
    by_u[static_cast<Index>(i)] = by_z[k] * by_cube[k];
  }
  return by_u;
}

GradedChoice::Step GradedChoice::step(const VectorXd& u, std::size_t grading, Index k) const {
  auto at = static_cast<Index>(own_.size()) + k;
  for (std::size_t g = 0; g < grading; ++g) at += maps_[g].numbers();
  const double range = maps_[grading].high() - maps_[grading].low();
  Step step{(u[at + 1] - u[at]) * range, VectorXd::Zero(u.size())};
  step.slope[at + 1] = range, step.slope[at] = -range;
  return step;
}

}  // namespace porelith
