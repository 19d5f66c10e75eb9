#include "solver/text/expression.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "solver/base/error.hpp"

namespace porelith {

namespace {

constexpr std::size_t longest_text = 100'000;
constexpr int deepest_nesting = 200;
constexpr std::size_t most_nodes = 100'000;

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

/// Recursive descent: each rule of the grammar is one function and returns the place of its node.
class Parser {
 public:
  Parser(const std::string& text, const std::vector<std::string>& names, const std::vector<Definition>& definitions)
      : text_(text), names_(names), definitions_(definitions), copied_(definitions.size(), -1) {}

  ExpressionTree parse() {
    if (text_.size() > longest_text) {
      fail(1, fmt::format("the expression has {} characters; at most {} are read", text_.size(), longest_text));
    }
    skip_blanks();
    if (at_end()) fail(1, "the expression is empty");
    const int whole = sum();
    if (!at_end()) fail_unexpected("an operator");
    tree_.nodes.resize(static_cast<std::size_t>(whole) + 1);  // operands always come earlier
    return std::move(tree_);
  }

 private:
  using Kind = ExpressionNode::Kind;

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

  int node(const ExpressionNode& made) {
    tree_.nodes.push_back(made);
    return static_cast<int>(tree_.nodes.size()) - 1;
  }
  int node(Kind kind, int column, int a, int b = -1) { return node({kind, column, a, b}); }

  int sum() {
    int left = term();
    while (true) {
      const int start = column();
      if (take('+')) {
        left = node(Kind::add, start, left, term());
      } else if (take('-')) {
        left = node(Kind::subtract, start, left, term());
      } else {
        return left;
      }
    }
  }

  int term() {
    int left = sign();
    while (true) {
      const int start = column();
      if (peek() == '*' && peek(1) == '*') fail(start, "the power ** lacks its base");
      if (peek() == '/' && peek(1) == '/') fail(start, "// is not an operator of BPX; / divides");
      if (take('*')) {
        left = node(Kind::multiply, start, left, sign());
      } else if (take('/')) {
        left = node(Kind::divide, start, left, sign());
      } else {
        return left;
      }
    }
  }

  int sign() {
    const int start = column();
    bool negative = false;
    while (peek() == '+' || peek() == '-') {
      negative ^= peek() == '-';
      take(peek());
    }
    const int value = power();
    return negative ? node(Kind::negate, start, value) : value;
  }

  int power() {
    const Nesting nesting(*this);
    const int base = atom();
    const int start = column();
    if (!(peek() == '*' && peek(1) == '*')) return base;
    take('*');
    take('*');
    return node(Kind::power, start, base, sign());
  }

  int atom() {
    if (is_digit(peek()) || (peek() == '.' && is_digit(peek(1)))) return number();
    if (is_letter(peek())) return name();
    if (take('(')) {
      const int value = sum();
      close();
      return value;
    }
    fail_unexpected(fmt::format("a number, {}, a function or (", names_.size() == 1 ? names_[0] : "a name"));
  }

  int number() {
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
    const int result = node({Kind::number, static_cast<int>(start) + 1, -1, -1, value});
    skip_blanks();
    return result;
  }

  /// Whether a number out of range is below it: its exponent, or the lack of digits before the point, says so.
  bool is_tiny(std::size_t start) const {
    const std::string digits = text_.substr(start, position_ - start);
    const std::size_t e = digits.find_first_of("eE");
    return e == std::string::npos ? digits[0] == '.' || digits[0] == '0' : digits[e + 1] == '-';
  }

