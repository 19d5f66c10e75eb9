/// The model file, documented in docs/output.md.
#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "solver/base/hdf5_file.hpp"
#include "solver/base/hdf5_reader.hpp"
#include "solver/base/seal.hpp"
#include "solver/base/whole_file.hpp"
#include "surrogate/gate/model.hpp"

namespace porelith {
namespace {

using Model = Surrogate::Impl;

constexpr const char* format_name = "porelith surrogate";
constexpr long format_version = 1;

/// FNV-1a of all numbers in the order in which they are written or read: small datasets have no checksum of their own.
class Checksum {
 public:
  template <class T>
  void take(const std::vector<T>& values) {
    for (const T& value : values) {
      std::uint64_t bits = 0;
      static_assert(sizeof value == sizeof bits);
      std::memcpy(&bits, &value, sizeof bits);
      sum_ = (sum_ ^ bits) * 0x100000001b3u;
      sum_ ^= sum_ >> 29;
    }
  }
  std::string text() const { return fmt::format("{:016x}", sum_); }

 private:
  std::uint64_t sum_ = 0xcbf29ce484222325u;
};

/// Writes values under their names and sums them up.
class ModelWriter {
 public:
  explicit ModelWriter(const std::string& path) : file_(path) {}
  Hdf5Writer& file() { return file_; }

  void vector(const std::string& name, const Eigen::VectorXd& values, const std::string& unit,
              const std::string& meaning) {
    put(name, {static_cast<hsize_t>(values.size())}, {values.data(), values.data() + values.size()}, {unit, meaning});
  }
  void matrix(const std::string& name, const Eigen::MatrixXd& values, const std::string& unit,
              const std::string& meaning) {
    const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = values;
    put(name, {static_cast<hsize_t>(rows.rows()), static_cast<hsize_t>(rows.cols())},
        {rows.data(), rows.data() + rows.size()}, {unit, meaning});
  }
  void integers(const std::string& name, const std::vector<std::int64_t>& values, const std::string& meaning) {
    sum_.take(values);
    file_.dataset(name, {values.size()}, values, {"1", meaning});
  }
  void finish(const std::string& path) {
    file_.attribute("/", "checksum", sum_.text());
    const std::string_view image = file_.image();
    write_whole_file(path, std::string(image) + seal_of(image), true);
  }

 private:
  void put(const std::string& name, const std::vector<hsize_t>& shape, const std::vector<double>& values,
           const Hdf5Note& note) {
    sum_.take(values);
    file_.dataset(name, shape, values, note);
  }
  Hdf5Writer file_;
  Checksum sum_;
};

/// Reads the same in the same order; sizes are checked.
class ModelReader {
 public:
  explicit ModelReader(const std::string& path) : file_(path, format_name, format_version) {}
  const Hdf5Reader& file() const { return file_; }

  Eigen::VectorXd vector(const std::string& name, long size) {
    const std::vector<double> values = numbers(name, {size});
    return Eigen::Map<const Eigen::VectorXd>(values.data(), size);
  }
  /// @param rows, columns -1 = any
  Eigen::MatrixXd matrix(const std::string& name, long rows, long columns) {
    const std::vector<double> values = numbers(name, {rows, columns});
    const auto shape = file_.shape(name);
    return Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        values.data(), static_cast<long>(shape[0]), static_cast<long>(shape[1]));
  }
  std::vector<std::int64_t> integers(const std::string& name, long size) {
    expect(name, {size});
    auto values = file_.integers(name);
    sum_.take(values);
    return values;
  }
  void finish() const {
    if (file_.text("/", "checksum") != sum_.text()) file_.fail("its checksum does not fit its numbers; it is damaged");
  }

