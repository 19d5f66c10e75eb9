/// The learner "gp": Gaussian processes (N13) to (N15).
#include "surrogate/learners/gp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "solver/base/random.hpp"
#include "solver/base/threads.hpp"
#include "surrogate/process/process.hpp"

namespace porelith {
namespace {

constexpr long most_rows = 800;     // beyond, slopes of the last samples only, then none
constexpr double mostly = 0.5;      // of the samples with slopes: an output with fewer goes without
constexpr double most_noise = 0.1;  // of an output that has a say in the lengths

/// Outputs that share a process.
struct Group {
  std::vector<long> outputs;
  Process process;
};

std::string name_in(std::size_t group, const char* what) { return fmt::format("/processes/{}/{}", group, what); }

/// All processes have the same lengths; outputs of the same noise share one.
class Processes : public Regressor {
 public:
  Processes(std::vector<Group> groups, long outputs) : groups_(std::move(groups)), outputs_(outputs) {}
  const std::vector<Group>& groups() const { return groups_; }
  const Habits& habits() const { return groups_.front().process.habits(); }

  Estimate at(const Eigen::VectorXd& u) const override {
    Estimate it{mean(u), Eigen::VectorXd(outputs_)};
    for (const auto& [outputs, process] : groups_) it.variance(outputs, 0) = process.variance() * process.doubt(u);
    return it;
  }

  Eigen::VectorXd mean(const Eigen::VectorXd& u) const override {
    Eigen::VectorXd mean(outputs_);
    for (const auto& [outputs, process] : groups_) mean(outputs) = process.mean(u);
    return mean;
  }

  std::optional<Eigen::MatrixXd> slope(const Eigen::VectorXd& u) const override {
    Eigen::MatrixXd slope(outputs_, u.size());
    for (const auto& [outputs, process] : groups_) slope(outputs, Eigen::all) = process.slope(u);
    return slope;
  }

  void write(ModelWriter& to) const override {
    to.integers("/processes/count", {static_cast<std::int64_t>(groups_.size())}, "processes, each of some outputs");
    to.matrix("/processes/X", groups_.front().process.points().X, "1", "samples, scaled, one a column");
    to.vector("/processes/length", habits().length, "1", "lengths of the inputs");
    for (std::size_t k = 0; k < groups_.size(); ++k) {
      const auto& [outputs, process] = groups_[k];
      const auto& sloped = process.points().sloped;
      to.integers(name_in(k, "outputs"), {outputs.begin(), outputs.end()}, "scalars, then coefficients, from 0");
      to.integers(name_in(k, "sloped"), {sloped.begin(), sloped.end()}, "samples whose slopes it knows, too");
      to.vector(name_in(k, "noise"), Eigen::Vector2d(process.habits().noise, process.habits().slope_noise), "1",
                "variance of the noise of values and of slopes over that of the process");
      to.vector(name_in(k, "level"), process.level(), "1", "means far from all samples");
      to.vector(name_in(k, "variance"), process.variance(), "1", "variances far from all samples");
      to.matrix(name_in(k, "weights"), process.weights(), "1", "weights of values, then of slopes, an output a column");
    }
  }

  std::unique_ptr<Regressor> disturbed(double relative, unsigned seed) const override {
    std::vector<Group> changed = groups_;
    for (std::size_t k = 0; k < changed.size(); ++k) {
      Random random(seed, k);
      for (double& weight : changed[k].process.weights().reshaped()) weight *= 1 + relative * random.normal();
    }
    return std::make_unique<Processes>(std::move(changed), outputs_);
  }

 private:
  std::vector<Group> groups_;
  long outputs_;
};

/// What processes are told: the slopes that outputs have in common, and which have none.
struct Told {
  Points sloped, plain;
  std::vector<bool> has_slopes;  ///< outputs

