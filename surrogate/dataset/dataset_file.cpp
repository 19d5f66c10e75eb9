/// dataset.h5: what a campaign has found, as docs/output.md describes it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/base/hdf5_reader.hpp"
#include "solver/base/seal.hpp"
#include "solver/base/stamp.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/case/keys.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/dataset/dataset_slopes.hpp"
#include "surrogate/learners/registry.hpp"

namespace porelith {
namespace {

constexpr const char* dataset_format = "porelith dataset";
constexpr long dataset_version = 2;  // since 2 it may carry slopes

/// A variable has the unit of the key that it sets without further ado, else none.
std::string unit_of(const DesignFamily& family, const std::string& name) {
  for (const auto& [path, expressions] : family.set) {
    const Key* key = find_key(path);
    if (key != nullptr && std::find(expressions.begin(), expressions.end(), name) != expressions.end())
      return key->unit.symbol;
  }
  return "1";
}

template <class Value>
std::vector<double> column(const std::vector<Sample>& samples, Value value) {
  std::vector<double> numbers;
  numbers.reserve(samples.size());
  for (const Sample& sample : samples) numbers.push_back(static_cast<double>(value(sample)));
  return numbers;
}

template <class Value>
std::vector<std::int64_t> counts(const std::vector<Sample>& samples, Value value) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(samples.size());
  for (const Sample& sample : samples) numbers.push_back(value(sample));
  return numbers;
}

std::vector<double> coordinate() {
  std::vector<double> share;
  share.reserve(curve_points);
  for (int k = 0; k < curve_points; ++k) share.push_back(k / (curve_points - 1.0));
  return share;
}

void write_family(Hdf5Writer& file, const DesignFamily& family) {
  const std::vector<std::string> names = family.names();
  std::vector<std::string> set, let;
  std::vector<double> low, high;
  std::vector<std::int64_t> log, integer;
  for (const auto& v : family.variables) {
    low.push_back(v.low);
    high.push_back(v.high);
    log.push_back(v.log);
    integer.push_back(v.integer);
  }
  for (const auto& [key, expressions] : family.set) {
    for (const auto& expression : expressions) set.push_back(key + " = " + expression);
  }
  const std::string own = "each in its variable's unit";
  const std::vector<hsize_t> shape{names.size()};
  file.dataset("/space/variables", names, {"1", "names of the variables, in order"});
  file.dataset("/space/low", shape, low, {own, "lower bounds"});
  file.dataset("/space/high", shape, high, {own, "upper bounds"});
  file.dataset("/space/start", shape, family.start(), {own, "values of the baseline"});
  file.dataset("/space/log", shape, log, {"1", "1 where points are even in the logarithm"});
  file.dataset("/space/integer", shape, integer, {"1", "1 where only whole numbers are allowed"});
  file.dataset("/space/set", set,
               {"1", "case keys that follow: one line an expression, several of one key are layers"});
  file.dataset("/space/feasible", family.feasible, {"1", "conditions: each must be >= 0"});
  for (const auto& [name, expression] : family.let) let.push_back(name + " = " + expression);
  if (!let.empty()) file.dataset("/space/let", let, {"1", "names for parts of these expressions"});
}

DesignFamily read_family(const Hdf5Reader& file) {
  DesignFamily family;
  family.name = file.text("/", "family");
  const auto names = file.texts("/space/variables");
  const auto low = file.numbers("/space/low"), high = file.numbers("/space/high"), start = file.numbers("/space/start");
  const auto log = file.integers("/space/log"), integer = file.integers("/space/integer");
  for (const std::size_t size : {low.size(), high.size(), start.size(), log.size(), integer.size()}) {
    if (size != names.size()) file.fail("/space has lists of different lengths");
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    family.variables.push_back({names[i], low[i], high[i], log[i] != 0, integer[i] != 0, start[i]});
  const auto equations = [&](const char* where) {
    NamedTexts list;
    for (const auto& line : file.texts(where)) {
      const std::size_t equals = line.find(" = ");
      if (equals == std::string::npos) file.fail(std::string(where) + " has a line without \" = \"");
      list.emplace_back(line.substr(0, equals), line.substr(equals + 3));
    }
    return list;
  };
  for (auto& [key, expression] : equations("/space/set")) family.set[key].push_back(std::move(expression));
  family.feasible = file.texts("/space/feasible");
  if (file.has("/space/let")) family.let = equations("/space/let");
  return family;
}

/// Which laws the samples used beyond their tables, and how far.
void write_tables(Hdf5Writer& file, const std::vector<Sample>& samples) {
  std::vector<std::string> laws, units;
  for (const Sample& sample : samples)
    for (const LeftTable& left : sample.left_tables)
      if (std::find(laws.begin(), laws.end(), left.law) == laws.end())
        laws.push_back(left.law), units.emplace_back(left.salt ? "mol.m-3" : "1");
  if (laws.empty()) return;
  const std::size_t columns = laws.size();
  std::vector<double> low(samples.size() * columns, std::numeric_limits<double>::quiet_NaN()), high = low;
  for (std::size_t k = 0; k < samples.size(); ++k)
    for (const LeftTable& left : samples[k].left_tables) {
      const auto law = static_cast<std::size_t>(std::find(laws.begin(), laws.end(), left.law) - laws.begin());
      low[k * columns + law] = left.low, high[k * columns + law] = left.high;
    }
  const std::vector<hsize_t> shape{samples.size(), columns};
  file.dataset("/beyond/laws", laws, {"1", "laws that a sample used beyond the points of their tables"});
  file.dataset("/beyond/units", units, {"1", "of what each depends on: c_e, or the stoichiometry at the surface"});
  file.dataset("/beyond/low", shape, low, {"as /beyond/units", "least value met, NaN where none lay below the table"});
  file.dataset("/beyond/high", shape, high,
               {"as /beyond/units", "greatest value met, NaN where none lay above the table"});
}

void read_tables(const Hdf5Reader& file, std::vector<Sample>& samples) {
  if (!file.has("/beyond/laws")) return;
  const auto laws = file.texts("/beyond/laws"), units = file.texts("/beyond/units");
  const auto low = file.numbers("/beyond/low"), high = file.numbers("/beyond/high");
  if (units.size() != laws.size() || low.size() != samples.size() * laws.size() || high.size() != low.size())
    file.fail("/beyond has lists of different lengths");
  for (std::size_t k = 0; k < low.size(); ++k) {
    const std::size_t law = k % laws.size();
    if (std::isfinite(low[k]) || std::isfinite(high[k]))
      samples[k / laws.size()].left_tables.push_back({laws[law], units[law] != "1", low[k], high[k]});
  }
}

void write_training(Hdf5Writer& file, const TrainOptions& training) {
  const auto options = learner_called(training.learner).takes();
  write_settings(file, "/training", training.learner, completed(options, training.settings, training.learner));
  file.attribute("/training", "seed", static_cast<long>(training.seed));
}

/// Datasets of the first days have none.
TrainOptions read_training(const Hdf5Reader& file) {
  TrainOptions training;
  if (!file.has("/training", "seed")) return training;
  training.settings = read_settings(file, "/training", training.learner);
  training.seed = static_cast<unsigned>(file.number("/training", "seed"));
  return training;
}

}  // namespace

void Dataset::write(const std::string& path) const {
  Hdf5Writer file(path);
  file.attribute("/", "format", dataset_format);
  file.attribute("/", "version", dataset_version);
  file.attribute("/", "program", program().name);
  file.attribute("/", "program version", program().version);
  file.attribute("/", "program commit", program().commit);
  file.attribute("/", "cell hash", cell_hash);
  file.attribute("/", "case hash", case_hash);
  file.attribute("/", "sampling", sampling);
  file.attribute("/", "seed", static_cast<long>(seed));
  file.attribute("/", "family", family.name);
  file.attribute("/", "mesh", mesh);
  file.attribute("/", "slopes", slopes);
  write_family(file, family);
  write_training(file, training);

  const hsize_t n = samples.size();
  file.dataset("/index", {n}, counts(samples, [](const Sample& s) { return s.index; }),
               {"1", "place of the sample in the sequence of points, from 0"});
  std::vector<std::string> status;
  for (const auto& sample : samples) status.push_back(sample.status);
  file.dataset("/status", status, {"1", "complete, or why there is no result: infeasible: ..., failed: ..."});
  file.dataset("/complete", {n}, counts(samples, [](const Sample& s) { return complete(s); }),
               {"1", "1 where the status is complete"});
  if (std::any_of(samples.begin(), samples.end(), [](const Sample& s) { return s.chosen; }))
    file.dataset("/chosen", {n}, counts(samples, [](const Sample& s) { return s.chosen; }),
                 {"1", "1 where a search chose the sample; else it is a random point of the space"});
  file.dataset("/seconds", {n}, column(samples, [](const Sample& s) { return s.seconds; }), {"s", "time of the solve"});
  file.dataset("/newton", {n}, counts(samples, [](const Sample& s) { return s.newton; }),
               {"1", "Newton iterations of the solve"});
  for (std::size_t i = 0; i < family.variables.size(); ++i) {
    const std::string& name = family.variables[i].name;
    file.dataset("/inputs/" + name, {n}, column(samples, [i](const Sample& s) { return s.x.at(i); }),
                 {unit_of(family, name), "design variable"});
  }
  for (std::size_t i = 0; i < scalar_results().size(); ++i) {
    const ScalarResult& result = scalar_results()[i];
    file.dataset("/scalars/" + result.name, {n}, column(samples, [i](const Sample& s) { return s.scalars.at(i); }),
                 {result.unit, result.meaning});
  }
  std::vector<double> curves;
  for (const Sample& sample : samples) curves.insert(curves.end(), sample.curve.begin(), sample.curve.end());
  file.dataset("/curves/voltage", {n, hsize_t{curve_points}}, curves,
               {"V", "voltage of the last step at each share of its charge"});
  file.dataset("/curves/coordinate", {hsize_t{curve_points}}, coordinate(),
               {"1", "share of the charge that the last step passes"});
  write_tables(file, samples);
  if (slopes != "none") write_slopes(file, samples, family.variables.size(), slopes == "curve");
  const std::string_view image = file.image();
  write_whole_file(path, std::string(image) + seal_of(image), true);
}

Dataset Dataset::read(const std::string& path) {
  const Hdf5Reader file(path, dataset_format, dataset_version);
  Dataset dataset;
  dataset.cell_hash = file.text("/", "cell hash");
  dataset.case_hash = file.text("/", "case hash");
  dataset.sampling = file.text("/", "sampling");
  dataset.seed = static_cast<unsigned>(file.number("/", "seed"));
  dataset.family = read_family(file);
  dataset.training = read_training(file);
  const auto index = file.integers("/index"), newton = file.integers("/newton");
  const auto status = file.texts("/status");
  const auto seconds = file.numbers("/seconds"), curves = file.numbers("/curves/voltage");
  const std::size_t n = index.size();
  std::vector<std::int64_t> chosen(n, 0);
  const auto expect = [&](std::size_t size, std::size_t wanted, const std::string& name) {
    if (size != wanted) file.fail(fmt::format("{} has {} values where {} are expected", name, size, wanted));
  };
  expect(newton.size(), n, "/newton");
  if (file.has("/chosen")) chosen = file.integers("/chosen");
  expect(chosen.size(), n, "/chosen");
  expect(status.size(), n, "/status");
  expect(seconds.size(), n, "/seconds");
  expect(curves.size(), n * curve_points, "/curves/voltage");
  for (std::size_t k = 0; k < n; ++k) {
    Sample sample;
    sample.index = index[k];
    sample.status = status[k];
    sample.seconds = seconds[k];
    sample.newton = newton[k];
    sample.chosen = chosen[k] != 0;
    sample.curve.assign(curves.begin() + static_cast<long>(k * curve_points),
                        curves.begin() + static_cast<long>((k + 1) * curve_points));
    dataset.samples.push_back(std::move(sample));
  }
  for (const auto& v : dataset.family.variables) {
    const auto values = file.numbers("/inputs/" + v.name);
    expect(values.size(), n, "/inputs/" + v.name);
    for (std::size_t k = 0; k < n; ++k) dataset.samples[k].x.push_back(values[k]);
  }
  for (const auto& result : scalar_results()) {
    const auto values = file.numbers("/scalars/" + result.name);
    expect(values.size(), n, "/scalars/" + result.name);
    for (std::size_t k = 0; k < n; ++k) dataset.samples[k].scalars.push_back(values[k]);
  }
  read_tables(file, dataset.samples);
  if (file.has("/", "slopes")) dataset.slopes = file.text("/", "slopes");
  if (dataset.slopes != "none")
    read_slopes(file, dataset.samples, dataset.family.variables.size(), dataset.slopes == "curve");
  return dataset;
}

TrainingSet Dataset::training_set() const {
  TrainingSet set;
  for (const auto& v : family.variables) {
    set.inputs.push_back(v.name);
    set.input_units.push_back(unit_of(family, v.name));
    set.low.push_back(v.low);
    set.high.push_back(v.high);
    set.log.push_back(v.log);
  }
  for (const auto& result : scalar_results()) {
    set.scalars.push_back(result.name);
    set.scalar_units.push_back(result.unit);
  }
  std::vector<const Sample*> used;
  for (const auto& sample : samples) {
    if (complete(sample)) used.push_back(&sample);
  }
  const auto rows = static_cast<Eigen::Index>(used.size());
  const auto as_row = [](const std::vector<double>& v) {
    return Eigen::Map<const Eigen::RowVectorXd>(v.data(), static_cast<Eigen::Index>(v.size()));
  };
  set.X.resize(rows, static_cast<Eigen::Index>(set.inputs.size()));
  set.Y.resize(rows, static_cast<Eigen::Index>(set.scalars.size()));
  set.curves.resize(rows, curve_points);
  for (Eigen::Index k = 0; k < rows; ++k) {
    set.X.row(k) = as_row(used[k]->x);
    set.chosen.push_back(used[k]->chosen);
    set.Y.row(k) = as_row(used[k]->scalars);
    set.curves.row(k) = as_row(used[k]->curve);
  }
  add_slopes(used, set);
  const std::vector<double> share = coordinate();
  set.coordinate = Eigen::Map<const Eigen::VectorXd>(share.data(), curve_points);
  set.curve_name = "voltage";
  set.curve_unit = "V";
  set.coordinate_name = "share of the charge";
  set.cell_hash = cell_hash;
  set.case_hash = case_hash;
  return set;
}

}  // namespace porelith
