#pragma once
/// The bytes of a sample in a campaign's journals and in the answers of a study.
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "surrogate/dataset/sample.hpp"

namespace porelith {

/// Numbers, texts and samples one behind the other, as they lie in memory (little-endian on every machine we know).
class SamplePacker {
 public:
  template <class Number>
  void number(Number value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(const std::string& value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_ += value;
  }
  void list(const std::vector<double>& values) {
    number(static_cast<std::uint32_t>(values.size()));
    for (const double value : values) number(value);
  }
  /// All of it but its index and its slopes.
  void sample(const Sample& s) {
    list(s.x);
    text(s.status);
    list(s.scalars);
    list(s.curve);
    number(s.seconds);
    number(static_cast<std::int64_t>(s.newton));
    number(static_cast<std::uint32_t>(s.left_tables.size()));
    for (const LeftTable& left : s.left_tables) {
      text(left.law);
      number(static_cast<std::uint8_t>(left.salt));
      number(left.low);
      number(left.high);
    }
  }
  void slopes(const SampleSlopes& s) {
    list(s.scalars);
    list(s.curve);
    number(static_cast<std::uint32_t>(s.one_sided.size()));
    for (const std::int64_t flag : s.one_sided) number(static_cast<std::uint8_t>(flag));
    text(s.missing);
    number(s.seconds);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads them in the same order. @throws std::out_of_range where the bytes end too early
class SampleUnpacker {
 public:
  explicit SampleUnpacker(const std::string& bytes, std::size_t from = 0) : bytes_(bytes), at_(from) {}
  template <class Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value), sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    return {take(size), size};
  }
  std::vector<double> list() {
    const auto size = number<std::uint32_t>();
    const char* from = take(std::size_t{size} * sizeof(double));
    std::vector<double> values(size);
    if (size > 0) std::memcpy(values.data(), from, size * sizeof(double));
    return values;
  }
  bool over() const { return at_ == bytes_.size(); }
  std::size_t at() const { return at_; }
  Sample sample() {
    Sample s;
    s.x = list();
    s.status = text();
    s.scalars = list();
    s.curve = list();
    s.seconds = number<double>();
    s.newton = number<std::int64_t>();
    if (over()) return s;  // older journals say nothing of tables
    for (auto tables = number<std::uint32_t>(); tables > 0; --tables) {
      LeftTable& left = s.left_tables.emplace_back();
      left.law = text();
      left.salt = number<std::uint8_t>() != 0;
      left.low = number<double>();
      left.high = number<double>();
    }
    return s;
  }
  SampleSlopes slopes() {
    SampleSlopes s;
    s.scalars = list();
    s.curve = list();
    s.one_sided.resize(number<std::uint32_t>());
    for (std::int64_t& flag : s.one_sided) flag = number<std::uint8_t>();
    s.missing = text();
    s.seconds = number<double>();
    return s;
  }

 private:
  const char* take(std::size_t size) {
    if (size > bytes_.size() - at_) throw std::out_of_range("a record ends too early");
    at_ += size;
    return bytes_.data() + at_ - size;
  }
  const std::string& bytes_;
  std::size_t at_;
};

}  // namespace porelith
