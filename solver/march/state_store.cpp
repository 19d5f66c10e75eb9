#include "solver/march/state_store.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace porelith {

namespace {

std::filesystem::path temporary_folder() { return std::filesystem::temp_directory_path(); }

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(fmt::format("the states of a run whose derivatives are wanted cannot be {} a file in {}: {}",
                                       what, temporary_folder().string(), std::strerror(errno)));
}

/// A file that is gone when it is closed, however the program ends.
int nameless_file() {
  std::string name = (temporary_folder() / "porelith-states-XXXXXX").string();
  const int file = mkstemp(name.data());
  if (file < 0) fail("put into");
  unlink(name.c_str());
  return file;
}

/// All of it, in as many pieces as the system makes of it. @param once as pread and pwrite
template <class Byte, class Once>
bool whole(Byte* bytes, std::int64_t size, std::int64_t at, const Once& once) {
  while (size > 0) {
    const ssize_t part = once(bytes, static_cast<std::size_t>(size), at);
    if (part < 0 && errno == EINTR) continue;
    if (part <= 0) return false;
    bytes += part, at += part, size -= part;
  }
  return true;
}

}  // namespace

StateStore::StateStore(StateStore&& other) noexcept : limit_(other.limit_) { *this = std::move(other); }

StateStore& StateStore::operator=(StateStore&& other) noexcept {
  std::swap(limit_, other.limit_), std::swap(in_memory_, other.in_memory_), std::swap(in_file_, other.in_file_);
  std::swap(file_, other.file_);
  places_.swap(other.places_), read_.swap(other.read_);
  return *this;
}

StateStore::~StateStore() {
  if (file_ >= 0) close(file_);
}

int StateStore::keep(State state) {
  const double bytes = sizeof(double) * static_cast<double>(state.size());
  Place& place = places_.emplace_back();
  if (in_memory_ + bytes <= limit_) {
    in_memory_ += bytes;
    place.state = std::move(state);
  } else {
    write(place, state);
  }
  return static_cast<int>(places_.size()) - 1;
}

void StateStore::write(Place& place, const State& state) {
  if (file_ < 0) file_ = nameless_file();
  place.at = static_cast<std::int64_t>(in_file_);
  place.size = static_cast<std::int64_t>(sizeof(double) * state.size());
  const auto once = [&](const char* bytes, std::size_t size, std::int64_t at) {
    return pwrite(file_, bytes, size, at);
  };
  if (!whole(reinterpret_cast<const char*>(state.data()), place.size, place.at, once)) fail("written to");
  in_file_ += static_cast<double>(place.size);
}

const State& StateStore::operator[](int number) const {
  const Place& place = places_[number];
  if (place.size == 0) return place.state;
  const auto found = std::find_if(read_.begin(), read_.end(), [&](const Read& read) { return read.number == number; });
  if (found != read_.end()) {
    read_.splice(read_.begin(), read_, found);
    return read_.front().state;
  }
  if (static_cast<int>(read_.size()) < at_hand)
    read_.emplace_front();
  else
    read_.splice(read_.begin(), read_, std::prev(read_.end()));
  Read& read = read_.front();
  read.number = -1;
  read.state.resize(static_cast<std::size_t>(place.size) / sizeof(double));
  const auto once = [&](char* bytes, std::size_t size, std::int64_t at) { return pread(file_, bytes, size, at); };
  if (!whole(reinterpret_cast<char*>(read.state.data()), place.size, place.at, once)) fail("read from");
  read.number = number;
  return read.state;
}

}  // namespace porelith
