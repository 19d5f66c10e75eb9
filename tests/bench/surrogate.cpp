/// What a trained surrogate saves: one design's answers by network and by solver, and a library of 100,000 designs with
/// sampling and training counted.
#include "surrogate/gate/surrogate.hpp"

#include <chrono>
#include <cstdio>

#include "solver/case/reader.hpp"
#include "surrogate/dataset/campaign.hpp"

using namespace porelith;

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

int main() {
  const std::string path = std::string(PORELITH_SOURCE_DIR) + "/cases/graded_fast_charge";
  const Case input = read_case(path);
  const DesignSpace space(path, {}, input.design->space);

  Dataset data;
  data.family = space.family();
  auto start = Clock::now();
  long index = 0;
  for (const auto& u : sample_points("sobol", 4000, space.dimension(), 1)) {
    const auto x = space.from_unit(u);
    if (space.infeasible(x).empty()) data.samples.push_back(space.solve(index++, x));
    if (index == 512) break;
  }
  const double sampling = since(start);

  TrainOptions options;
  options.members = input.design->members;
  options.hidden = input.design->hidden;
  options.epochs = input.design->epochs;
  start = Clock::now();
  TrainingReport report;
  const Surrogate surrogate = Surrogate::train(data.training_set(), options, &report);
  const double training = since(start);

  std::vector<Eigen::VectorXd> points;
  for (const Sample& s : data.samples) points.push_back(Eigen::Map<const Eigen::VectorXd>(s.x.data(), s.x.size()));
  double sum = 0;  // so that no call is optimised away
  const int calls = 100000;
  start = Clock::now();
  for (int k = 0; k < calls; ++k) sum += surrogate.predict(points[k % points.size()]).scalars[0];
  const double predict = since(start) / calls;
  start = Clock::now();
  for (int k = 0; k < calls; ++k) sum += surrogate.scalars(points[k % points.size()])[0];
  const double scalars = since(start) / calls;

  const double solve = sampling / index, library = 1e5 * solve;
  std::printf("one core, %ld samples of cases/graded_fast_charge (checksum %.6g)\n", index, sum);
  std::printf("  solver, a design with its set-up             %10.3f ms\n", 1e3 * solve);
  std::printf("  surrogate, scalars, intervals, curve, gate   %10.3f us   %8.0f times as fast\n", 1e6 * predict,
              solve / predict);
  std::printf("  surrogate, scalars only                      %10.3f us   %8.0f times as fast\n", 1e6 * scalars,
              solve / scalars);
  std::printf(
      "  100,000 designs: solver %.1f s; sampling %.2f s + training %.1f s + predictions %.2f s: %.1f times as fast\n",
      library, sampling, training, 1e5 * predict, library / (sampling + training + 1e5 * predict));
  std::printf("  unseen samples: capacity off by %.2f %% in the mean, curve by %.2f mV\n",
              100 * report.relative_error[0], 1e3 * report.curve_error);
}
