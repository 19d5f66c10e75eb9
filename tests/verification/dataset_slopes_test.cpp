/// Slopes that the samples of a campaign carry.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "solver/base/error.hpp"
#include "solver/base/hdf5_file.hpp"
#include "solver/frozen_run.hpp"
#include "solver/gradient.hpp"
#include "solver/newman/observables/curve_over.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/taped_run.hpp"
#include "surrogate/dataset/along_design.hpp"
#include "surrogate/dataset/journal.hpp"
#include "surrogate/dataset/sample_with_slopes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_campaign.hpp"

using namespace porelith;

namespace {

/// The small study until a voltage, with a whole number among its variables.
std::string study_with_count() {
  std::string text = small_study;
  const std::string stop = "until = { time = 200 }", set = "\"positive.thickness\" = \"p*1e-4\"\n";
  text.replace(text.find(stop), stop.size(), "until = { time = 200, voltage = 3.4 }");
  text.replace(text.find(set), set.size(), set + "\"mesh.shells\" = \"k\"\n");
  const std::string coarse = "rtol = 1e-3";
  text.replace(text.find(coarse), coarse.size(), coarse + "\nnewton = 1e-8");
  return text + "[[design.variable]]\nname = \"k\"\nlow = 4\nhigh = 6\nstart = 5\ninteger = true\n";
}

CampaignOptions with_slopes(const std::string& folder, int samples, const std::string& slopes) {
  CampaignOptions options = small_campaign(folder, samples);
  options.slopes = slopes;
  return options;
}

/// Makes a dataset one of version 1.
void make_version_1(const std::string& path) {
  const Hdf5Id file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
  REQUIRE(file >= 0);
  const Hdf5Id version(H5Aopen(file, "version", H5P_DEFAULT), H5Aclose);
  const long one = 1;
  REQUIRE(H5Awrite(version, H5T_NATIVE_LONG, &one) >= 0);
  REQUIRE(H5Adelete(file, "slopes") >= 0);
}

}  // namespace

TEST_CASE("slopes of samples are those of differences by the same steps, and of a run that is asked for them") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path(), study_with_count());
  const std::vector<double> x{0.27, 0.9, 5};
  const std::size_t m = scalar_results().size(), voltage = observable_called("voltage");

  // what samples take their slopes from, against differences
  const Case at = space.case_at(x);
  const FrozenRun frozen(at);
  const TapedRun& base = frozen.base();
  const AllGradients all = gradients(at, base, scalar_result_names(), {{"voltage"}}, along_design(space, x, base));
  REQUIRE(all.curves[0].at.size() == curve_points);
  const std::vector<ResultSlope> results = scalar_slopes_of(base.results);
  double worst = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    const double h = 1e-4;
    std::vector<double> seen(m + curve_points, 0.0);
    for (const auto& [step, weight] : {std::pair{-2, 1.0 / 12}, {-1, -2.0 / 3}, {1, 2.0 / 3}, {2, -1.0 / 12}}) {
      std::vector<double> beside = x;
      beside[i] += step * h;
      const Results varied = frozen.solve(space.case_at(beside));
      const CurveOver curve(varied, Coordinate::share, base.tape.rows);
      for (std::size_t r = 0; r < m; ++r) seen[r] += weight / h * moved_by(results[r], base.results, varied);
      for (int k = 0; k < curve_points; ++k)
        seen[m + static_cast<std::size_t>(k)] += weight / h * curve.value(k / (curve_points - 1.0), voltage);
    }
    for (std::size_t k = 0; k < seen.size(); ++k) {
      const double slope = k < m ? all.results[k].slopes[i] : all.curves[0].slopes[i][k - m];
      const double size = k < m ? std::abs(all.results[k].value) : 1, scale = std::max(std::abs(seen[k]), 1e-3 * size);
      const std::string name = k < m ? scalar_results()[k].name : "the curve";
      const bool kinked = name.rfind("uniformity", 0) == 0;  // wherever the place of the largest rate changes
      INFO(name << " " << k << " by " << i << ": " << slope << ", differences " << seen[k]);
      CHECK(std::abs(slope - seen[k]) / scale < (kinked ? 0.1 : 1e-6));
      if (!kinked) worst = std::max(worst, std::abs(slope - seen[k]) / scale);
    }
  }

  // and what a sample carries, against what a run of its design tells
  const Sample sample = sample_with_slopes(space, 3, x, true);
  REQUIRE(complete(sample));
  const SampleSlopes& slopes = *sample.slopes;
  CHECK_THAT(slopes.missing, says("k: it is a whole number"));
  const TapedRun run = simulate_taped(at);
  const std::vector<Gradient> told = gradients(at, run, scalar_result_names(), along_design(space, x, run));
  const CurveOver curve(run.results, Coordinate::share, run.tape.rows);
  std::vector<ResultSlope> points;
  for (int k = 0; k < curve_points; ++k) points.push_back(curve.slope(k / (curve_points - 1.0), voltage));
  const std::vector<RunChange> of_points = run.sensitivity(at).backward(points);
  double apart = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    const Along by = along_design(space, x, i, run);
    for (std::size_t r = 0; r < m; ++r)
      apart = std::max(apart, std::abs(slopes.scalars[r * 3 + i] - told[r].slopes[i]) /
                                  std::max(std::abs(told[r].slopes[i]), 1e-3 * std::abs(sample.scalars[r])));
    for (std::size_t k = 0; k < curve_points; ++k)
      apart = std::max(apart, std::abs(slopes.curve[k * 3 + i] - dot(of_points[k], *by.change)));
  }
  CHECK(apart < 1e-9);
  for (std::size_t r = 0; r < m; ++r) CHECK(std::isnan(slopes.scalars[r * 3 + 2]));
  for (std::size_t k = 0; k < curve_points; ++k) CHECK(std::isnan(slopes.curve[k * 3 + 2]));
  std::printf("  slopes by a design: off differences by %.1e; of a sample off run --gradient by %.1e\n", worst, apart);
}