 private:
  void expect(const std::string& name, const std::vector<long>& sizes) const {
    const auto shape = file_.shape(name);
    bool fits = shape.size() == sizes.size();
    for (std::size_t k = 0; fits && k < sizes.size(); ++k) {
      fits = sizes[k] < 0 || shape[k] == static_cast<hsize_t>(sizes[k]);
    }
    if (!fits) file_.fail(name + " has another shape than the rest of the file wants; it is damaged");
  }
  std::vector<double> numbers(const std::string& name, const std::vector<long>& sizes) {
    expect(name, sizes);
    auto values = file_.numbers(name);
    sum_.take(values);
    return values;
  }
  Hdf5Reader file_;
  Checksum sum_;
};

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
  to.vector("/scalars/factor", model.calibration.factor, "1", "from deviation to the half width that holds 90 %");
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
  model.calibration.floor = from.vector("/scalars/floor", model.m());
  model.calibration.factor = from.vector("/scalars/factor", model.m());
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

/// Weights of a layer as they stand in a network.
std::string layer_name(int member, std::size_t layer, const char* what) {
  return fmt::format("/networks/{}/{}{}", member, what, layer);
}

void write_networks(ModelWriter& to, const Model& model) {
  to.integers("/networks/sizes", integers_of(model.ensemble.member(0).sizes()), "neurons of each layer, inputs first");
  for (int k = 0; k < model.ensemble.size(); ++k) {
    const Mlp& network = model.ensemble.member(k);
    for (std::size_t l = 0; l + 1 < network.sizes().size(); ++l) {
      to.matrix(layer_name(k, l, "W"), network.W(l), "1", "weights, outputs x inputs");
      to.vector(layer_name(k, l, "b"), network.b(l), "1", "biases");
    }
  }
}

void read_networks(ModelReader& from, Model& model) {
  const auto shape = from.file().shape("/networks/sizes");
  const auto found = from.integers("/networks/sizes", -1);
  const std::vector<int> sizes(found.begin(), found.end());
  bool fits = shape.size() == 1 && sizes.size() >= 2 && sizes.front() == model.d() &&
              sizes.back() == model.m() + model.r() && model.options.members >= 1 && model.options.members <= 10000;
  for (const std::int64_t size : found) fits = fits && size >= 1 && size <= 1000000;
  if (!fits) from.file().fail("the sizes of its networks do not fit its inputs and outputs; it is damaged");
  model.ensemble = Ensemble(model.options.members, sizes, activation_of(model.options.activation), 0);
  for (int k = 0; k < model.ensemble.size(); ++k) {
    Eigen::VectorXd& weights = model.ensemble.member(k).weights();
    long place = 0;
    for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
      const Eigen::MatrixXd W = from.matrix(layer_name(k, l, "W"), sizes[l + 1], sizes[l]);
      weights.segment(place, W.size()) = W.reshaped();
      place += W.size();
      weights.segment(place, sizes[l + 1]) = from.vector(layer_name(k, l, "b"), sizes[l + 1]);
      place += sizes[l + 1];
    }
  }
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
  file.attribute("/", "activation", model.options.activation);
  file.attribute("/", "members", static_cast<long>(model.options.members));
  file.attribute("/", "epochs", static_cast<long>(model.options.epochs));
  file.attribute("/", "seed", static_cast<long>(model.options.seed));
  write_meaning(to, model);
  write_networks(to, model);
  to.matrix("/samples/inputs", model.known, "/inputs/unit", "inputs of all samples, one a row");
  to.integers("/samples/fold", integers_of(model.fold), "network that has not seen the sample; -1 = none has");
  to.finish(path);
}

Surrogate Surrogate::load(const std::string& path) {
  ModelReader from(path);
  auto model = std::make_shared<Impl>();
  const Hdf5Reader& file = from.file();
  model->meaning.cell_hash = file.text("/", "cell hash");
  model->meaning.case_hash = file.text("/", "case hash");
  model->options.activation = file.text("/", "activation");
  model->options.members = static_cast<int>(file.number("/", "members"));
  model->options.epochs = static_cast<int>(file.number("/", "epochs"));
  model->options.seed = static_cast<unsigned>(file.number("/", "seed"));
  read_meaning(from, *model);
  try {
    read_networks(from, *model);
  } catch (const std::invalid_argument& error) {
    file.fail(error.what());
  }
  const std::vector<int>& sizes = model->ensemble.member(0).sizes();
  model->options.hidden.assign(sizes.begin() + 1, sizes.end() - 1);
  model->known = from.matrix("/samples/inputs", -1, model->d());
  for (const std::int64_t fold : from.integers("/samples/fold", model->known.rows())) {
    model->fold.push_back(static_cast<int>(fold));
  }
  from.finish();
  model->meet_neighbours();
  return Surrogate(model);
}

}  // namespace porelith
