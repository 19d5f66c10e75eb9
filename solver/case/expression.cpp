#include "solver/case/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "solver/base/error.hpp"

namespace porelith {

namespace {

constexpr std::size_t longest_text = 100'000;
constexpr int deepest_nesting = 200;

struct KnownFunction {
  const char* name;
  Op op;
  int arguments;
  bool in_bpx;
};
constexpr KnownFunction known_functions[] = {
    {"exp", Op::exp, 1, true},      {"tanh", Op::tanh, 1, true},    {"cosh", Op::cosh, 1, true},
    {"sinh", Op::sinh, 1, false},   {"sqrt", Op::sqrt, 1, false},   {"log", Op::log, 1, false},
    {"log10", Op::log10, 1, false}, {"sin", Op::sin, 1, false},     {"cos", Op::cos, 1, false},
    {"atan", Op::atan, 1, false},   {"erf", Op::erf, 1, false},     {"abs", Op::abs, 1, false},
    {"min", Op::minimum, 2, false}, {"max", Op::maximum, 2, false}, {"pow", Op::real_power, 2, false},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

/// Recursive descent straight into a tape: each rule of the grammar is one function.
class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) {}

  CompiledExpression parse() {
    if (text_.size() > longest_text) {
      fail(1, fmt::format("the expression has {} characters; at most {} are read", text_.size(), longest_text));
    }
    skip_blanks();
    if (at_end()) fail(1, "the expression is empty");
    const Value value = sum();
    if (!at_end()) fail_unexpected("an operator");
    return {builder_.finish(value), std::move(beyond_bpx_)};
  }

 private:
  using Value = TapeBuilder::Value;

  /// Counts how deep the rules call one another, so that no input can exhaust the stack.
  struct Nesting {
    explicit Nesting(Parser& parser) : depth(parser.depth_) {
      if (++depth > deepest_nesting) {
        parser.fail(parser.column(), fmt::format("the expression is nested more than {} deep", deepest_nesting));
      }
    }
    ~Nesting() { --depth; }
    int& depth;
  };

  Value sum() {
    Value left = term();
    while (true) {
      const int start = column();
      if (take('+')) {
        left = finite(builder_.add(left, term()), start);
      } else if (take('-')) {
        left = finite(builder_.subtract(left, term()), start);
      } else {
        return left;
      }
    }
  }

  Value term() {
    Value left = sign();
    while (true) {
      const int start = column();
      if (peek() == '*' && peek(1) == '*') fail(start, "the power ** lacks its base");
      if (peek() == '/' && peek(1) == '/') fail(start, "// is not an operator of BPX; / divides");
      if (take('*')) {
        left = finite(builder_.multiply(left, sign()), start);
      } else if (take('/')) {
        left = finite(builder_.divide(left, sign()), start);
      } else {
        return left;
      }
    }
  }

  Value sign() {
    bool negative = false;
    while (peek() == '+' || peek() == '-') {
      negative ^= peek() == '-';
      take(peek());
    }
    const Value value = power();
    return negative ? builder_.negate(value) : value;
  }

  Value power() {
    const Nesting nesting(*this);
    const Value base = atom();
    const int start = column();
    if (!(peek() == '*' && peek(1) == '*')) return base;
    take('*');
    take('*');
    return finite(builder_.power(base, sign()), start);
  }

  Value atom() {
    if (is_digit(peek()) || (peek() == '.' && is_digit(peek(1)))) return number();
    if (is_letter(peek())) return name();
    if (take('(')) {
      const Value value = sum();
      close();
      return value;
    }
    fail_unexpected("a number, x, a function or (");
  }

  Value number() {
    const std::size_t start = position_;
    const auto digits = [&] {
      while (is_digit(peek())) ++position_;
    };
    digits();
    if (peek() == '.') ++position_;
    digits();
    if (peek() == 'e' || peek() == 'E') {
      ++position_;
      if (peek() == '+' || peek() == '-') ++position_;
      if (!is_digit(peek())) fail(column(), "the exponent of a number lacks its digits");
      digits();
    }
    if (is_letter(peek()) || peek() == '.') {
      fail(column(), fmt::format("expected an operator after the number {}, found {}",
                                 text_.substr(start, std::min<std::size_t>(position_ - start, 40)), word()));
    }
    double value = 0;
    const auto read = std::from_chars(text_.data() + start, text_.data() + position_, value);
    if (read.ec == std::errc::result_out_of_range) value = is_tiny(start) ? 0 : HUGE_VAL;
    const Value result = finite(TapeBuilder::constant(value), static_cast<int>(start) + 1);
    skip_blanks();
    return result;
  }