  const Points& of(long output) const { return has_slopes[static_cast<std::size_t>(output)] ? sloped : plain; }
};

Told told_of(const Task& task) {
  const long n = task.X.cols();
  Told told{{task.X, {}}, {task.X, {}}, std::vector<bool>(static_cast<std::size_t>(task.Y.rows()), false)};
  std::vector<bool> any(static_cast<std::size_t>(n), false), all(static_cast<std::size_t>(n), true);
  const auto has = [&](std::size_t j, long k) { return task.slopes[j].col(k).allFinite(); };
  for (std::size_t j = 0; j < task.slopes.size(); ++j)
    for (long k = 0; k < n; ++k) any[static_cast<std::size_t>(k)] = any[static_cast<std::size_t>(k)] || has(j, k);
  const auto samples = static_cast<double>(std::count(any.begin(), any.end(), true));
  for (std::size_t j = 0; j < task.slopes.size(); ++j) {
    long count = 0;
    for (long k = 0; k < n; ++k) count += has(j, k);
    if (!(static_cast<double>(count) > mostly * samples)) continue;
    told.has_slopes[j] = true;
    for (long k = 0; k < n; ++k) all[static_cast<std::size_t>(k)] = all[static_cast<std::size_t>(k)] && has(j, k);
  }
  if (std::count(told.has_slopes.begin(), told.has_slopes.end(), true) == 0) return told;
  for (long k = n; k-- > 0 && told.sloped.rows() + told.sloped.d() <= most_rows;)
    if (all[static_cast<std::size_t>(k)]) told.sloped.sloped.insert(told.sloped.sloped.begin(), k);
  return told;
}

Eigen::MatrixXd rows_of(const Task& task, const Points& points, const std::vector<long>& outputs) {
  Eigen::MatrixXd rows(points.rows(), outputs.size());
  rows.topRows(points.n()) = task.Y(outputs, Eigen::all).transpose();
  for (std::size_t j = 0; j < outputs.size(); ++j)
    for (std::size_t k = 0; k < points.sloped.size(); ++k)
      rows.col(static_cast<long>(j)).segment(points.n() + static_cast<long>(k) * points.d(), points.d()) =
          task.slopes[static_cast<std::size_t>(outputs[j])].col(points.sloped[k]);
  return rows;
}

/// Habits of each output: lengths that are likeliest for all together, noise for each.
std::vector<Habits> found(const Task& task, const Habits* start) {
  const Told told = told_of(task);
  const bool sloped = !told.sloped.sloped.empty();
  std::vector<long> speaking;
  for (long j = 0; j < task.Y.rows(); ++j)
    if (!sloped || told.has_slopes[static_cast<std::size_t>(j)]) speaking.push_back(j);
  const Points& points = sloped ? told.sloped : told.plain;
  std::vector<Habits> habits(static_cast<std::size_t>(task.Y.rows()));
  Habits shared = likeliest(points, rows_of(task, points, speaking), start);
  const auto find_noise = [&] {
    for (const bool with : {false, true}) {
      std::vector<long> outputs;
      for (long j = 0; j < task.Y.rows(); ++j)
        if (told.has_slopes[static_cast<std::size_t>(j)] == with) outputs.push_back(j);
      if (outputs.empty()) continue;
      const Points& known = told.of(outputs.front());
      const auto own = with_likeliest_noise(known, rows_of(task, known, outputs), shared);
      for (std::size_t k = 0; k < outputs.size(); ++k) habits[static_cast<std::size_t>(outputs[k])] = own[k];
    }
  };
  find_noise();
  std::vector<long> clear;
  for (const long j : speaking)
    if (habits[static_cast<std::size_t>(j)].noise < most_noise) clear.push_back(j);
  if (clear.empty() || clear.size() == speaking.size()) return habits;
  shared = likeliest(points, rows_of(task, points, clear), &shared);
  find_noise();
  return habits;
}

std::unique_ptr<Processes> conditioned(const Task& task, const std::vector<Habits>& habits) {
  const Told told = told_of(task);
  std::map<std::tuple<bool, double, double>, std::vector<long>> alike;
  for (long j = 0; j < task.Y.rows(); ++j) {
    const Habits& own = habits[static_cast<std::size_t>(j)];
    alike[{!told.of(j).sloped.empty(), own.noise, own.slope_noise}].push_back(j);
  }
  std::vector<Group> groups;
  for (const auto& [key, outputs] : alike) {
    const Points& points = told.of(outputs.front());
    groups.push_back(
        {outputs, Process(points, rows_of(task, points, outputs), habits[static_cast<std::size_t>(outputs.front())])});
  }
  return std::make_unique<Processes>(std::move(groups), task.Y.rows());
}

constexpr long most_asked = 300;       // values, by other learners
constexpr double contradicting = 1.1;  // of the error without slopes: with true ones it is smaller

/// The values of at most so many samples, evenly from all.
Task values_asked(const Task& task) {
  const long n = std::min(task.X.cols(), most_asked);
  std::vector<long> which;
  for (long k = 0; k < n; ++k) which.push_back(k * task.X.cols() / n);
  Task some = task;
  some.X = task.X(Eigen::all, which);
  some.Y = task.Y(Eigen::all, which);
  some.slopes.clear();
  return some;
}

/// Mean |error| of each output on samples left out one by one.
Eigen::VectorXd left_out_errors(const Processes& processes, long outputs) {
  Eigen::VectorXd error(outputs);
  for (const auto& [own, process] : processes.groups()) {
    std::vector<std::vector<long>> alone;
    for (long k = 0; k < process.points().n(); ++k) alone.push_back({k});
    error(own) = process.left_out(alone).error.cwiseAbs().rowwise().mean();
  }
  return error;
}

}  // namespace

Eigen::VectorXd unexplained(const Task& task) {
  const Task some = values_asked(task);
  std::vector<std::vector<long>> alone;
  for (long k = 0; k < some.X.cols(); ++k) alone.push_back({k});
  const auto processes = conditioned(some, found(some, nullptr));
  Eigen::VectorXd part(task.Y.rows());
  for (const auto& [outputs, process] : processes->groups()) {
    const BlindErrors left = process.left_out(alone);
    for (std::size_t j = 0; j < outputs.size(); ++j) {
      const auto y = some.Y.row(outputs[j]).array();
      const double size = (y - y.mean()).square().sum();
      part[outputs[j]] = size > 0 ? left.error.row(static_cast<long>(j)).squaredNorm() / size : 0;
    }
  }
  return part;
}

long leave_out_contradicting(Task& task) {
  if (task.slopes.empty() || task.X.cols() > most_rows) return 0;
  Task values = task;
  values.slopes.clear();
  const long outputs = task.Y.rows();
  const Eigen::VectorXd with = left_out_errors(*conditioned(task, found(task, nullptr)), outputs);
  const Eigen::VectorXd without = left_out_errors(*conditioned(values, found(values, nullptr)), outputs);
  long left_out = 0;
  for (long j = 0; j < outputs; ++j) {
    if (!(with[j] > contradicting * without[j])) continue;
    task.slopes[static_cast<std::size_t>(j)].setConstant(std::numeric_limits<double>::quiet_NaN());
    ++left_out;
  }
  return left_out;
}

namespace {

class GpLearner : public Learner {
 public:
  std::string name() const override { return "gp"; }
  std::string meaning() const override { return "Gaussian processes"; }

