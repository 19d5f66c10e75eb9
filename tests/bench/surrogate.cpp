/// How true a trained surrogate is on fresh solves of cases/graded_fast_charge that it has not seen, what its gate
/// lets through, and what it saves. Usage: bench_surrogate [FRESH [SEED]]
#include "surrogate/gate/surrogate.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <thread>

#include "solver/base/random.hpp"
#include "solver/base/threads.hpp"
#include "solver/case/reader.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/design/goal.hpp"
#include "surrogate/design/verification.hpp"

using namespace porelith;

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Processor time of this thread [s]: what one core takes, whoever else is on the machine.
double processor_now() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

const std::string study = std::string(PORELITH_SOURCE_DIR) + "/cases/graded_fast_charge";
constexpr int designs_of_gate = 100, library = 100000;

int cores() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

/// So many feasible designs, solved on all cores. @param seconds of processors, solves with their set-up
Dataset solved(const DesignSpace& space, const std::string& sampling, int count, unsigned seed, double* seconds) {
  Dataset data;
  data.family = space.family();
  for (const auto& u : sample_points(sampling, 40 * count, space.dimension(), seed)) {
    const auto x = UnitCube(space.family().variables).design(u);
    if (static_cast<int>(data.samples.size()) == count) break;
    if (!space.infeasible(x).empty()) continue;
    data.samples.emplace_back();
    data.samples.back().x = x;
  }
  std::vector<double> taken(data.samples.size());
  for_all(static_cast<long>(data.samples.size()), cores(), [&](long k) {
    const double begun = processor_now();
    data.samples[k] = space.solve(k, data.samples[k].x);
    taken[k] = processor_now() - begun;
  });
  *seconds = std::accumulate(taken.begin(), taken.end(), 0.0);
  return data;
}

double quantile(Eigen::ArrayXd values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::lround(share * static_cast<double>(values.size() - 1))];
}

void print_truth(const Surrogate& surrogate, const TrainingSet& fresh) {
  const TrainingReport told = surrogate.judge(fresh);
  std::printf("on %ld fresh solves\n", fresh.size());
  std::printf("  %-16s %12s %-9s %12s %12s %12s\n", "", "mean error", "", "relative [%]", "95 % [%]", "in 90 % int.");
  for (long k = 0; k < told.truth.cols(); ++k) {
    const auto i = static_cast<std::size_t>(k);
    const Eigen::ArrayXd error = (told.predicted.col(k) - told.truth.col(k)).array().abs();
    const Eigen::ArrayXd relative = error / told.truth.col(k).array().abs();
    std::printf("  %-16s %12.3g %-9s %12.3f %12.3f %10.1f %%\n", fresh.scalars[i].c_str(), error.mean(),
                fresh.scalar_units[i].c_str(), 100 * relative.mean(), 100 * quantile(relative, 0.95),
                100 * told.coverage[k]);
  }
  const Eigen::ArrayXd each = (told.curve_predicted - told.curve_truth).cwiseAbs().rowwise().mean();
  std::printf("  (the charge ends where the plating margin is 0, so its relative error says nothing)\n");
  std::printf("  voltage curve: mean error %.3f mV, 95 %% of the curves below %.3f mV\n", 1e3 * told.curve_error,
              1e3 * quantile(each, 0.95));
}

/// Designs of which one variable lies out of its range, from a billionth of it on: how many are told as such?
void print_out_of_range(const Surrogate& surrogate, const TrainingSet& fresh) {
  Random random(3, 0);
  long asked = 0, flagged = 0;
  for (long i = 0; i < fresh.size(); ++i)
    for (std::size_t k = 0; k < fresh.inputs.size(); ++k)
      for (const bool above : {false, true}) {
        Eigen::VectorXd x = fresh.X.row(i);
        const double beyond = std::pow(10.0, -8 + 8 * random.uniform()) * (fresh.high[k] - fresh.low[k]);
        x[static_cast<long>(k)] = above ? fresh.high[k] + beyond : fresh.low[k] - beyond;
        ++asked;
        flagged += !surrogate.predict(x).inside;
      }
  std::printf("out of range: %ld of %ld such queries flagged\n", flagged, asked);
}

void print_gate(const Design& design, const Physics& physics, const Surrogate& surrogate, const TrainingSet& fresh) {
  const double range = fresh.Y.col(0).maxCoeff() - fresh.Y.col(0).minCoeff();
  const GateCheck gate = check_gate(design, physics, surrogate, range, 1, designs_of_gate);
  std::printf(
      "gate on %ld fresh designs (half width at most %.4g): %ld accepted, %ld of these outside their interval, "
      "%ld off by more than the gate allows, worst %.4g\n",
      gate.fresh, design.interval * range, gate.plain.accepted, gate.plain.outside, gate.plain.wrong, gate.plain.worst);
}