  int name() {
    const int start = column();
    const std::string typed = word();
    position_ += typed.size();
    skip_blanks();
    const auto known = std::find(names_.begin(), names_.end(), typed);
    if (known != names_.end()) {
      if (peek() == '=') fail(column(), "= is not an operator: an expression computes one value and assigns none");
      if (peek() == '(') fail(column(), fmt::format("{0} is a variable, not a function; write {0} * (...)", typed));
      return node({Kind::name, start, -1, -1, 0, static_cast<int>(known - names_.begin())});
    }
    for (std::size_t k = 0; k < definitions_.size(); ++k)
      if (definitions_[k].name == typed) return copy(k, start);
    const auto* function = std::find_if(std::begin(known_functions), std::end(known_functions),
                                        [&](const KnownFunction& f) { return typed == f.name; });
    if (function == std::end(known_functions)) fail_unknown(typed, start);
    if (!take('(')) fail(column(), fmt::format("the function {} needs its argument in parentheses", typed));
    return call(*function, start);
  }

  /// A definition's nodes, once an expression however often its name stands there.
  int copy(std::size_t k, int start) {
    if (peek() == '=') fail(column(), "= is not an operator: an expression computes one value and assigns none");
    if (peek() == '(')
      fail(column(), fmt::format("{0} is a variable, not a function; write {0} * (...)", definitions_[k].name));
    if (copied_[k] >= 0) return copied_[k];
    const int first = static_cast<int>(tree_.nodes.size());
    const auto& nodes = definitions_[k].tree.nodes;
    if (tree_.nodes.size() + nodes.size() > most_nodes)
      fail(start, fmt::format("with {} the expression has more than {} parts", definitions_[k].name, most_nodes));
    for (ExpressionNode part : nodes) {
      part.column = start;
      if (part.a >= 0) part.a += first;
      if (part.b >= 0) part.b += first;
      tree_.nodes.push_back(part);
    }
    return copied_[k] = static_cast<int>(tree_.nodes.size()) - 1;
  }

  int call(const KnownFunction& function, int start) {
    if (peek() == ')') fail(column(), fmt::format("{}() lacks its argument", function.name));
    std::vector<int> arguments{sum()};
    while (take(',')) arguments.push_back(sum());
    close();
    if (static_cast<int>(arguments.size()) != function.arguments) {
      fail(start, fmt::format("{} takes {} argument{}, not {}", function.name, function.arguments,
                              function.arguments == 1 ? "" : "s", arguments.size()));
    }
    auto& beyond = tree_.beyond_bpx;
    if (!function.in_bpx && std::count(beyond.begin(), beyond.end(), function.name) == 0)
      beyond.emplace_back(function.name);
    if (function.op == Op::real_power) return node(Kind::power, start, arguments[0], arguments[1]);
    return node({Kind::function, start, arguments[0], function.arguments == 2 ? arguments[1] : -1, 0, 0, function.op});
  }

  void close() {
    if (!take(')')) fail_unexpected(")");
  }

  [[noreturn]] void fail(int at, const std::string& sentence) { throw ExpressionError(sentence, at); }

  [[noreturn]] void fail_unknown(const std::string& typed, int start) {
    std::vector<std::string> own = names_;
    for (const Definition& definition : definitions_) own.push_back(definition.name);
    std::vector<std::string> names = own;
    for (const auto& f : known_functions) names.emplace_back(f.name);
    const std::string nearest = typed.size() > 1 ? nearest_name(typed, names) : "";
    fail(start,
         fmt::format("{} is not known here; {}", typed,
                     nearest.empty() ? fmt::format("an expression may use {} and {}",
                                                   own.empty() ? "numbers" : fmt::format("{}", fmt::join(own, ", ")),
                                                   function_list())
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
  const std::vector<std::string>& names_;
  const std::vector<Definition>& definitions_;
  std::vector<int> copied_;  ///< of each definition, the place of its whole; -1 where it does not stand here yet
  int depth_ = 0;
  ExpressionTree tree_;
};

}  // namespace

ExpressionTree parse_expression(const std::string& text, const std::vector<std::string>& names,
                                const std::vector<Definition>& definitions) {
  return Parser(text, names, definitions).parse();
}

const std::vector<std::string>& expression_functions() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& f : known_functions) list.emplace_back(f.name);
    return list;
  }();
  return names;
}

}  // namespace porelith
