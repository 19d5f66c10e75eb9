#pragma once
/// Straight-line code that computes f and its slopes together for a block of points: what an expression becomes, of one
/// argument or of several.
///
/// `TapeBuilder` receives the operations in the order in which they are to be computed. It folds constants, keeps every
/// value as scale*v + shift of an instruction's value v (so that `x/1000` or `4.5*(x - 0.03)` costs nothing of its
/// own), and finds equal instructions again. Values that nobody needs any more give their place to new ones.
#include <array>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

namespace porelith {

/// What an instruction computes. `u` is scale*a + shift where it says so; all others take plain values.
enum class Op : std::uint8_t {
  // arithmetic
  affine,     ///< u
  sum,        ///< scale*a + scale2*b + shift
  product,    ///< scale*(a b)
  quotient,   ///< a/b
  square,     ///< a^2
  cube,       ///< a^3
  sqrt,       ///< sqrt a
  power_1_5,  ///< a^1.5
  // powers with the exponent in `scale`
  integer_power,  ///< |scale| <= 1024 a whole number
  half_power,     ///< |scale| <= 1024, scale + 1/2 a whole number
  real_power,     ///< any scale, a >= 0
  exp,            ///< exp u, u held within +-690
  tanh,           ///< tanh u
  log,            ///< log a
  power_log,      ///< log a, a large negative number at a = 0: for powers whose exponent depends on x
  log10,
  sinh,
  cosh,
  sin,
  cos,
  atan,
  erf,
  abs,
  minimum,  ///< min(a, b)
  maximum,  ///< max(a, b)
};

/// What one of exp ... abs makes of a number, as constants are folded.
double value_of(Op op, double a);

/// f and its slopes as a list of instructions over numbered places of scratch memory.
class Tape {
 public:
  static constexpr int block = 64;  ///< points that go through the instructions at a time

  bool is_constant() const { return constant_; }
  /// f where it is constant, and the last addition otherwise
  double constant() const { return shift_; }
  int operations() const { return static_cast<int>(code_.size()); }
  /// Whether f depends on argument k.
  bool reads(int k) const { return reads_[static_cast<std::size_t>(k)]; }

  /// Of one argument: f[i], df[i] = f(x[i]), f'(x[i]) for i < n. Thread-safe; allocates only when a thread's scratch
  /// must grow.
  void evaluate(int n, const double* x, double* f, double* df) const;
  /// At one point, x[k] being argument k: f, or NaN where f or a part of it is no finite number.
  double value(const double* x) const;
  /// The same for df/dx[k]; 0 where f does not depend on x[k].
  double slope(const double* x, int k) const;

 private:
  friend class TapeBuilder;
  struct Instruction {
    Op op;
    std::uint32_t out, a, b;  ///< places; those of the arguments come first
    double scale, scale2, shift;
  };
  /// @param by the argument whose slope df gets @return whether all parts are finite numbers; true where not `checked`
  template <bool checked>
  bool evaluate_block(int n, const double* const* x, std::uint32_t by, double* f, double* df) const;
  /// At one point; whether f and all parts of it are finite numbers.
  bool evaluate_checked(const double* x, std::uint32_t by, double& f, double& df) const;

  std::vector<Instruction> code_;
  std::vector<bool> reads_;
  std::uint32_t arguments_ = 1, places_ = 1;
  std::uint32_t result_ = 0;
  double scale_ = 0, shift_ = 0;  ///< f = scale*result + shift
  bool constant_ = true;
};

/// Writes a tape; see the top of this file.
class TapeBuilder {
 public:
  /// scale*v + shift, v being the value of an instruction, or of an argument: these come first. A constant has scale 0.
  struct Value {
    double scale = 0;
    std::uint32_t v = 0;
    double shift = 0;
    bool is_constant() const { return scale == 0; }
  };

  explicit TapeBuilder(int arguments = 1) : arguments_(static_cast<std::uint32_t>(arguments)) {}

  static Value constant(double c) { return {0, 0, c}; }
  static Value argument(int k) { return {1, static_cast<std::uint32_t>(k), 0}; }

  Value add(Value a, Value b);
  Value subtract(Value a, Value b) { return add(a, negate(b)); }
  Value negate(Value a) { return {-a.scale, a.v, -a.shift}; }
  Value multiply(Value a, Value b);
  Value divide(Value a, Value b);
  Value power(Value a, Value b);
  /// One of exp ... abs
  Value apply(Op op, Value a);
  /// Op::minimum or Op::maximum
  Value extreme(Op op, Value a, Value b);

  Tape finish(Value result);

 private:
  using Key = std::tuple<Op, std::uint32_t, std::uint32_t, std::array<std::uint64_t, 3>>;

  Value emit(Op op, std::uint32_t a, std::uint32_t b, double scale = 1, double scale2 = 1, double shift = 0);
  std::uint32_t plain(Value a);
  Value constant_power(Value a, double exponent);
  void share_places(Tape& tape) const;

  std::uint32_t arguments_;
  std::vector<Tape::Instruction> code_;  ///< instruction k computes value arguments_ + k
  std::map<Key, std::uint32_t> known_;
};

}  // namespace porelith