/// Backpropagation against central differences, relative to the largest slope of each scalar.
void print_gradient(const Surrogate& surrogate, const TrainingSet& fresh) {
  double worst = 0;
  for (long i = 0; i < std::min(50L, fresh.size()); ++i) {
    const Eigen::VectorXd x = fresh.X.row(i);
    const Eigen::MatrixXd slopes = surrogate.gradient(x);
    Eigen::MatrixXd differences = slopes;
    for (long k = 0; k < x.size(); ++k) {
      const double h = 1e-5 * (fresh.high[static_cast<std::size_t>(k)] - fresh.low[static_cast<std::size_t>(k)]);
      const Eigen::VectorXd step = h * Eigen::VectorXd::Unit(x.size(), k);
      differences.col(k) = (surrogate.scalars(x + step) - surrogate.scalars(x - step)) / (2 * h);
    }
    const Eigen::ArrayXd size = slopes.cwiseAbs().rowwise().maxCoeff();
    worst = std::max(worst, ((slopes - differences).cwiseAbs().rowwise().maxCoeff().array() / size).maxCoeff());
  }
  std::printf("gradients against central differences: off by %.1e at most\n", worst);
}

void print_repeat(const Surrogate& surrogate, const TrainingSet& learned, TrainOptions options,
                  const TrainingSet& fresh) {
  options.threads = cores();
  const Surrogate again = Surrogate::train(learned, options);
  long same = 0;
  for (long i = 0; i < fresh.size(); ++i) {
    const Prediction a = surrogate.predict(fresh.X.row(i)), b = again.predict(fresh.X.row(i));
    same += a.scalars == b.scalars && a.half_width == b.half_width && a.curve == b.curve;
  }
  std::printf("trained again, on %d threads: %ld of %ld predictions the same bit for bit\n", cores(), same,
              fresh.size());
}

/// Seconds a call, one core, the best of five rounds: company on the machine only ever adds to it.
template <class Call>
double seconds_of(const Call& call, const TrainingSet& fresh) {
  constexpr int calls = 20000;
  double best = 1e9, sum = 0;  // the sum keeps the calls from being optimised away
  for (int round = 0; round < 5; ++round) {
    const auto start = Clock::now();
    for (int k = 0; k < calls; ++k) sum += call(Eigen::VectorXd(fresh.X.row(k % fresh.size())));
    best = std::min(best, since(start) / calls);
  }
  if (!std::isfinite(sum)) std::printf("a prediction is not finite\n");
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const int fresh_designs = argc > 1 ? std::atoi(argv[1]) : 500;
  const auto seed = static_cast<unsigned>(argc > 2 ? std::atoi(argv[2]) : 1);
  const Case input = read_case(study);
  const Design design = *input.design;
  const DesignSpace space(input, design.space);
  double sampling = 0, checking = 0;
  const Dataset data = solved(space, design.sampling, design.samples, seed, &sampling);
  const TrainingSet learned = data.training_set();
  const TrainingSet fresh = solved(space, "latin_hypercube", fresh_designs, seed + 1000, &checking).training_set();

  TrainOptions options = train_options(design);
  options.seed = seed;
  const double start = processor_now();
  const Surrogate surrogate = Surrogate::train(learned, options);
  const double training = processor_now() - start;

  std::printf("cases/graded_fast_charge, learned from %ld of %d samples, seed %u\n", learned.size(), design.samples,
              seed);
  print_truth(surrogate, fresh);
  print_out_of_range(surrogate, fresh);
  print_gate(design, physics_of(space, cores()), surrogate, fresh);
  print_gradient(surrogate, fresh);
  print_repeat(surrogate, learned, options, fresh);

  const double predict = seconds_of([&](const Eigen::VectorXd& x) { return surrogate.predict(x).curve[0]; }, fresh);
  const double scalars = seconds_of([&](const Eigen::VectorXd& x) { return surrogate.scalars(x)[0]; }, fresh);
  const double solve = sampling / design.samples;
  std::printf("one core, processor time\n");
  std::printf("  solver, a design with its set-up             %10.3f ms\n", 1e3 * solve);
  std::printf("  surrogate, scalars, intervals, curve, gate   %10.3f us   %8.0f times as fast\n", 1e6 * predict,
              solve / predict);
  std::printf("  surrogate, scalars only                      %10.3f us   %8.0f times as fast\n", 1e6 * scalars,
              solve / scalars);
  std::printf(
      "  %d designs: solver %.1f s; sampling %.2f s + training %.1f s + predictions %.2f s: %.1f times as "
      "fast\n",
      library, library * solve, sampling, training, library * predict,
      library * solve / (sampling + training + library * predict));
}
