#include "surrogate/gate/blind_errors.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/random.hpp"

namespace porelith {
namespace {

using Model = Surrogate::Impl;

constexpr long least_random = 20;                            // calibrate alone; of fewer, chosen ones do as well
constexpr double smallest_error = 1e-9;                      // of scaled outputs: keeps logarithms finite
constexpr double usual_exponent = 0.5, prior_samples = 100;  // of the learning curve, and what that is worth
constexpr double least_change = 1e-6;                        // of a scaled scalar that is not constant
constexpr double same_samples = 20;  // what it is worth that both kinds of regressors should err alike
constexpr double most_exponent = 2;  // of the learning curve: smooth truths do not fall faster for long
constexpr int probes = 256;          // random points at which spreads are compared
constexpr std::uint64_t probe_stream = (1u << 20) + 1;
constexpr double inner = 0.9;            // of the samples: the rest are outermost
constexpr double share_of_picks = 0.97;  // a search goes farther out than the rehearsal
constexpr std::size_t kept = 16;         // ratios of the rehearsal

Eigen::MatrixXd random_points(long d, long n, unsigned seed) {
  Random random(seed, probe_stream);
  Eigen::MatrixXd U(d, n);
  for (double& u : U.reshaped()) u = random.uniform(-1, 1);
  return U;
}

/// Errors on samples that were not seen, and where these lie.
struct Blind {
  Eigen::MatrixXd error;  ///< m x n
  Places at;
  std::vector<long> sample;  ///< n: the task's column
};

Eigen::MatrixXd columns_of(const Eigen::MatrixXd& all, const std::vector<long>& which) {
  Eigen::MatrixXd some(all.rows(), which.size());
  for (std::size_t k = 0; k < which.size(); ++k) some.col(static_cast<long>(k)) = all.col(which[k]);
  return some;
}

std::vector<long> columns_in(const std::vector<int>& fold, int part, const std::vector<bool>& counts) {
  std::vector<long> columns;
  for (std::size_t i = 0; i < fold.size(); ++i)
    if (fold[i] == part && counts[i]) columns.push_back(static_cast<long>(i));
  return columns;
}

double parts_of(const Task& task) { return 1.0 + *std::max_element(task.fold.begin(), task.fold.end()); }

/// Without one part; what is left is dealt to all parts anew.
Task rest_of(const Task& task, int part) {
  Task rest = task.without(part);
  const int parts = 1 + *std::max_element(rest.fold.begin(), rest.fold.end());
  for (std::size_t i = 0; i < rest.fold.size(); ++i) rest.fold[i] = static_cast<int>(i) % parts;
  return rest;
}

/// @param counts whether a sample does
Blind blind_errors(const Model& model, const Learned& learned, const Task& task, const std::vector<bool>& counts) {
  Blind it;
  const long m = model.m();
  // Once all is learned, data are nearer.
  const double nearer = std::pow(1 - 1 / parts_of(task), 1.0 / static_cast<double>(model.d()));
  for (std::size_t k = 0; k < learned.blind.size(); ++k) {
    const std::vector<long> which = columns_in(task.fold, static_cast<int>(k), counts);
    if (which.empty()) continue;
    const Eigen::MatrixXd U = columns_of(task.X, which);
    const Estimate said = learned.blind[k]->at_all(U);
    const Neighbourhood seen(task.without(static_cast<int>(k)).X);
    const long before = it.error.cols(), count = U.cols();
    it.error.conservativeResize(m, before + count);
    it.at.variance.conservativeResize(m, before + count);
    it.at.mean.conservativeResize(m, before + count);
    it.at.distance.conservativeResize(before + count);
    it.at.bounds.conservativeResize(before + count);
    it.error.rightCols(count) = (said.mean - columns_of(task.Y, which)).topRows(m);
    it.at.variance.rightCols(count) = said.variance.topRows(m);
    it.at.mean.rightCols(count) = said.mean.topRows(m);
    for (long i = 0; i < count; ++i) {
      it.at.distance[before + i] = nearer * seen.gap(U.col(i)) / model.neighbourhood.unit();
      it.at.bounds[before + i] = static_cast<double>(near_bounds(U.col(i)));
    }
    it.sample.insert(it.sample.end(), which.begin(), which.end());
  }
  return it;
}

/// (N10) How much smaller errors are once all samples are seen: as much as those of the blind ones are smaller than of
/// such as are blind to a part of what is left without the first part. The samples grow by the same share.
double shrunk(const Model& model, const Learned& learned, const Task& task, const std::vector<bool>& counts) {
  constexpr int first = 0;
  const long m = model.m();
  const Task rest = rest_of(task, first);
  const Learned fewer = model.learner().behind(*model.regressor).learn_all(rest);
  const auto mean_ratio = [&](const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) {  // its logarithm
    double sum = 0, scalars = 0;
    for (long j = 0; j < m; ++j) {
      const auto y = task.Y.row(j);
      if (!(y.maxCoeff() - y.minCoeff() > least_change)) continue;  // what is constant tells nothing
      sum += std::clamp(std::log(std::max(a[j], smallest_error) / std::max(b[j], smallest_error)), -1.0, 1.0);
      scalars += 1;
    }
    return scalars > 0 ? sum / scalars : 0.0;
  };
  Eigen::ArrayXd more = Eigen::ArrayXd::Zero(m), less = more;  // sums of |errors|
  double samples = 0;
  const auto size = [&](const std::vector<std::shared_ptr<const Regressor>>& blind, const Task& of, long column) {
    const auto part = static_cast<std::size_t>(of.fold[static_cast<std::size_t>(column)]);
    if (part >= blind.size()) return Eigen::ArrayXd();
    const Eigen::VectorXd error = blind[part]->mean(of.X.col(column)) - of.Y.col(column);
    return Eigen::ArrayXd(error.head(m).array().abs());
  };
  for (long i = 0, k = -1; i < task.X.cols(); ++i) {
    if (task.fold[static_cast<std::size_t>(i)] == first) continue;
    ++k;  // its column in the rest
    if (!counts[static_cast<std::size_t>(i)]) continue;
    const Eigen::ArrayXd here = size(fewer.blind, rest, k), there = size(learned.blind, task, i);
    if (here.size() == 0 || there.size() == 0) continue;
    more += here;
    less += there;
    samples += 1;
  }
  // What has seen all of the rest, against what is blind to the first part: both have seen the same.
  Eigen::ArrayXd whole = Eigen::ArrayXd::Zero(m), part = whole;
  double asked = 0;
  for (const long i : columns_in(task.fold, first, counts)) {
    const Eigen::VectorXd u = task.X.col(i), y = task.Y.col(i);
    whole += (fewer.regressor->mean(u) - y).head(m).array().abs();
    part += (learned.blind[first]->mean(u) - y).head(m).array().abs();
    asked += 1;
  }
  const double kind = mean_ratio(whole, part);
  const double step = -std::log(1 - 1 / parts_of(task));
  const double seen = samples > 0 ? mean_ratio(more, less) / step : 0;
  const double exponent = (samples * seen + prior_samples * usual_exponent) / (samples + prior_samples);
  return std::exp(kind * asked / (asked + same_samples) - step * std::clamp(exponent, 0.0, most_exponent));
}

/// ln of how much a regressor's spread is above that of the blind ones, each scalar: mean at random points.
Eigen::VectorXd spread_above(const Model& model, const Learned& learned) {
  const Eigen::MatrixXd U = random_points(model.d(), probes, model.options.seed);
  const auto logs = [&](const Regressor& regressor) -> Eigen::VectorXd {
    const Eigen::ArrayXXd floor2 = model.calibration.floor.array().square().replicate(1, U.cols());
    return (regressor.at_all(U).variance.topRows(model.m()).array() + floor2).log().rowwise().mean() / 2;
  };
  Eigen::VectorXd theirs = Eigen::VectorXd::Zero(model.m());
  for (const auto& blind : learned.blind) theirs += logs(*blind) / static_cast<double>(learned.blind.size());
  return logs(*learned.regressor) - theirs;
}

/// (N12) What is picked for what it promises lies where outputs are extreme, beyond all samples. How far off one must
/// expect to be there, a regressor tells that has not seen the outermost tenth of the samples, of the scalars that are
/// extreme there.
void rehearse(Model& model, const Task& task) {
  const long m = model.m(), n = task.X.cols();
  const Eigen::ArrayXXd out = task.Y.topRows(m).array().abs();
  const auto extreme = [](Eigen::ArrayXd values) {  // from where on a value is of the outermost tenth
    const auto place = values.begin() + static_cast<long>(inner * static_cast<double>(values.size()));
    std::nth_element(values.begin(), place, values.end());
    return *place;
  };
  const Eigen::ArrayXd outermost = out.colwise().maxCoeff();
  const double limit = extreme(outermost);
  Task rest = task;
  const int apart = static_cast<int>(parts_of(task));
  for (long i = 0; i < n; ++i)
    if (outermost[i] >= limit) rest.fold[static_cast<std::size_t>(i)] = apart;
  rest = rest_of(rest, apart);
  const auto blind = model.learner().behind(*model.regressor).learn(rest);
  const Neighbourhood seen(rest.X);
  std::vector<double> ratios;
  Eigen::ArrayXd limits(m);
  for (long j = 0; j < m; ++j) limits[j] = extreme(out.row(j).transpose());
  for (long i = 0; i < n; ++i) {
    if (outermost[i] < limit) continue;
    const Eigen::VectorXd u = task.X.col(i);
    const Estimate said = blind->at(u);
    const Eigen::VectorXd width = model.half_width(said, seen.gap(u) / model.neighbourhood.unit(), near_bounds(u));
    for (long j = 0; j < m; ++j)
      if (out(j, i) >= limits[j]) ratios.push_back(std::abs(said.mean(j, 0) - task.Y(j, i)) / width[j]);
  }
  model.rehearsed.clear();
  std::sort(ratios.begin(), ratios.end());
  for (std::size_t k = 0; k < kept && !ratios.empty(); ++k)  // so many that stand for all
    model.rehearsed.push_back(ratios[(2 * k + 1) * ratios.size() / (2 * kept)]);
  model.picks_widened_by = ratios.empty() ? 1 : std::max(1.0, conformal_quantile(ratios, share_of_picks));
}

}  // namespace

void calibrate(Model& model, const Learned& learned, const Task& task, const std::vector<bool>& chosen) {
  std::vector<bool> counts = chosen;
  counts.flip();
  if (std::count(counts.begin(), counts.end(), true) < least_random) counts.assign(chosen.size(), true);
  const Blind blind = blind_errors(model, learned, task, counts);
  model.calibration = calibrate(blind.error, blind.at);
  const Eigen::VectorXd above = spread_above(model, learned);
  const double smaller = shrunk(model, learned, task, counts);
  model.calibration.factor.array() *= smaller * (-model.calibration.by.col(0).array() * above.array()).exp();
  rehearse(model, task);
}

}  // namespace porelith
