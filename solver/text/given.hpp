#pragma once
/// A value together with where it comes from.
#include <string>
#include <utility>

namespace porelith {

enum class From {
  file,   ///< the cell's file says so
  given,  ///< the case says so
  rule,   ///< nobody does: a rule tells what holds, and the value is unused where the rule needs none
};

/// Reads, writes and converts as its value.
template <class T>
struct Given {
  T value{};
  From from = From::file;
  std::string text = {};  ///< the TOML that says it, where the case does and a number would not

  Given& operator=(T now) {
    value = std::move(now);
    from = From::given;
    text.clear();
    return *this;
  }
  bool by_rule() const { return from == From::rule; }
  bool by_case() const { return from == From::given; }

  operator T&() { return value; }              // NOLINT: that is what it is for
  operator const T&() const { return value; }  // NOLINT
  T* operator->() { return &value; }
  const T* operator->() const { return &value; }
  template <class... X>
  auto operator()(X... x) const {
    return value(x...);
  }
};

}  // namespace porelith
