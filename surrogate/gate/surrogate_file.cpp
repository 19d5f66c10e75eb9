/// The model file, documented in docs/output.md.

#include <cstdint>
#include <string>

#include "surrogate/gate/model.hpp"

namespace porelith {
namespace {

using Model = Surrogate::Impl;

constexpr const char* format_name = "porelith surrogate";
constexpr long format_version = 3;  // 1: before learners had names; 2: before intervals knew their place

Eigen::VectorXd vector_of(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<long>(values.size()));
}

template <class T>
std::vector<std::int64_t> integers_of(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

void write_meaning(ModelWriter& to, const Model& model) {
  const TrainingSet& it = model.meaning;
  Hdf5Writer& file = to.file();
  file.dataset("/inputs/name", it.inputs, {"1", "names of the inputs"});
  file.dataset("/inputs/unit", it.input_units, {"1", "units of the inputs"});
  to.vector("/inputs/low", vector_of(it.low), "/inputs/unit", "lower bounds");
  to.vector("/inputs/high", vector_of(it.high), "/inputs/unit", "upper bounds");
  to.integers("/inputs/log", integers_of(it.log), "1 where the logarithm is scaled to [-1, 1]");
  file.dataset("/scalars/name", it.scalars, {"1", "names of the scalars"});
  file.dataset("/scalars/unit", it.scalar_units, {"1", "units of the scalars"});
  to.vector("/scalars/mean", model.mean, "/scalars/unit", "added to a scaled output");
  to.vector("/scalars/scale", model.scale, "/scalars/unit", "by which a scaled output is multiplied first");
  to.vector("/scalars/floor", model.calibration.floor, "1", "least deviation of a scaled output");
  to.vector("/scalars/factor", model.calibration.factor, "1", "of the half width that holds 90 %");
  to.matrix("/scalars/by", model.calibration.by, "1",
            "its exponents of deviation and distance, its logarithm's growth with an input near a bound, its exponents "
            "of 1 + deviations above and below the mean");
  to.vector("/scalars/seen", Eigen::Vector2d(model.calibration.least_distance, model.calibration.most_bounds), "1",
            "distance that a tenth of what it has seen is within, and most inputs near a bound: beyond, they count "
            "as these");
  to.vector("/scalars/relative_error", model.relative_error, "1", "mean error over mean value, held-out samples");
  to.vector("/scalars/coverage", model.coverage, "1", "share of held-out samples inside the interval");
  file.group("/curve");
  file.attribute("/curve", "name", it.curve_name);
  file.attribute("/curve", "unit", it.curve_unit);
  file.attribute("/curve", "coordinate", it.coordinate_name);
  to.vector("/curve/coordinate", it.coordinate, "1", "common coordinate of the curves");
  to.vector("/curve/mean", model.basis.mean, it.curve_unit, "mean curve");
  to.matrix("/curve/modes", model.basis.modes, "1", "orthonormal modes, one a column");
  to.vector("/curve/scale", model.basis_scale, it.curve_unit, "by which a scaled coefficient is multiplied");
  to.vector("/curve/error", Eigen::VectorXd::Constant(1, model.curve_error), it.curve_unit,
            "mean error of held-out curves");
}

void read_meaning(ModelReader& from, Model& model) {
  TrainingSet& it = model.meaning;
  const Hdf5Reader& file = from.file();
  it.inputs = file.texts("/inputs/name");
  it.input_units = file.texts("/inputs/unit");
  const auto values = [](const Eigen::VectorXd& v) { return std::vector<double>(v.data(), v.data() + v.size()); };
  it.low = values(from.vector("/inputs/low", model.d()));
  it.high = values(from.vector("/inputs/high", model.d()));
  for (const std::int64_t log : from.integers("/inputs/log", model.d())) it.log.push_back(log != 0);
  it.scalars = file.texts("/scalars/name");
  it.scalar_units = file.texts("/scalars/unit");
  if (it.input_units.size() != it.inputs.size() || it.scalar_units.size() != it.scalars.size() || model.d() < 1) {
    file.fail("names and units are not as many; it is damaged");
  }
  model.mean = from.vector("/scalars/mean", model.m());
  model.scale = from.vector("/scalars/scale", model.m());
  Calibration& law = model.calibration;
  const Eigen::VectorXd floor = from.vector("/scalars/floor", model.m());
  law = Calibration::of_spread_alone(from.vector("/scalars/factor", model.m()), floor);
  if (file.has("/scalars/by")) {
    law.by = from.matrix("/scalars/by", model.m(), law.by.cols());
    const Eigen::VectorXd seen = from.vector("/scalars/seen", 2);
    law.least_distance = seen[0];
    law.most_bounds = seen[1];
  }
  model.relative_error = from.vector("/scalars/relative_error", model.m());
  model.coverage = from.vector("/scalars/coverage", model.m());
  it.curve_name = file.text("/curve", "name");
  it.curve_unit = file.text("/curve", "unit");
  it.coordinate_name = file.text("/curve", "coordinate");
  const auto points = file.shape("/curve/mean");
  const long p = points.size() == 1 ? static_cast<long>(points[0]) : 0;
  it.coordinate = from.vector("/curve/coordinate", p);
  model.basis.mean = from.vector("/curve/mean", p);
  model.basis.modes = from.matrix("/curve/modes", p > 0 ? p : -1, -1);
  model.basis_scale = from.vector("/curve/scale", model.r());
  model.curve_error = from.vector("/curve/error", 1)[0];
}

}  // namespace

void Surrogate::save(const std::string& path) const {
  const Model& model = *impl_;
  ModelWriter to(path);
  Hdf5Writer& file = to.file();
  file.attribute("/", "format", format_name);
  file.attribute("/", "version", format_version);
  file.attribute("/", "cell hash", model.meaning.cell_hash);
  file.attribute("/", "case hash", model.meaning.case_hash);
  write_settings(file, "/", model.options.learner, model.options.settings);
  file.attribute("/", "seed", static_cast<long>(model.options.seed));
  write_meaning(to, model);
  model.regressor->write(to);
  to.matrix("/samples/inputs", model.known, "/inputs/unit", "inputs of all samples, one a row");
  to.integers("/samples/fold", integers_of(model.fold), "part of the data; -1 = held out from all learning");
  to.integers("/samples/chosen", integers_of(model.chosen), "1 where a search chose the sample; else it is random");
  to.vector("/picks/rehearsed", vector_of(model.rehearsed), "1", "errors over half widths where a search would pick");
  to.vector("/picks/widened_by", Eigen::VectorXd::Constant(1, model.picks_widened_by), "1",
            "factor of half widths at points that a search or a ranking has picked");
  to.finish(path);
}

Surrogate Surrogate::load(const std::string& path) {
  ModelReader from(path, format_name, format_version);
  auto model = std::make_shared<Impl>();
  const Hdf5Reader& file = from.file();
  model->meaning.cell_hash = file.text("/", "cell hash");
  model->meaning.case_hash = file.text("/", "case hash");
  model->options.settings = read_settings(file, "/", model->options.learner);
  model->options.seed = static_cast<unsigned>(file.number("/", "seed"));
  read_meaning(from, *model);
  try {
    model->regressor = model->learner().read(from, model->d(), model->m() + model->r(), model->options.settings);
  } catch (const std::invalid_argument& error) {
    file.fail(error.what());
  }
  model->known = from.matrix("/samples/inputs", -1, model->d());
  for (const std::int64_t fold : from.integers("/samples/fold", model->known.rows())) {
    model->fold.push_back(static_cast<int>(fold));
  }
  model->chosen.assign(model->fold.size(), false);
  if (file.has("/picks/widened_by")) {
    const auto chosen = from.integers("/samples/chosen", model->known.rows());
    for (std::size_t i = 0; i < chosen.size(); ++i) model->chosen[i] = chosen[i] != 0;
    const Eigen::VectorXd rehearsed = from.vector("/picks/rehearsed", -1);
    model->rehearsed.assign(rehearsed.begin(), rehearsed.end());
    model->picks_widened_by = from.vector("/picks/widened_by", 1)[0];
  }
  from.finish();
  model->meet_neighbours();
  return Surrogate(model);
}

}  // namespace porelith
