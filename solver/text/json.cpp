#include "solver/text/json.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <unordered_map>

namespace porelith {

namespace {

constexpr std::size_t largest_text = 64'000'000;
constexpr int most_values = 5'000'000;
constexpr int deepest_nesting = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

void append_utf8(std::string& out, unsigned code) {
  const auto byte = [&](unsigned b) { out += static_cast<char>(b); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 0x3F)), byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

class JsonParser {
 public:
  JsonParser(const std::string& text, const std::string& file, Problems& problems)
      : text_(text), file_(file), problems_(problems) {}

  Json parse() {
    if (text_.size() > largest_text) {
      fail(fmt::format("the file has {:.0f} MB; at most {:.0f} MB are read", text_.size() / 1e6, largest_text / 1e6));
    }
    if (text_.compare(0, 3, "\xEF\xBB\xBF") == 0) position_ = line_start_ = 3;
    skip_blanks();
    if (at_end()) fail("the file is empty");
    Json root = value();
    if (!at_end()) fail(fmt::format("the file should end here, but {} follows", what_is_here()));
    return root;
  }

 private:
  Json value() {
    if (++values_ > most_values) fail(fmt::format("the file holds more than {} values", most_values));
    Json json;
    json.line = line_;
    json.column = column();
    const char c = peek();
    if (c == '{') {
      json.value = object();
    } else if (c == '[') {
      json.value = array();
    } else if (c == '"') {
      json.value = string(json.escaped);
    } else if (c == '-' || is_digit(c)) {
      json.value = number();
    } else if (take_word("true")) {
      json.value = true;
    } else if (take_word("false")) {
      json.value = false;
    } else if (!take_word("null")) {
      fail_no_value();
    }
    skip_blanks();
    return json;
  }

  Json::Object object() {
    enter();
    const int opening_line = line_;
    advance();
    Json::Object members;
    std::unordered_map<std::string, int> line_of;
    bool more = peek() != '}';
    while (more) {
      JsonMember member;
      member.line = line_;
      member.column = column();
      if (peek() == '}') fail("a comma stands before }; the last entry of an object has none");
      if (peek() != '"') fail_expected("a key in double quotes", '{', opening_line);
      bool escaped = false;
      member.key = string(escaped);
      skip_blanks();
      if (peek() != ':')
        fail_expected(fmt::format("a colon after the key \"{}\"", shortened(member.key)), '{', opening_line);
      advance();
      member.value = value();
      const auto [first, is_new] = line_of.try_emplace(member.key, member.line);
      if (is_new) {
        members.push_back(std::move(member));
      } else {
        problems_.add({file_, member.line, member.column},
                      fmt::format("the key \"{}\" occurs twice in one object, first in line {}", shortened(member.key),
                                  first->second));
      }
      more = comma_or('}', opening_line);
    }
    leave();
    return members;
  }

  Json::Array array() {
    enter();
    const int opening_line = line_;
    advance();
    Json::Array items;
    bool more = peek() != ']';
    while (more) {
      if (peek() == ']') fail("a comma stands before ]; the last value of an array has none");
      items.push_back(value());
      more = comma_or(']', opening_line);
    }
    leave();
    return items;
  }

  bool comma_or(char closing, int opening_line) {
    if (peek() == closing) return false;
    if (peek() != ',') fail_expected(fmt::format("a comma or {}", closing), closing == '}' ? '{' : '[', opening_line);
    advance();
    return true;
  }

  double number() {
    const std::size_t start = position_;
    const auto digits = [&] {
      if (!is_digit(peek())) fail(fmt::format("a digit should follow here, but {} does", what_is_here()));
      while (is_digit(peek())) ++position_;
    };
    if (peek() == '-') ++position_;
    if (peek() == 'I' || peek() == 'N') fail("Infinity and NaN are not numbers in JSON");
    const bool leading_zero = peek() == '0';
    const std::size_t first_digit = position_;
    digits();
    if (leading_zero && position_ - first_digit > 1) fail_at(start, "a number in JSON has no leading zeros");
    if (peek() == '.') ++position_, digits();
    const std::size_t exponent = position_;
    if (peek() == 'e' || peek() == 'E') {
      ++position_;
      if (peek() == '+' || peek() == '-') ++position_;
      digits();
    }
    double number = 0;
    const auto read = std::from_chars(text_.data() + start, text_.data() + position_, number);
    if (read.ec == std::errc::result_out_of_range) {
      const bool tiny = exponent < position_ ? text_[exponent + 1] == '-' : leading_zero;
      if (!tiny) fail_at(start, "this number is too large");
      number = 0;
    }
    return number;
  }

  std::string string(bool& escaped) {
    const int opening_line = line_, opening_column = column();
    ++position_;
    std::string out;
    while (true) {
      if (at_end()) {
        throw CaseError({{{file_, opening_line, opening_column}, "this string is not closed before the file ends"}});
      }
      const char c = peek();
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) {
        fail(c == '\n' || c == '\r' ? "a string must end in the line in which it begins; a double quote is missing"
                                    : "a control character in a string must be written as an escape");
      }
      if (c == '\\') {
        escaped = true;
        escape(out);
      } else {
        character(out);
      }
    }
    ++position_;
    return out;
  }