TEST_CASE("a campaign with slopes solves the samples of one without, and its file and a later call keep them") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path(), study_with_count());
  CampaignOptions options = with_slopes(scratch / "campaign", 12, "curve");
  long done = 0;
  options.progress = [&](long now, long) { done = now; };
  options.stop = [&] { return done >= 5; };
  CHECK(run_campaign(space, options).samples.size() == 5);
  options.stop = [] { return false; };
  const Dataset all = run_campaign(space, options);
  REQUIRE(all.samples.size() == 12);
  const Dataset plain = run_campaign(space, small_campaign(scratch / "plain", 12));
  const Dataset read = Dataset::read(scratch / "campaign/dataset.h5");
  CHECK(read.slopes == "curve");
  for (std::size_t k = 0; k < 12; ++k) {
    const Sample& sample = all.samples[k];
    CHECK(same_sample(sample, sample_with_slopes(space, sample.index, sample.x, true)));
    CHECK(same_sample(read.samples[k], sample));
    Sample without = sample;
    without.slopes.reset();
    CHECK(same_sample(without, plain.samples[k]));
  }
  const TrainingSet set = read.training_set();
  REQUIRE(set.slopes.size() == scalar_results().size());
  REQUIRE(set.curve_slopes.size() == 3);
  std::vector<const Sample*> used;
  for (const Sample& sample : all.samples)
    if (complete(sample)) used.push_back(&sample);
  REQUIRE(set.size() == static_cast<long>(used.size()));
  REQUIRE(set.size() > 5);
  CHECK(set.slopes[2](4, 1) == used[4]->slopes->scalars[2 * 3 + 1]);
  CHECK(set.curve_slopes[1](4, 64) == used[4]->slopes->curve[64 * 3 + 1]);
  CHECK(std::isnan(set.slopes[0](4, 2)));

  // journals gone, the file alone goes on; who asks for other slopes is refused
  for (const std::string& journal : journals_in(scratch / "campaign")) REQUIRE(std::remove(journal.c_str()) == 0);
  long solved = 0;
  options.progress = [&](long, long) { ++solved; };
  const Dataset again = run_campaign(space, options);
  CHECK(solved == 0);
  for (std::size_t k = 0; k < 12; ++k) CHECK(same_sample(again.samples[k], all.samples[k]));
  CHECK_THROWS_WITH(run_campaign(space, small_campaign(scratch / "campaign", 12)),
                    says("belongs to slopes = \"curve\", now \"none\""));
  CHECK_THROWS_WITH(run_campaign(space, with_slopes(scratch / "plain", 12, "scalars")),
                    says("belongs to slopes = \"none\", now \"scalars\""));
}

TEST_CASE("a dataset of version 1 is read as before, and trains without slopes") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  const std::string path = scratch / "campaign/dataset.h5";
  const Dataset written = run_campaign(space, small_campaign(scratch / "campaign", 4));
  make_version_1(path);
  const Dataset read = Dataset::read(path);
  CHECK(read.slopes == "none");
  REQUIRE(read.samples.size() == 4);
  for (std::size_t k = 0; k < 4; ++k) CHECK(same_sample(read.samples[k], written.samples[k]));
  CHECK(read.training_set().slopes.empty());
  CHECK(read.training_set().curve_slopes.empty());
}

TEST_CASE("a sample that is no run has no slopes and says why") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  const Sample outside = sample_with_slopes(space, 0, {0.39, 1.9}, false);
  CHECK(outside.slopes->missing == outside.status);
  CHECK(std::isnan(outside.slopes->scalars.front()));
  CHECK(outside.slopes->curve.empty());
}
