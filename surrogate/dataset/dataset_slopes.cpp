#include "surrogate/dataset/dataset_slopes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>

namespace porelith {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A part of a sample's slopes, or as many NaN where it has none.
void append(std::vector<double>& to, const Sample& sample, std::vector<double> SampleSlopes::*which, std::size_t from,
            std::size_t size) {
  if (!sample.slopes || (sample.slopes.value().*which).size() < from + size) {
    to.insert(to.end(), size, nan);
    return;
  }
  const auto begin = (sample.slopes.value().*which).begin() + static_cast<long>(from);
  to.insert(to.end(), begin, begin + static_cast<long>(size));
}

std::string by_variables(const std::string& unit) { return unit + ", each over its variable's unit"; }

}  // namespace

void write_slopes(Hdf5Writer& file, const std::vector<Sample>& samples, std::size_t variables, bool curve) {
  const hsize_t n = samples.size(), d = variables;
  for (std::size_t r = 0; r < scalar_results().size(); ++r) {
    const ScalarResult& result = scalar_results()[r];
    std::vector<double> values;
    std::vector<std::int64_t> one_sided;
    for (const Sample& sample : samples) {
      append(values, sample, &SampleSlopes::scalars, r * variables, variables);
      one_sided.push_back(sample.slopes ? sample.slopes->one_sided.at(r) : 0);
    }
    file.dataset("/slopes/scalars/" + result.name, {n, d}, values,
                 {by_variables(result.unit), "slopes by the variables, in their order: " + result.meaning});
    file.dataset("/slopes/one_sided/" + result.name, {n}, one_sided,
                 {"1", "1 where another place or time is as good, so that the slopes hold on one side only"});
  }
  std::vector<double> curves, seconds;
  std::vector<std::string> missing;
  for (const Sample& sample : samples) {
    if (curve) append(curves, sample, &SampleSlopes::curve, 0, curve_points * variables);
    seconds.push_back(sample.slopes ? sample.slopes->seconds : 0);
    missing.push_back(sample.slopes ? sample.slopes->missing : "not asked for");
  }
  if (curve)
    file.dataset("/slopes/curves/voltage", {n, hsize_t{curve_points}, d}, curves,
                 {by_variables("V"), "slopes of the curve at each share of the charge, by the variables"});
  file.dataset("/slopes/missing", missing, {"1", "why some or all slopes of the sample are missing"});
  file.dataset("/slopes/seconds", {n}, seconds, {"s", "time that the slopes took"});
}

void read_slopes(const Hdf5Reader& file, std::vector<Sample>& samples, std::size_t variables, bool curve) {
  const std::size_t n = samples.size(), m = scalar_results().size();
  const auto expect = [&](std::size_t size, std::size_t wanted, const std::string& name) {
    if (size != wanted) file.fail(fmt::format("{} has {} values where {} are expected", name, size, wanted));
  };
  const auto missing = file.texts("/slopes/missing");
  const auto seconds = file.numbers("/slopes/seconds");
  expect(missing.size(), n, "/slopes/missing"), expect(seconds.size(), n, "/slopes/seconds");
  for (std::size_t k = 0; k < n; ++k) {
    SampleSlopes& slopes = samples[k].slopes.emplace();
    slopes.scalars.resize(m * variables), slopes.one_sided.resize(m);
    slopes.missing = missing[k], slopes.seconds = seconds[k];
  }
  for (std::size_t r = 0; r < m; ++r) {
    const std::string name = scalar_results()[r].name;
    const auto values = file.numbers("/slopes/scalars/" + name);
    const auto one_sided = file.integers("/slopes/one_sided/" + name);
    expect(values.size(), n * variables, "/slopes/scalars/" + name);
    expect(one_sided.size(), n, "/slopes/one_sided/" + name);
    for (std::size_t k = 0; k < n; ++k) {
      std::copy_n(values.begin() + static_cast<long>(k * variables), variables,
                  samples[k].slopes->scalars.begin() + static_cast<long>(r * variables));
      samples[k].slopes->one_sided[r] = one_sided[k];
    }
  }
  if (!curve) return;
  const auto values = file.numbers("/slopes/curves/voltage");
  const std::size_t size = curve_points * variables;
  expect(values.size(), n * size, "/slopes/curves/voltage");
  for (std::size_t k = 0; k < n; ++k)
    samples[k].slopes->curve.assign(values.begin() + static_cast<long>(k * size),
                                    values.begin() + static_cast<long>((k + 1) * size));
}

void add_slopes(const std::vector<const Sample*>& samples, TrainingSet& set) {
  const auto has = [](const Sample* sample) { return sample->slopes.has_value(); };
  const auto has_curve = [](const Sample* sample) { return sample->slopes && !sample->slopes->curve.empty(); };
  const auto n = static_cast<Eigen::Index>(samples.size()), d = set.X.cols();
  if (std::any_of(samples.begin(), samples.end(), has))
    set.slopes.assign(static_cast<std::size_t>(set.Y.cols()), Eigen::MatrixXd::Constant(n, d, nan));
  if (std::any_of(samples.begin(), samples.end(), has_curve))
    set.curve_slopes.assign(static_cast<std::size_t>(d), Eigen::MatrixXd::Constant(n, curve_points, nan));
  for (Eigen::Index k = 0; k < n; ++k) {
    const Sample& sample = *samples[static_cast<std::size_t>(k)];
    for (Eigen::Index i = 0; sample.slopes && i < d; ++i) {
      for (std::size_t r = 0; r < set.slopes.size(); ++r)
        set.slopes[r](k, i) = sample.slopes->scalars[r * static_cast<std::size_t>(d) + static_cast<std::size_t>(i)];
      for (Eigen::Index point = 0; !sample.slopes->curve.empty() && point < curve_points; ++point)
        set.curve_slopes[static_cast<std::size_t>(i)](k, point) =
            sample.slopes->curve[static_cast<std::size_t>(point * d + i)];
    }
  }
}

}  // namespace porelith
