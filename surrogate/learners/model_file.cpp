#include "surrogate/learners/model_file.hpp"

#include <fmt/format.h>

#include <cstring>
#include <stdexcept>

#include "solver/base/seal.hpp"
#include "solver/base/whole_file.hpp"
#include "surrogate/learners/registry.hpp"

namespace porelith {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::string dataset_of(const std::string& option) { return "/training/" + option; }

}  // namespace

template <class T>
void Checksum::take_all(const std::vector<T>& values) {
  for (const T& value : values) {
    std::uint64_t bits = 0;
    static_assert(sizeof value == sizeof bits);
    std::memcpy(&bits, &value, sizeof bits);
    sum_ = (sum_ ^ bits) * 0x100000001b3u;
    sum_ ^= sum_ >> 29;
  }
}

void Checksum::take(const std::vector<double>& values) { take_all(values); }
void Checksum::take(const std::vector<std::int64_t>& values) { take_all(values); }
std::string Checksum::text() const { return fmt::format("{:016x}", sum_); }

void ModelWriter::vector(const std::string& name, const Eigen::VectorXd& values, const std::string& unit,
                         const std::string& meaning) {
  put(name, {static_cast<hsize_t>(values.size())}, {values.data(), values.data() + values.size()}, {unit, meaning});
}

void ModelWriter::matrix(const std::string& name, const Eigen::MatrixXd& values, const std::string& unit,
                         const std::string& meaning) {
  const RowMajor rows = values;
  put(name, {static_cast<hsize_t>(rows.rows()), static_cast<hsize_t>(rows.cols())},
      {rows.data(), rows.data() + rows.size()}, {unit, meaning});
}

void ModelWriter::integers(const std::string& name, const std::vector<std::int64_t>& values,
                           const std::string& meaning) {
  sum_.take(values);
  file_.dataset(name, {values.size()}, values, {"1", meaning});
}

void ModelWriter::finish(const std::string& path) {
  file_.attribute("/", "checksum", sum_.text());
  const std::string_view image = file_.image();
  write_whole_file(path, std::string(image) + seal_of(image), true);
}

void ModelWriter::put(const std::string& name, const std::vector<hsize_t>& shape, const std::vector<double>& values,
                      const Hdf5Note& note) {
  sum_.take(values);
  file_.dataset(name, shape, values, note);
}

Eigen::VectorXd ModelReader::vector(const std::string& name, long size) {
  const std::vector<double> values = numbers(name, {size});
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<long>(values.size()));
}

Eigen::MatrixXd ModelReader::matrix(const std::string& name, long rows, long columns) {
  const std::vector<double> values = numbers(name, {rows, columns});
  const auto shape = file_.shape(name);
  return Eigen::Map<const RowMajor>(values.data(), static_cast<long>(shape[0]), static_cast<long>(shape[1]));
}

std::vector<std::int64_t> ModelReader::integers(const std::string& name, long size) {
  expect(name, {size});
  auto values = file_.integers(name);
  sum_.take(values);
  return values;
}

void ModelReader::finish() const {
  if (file_.text("/", "checksum") != sum_.text()) file_.fail("its checksum does not fit its numbers; it is damaged");
}

void ModelReader::expect(const std::string& name, const std::vector<long>& sizes) const {
  const auto shape = file_.shape(name);
  bool fits = shape.size() == sizes.size();
  for (std::size_t k = 0; fits && k < sizes.size(); ++k)
    fits = sizes[k] < 0 || shape[k] == static_cast<hsize_t>(sizes[k]);
  if (!fits) file_.fail(name + " has another shape than the rest of the file wants; it is damaged");
}

std::vector<double> ModelReader::numbers(const std::string& name, const std::vector<long>& sizes) {
  expect(name, sizes);
  auto values = file_.numbers(name);
  sum_.take(values);
  return values;
}

void write_settings(Hdf5Writer& file, const std::string& object, const std::string& learner, const Settings& settings) {
  file.group("/training");
  file.attribute(object, "learner", learner);
  for (const Option& option : learner_called(learner).takes()) {
    const Setting& value = settings.at(option.name);
    if (const int* number = std::get_if<int>(&value)) file.attribute(object, option.name, static_cast<long>(*number));
    if (const std::string* text = std::get_if<std::string>(&value)) file.attribute(object, option.name, *text);
    if (const double* number = std::get_if<double>(&value))
      file.dataset(dataset_of(option.name), {}, std::vector<double>{*number}, {"1", option.meaning});
    if (const auto* list = std::get_if<std::vector<int>>(&value))
      file.dataset(dataset_of(option.name), {list->size()}, std::vector<std::int64_t>(list->begin(), list->end()),
                   {"1", option.meaning});
  }
}

namespace {

Setting read_setting(const Hdf5Reader& file, const std::string& object, const Option& option) {
  const std::string dataset = dataset_of(option.name);
  const bool attribute = std::holds_alternative<int>(option.value) || std::holds_alternative<std::string>(option.value);
  if (attribute ? !file.has(object, option.name) : !file.has(dataset)) return option.value;
  if (std::holds_alternative<int>(option.value)) return static_cast<int>(file.number(object, option.name));
  if (std::holds_alternative<std::string>(option.value)) return file.text(object, option.name);
  if (std::holds_alternative<double>(option.value)) {
    const auto values = file.numbers(dataset);
    if (values.size() != 1) file.fail(dataset + " is not one number; it is damaged");
    return values.front();
  }
  const auto list = file.integers(dataset);
  return std::vector<int>(list.begin(), list.end());
}

}  // namespace

Settings read_settings(const Hdf5Reader& file, const std::string& object, std::string& learner) {
  learner = file.has(object, "learner") ? file.text(object, "learner") : first_learner;
  try {
    Settings settings;
    const std::vector<Option> options = learner_called(learner).takes();
    for (const Option& option : options) settings[option.name] = read_setting(file, object, option);
    return completed(options, settings, learner);
  } catch (const std::invalid_argument& error) {
    file.fail(std::string("it cannot be used: ") + error.what());
  }
}

}  // namespace porelith