  std::unique_ptr<Regressor> learn(const Task& task) const override { return conditioned(task, found(task, nullptr)); }

  /// What is blind to a fold has the habits of the whole.
  Learned learn_all(const Task& task) const override { return all_with(task, found(task, nullptr)); }

  std::optional<Learned> go_on(const Regressor& known, const Task& task, double /*part*/) const override {
    return all_with(task, found(task, &dynamic_cast<const Processes&>(known).habits()));
  }

  std::unique_ptr<Regressor> read(ModelReader& from, long inputs, long outputs, Settings&) const override {
    const auto damaged = [&](const std::string& what) { from.file().fail(what + "; it is damaged"); };
    const auto count = from.integers("/processes/count", 1).front();
    if (count < 1 || count > outputs) damaged("the number of its processes does not fit its outputs");
    const Eigen::MatrixXd X = from.matrix("/processes/X", inputs, -1);
    const Eigen::VectorXd length = from.vector("/processes/length", inputs);
    if (!(length.minCoeff() > 0)) damaged("/processes/length is not above 0");
    std::vector<Group> groups;
    std::vector<long> seen;
    for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k) {
      const auto listed = from.integers(name_in(k, "outputs"), -1);
      const std::vector<long> own(listed.begin(), listed.end());
      seen.insert(seen.end(), own.begin(), own.end());
      Points points{X, {}};
      for (const std::int64_t column : from.integers(name_in(k, "sloped"), -1)) {
        if (column < 0 || column >= X.cols() || (!points.sloped.empty() && column <= points.sloped.back()))
          damaged(name_in(k, "sloped") + " names a sample that there is not");
        points.sloped.push_back(column);
      }
      const Eigen::VectorXd noise = from.vector(name_in(k, "noise"), 2);
      if (!(noise.minCoeff() > 0)) damaged(name_in(k, "noise") + " is not above 0");
      const auto size = static_cast<long>(own.size());
      const Eigen::VectorXd level = from.vector(name_in(k, "level"), size);
      const Eigen::VectorXd variance = from.vector(name_in(k, "variance"), size);
      const Eigen::MatrixXd weights = from.matrix(name_in(k, "weights"), points.rows(), size);
      groups.push_back({own, Process(points, {length, noise[0], noise[1]}, weights, level, variance)});
    }
    std::sort(seen.begin(), seen.end());
    bool each_once = static_cast<long>(seen.size()) == outputs;
    for (long j = 0; each_once && j < outputs; ++j) each_once = seen[static_cast<std::size_t>(j)] == j;
    if (!each_once) damaged("its processes do not share its outputs among them");
    return std::make_unique<Processes>(std::move(groups), outputs);
  }

 private:
  Learned all_with(const Task& task, const std::vector<Habits>& habits) const {
    Learned all;
    const int blind = std::min(folds(task.settings), most_calibrated);
    std::vector<std::shared_ptr<const Regressor>> made(static_cast<std::size_t>(blind) + 1);
    for_all(blind + 1, task.threads, [&](long k) {
      made[static_cast<std::size_t>(k)] = conditioned(k < blind ? task.without(static_cast<int>(k)) : task, habits);
    });
    all.regressor = made.back();
    made.pop_back();
    all.blind = std::move(made);
    return all;
  }
};

}  // namespace

const Learner& gp_learner() {
  static const GpLearner learner;
  return learner;
}

}  // namespace porelith