  /// One UTF-8 character
  void character(std::string& out) {
    const auto lead = static_cast<unsigned char>(peek());
    const int length = lead < 0x80                   ? 1
                       : lead >= 0xC2 && lead < 0xE0 ? 2
                       : lead >= 0xE0 && lead < 0xF0 ? 3
                       : lead >= 0xF0 && lead < 0xF5 ? 4
                                                     : 0;
    bool valid = length > 0 && position_ + length <= text_.size();
    for (int k = 1; valid && k < length; ++k) valid = is_continuation(text_[position_ + k]);
    if (!valid) fail(fmt::format("the byte 0x{:02x} is not UTF-8", lead));
    out.append(text_, position_, length);
    position_ += length;
    continuation_bytes_ += length - 1;
  }

  void escape(std::string& out) {
    const std::size_t start = position_++;
    const char c = peek();
    ++position_;
    switch (c) {
      case '"':
      case '\\':
      case '/':
        out += c;
        return;
      case 'b':
        out += '\b';
        return;
      case 'f':
        out += '\f';
        return;
      case 'n':
        out += '\n';
        return;
      case 'r':
        out += '\r';
        return;
      case 't':
        out += '\t';
        return;
      case 'u':
        break;
      default:
        fail_at(start, "a backslash in a string begins one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    }
    unsigned code = four_hex_digits(start);
    if (code >= 0xD800 && code < 0xDC00 && peek() == '\\' && peek(1) == 'u') {
      position_ += 2;
      const unsigned low = four_hex_digits(start);
      if (low < 0xDC00 || low > 0xDFFF) fail_at(start, "this \\u escape is half a character");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xD800 && code < 0xE000) {
      fail_at(start, "this \\u escape is half a character");
    }
    append_utf8(out, code);
  }

  unsigned four_hex_digits(std::size_t start) {
    unsigned code = 0;
    if (position_ + 4 > text_.size()) fail_at(start, "\\u needs four hexadecimal digits");
    const auto read = std::from_chars(text_.data() + position_, text_.data() + position_ + 4, code, 16);
    if (read.ptr != text_.data() + position_ + 4) fail_at(start, "\\u needs four hexadecimal digits");
    position_ += 4;
    return code;
  }

  void enter() {
    if (++depth_ > deepest_nesting) fail(fmt::format("the file is nested more than {} deep", deepest_nesting));
  }
  void leave() {
    --depth_;
    ++position_;
  }

  [[noreturn]] void fail_at(std::size_t position, const std::string& sentence) {
    throw CaseError({{{file_, line_, column() - static_cast<int>(position_ - position)}, sentence}});
  }
  [[noreturn]] void fail(const std::string& sentence) { fail_at(position_, sentence); }

  [[noreturn]] void fail_expected(const std::string& expected, char opening, int opening_line) {
    fail(fmt::format("expected {} (for the {} of line {}), found {}", expected, opening, opening_line, what_is_here()));
  }

  [[noreturn]] void fail_no_value() {
    for (const char* word : {"NaN", "nan", "Infinity", "inf"}) {
      if (text_.compare(position_, std::string(word).size(), word) == 0)
        fail("Infinity and NaN are not numbers in JSON");
    }
    if (peek() == '\'') fail("a string in JSON stands in double quotes");
    if (peek() == '/' || peek() == '#') fail("JSON has no comments");
    if (peek() == '+' || peek() == '.') fail("a number in JSON begins with a digit or a minus sign");
    fail(fmt::format("expected a value, found {}", what_is_here()));
  }

  std::string what_is_here() const {
    if (at_end()) return "the end of the file";
    std::size_t end = position_;
    while (end < text_.size() && end < position_ + 30 && (std::isalnum(static_cast<unsigned char>(text_[end])) != 0))
      ++end;
    if (end > position_) return text_.substr(position_, end - position_);
    const char c = text_[position_];
    return c > ' ' && c < 0x7f ? std::string{c} : fmt::format("the byte 0x{:02x}", static_cast<unsigned char>(c));
  }

  char peek(std::size_t ahead = 0) const { return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0'; }
  bool at_end() const { return position_ >= text_.size(); }
  int column() const { return static_cast<int>(position_ - line_start_) - continuation_bytes_ + 1; }

  bool take_word(const std::string& word) {
    if (text_.compare(position_, word.size(), word) != 0) return false;
    position_ += word.size();
    return true;
  }
  void advance() {
    ++position_;
    skip_blanks();
  }
  void skip_blanks() {
    for (; !at_end(); ++position_) {
      const char c = peek();
      if (c == '\n') {
        ++line_;
        line_start_ = position_ + 1;
        continuation_bytes_ = 0;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  const std::string& text_;
  const std::string& file_;
  Problems& problems_;
  std::size_t position_ = 0, line_start_ = 0;
  int line_ = 1, continuation_bytes_ = 0;
  int depth_ = 0, values_ = 0;
};

}  // namespace

const char* Json::kind() const {
  constexpr const char* names[] = {"null", "true or false", "a number", "a string", "an array", "an object"};
  return names[value.index()];
}

std::string shortened(const std::string& text) {
  constexpr std::size_t longest = 100;
  if (text.size() <= longest) return text;
  std::size_t end = longest;
  while (end > 0 && is_continuation(text[end])) --end;
  return text.substr(0, end) + "...";
}

Json parse_json(const std::string& text, const std::string& file, Problems& problems) {
  return JsonParser(text, file, problems).parse();
}

}  // namespace porelith
