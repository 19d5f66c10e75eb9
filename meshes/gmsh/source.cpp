#include "meshes/gmsh/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "solver/base/error.hpp"

namespace porelith {

namespace {
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// from_chars takes no leading plus, which people and programs write.
std::string_view without_plus(std::string_view text) {
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+';
  return plus ? text.substr(1) : text;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}
}  // namespace

void GmshSource::fail(const std::string& sentence) const {
  if (binary_) throw CaseError({{{name_, 0, 0}, fmt::format("byte {}: {}", begin_, sentence)}});
  const auto before = bytes_.substr(0, begin_);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto newline = before.rfind('\n');
  const auto column = begin_ - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
  throw CaseError({{{name_, static_cast<int>(line), static_cast<int>(column)}, sentence}});
}

/// What stands there, for a sentence: short and printable.
std::string GmshSource::excerpt(std::string_view text) const {
  if (text.empty()) return at_ >= bytes_.size() ? "the end of the file" : "the end of the line";
  std::string shown;
  for (char c : text.substr(0, 30)) shown += c >= ' ' && c <= '~' ? c : '?';
  return '"' + shown + (text.size() > 30 ? "..." : "") + '"';
}

std::string_view GmshSource::line() {
  while (at_ < bytes_.size()) {
    const auto end = std::min(bytes_.find('\n', at_), bytes_.size());
    begin_ = at_;
    const auto found = trimmed(bytes_.substr(at_, end - at_));
    at_ = std::min(end + 1, bytes_.size());
    if (!found.empty()) return found;
  }
  begin_ = bytes_.size();
  return {};
}

void GmshSource::expect(std::string_view heading) {
  const auto found = line();
  if (found != heading) fail(fmt::format("expected {}, found {}", heading, excerpt(found)));
}

void GmshSource::skip_behind(std::string_view heading) {
  begin_ = at_;
  for (auto found = bytes_.find(heading, at_); found != std::string_view::npos;
       found = bytes_.find(heading, found + 1)) {
    const auto end = found + heading.size();
    const bool line_begins = found == 0 || bytes_[found - 1] == '\n' || binary_;
    const bool line_ends = end == bytes_.size() || bytes_[end] == '\n' || bytes_[end] == '\r';
    if (!line_begins || !line_ends) continue;
    at_ = end;
    return;
  }
  fail(fmt::format("there is no {} to end this section", heading));
}

std::string_view GmshSource::word(const char* what) {
  while (at_ < bytes_.size() && is_blank(bytes_[at_])) ++at_;
  begin_ = at_;
  while (at_ < bytes_.size() && !is_blank(bytes_[at_]) && bytes_[at_] != '\n') ++at_;
  if (at_ == begin_) fail(fmt::format("expected {}, found {}", what, excerpt({})));
  return bytes_.substr(begin_, at_ - begin_);
}

long GmshSource::bounded(const char* what, long value, long low, long high) const {
  if (value < low || value > high) fail(fmt::format("{} = {} is outside [{}, {}]", what, value, low, high));
  return value;
}

long GmshSource::parse_integer(const char* what, long low, long high) {
  const auto text = without_plus(word(what));
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    fail(fmt::format("expected {}, a whole number, found {}", what, excerpt(text)));
  return bounded(what, value, low, high);
}

template <class Number>
Number GmshSource::raw(const char* what) {
  begin_ = at_;
  if (left() < sizeof(Number)) fail(fmt::format("expected {}, found the end of the file", what));
  Number value;
  std::memcpy(&value, bytes_.data() + at_, sizeof(Number));
  at_ += sizeof(Number);
  return value;
}

long GmshSource::integer(const char* what, long low, long high) {
  return binary_ ? bounded(what, raw<std::int32_t>(what), low, high) : parse_integer(what, low, high);
}

long GmshSource::tag(const char* what, long low, long high) {
  return binary_ ? bounded(what, raw<std::int64_t>(what), low, high) : parse_integer(what, low, high);
}

double GmshSource::real(const char* what) {
  double value = 0;
  if (binary_) {
    value = raw<double>(what);
  } else {
    const auto text = without_plus(word(what));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      fail(fmt::format("expected {}, a number, found {}", what, excerpt(text)));
  }
  constexpr double largest = 1e12;
  if (!(std::abs(value) <= largest))
    fail(fmt::format("{} = {} is outside [{:g}, {:g}]", what, value, -largest, largest));
  return value;
}

long GmshSource::within_file(const char* what, long value, long bytes_each) const {
  const long room = static_cast<long>(left()) / bytes_each + 1;  // the last one may lack its line end
  if (value > room) fail(fmt::format("{} = {}, but the rest of the file has room for {} at most", what, value, room));
  return value;
}

long GmshSource::count(const char* what, long bytes_each) {
  return within_file(what, integer(what, 0, INT32_MAX), bytes_each);
}

long GmshSource::tag_count(const char* what, long bytes_each) {
  return within_file(what, tag(what, 0, INT32_MAX), bytes_each);
}

bool GmshSource::quote_follows() const {
  const auto next = bytes_.find_first_not_of(" \t", at_);
  return next != std::string_view::npos && bytes_[next] == '"';
}

std::string GmshSource::quoted(const char* what) {
  while (at_ < bytes_.size() && is_blank(bytes_[at_])) ++at_;
  begin_ = at_;
  const auto end_of_line = std::min(bytes_.find('\n', at_), bytes_.size());
  const auto rest = bytes_.substr(at_, end_of_line - at_);
  const auto close = rest.find('"', 1);
  if (rest.empty() || rest[0] != '"' || close == std::string_view::npos)
    fail(fmt::format("expected {} between quotes, found {}", what, excerpt(rest)));
  at_ += close + 1;
  return std::string(rest.substr(1, close - 1));
}

void GmshSource::end_of_line() {
  if (binary_) return;
  while (at_ < bytes_.size() && is_blank(bytes_[at_])) ++at_;
  if (at_ == bytes_.size()) return;
  begin_ = at_;
  const auto end = std::min(bytes_.find('\n', at_), bytes_.size());
  if (end != at_) fail(fmt::format("expected the end of the line, found {}", excerpt(bytes_.substr(at_, end - at_))));
  ++at_;
}

void GmshSource::check_byte_order() {
  const auto one = raw<std::int32_t>("the byte order's mark");
  if (one == 0x01000000)
    fail("the file was written on a machine of the other byte order; save it as text (Mesh.Binary = 0)");
  if (one != 1) fail(fmt::format("expected the byte order's mark 1, found {}", one));
}

}  // namespace porelith
