/// What learners make of few samples of cases/graded_fast_charge and cases/hole_design: error of the objective on fresh
/// designs, median over seeds. Usage: bench_learners [FOLDER], where its samples stay for the next time
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <thread>

#include "solver/case/reader.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/gate/axis.hpp"
#include "surrogate/gate/reduced_basis.hpp"
#include "surrogate/learners/registry.hpp"

using namespace porelith;

namespace {

constexpr int seeds = 5, fresh_designs = 400, most = 400, most_sloped = 100;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Study {
  const char *name, *folder, *objective;
};
constexpr Study studies[] = {{"shipped", "graded_fast_charge", "capacity"}, {"hole", "hole_design", "areal_capacity"}};

int cores() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

TrainingSet samples_of(const Study& study, const std::string& root, const std::string& part, int count, unsigned seed,
                       bool slopes) {
  const Case input = read_case(std::string(PORELITH_SOURCE_DIR) + "/cases/" + study.folder);
  CampaignOptions options;
  options.samples = count;
  options.sampling = part == "fresh" ? "latin_hypercube" : "sobol";
  options.seed = seed;
  options.slopes = slopes ? "curve" : "none";
  options.folder = root + "/" + study.name + "_" + part;
  return run_campaign(DesignSpace(input, input.design->space), options).training_set();
}

Eigen::MatrixXd scaled(const TrainingSet& set, const Eigen::MatrixXd& X) {
  Eigen::MatrixXd U(X.cols(), X.rows());
  for (long i = 0; i < X.rows(); ++i)
    for (long k = 0; k < X.cols(); ++k) {
      const auto place = static_cast<std::size_t>(k);
      U(k, i) = 2 * Axis{set.low[place], set.high[place], set.log[place]}.unit(X(i, k)) - 1;
    }
  return U;
}

Eigen::VectorXd deviations(const Eigen::MatrixXd& values) {
  const Eigen::RowVectorXd mean = values.colwise().mean();
  return (values.rowwise() - mean).cwiseAbs2().colwise().mean().cwiseSqrt().cwiseMax(1e-12).transpose();
}

struct Figures {
  double error;    ///< mean |error| of the objective over its value
  double seconds;  ///< of the training with all that calibration needs
};

/// Learned from the first n samples: all of them, all outputs.
Figures learned(const Learner& learner, const Study& study, const TrainingSet& set, long n, const TrainingSet& fresh,
                unsigned seed) {
  n = std::min(n, set.size());
  const long m = set.Y.cols(), d = set.X.cols();
  const Eigen::MatrixXd Y = set.Y.topRows(n), curves = set.curves.topRows(n);
  const Eigen::RowVectorXd mean = Y.colwise().mean();
  const Eigen::VectorXd scale = deviations(Y);
  const ReducedBasis basis = reduced_basis(curves, 2e-4 * (curves.maxCoeff() - curves.minCoeff()));
  const Eigen::MatrixXd coefficients = basis.coefficients(curves);
  const Eigen::VectorXd basis_scale = deviations(coefficients);
  const long r = basis.size();
  Task task;
  task.settings = completed(learner.takes(), {}, learner.name());
  task.seed = seed;
  task.threads = cores();
  task.X = scaled(set, set.X.topRows(n));
  task.Y.resize(m + r, n);
  task.Y.topRows(m) = scale.cwiseInverse().asDiagonal() * (Y.rowwise() - mean).transpose();
  task.Y.bottomRows(r) = basis_scale.cwiseInverse().asDiagonal() * coefficients.transpose();
  task.importance = Eigen::VectorXd::Ones(m + r);
  task.importance.tail(r) = (basis_scale / basis_scale.maxCoeff()).cwiseMax(0.05);
  for (long i = 0; i < n; ++i) task.fold.push_back(static_cast<int>(i) % learner.folds(task.settings));
  if (!set.slopes.empty()) task.slopes.assign(static_cast<std::size_t>(m + r), Eigen::MatrixXd::Constant(d, n, nan));
  for (long k = 0; !set.slopes.empty() && k < d; ++k) {
    const auto place = static_cast<std::size_t>(k);
    const double half = (set.high[place] - set.low[place]) / 2;  // both studies are even in all variables
    for (long j = 0; j < m; ++j) {
      const auto output = static_cast<std::size_t>(j);
      task.slopes[output].row(k) = half / scale[j] * set.slopes[output].col(k).head(n).transpose();
    }
    const Eigen::MatrixXd modes = set.curve_slopes[place].topRows(n) * basis.modes;
    for (long j = 0; j < r; ++j)
      task.slopes[static_cast<std::size_t>(m + j)].row(k) = half / basis_scale[j] * modes.col(j).transpose();
  }
  const auto start = std::chrono::steady_clock::now();
  const Learned all = learner.learn_all(task);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const long o = std::find(set.scalars.begin(), set.scalars.end(), study.objective) - set.scalars.begin();
  const Eigen::MatrixXd U = scaled(set, fresh.X);
  double sum = 0;
  for (long i = 0; i < fresh.size(); ++i)
    sum += std::abs(mean[o] + scale[o] * all.regressor->mean(U.col(i))[o] - fresh.Y(i, o)) / std::abs(fresh.Y(i, o));
  return {sum / static_cast<double>(fresh.size()), taken.count()};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const std::string own = "/bench_learners_" + std::to_string(getpid());
  const std::string root = argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string() + own;
  std::filesystem::create_directories(root);
  std::printf("mean error of the objective, %% of its value, on %d fresh designs; median of %d seeds (seconds)\n",
              fresh_designs, seeds);
  for (const Study& study : studies) {
    const TrainingSet fresh = samples_of(study, root, "fresh", fresh_designs, 1001, false);
    std::vector<TrainingSet> plain, sloped;
    for (unsigned seed = 1; seed <= seeds; ++seed) {
      plain.push_back(samples_of(study, root, std::to_string(seed), most, seed, false));
      sloped.push_back(samples_of(study, root, "slopes_" + std::to_string(seed), most_sloped, seed, true));
    }
    for (const Learner* learner : learners()) {
      std::printf("%-8s %-5s", study.name, learner->name().c_str());
      const auto column = [&](const char* label, const std::vector<TrainingSet>& sets, long n) {
        std::vector<double> errors, seconds;
        for (unsigned seed = 1; seed <= seeds; ++seed) {
          const Figures found = learned(*learner, study, sets[seed - 1], n, fresh, seed);
          errors.push_back(found.error);
          seconds.push_back(found.seconds);
        }
        std::printf("  %s%ld: %.3f (%.1f)", label, n, 100 * median(errors), median(seconds));
        std::fflush(stdout);
      };
      for (const long n : {100L, 200L, 300L, 400L}) column("", plain, n);
      for (const long n : {50L, 100L}) column("slopes ", sloped, n);
      std::printf("\n");
    }
  }
  if (argc < 2) std::filesystem::remove_all(root);
}