  /// Whether a number out of range is below it: its exponent, or the lack of digits before the point, says so.
  bool is_tiny(std::size_t start) const {
    const std::string digits = text_.substr(start, position_ - start);
    const std::size_t e = digits.find_first_of("eE");
    return e == std::string::npos ? digits[0] == '.' || digits[0] == '0' : digits[e + 1] == '-';
  }

  Value name() {
    const int start = column();
    const std::string typed = word();
    position_ += typed.size();
    skip_blanks();
    if (typed == "x") {
      if (peek() == '=') fail(column(), "= is not an operator: an expression computes one value and assigns none");
      if (peek() == '(') fail(column(), "x is a variable, not a function; write x * (...)");
      return TapeBuilder::x();
    }
    const auto* function = std::find_if(std::begin(known_functions), std::end(known_functions),
                                        [&](const KnownFunction& f) { return typed == f.name; });
    if (function == std::end(known_functions)) fail_unknown(typed, start);
    if (!take('(')) fail(column(), fmt::format("the function {} needs its argument in parentheses", typed));
    return call(*function, start);
  }

  Value call(const KnownFunction& function, int start) {
    if (peek() == ')') fail(column(), fmt::format("{}() lacks its argument", function.name));
    std::vector<Value> arguments{sum()};
    while (take(',')) arguments.push_back(sum());
    close();
    if (static_cast<int>(arguments.size()) != function.arguments) {
      fail(start, fmt::format("{} takes {} argument{}, not {}", function.name, function.arguments,
                              function.arguments == 1 ? "" : "s", arguments.size()));
    }
    if (!function.in_bpx && std::count(beyond_bpx_.begin(), beyond_bpx_.end(), function.name) == 0) {
      beyond_bpx_.emplace_back(function.name);
    }
    if (function.op == Op::real_power) return finite(builder_.power(arguments[0], arguments[1]), start);
    if (function.arguments == 2) return builder_.extreme(function.op, arguments[0], arguments[1]);
    return finite(builder_.apply(function.op, arguments[0]), start);
  }

  void close() {
    if (!take(')')) fail_unexpected(")");
  }

  Value finite(Value value, int start) {
    if (!std::isfinite(value.scale) || !std::isfinite(value.shift))
      throw NotFiniteError("this part is not a finite number", start);
    return value;
  }

  [[noreturn]] void fail(int at, const std::string& sentence) { throw ExpressionError(sentence, at); }

  [[noreturn]] void fail_unknown(const std::string& typed, int start) {
    std::vector<std::string> names{"x"};
    for (const auto& f : known_functions) names.emplace_back(f.name);
    const std::string nearest = typed.size() > 1 ? nearest_name(typed, names) : "";
    fail(start, fmt::format("{} is not known here; {}", typed,
                            nearest.empty() ? "an expression may use x and " + function_list()
                                            : fmt::format("did you mean {}?", nearest)));
  }

  static std::string function_list() {
    std::string list;
    for (const auto& f : known_functions) list += fmt::format("{}{}", list.empty() ? "" : ", ", f.name);
    return list;
  }

  [[noreturn]] void fail_unexpected(const std::string& expected) {
    if (at_end()) fail(column(), fmt::format("the expression ends where {} should follow", expected));
    const char c = peek();
    if (c == '^') fail(column(), "^ is not an operator of BPX; a power is written **");
    if (c == '%') fail(column(), "% is not an operator of BPX");
    if (c == '=' || c == '<' || c == '>' || c == '!') fail(column(), "an expression compares and assigns nothing");
    if (c == ',')
      fail(column(), "a comma separates the arguments of a function only; decimals are written with a point");
    fail(column(), fmt::format("expected {}, found {}", expected, word()));
  }

  /// The name, or the single character, that stands here.
  std::string word() const {
    std::size_t end = position_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    if (end > position_) return text_.substr(position_, std::min<std::size_t>(end - position_, 40));
    const char c = text_[position_];
    if (c >= ' ' && c < 0x7f) return {c};
    return fmt::format("the byte 0x{:02x}", static_cast<unsigned char>(c));
  }

  char peek(std::size_t ahead = 0) const { return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0'; }
  bool at_end() const { return position_ >= text_.size(); }
  int column() const { return static_cast<int>(position_) + 1; }
  bool take(char c) {
    if (at_end() || text_[position_] != c) return false;
    ++position_;
    skip_blanks();
    return true;
  }
  void skip_blanks() {
    while (!at_end() && is_blank(text_[position_])) ++position_;
  }

  const std::string& text_;
  std::size_t position_ = 0;
  int depth_ = 0;
  TapeBuilder builder_;
  std::vector<std::string> beyond_bpx_;
};

}  // namespace

CompiledExpression compile_expression(const std::string& text) { return Parser(text).parse(); }

const std::vector<std::string>& expression_functions() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& f : known_functions) list.emplace_back(f.name);
    return list;
  }();
  return names;
}

}  // namespace porelith
