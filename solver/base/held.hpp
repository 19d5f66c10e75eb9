#pragma once
/// A value behind a pointer, for members whose type most readers of a struct need not know.
#include <memory>
#include <utility>

namespace porelith {

/// A T of its own: copies are copies. Only who makes one or looks inside includes T.
template <class T>
class Held {
 public:
  Held() : Held(T{}) {}
  Held(T value)  // NOLINT: a value can be held
      : value_(new T(std::move(value)), [](T* held) { delete held; }),
        copy_([](const T& held) { return new T(held); }) {}

  Held(const Held& other) : value_(other.copy_(*other), other.value_.get_deleter()), copy_(other.copy_) {}
  Held(Held&&) noexcept = default;
  Held& operator=(Held other) noexcept {
    std::swap(value_, other.value_);
    std::swap(copy_, other.copy_);
    return *this;
  }
  ~Held() = default;

  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }

 private:
  std::unique_ptr<T, void (*)(T*)> value_;
  T* (*copy_)(const T&);
};

}  // namespace porelith
