#pragma once
/// Numbers and texts as bytes and back, to the last bit, for files that this machine's kind reads again.
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace porelith {

class Packer {
 public:
  void add(double value) { raw(&value, sizeof value); }
  void add(std::int64_t value) { raw(&value, sizeof value); }
  void add(int value) { add(static_cast<std::int64_t>(value)); }
  void add(std::string_view text) {
    add(static_cast<std::int64_t>(text.size()));
    raw(text.data(), text.size());
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(const std::vector<double>& values) {
    add(static_cast<std::int64_t>(values.size()));
    raw(values.data(), values.size() * sizeof(double));
  }
  /// Several in a row.
  template <typename... Values>
  void all(const Values&... values) {
    (add(values), ...);
  }
  /// A list of what `each` packs.
  template <typename Item, typename Each>
  void list(const std::vector<Item>& items, const Each& each) {
    add(static_cast<std::int64_t>(items.size()));
    for (const Item& item : items) each(item);
  }

  const std::string& bytes() const { return bytes_; }

 private:
  void raw(const void* from, std::size_t n) { bytes_.append(static_cast<const char*>(from), n); }
  std::string bytes_;
};

/// Reads what a Packer wrote, in the same order. Bytes that are something else are told by a std::invalid_argument, as
/// far as lengths tell; a checksum has to do the rest.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : left_(bytes) {}

  void take(double& value) { raw(&value, sizeof value); }
  void take(std::int64_t& value) { raw(&value, sizeof value); }
  void take(int& value) { value = static_cast<int>(whole()); }
  void take(std::string& text) {
    const std::size_t n = count(1);
    text.assign(left_.data(), n);
    left_.remove_prefix(n);
  }
  void take(std::vector<double>& values) {
    values.resize(count(sizeof(double)));
    raw(values.data(), values.size() * sizeof(double));
  }
  template <typename... Values>
  void all(Values&... values) {
    (take(values), ...);
  }
  template <typename Item, typename Each>
  void list(std::vector<Item>& items, const Each& each) {
    items.clear();
    for (std::size_t n = count(1); n > 0; --n) each(items.emplace_back());
  }
  std::string_view rest() const { return left_; }

 private:
  std::int64_t whole() {
    std::int64_t value;
    take(value);
    return value;
  }
  std::size_t count(std::size_t item_size) {
    const std::int64_t n = whole();
    if (n < 0 || static_cast<std::uint64_t>(n) > left_.size() / item_size)
      throw std::invalid_argument("the packed bytes end too early");
    return static_cast<std::size_t>(n);
  }
  void raw(void* to, std::size_t n) {
    if (n > left_.size()) throw std::invalid_argument("the packed bytes end too early");
    if (n > 0) std::memcpy(to, left_.data(), n);
    left_.remove_prefix(n);
  }
  std::string_view left_;
};

}  // namespace porelith
