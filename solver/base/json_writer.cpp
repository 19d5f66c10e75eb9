#include "solver/base/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>

namespace porelith {
namespace {

/// Length of the UTF-8 sequence that starts `text`, or 0 if it is not one (RFC 3629, section 4).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const auto follows = [&](std::size_t k) { return (byte(k) & 0xC0u) == 0x80u; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0, surrogate = lead == 0xED && byte(1) >= 0xA0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && byte(1) < 0x90, too_large = lead == 0xF4 && byte(1) >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !too_large ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = utf8_length(text);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\t') {
      quoted += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else if (length == 0) {
      quoted += "\\ufffd";
    } else {
      quoted += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return quoted + "\"";
}

void JsonWriter::start(std::string_view key) {
  if (!open_.empty()) {
    text_ += first_ ? "\n" : ",\n";
    text_.append(2 * open_.size(), ' ');
    if (open_.back() == '}') text_ += json_text(key) + ": ";
  }
  first_ = false;
}

void JsonWriter::open(std::string_view key, char bracket) {
  start(key);
  text_ += bracket;
  open_ += bracket == '{' ? '}' : ']';
  first_ = true;
}

void JsonWriter::end() {
  const char bracket = open_.back();
  open_.pop_back();
  if (!first_) {
    text_ += '\n';
    text_.append(2 * open_.size(), ' ');
  }
  text_ += bracket;
  first_ = false;
}

void JsonWriter::add(std::string_view key, std::string_view value) {
  start(key);
  text_ += json_text(value);
}

void JsonWriter::add(std::string_view key, double value) {
  start(key);
  text_ += std::isfinite(value) ? fmt::format("{}", value) : "null";
}

void JsonWriter::add(std::string_view key, long value) {
  start(key);
  text_ += fmt::format("{}", value);
}

void JsonWriter::add(std::string_view key, const std::vector<std::string>& values) {
  list(key);
  for (const std::string& value : values) add("", value);
  end();
}

std::string JsonWriter::finish() {
  while (!open_.empty()) end();
  return text_ + "\n";
}

}  // namespace porelith
