/// fuzz_bpx MUTANTS [SEED]: damages valid BPX files and expressions at random, always in the same way for the same
/// seed, and gives them to the readers. Nothing but their own errors may come out of them. Meant to run under the
/// sanitizers.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "solver/base/error.hpp"
#include "solver/cell/bpx/bpx.hpp"
#include "solver/text/expression.hpp"
#include "solver/text/function.hpp"
#include "tests/support/bpx_texts.hpp"

namespace {

using porelith::Function;

const std::vector<std::string> file_seeds{porelith::samples::bpx_v0, porelith::samples::bpx_v1};

const std::vector<std::string> expression_seeds{
    "0.1297 * (x / 1000) ** 3 - 2.51 * (x / 1000) ** 1.5 + 3.329 * (x / 1000)",
    "3.41 - 0.015 * x + 3.5e14 * exp(-395.7 * x) - 1.46 * exp(-110.1 * (1 - x))",
    "0.2 + 1.5*exp(-120*x) + 0.035*tanh((x - 0.286)/0.083) - tanh(--x)**2**-1",
    "min(max(x, 1e-3), 1 - x) + abs(sin(x) - cos(x)) / (2 + atan(x)) - erf(x)",
    "pow(x, 1 + x) + log(x + 1) * log10(2 + x) / sqrt(.5 + x) - sinh(x) * cosh(5.e-1 * x)",
    "((((((x))))))**0.37",
};

/// What may replace or join a piece of text: the pieces of both languages, and what is in neither.
const std::vector<std::string> tokens{"x",
                                      "+",
                                      "-",
                                      "*",
                                      "/",
                                      "**",
                                      "(",
                                      ")",
                                      ",",
                                      "^",
                                      "=",
                                      ".",
                                      "e",
                                      "0",
                                      "1",
                                      "-1",
                                      "1e9",
                                      "1e-9",
                                      "1e308",
                                      "1e-308",
                                      "0.5",
                                      "exp(",
                                      "tanh(",
                                      "log(",
                                      "sqrt(",
                                      "min(",
                                      "pow(",
                                      "pi",
                                      "nan",
                                      "{",
                                      "}",
                                      "[",
                                      "]",
                                      "\"",
                                      ":",
                                      "\\",
                                      "\\u00e",
                                      "null",
                                      "true",
                                      "{}",
                                      "[]",
                                      "\n",
                                      "\t",
                                      " ",
                                      "\xc3",
                                      "\xff",
                                      "\"x\"",
                                      "\"y\"",
                                      "NaN",
                                      "-0",
                                      "0x1",
                                      "\"Particle\": {",
                                      "\"State\": {}",
                                      "99999999999999999999"};

class Mutator {
 public:
  explicit Mutator(unsigned long seed) : generator_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(generator_() % (n == 0 ? 1 : n)); }
  const std::string& one_of(const std::vector<std::string>& list) { return list[below(list.size())]; }

  std::string damage(std::string text) {
    for (std::size_t count = 1 + below(4); count > 0; --count) once(text);
    return text;
  }

 private:
  void once(std::string& text) {
    const std::size_t at = below(text.size() + 1), length = below(below(4) == 0 ? 200 : 12);
    switch (below(8)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, one_of(tokens));
        break;
      case 3:
        text.insert(below(text.size() + 1), text.substr(at, length));
        break;
      case 4:
        text.replace(at, length, one_of(tokens));
        break;
      case 5:
        swap_spans(text, at, length);
        break;
      case 6:
        number(text, at);
        break;
      default:
        if (below(10) == 0) text.resize(at);
        if (below(10) == 0) text.insert(at, repeat(one_of(tokens), 1 + below(400)));
    }
  }

  void swap_spans(std::string& text, std::size_t at, std::size_t length) {
    const std::string span = text.substr(at, length);
    text.erase(at, length);
    text.insert(below(text.size() + 1), span);
  }

  /// Replaces the next digit by an extreme number.
  void number(std::string& text, std::size_t at) {
    const std::vector<std::string> numbers{
        "0", "-1", "1e30", "1e-30", "1e300", "4.9e-324", "1.7976931348623157e308", "0.999999"};
    const std::size_t digit = text.find_first_of("0123456789", at);
    if (digit != std::string::npos) text.replace(digit, 1, one_of(numbers));
  }

  static std::string repeat(const std::string& piece, std::size_t times) {
    std::string text;
    for (; times > 0; --times) text += piece;
    return text;
  }

  std::mt19937_64 generator_;
};

/// Whether the reader accepted it.
bool try_expression(const std::string& text) {
  try {
    const Function f = Function::expression(text);
    const std::vector<double> x{-1e300, -1, -0.0, 0, 1e-308, 1e-9, 0.3, 0.5, 1, 2, 1000, 1e300, std::nan("")};
    std::vector<double> value(x.size()), slope(x.size());
    f.evaluate(static_cast<int>(x.size()), x.data(), value.data(), slope.data());
    return true;
  } catch (const porelith::ExpressionError& error) {
    if (error.column < 1 || error.column > static_cast<int>(text.size()) + 1)
      throw std::logic_error("a column outside the text");
    return false;
  }
}

bool try_file(const std::string& text) {
  try {
    const porelith::Cell cell = porelith::parse_bpx(text, "mutant.json");
    for (const auto* electrode : {&cell.negative, &cell.positive}) {
      for (std::size_t m = 0; m < electrode->materials.size(); ++m) {
        if (!(electrode->eps_s(m, 0.2, 0.4) > 0)) throw std::logic_error("an accepted cell without active material");
      }
    }
    return true;
  } catch (const porelith::CaseError& error) {
    for (const auto& problem : error.problems()) {
      if (problem.where.line < 1 || problem.where.column < 1 || problem.sentence.empty()) {
        throw std::logic_error("a problem without its place: " + problem.text());
      }
    }
    return false;
  }
}

template <class Try>
int run(const char* what, long mutants, unsigned long seed, const std::vector<std::string>& seeds, Try attempt) {
  Mutator mutator(seed);
  long accepted = 0;
  for (const auto& text : seeds) {
    if (!attempt(text)) {
      std::fprintf(stderr, "a seed is not accepted:\n%s\n", text.c_str());
      return 1;
    }
  }
  for (long k = 0; k < mutants; ++k) {
    const std::string text = mutator.damage(mutator.one_of(seeds));
    try {
      accepted += attempt(text) ? 1 : 0;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s: mutant %ld of seed %lu lets escape: %s\n%s\n", what, k, seed, error.what(),
                   text.c_str());
      return 1;
    }
  }
  std::printf("%s: %ld mutants, %ld accepted, 0 crashes\n", what, mutants, accepted);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const long mutants = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 100'000;
  const unsigned long seed = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1;
  if (mutants < 1) {
    std::fprintf(stderr, "usage: fuzz_bpx MUTANTS [SEED]\n");
    return 64;
  }
  const int expressions = run("expressions", mutants, seed, expression_seeds, try_expression);
  const int files = run("BPX files", mutants, seed, file_seeds, try_file);
  return expressions != 0 || files != 0 ? 1 : 0;
}
