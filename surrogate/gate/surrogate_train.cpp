#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "solver/base/clock.hpp"
#include "solver/base/random.hpp"
#include "surrogate/gate/blind_errors.hpp"
#include "surrogate/gate/model.hpp"
#include "surrogate/learners/gp.hpp"

namespace porelith {
namespace {

using Model = Surrogate::Impl;

constexpr double held_out_share = 0.15;  // of the samples
constexpr long least_samples = 20;
constexpr double basis_error = 2e-4;       // mean error that the reduced basis may leave, of the curves' range
constexpr double least_importance = 0.05;  // of the smallest modes, against that of a scalar
constexpr double noise = 0.8;              // roughness from which a scalar is noise, such as an event's tolerance
constexpr double noise_scale = 100;        // by which noise is made small, so that its mean is learned
constexpr double constant_scale = 1e-4;    // of a scalar that does not change, against its value
constexpr double most_deviations = 10;     // scaled values beyond it ask for new scales
constexpr std::uint64_t split_stream = 1u << 20;

/// A sample is known again by its inputs, bit by bit.
std::string name_of(const Eigen::MatrixXd& X, long row) {
  const Eigen::VectorXd x = X.row(row);
  return {reinterpret_cast<const char*>(x.data()), static_cast<std::size_t>(x.size()) * sizeof(double)};
}

void check(const TrainingSet& data, const TrainOptions& options) {
  std::set<std::string> designs;
  for (long i = 0; i < data.size(); ++i) designs.insert(name_of(data.X, i));
  if (static_cast<long>(designs.size()) < least_samples)
    throw std::invalid_argument(
        fmt::format("training needs {} complete samples{}; there are {}", least_samples,
                    static_cast<long>(designs.size()) < data.size() ? " of different designs" : "", designs.size()));
  if (options.threads < 1)
    throw std::invalid_argument(fmt::format("threads = {} is outside [1, inf)", options.threads));
  const auto finite = [](const Eigen::MatrixXd& values, const std::string& what) {
    if (!values.allFinite()) throw std::invalid_argument(what + " of the samples are not all finite numbers");
  };
  finite(data.X, "the inputs");
  finite(data.Y, "the scalars");
  finite(data.curves, "the curves");
  for (std::size_t k = 0; k < data.inputs.size(); ++k) {
    if (data.low[k] < data.high[k] && (!data.log[k] || data.low[k] > 0)) continue;
    throw std::invalid_argument(fmt::format("{} has no range: {} to {}", data.inputs[k], data.low[k], data.high[k]));
  }
}

int folds(const TrainOptions& options) { return learner_called(options.learner).folds(options.settings); }

/// New samples in random order: the first part is held out, of random ones, the others go round the folds. Equal inputs
/// stay together, or one would be judged on what it has seen.
std::vector<int> split(const TrainingSet& data, const TrainOptions& options) {
  std::map<std::string, long> designs;  // their places in the order in which they first come
  std::vector<long> design;
  for (long i = 0; i < data.size(); ++i)
    design.push_back(designs.emplace(name_of(data.X, i), static_cast<long>(designs.size())).first->second);
  const auto count = static_cast<long>(designs.size());
  const auto out = static_cast<std::size_t>(std::lround(held_out_share * static_cast<double>(count)));
  std::vector<long> order = Random(options.seed, split_stream).permutation(count);
  std::set<long> chosen;
  for (std::size_t i = 0; i < data.chosen.size(); ++i)
    if (data.chosen[i]) chosen.insert(design[i]);
  if (count - static_cast<long>(chosen.size()) >= static_cast<long>(out))
    std::stable_partition(order.begin(), order.end(), [&](long k) { return chosen.count(k) == 0; });
  std::vector<int> fold_of(designs.size()), fold;
  for (std::size_t k = 0; k < order.size(); ++k)
    fold_of[static_cast<std::size_t>(order[k])] = k < out ? held_out : static_cast<int>(k) % folds(options);
  for (const long i : design) fold.push_back(fold_of[static_cast<std::size_t>(i)]);
  return fold;
}

/// Known samples stay where they are; all new ones are for learning.
std::vector<int> split(const TrainingSet& data, const Model& before) {
  std::map<std::string, int> known;
  for (long i = 0; i < before.known.rows(); ++i)
    known[name_of(before.known, i)] = before.fold[static_cast<std::size_t>(i)];
  std::vector<int> fold;
  int next = static_cast<int>(before.known.rows());
  for (long i = 0; i < data.size(); ++i) {
    const auto [place, is_new] = known.emplace(name_of(data.X, i), next % folds(before.options));
    next += is_new;
    fold.push_back(place->second);
  }
  return fold;
}

std::vector<long> rows_of(const std::vector<int>& fold, bool out) {
  std::vector<long> rows;
  for (std::size_t i = 0; i < fold.size(); ++i) {
    if ((fold[i] == held_out) == out) rows.push_back(static_cast<long>(i));
  }
  return rows;
}

Eigen::MatrixXd rows_of(const Eigen::MatrixXd& all, const std::vector<long>& which) {
  Eigen::MatrixXd some(which.size(), all.cols());
  for (std::size_t k = 0; k < which.size(); ++k) some.row(static_cast<long>(k)) = all.row(which[k]);
  return some;
}

/// Standard deviation of each column; a small part of the value where all are the same.
Eigen::VectorXd deviations(const Eigen::MatrixXd& values) {
  Eigen::VectorXd deviation(values.cols());
  for (long k = 0; k < values.cols(); ++k) {
    const double mean = values.col(k).mean();
    deviation[k] = std::sqrt((values.col(k).array() - mean).square().mean());
    if (!(deviation[k] > 1e-12 * std::abs(mean))) deviation[k] = mean != 0 ? constant_scale * std::abs(mean) : 1;
  }
  return deviation;
}

/// Scaling and reduced basis from the samples that may be learned from.
void find_scales(Model& model, const TrainingSet& data) {
  const std::vector<long> rows = rows_of(model.fold, false);
  const Eigen::MatrixXd Y = rows_of(data.Y, rows);
  model.mean = Y.colwise().mean();
  model.scale = deviations(Y);
  for (long k = 0; k < Y.cols(); ++k) {
    if (model.neighbourhood.roughness(Y.col(k)) > noise) model.scale[k] *= noise_scale;
  }
  if (data.curves.cols() == 0) return;
  const Eigen::MatrixXd curves = rows_of(data.curves, rows);
  model.basis = reduced_basis(curves, basis_error * (curves.maxCoeff() - curves.minCoeff()));
  model.basis_scale = deviations(model.basis.coefficients(curves));
}

/// (N4) Scalars count 1 each, modes by how much of the curves they carry.
Eigen::VectorXd importance_of(const Model& model) {
  Eigen::VectorXd importance = Eigen::VectorXd::Ones(model.m() + model.r());
  for (long k = 0; k < model.r(); ++k) {
    importance[model.m() + k] = std::max(least_importance, model.basis_scale[k] / model.basis_scale.maxCoeff());
  }
  return importance;
}

/// Slopes in the terms of the task: outputs scaled, by the scaled inputs.
std::vector<Eigen::MatrixXd> scaled_slopes(const Model& model, const TrainingSet& data, const std::vector<long>& rows) {
  if (data.slopes.empty() && data.curve_slopes.empty()) return {};
  const auto n = static_cast<long>(rows.size());
  std::vector<Eigen::MatrixXd> slopes(
      static_cast<std::size_t>(model.m() + model.r()),
      Eigen::MatrixXd::Constant(model.d(), n, std::numeric_limits<double>::quiet_NaN()));
  for (long i = 0; i < n; ++i) {
    const long row = rows[static_cast<std::size_t>(i)];
    const Eigen::VectorXd by_scaled = model.scaled_slope(data.X.row(row)).cwiseInverse();  // d x / d u
    for (std::size_t j = 0; j < data.slopes.size(); ++j)
      slopes[j].col(i) =
          data.slopes[j].row(row).transpose().cwiseProduct(by_scaled) / model.scale[static_cast<long>(j)];
    for (std::size_t k = 0; k < data.curve_slopes.size(); ++k) {
      const Eigen::VectorXd by_input = model.basis.modes.transpose() * data.curve_slopes[k].row(row).transpose();
      for (long j = 0; j < model.r(); ++j)
        slopes[static_cast<std::size_t>(model.m() + j)](static_cast<long>(k), i) =
            by_input[j] * by_scaled[static_cast<long>(k)] / model.basis_scale[j];
    }
  }
  return slopes;
}

/// All samples that may be learned from, scaled.
Task task_of(const Model& model, const TrainingSet& data) {
  const std::vector<long> rows = rows_of(model.fold, false);
  Task task;
  task.settings = model.options.settings;
  task.seed = model.options.seed;
  task.threads = model.options.threads;
  task.importance = importance_of(model);
  for (const long row : rows) task.fold.push_back(model.fold[static_cast<std::size_t>(row)]);
  task.X = model.scaled_columns(rows_of(data.X, rows));
  task.Y.resize(model.m() + model.r(), task.X.cols());
  const Eigen::MatrixXd Y = rows_of(data.Y, rows);
  task.Y.topRows(model.m()) = model.scale.cwiseInverse().asDiagonal() * (Y.transpose().colwise() - model.mean);
  if (model.r() > 0) {
    task.Y.bottomRows(model.r()) = model.basis_scale.cwiseInverse().asDiagonal() *
                                   model.basis.coefficients(rows_of(data.curves, rows)).transpose();
  }
  task.slopes = scaled_slopes(model, data, rows);
  return task;
}

/// Of the samples that may be learned from: which a search has chosen.
std::vector<bool> chosen_of(const Model& model) {
  std::vector<bool> chosen;
  for (const long row : rows_of(model.fold, false)) chosen.push_back(model.chosen[static_cast<std::size_t>(row)]);
  return chosen;
}

void keep_meaning(Model& model, const TrainingSet& data) {
  model.meaning = data;
  model.meaning.X.resize(0, 0);
  model.meaning.Y.resize(0, 0);
  model.meaning.curves.resize(0, 0);
  model.meaning.chosen.clear();
  model.meaning.slopes.clear();
  model.meaning.curve_slopes.clear();
  model.known = data.X;
  model.chosen = data.chosen;
  model.chosen.resize(static_cast<std::size_t>(data.size()), false);
}

/// Has a new sample a scalar so far out that the scales mean nothing there, such as one that was constant so far?
bool leaves_scales(const Model& before, const TrainingSet& data) {
  std::set<std::string> known;
  for (long i = 0; i < before.known.rows(); ++i) known.insert(name_of(before.known, i));
  for (long i = 0; i < data.size(); ++i) {
    if (known.count(name_of(data.X, i)) > 0) continue;
    const Eigen::VectorXd y = (data.Y.row(i).transpose() - before.mean).cwiseQuotient(before.scale);
    if (y.cwiseAbs().maxCoeff() > most_deviations) return true;
  }
  return false;
}

using Learning = std::vector<std::vector<double>>;

/// Everything from the start: scales, basis, regressor, calibration.
Learning learn(Model& model, const TrainingSet& data) {
  model.meet_neighbours();
  find_scales(model, data);
  Task task = task_of(model, data);
  model.slopes_left_out = leave_out_contradicting(task);
  const Learned learned = model.learner().learn_all(task);
  model.regressor = learned.regressor;
  calibrate(model, learned, task, chosen_of(model));
  return learned.learning;
}

/// Goes on from what is known where the learner can. Calibration stays then: with more data, errors shrink.
Learning learn_more(Model& model, const TrainingSet& data, double part) {
  model.meet_neighbours();
  Task task = task_of(model, data);
  model.slopes_left_out = leave_out_contradicting(task);
  task.seed += static_cast<unsigned>(model.known.rows());
  const std::optional<Learned> learned = model.learner().go_on(*model.regressor, task, part);
  if (!learned) return learn(model, data);
  model.regressor = learned->regressor;
  return learned->learning;
}

}  // namespace

TrainingReport Surrogate::judge(const TrainingSet& unseen) const {
  const long n = unseen.size(), m = impl_->m(), p = impl_->basis.mean.size();
  if (unseen.X.cols() != impl_->d() || unseen.Y.cols() != m || unseen.curves.cols() != p || n < 1) {
    throw std::invalid_argument("the samples to judge by are not of the kind that the surrogate has learned");
  }
  TrainingReport report;
  report.truth = unseen.Y;
  report.curve_truth = unseen.curves;
  report.predicted = report.half_width = Eigen::MatrixXd(n, m);
  report.curve_predicted = Eigen::MatrixXd(n, p);
  for (long i = 0; i < n; ++i) {
    const Prediction said = predict(unseen.X.row(i));
    report.predicted.row(i) = said.scalars;
    report.half_width.row(i) = said.half_width;
    if (p > 0) report.curve_predicted.row(i) = said.curve;
  }
  const Eigen::ArrayXXd error = (report.predicted - report.truth).array().abs();
  const Eigen::ArrayXd size = report.truth.array().abs().colwise().mean();
  report.relative_error = (error.colwise().mean().transpose() / size.max(1e-300)).matrix();
  report.coverage = (error <= report.half_width.array()).cast<double>().colwise().mean();
  if (p > 0) report.curve_error = (report.curve_predicted - report.curve_truth).cwiseAbs().mean();
  return report;
}

namespace {

/// The held-out samples of `data`.
TrainingSet held_out_part(const Model& model, const TrainingSet& data) {
  const std::vector<long> rows = rows_of(model.fold, true);
  TrainingSet part = model.meaning;
  part.X = rows_of(data.X, rows);
  part.Y = rows_of(data.Y, rows);
  part.curves = rows_of(data.curves, rows);
  return part;
}

}  // namespace

Surrogate Surrogate::train(const TrainingSet& data, const TrainOptions& options, TrainingReport* report) {
  const auto start = std::chrono::steady_clock::now();
  check(data, options);
  auto model = std::make_shared<Impl>();
  model->options = options;
  model->options.settings = completed(learner_called(options.learner).takes(), options.settings, options.learner);
  keep_meaning(*model, data);
  model->fold = split(data, model->options);
  auto learning = learn(*model, data);
  return Surrogate(model).judged(data, std::move(learning), seconds_since(start), report);
}

Surrogate Surrogate::refined(const TrainingSet& data, double part, TrainingReport* report) const {
  const auto start = std::chrono::steady_clock::now();
  check(data, impl_->options);
  if (data.inputs != impl_->meaning.inputs || data.scalars != impl_->meaning.scalars ||
      data.curves.cols() != impl_->basis.mean.size()) {
    throw std::invalid_argument("a surrogate goes on learning only from samples of the kind it knows");
  }
  auto model = std::make_shared<Impl>(*impl_);  // scales and basis stay: what was learned means them
  model->fold = split(data, *impl_);
  keep_meaning(*model, data);
  // Where a scalar leaves its scale, what never changed has changed.
  auto learning = leaves_scales(*impl_, data) ? learn(*model, data) : learn_more(*model, data, part);
  return Surrogate(model).judged(data, std::move(learning), seconds_since(start), report);
}

Surrogate Surrogate::judged(const TrainingSet& data, std::vector<std::vector<double>> learning, double seconds,
                            TrainingReport* report) const {
  const TrainingSet part = held_out_part(*impl_, data);
  if (part.size() == 0) throw std::invalid_argument("none of the samples are those that were held out for judging");
  TrainingReport found = judge(part);
  found.learning = std::move(learning);
  found.seconds = seconds;
  found.slopes_left_out = impl_->slopes_left_out;
  impl_->relative_error = found.relative_error;
  impl_->coverage = found.coverage;
  impl_->curve_error = found.curve_error;
  if (report) *report = std::move(found);
  return *this;
}

}  // namespace porelith
