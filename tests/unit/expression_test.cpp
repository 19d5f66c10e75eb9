#include "solver/text/expression.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "solver/text/function.hpp"
#include "tests/support/catch.hpp"

using porelith::compile_expression;
using porelith::ExpressionError;
using porelith::Function;

namespace {

double value(const std::string& text, double x = 0) { return Function::expression(text)(x).value; }

/// "column: sentence" of a rejected expression, "accepted" otherwise
std::string complaint(const std::string& text) {
  try {
    compile_expression(text);
  } catch (const ExpressionError& error) {
    return std::to_string(error.column) + ": " + error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("powers bind tighter than signs on their left and group to the right") {
  CHECK(value("-2**2") == -4);
  CHECK(value("2**3**2") == 512);
  CHECK(value("2**-1") == 0.5);
  CHECK(value("2**-2**2") == 0.0625);
  CHECK(value("(-2)**2") == 4);
  CHECK(value("-x**2", 3) == -9);
  CHECK(value("2*x**2", 3) == 18);
}

TEST_CASE("signs repeat, and sums and products group to the left") {
  CHECK(value("--x", 3) == 3);
  CHECK(value("-+-+x", 3) == 3);
  CHECK(value("1 - -1") == 2);
  CHECK(value("2 * -3") == -6);
  CHECK(value("10 - 3 - 2") == 5);
  CHECK(value("16 / 4 / 2") == 2);
  CHECK(value("2 + 3 * 4") == 14);
  CHECK(value("(2 + 3) * 4") == 20);
}

TEST_CASE("numbers may be written in every way that Python allows for decimals") {
  CHECK(value("1") == 1);
  CHECK(value(".5") == 0.5);
  CHECK(value("5.") == 5);
  CHECK(value("5.e3") == 5000);
  CHECK(value("1E5") == 1e5);
  CHECK(value("1e+5") == 1e5);
  CHECK(value("2.5e-1") == 0.25);
  CHECK(value("007") == 7);
  CHECK(value("1e-400") == 0);
}

TEST_CASE("blanks, tabs and line ends may stand anywhere between the parts") {
  CHECK(value(" \t2\r\n*\n( x\t+ 1 ) ** \n- 1 ", 3) == 0.5);
}

TEST_CASE("every function has its value") {
  const double x = 0.37;
  CHECK(value("exp(x)", x) == Approx(std::exp(x)).epsilon(4e-16));
  CHECK(value("tanh(x)", x) == Approx(std::tanh(x)).epsilon(4e-16));
  CHECK(value("cosh(x)", x) == Approx(std::cosh(x)).epsilon(4e-16));
  CHECK(value("sinh(x)", x) == Approx(std::sinh(x)).epsilon(1e-15));
  CHECK(value("sqrt(x)", x) == Approx(std::sqrt(x)).epsilon(4e-16));
  CHECK(value("log(x)", x) == Approx(std::log(x)).epsilon(4e-16));
  CHECK(value("log10(x)", x) == Approx(std::log10(x)).epsilon(4e-16));
  CHECK(value("sin(x)", x) == Approx(std::sin(x)).epsilon(4e-16));
  CHECK(value("cos(x)", x) == Approx(std::cos(x)).epsilon(4e-16));
  CHECK(value("atan(x)", x) == Approx(std::atan(x)).epsilon(4e-16));
  CHECK(value("erf(x)", x) == Approx(std::erf(x)).epsilon(4e-16));
  CHECK(value("abs(-x)", x) == x);
  CHECK(value("min(x, 0.2) + max(x, 0.2)", x) == Approx(x + 0.2).epsilon(4e-16));
  CHECK(value("pow(x, 1.7)", x) == Approx(std::pow(x, 1.7)).epsilon(1e-15));
}

TEST_CASE("constants are folded as the functions themselves compute") {
  CHECK(Function::expression("exp(1) + tanh(0.3) * 2 ** 0.5").is_constant());
  CHECK(value("exp(1)") == std::exp(1.0));
  CHECK(value("2 ** 0.5") == std::sqrt(2.0));
  CHECK(value("min(3, 2) + max(3, 2) + abs(-1)") == 6);
  CHECK(Function::expression("x - x + 3").is_constant());
}

TEST_CASE("what an expression repeats is computed once") {
  // x/1000, its cube and its power 1.5 once each, two additions: the third term joins the last one
  CHECK(compile_expression("0.1297*(x/1000)**3 - 2.51*(x/1000)**1.5 + 3.329*(x/1000)").tape.operations() == 5);
  CHECK(compile_expression("tanh(2*x) + tanh(2*x)").tape.operations() == 1);
  CHECK(compile_expression("4*(x - 3) + 2*x/5").tape.operations() == 0);
}

TEST_CASE("functions that BPX does not define are named, each once") {
  CHECK(compile_expression("exp(x) + tanh(x) + cosh(x)").beyond_bpx.empty());
  CHECK(compile_expression("log(x) + sqrt(x) + log(2 * x)").beyond_bpx == std::vector<std::string>{"log", "sqrt"});
}

TEST_CASE("what is not an expression is refused with the column and a sentence") {
  CHECK(complaint("") == "1: the expression is empty");
  CHECK(complaint("  ") == "1: the expression is empty");
  CHECK(complaint("x = 3") == "3: = is not an operator: an expression computes one value and assigns none");
  CHECK(complaint("x^2") == "2: ^ is not an operator of BPX; a power is written **");
  CHECK(complaint("x % 2") == "3: % is not an operator of BPX");
  CHECK(complaint("x // 2") == "3: // is not an operator of BPX; / divides");
  CHECK(complaint("2 == x") == "3: an expression compares and assigns nothing");
  CHECK(complaint("x < 2") == "3: an expression compares and assigns nothing");
  CHECK(complaint("x x") == "3: expected an operator, found x");
  CHECK(complaint("2 x") == "3: expected an operator, found x");
  CHECK(complaint("2x") == "2: expected an operator after the number 2, found x");
  CHECK(complaint("0x10") == "2: expected an operator after the number 0, found x10");
  CHECK(complaint("1_000") == "2: expected an operator after the number 1, found _000");
  CHECK(complaint("1..2") == "3: expected an operator after the number 1., found .");
  CHECK(complaint("1e") == "3: the exponent of a number lacks its digits");
  CHECK(complaint(".") == "1: expected a number, x, a function or (, found .");
  CHECK(complaint("* x") == "1: expected a number, x, a function or (, found *");
  CHECK(complaint("x ** ") == "6: the expression ends where a number, x, a function or ( should follow");
  CHECK(complaint("(x") == "3: the expression ends where ) should follow");
  CHECK(complaint("x)") == "2: expected an operator, found )");
  CHECK(complaint("()") == "2: expected a number, x, a function or (, found )");
  CHECK(complaint("x(3)") == "2: x is a variable, not a function; write x * (...)");
  CHECK(complaint("1,5") == "2: a comma separates the arguments of a function only; decimals are written with a point");
  CHECK(complaint("\xc2\xb2") == "1: expected a number, x, a function or (, found the byte 0xc2");
  CHECK(complaint(std::string("x\0", 2)) == "2: expected an operator, found the byte 0x00");
}

TEST_CASE("a part that is not finite hides nothing that is written wrong behind it") {
  CHECK(complaint("1/0") == "2: this part is not a finite number");
  CHECK(complaint("1/0 + * x") == "7: expected a number, x, a function or (, found *");
  CHECK(complaint("log(-1)*(x") == "11: the expression ends where ) should follow");
}

TEST_CASE("unknown names are refused, with the nearest known one where there is one") {
  const std::string names =
      " is not known here; an expression may use x and exp, tanh, cosh, sinh, sqrt, log, log10, sin, cos, atan, erf, "
      "abs, min, max, pow";
  CHECK(complaint("2 * pi") == "5: pi" + names);
  CHECK(complaint("nan") == "1: nan" + names);
  CHECK(complaint("inf") == "1: inf" + names);
  CHECK(complaint("x + T") == "5: T" + names);
  CHECK(complaint("tahn(x)") == "1: tahn is not known here; did you mean tanh?");
  CHECK(complaint("X") == "1: X" + names);
}

TEST_CASE("functions insist on their arguments") {
  CHECK(complaint("sin()") == "5: sin() lacks its argument");
  CHECK(complaint("1 + sin") == "8: the function sin needs its argument in parentheses");
  CHECK(complaint("exp x") == "5: the function exp needs its argument in parentheses");
  CHECK(complaint("min(x)") == "1: min takes 2 arguments, not 1");
  CHECK(complaint("x * sin(x, 2)") == "5: sin takes 1 argument, not 2");
}

TEST_CASE("constants that are no finite numbers are refused where they arise") {
  CHECK(complaint("x + 1/0") == "6: this part is not a finite number");
  CHECK(complaint("log(0)") == "1: this part is not a finite number");
  CHECK(complaint("sqrt(-1) * x") == "1: this part is not a finite number");
  CHECK(complaint("1e999") == "1: this part is not a finite number");
  CHECK(complaint("x * 1e200 * 1e200") == "11: this part is not a finite number");
  CHECK(complaint("(-1) ** 0.5") == "6: this part is not a finite number");
}

TEST_CASE("no expression exhausts the stack or the memory") {
  CHECK(complaint(std::string(300, '(')) == "201: the expression is nested more than 200 deep");
  std::string powers = "x";
  for (int i = 0; i < 300; ++i) powers += "**x";
  CHECK(complaint(powers) == "601: the expression is nested more than 200 deep");
  CHECK(complaint(std::string(100'001, 'x')) == "1: the expression has 100001 characters; at most 100000 are read");
  CHECK(value(std::string(90'000, '-') + "x", 2) == 2);
  std::string sum = "x";
  for (int i = 0; i < 30'000; ++i) sum += "+x";
  CHECK(value(sum, 2) == 60'002);
}
