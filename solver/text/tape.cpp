#include "solver/text/tape.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "solver/text/vector_math.hpp"

namespace porelith {

namespace {

using vector_math::smallest_base;

constexpr int width = 8;  ///< points in one go: one AVX-512 register, two AVX2, four SSE2
constexpr double not_real = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = 1e299;  ///< what is held back from overflowing counts as if it had

/// f(a) and its derivative by a.
struct Pair {
  double value, slope;
};

/// One instruction's memory: values and slopes of the inputs and the output, `n` points (a multiple of `width`).
/// The output may lie where an input lies, never across it.
struct Operands {
  int n;
  const double *a, *da, *b, *db;
  double *f, *df;
};

/// f, df = law(a) by the chain rule, for every point; vectorised where the law has no branch.
template <class Law>
void unary(const Operands& o, Law law) {
  const double *const a = o.a, *const da = o.da;
  double *const f = o.f, *const df = o.df;
#pragma GCC ivdep
  for (int i = 0; i < o.n; ++i) {
    const Pair p = law(a[i]);
    df[i] = p.slope * da[i];
    f[i] = p.value;
  }
}

/// f, df = law(a, da, b, db) for every point.
template <class Law>
void binary(const Operands& o, Law law) {
  const double *const a = o.a, *const da = o.da, *const b = o.b, *const db = o.db;
  double *const f = o.f, *const df = o.df;
#pragma GCC ivdep
  for (int i = 0; i < o.n; ++i) {
    const Pair p = law(a[i], da[i], b[i], db[i]);
    f[i] = p.value;
    df[i] = p.slope;
  }
}

/// a^n, n >= 0, by squaring.
double whole_power(double a, int n) {
  double product = 1;
  for (; n > 0; n /= 2, a *= a) {
    if (n % 2 == 1) product *= a;
  }
  return product;
}

void integer_power(const Operands& o, int n) {
  unary(o, [n](double a) -> Pair {
    if (n > 0) {
      const double below = whole_power(a, n - 1);
      return {below * a, n * below};
    }
    const double value = 1 / whole_power(a, -n);
    return {value, n * value / a};
  });
}

/// a^p with p + 1/2 a whole number
void half_power(const Operands& o, double p) {
  const int n = static_cast<int>(std::floor(p));
  unary(o, [n, p](double a) -> Pair {
    if (n > 0) {
      const double below = whole_power(a, n - 1) * std::sqrt(a);
      return {below * a, p * below};
    }
    const double value = 1 / (std::sqrt(a) * whole_power(a, -n - 1));
    return {value, p * value / a};
  });
}

/// a^p with a^p = 0 at a = 0 for p > 0; a slope that is infinite there is a large number, never NaN.
void real_power(const Operands& o, double p) {
  const double at_zero = p > 0 ? 0 : vector_math::exp(vector_math::largest_exponent);
  unary(o, [p, at_zero](double a) -> Pair {
    const double log_a = vector_math::log(a);
    const double value = a == 0 ? at_zero : vector_math::exp(p * log_a);
    const double slope = p * vector_math::exp((p - 1) * log_a);
    return {a >= 0 ? value : not_real, a >= 0 ? slope : not_real};
  });
}

/// tanh u and its slope 1 - tanh^2 u from e^(-2|u|), which cannot overflow.
void hyperbolic_tangent(const Operands& o, double scale, double shift) {
  const double slope_scale = 4 * scale;
  unary(o, [scale, shift, slope_scale](double a) -> Pair {
    const double u = scale * a + shift;
    const double t = vector_math::exp(-2 * std::fabs(u));
    const double r = 1 / (1 + t);
    return {std::copysign((1 - t) * r, u), slope_scale * (t * r * r)};
  });
}

void exponential(const Operands& o, double scale, double shift) {
  unary(o, [scale, shift](double a) -> Pair {
    const double value = vector_math::exp(scale * a + shift);
    return {value, scale * value};
  });
}

void extreme(const Operands& o, double sign) {
  binary(o, [sign](double a, double da, double b, double db) -> Pair {
    return sign * a <= sign * b ? Pair{a, da} : Pair{b, db};
  });
}

/// Both at once; sinh is exact to 1e-16 absolute near 0.
struct Hyperbolic {
  explicit Hyperbolic(double u) {
    const double e = vector_math::exp(std::fabs(u)), inverse = 1 / e;
    cosh = 0.5 * (e + inverse);
    sinh = std::copysign(0.5 * (e - inverse), u);
  }
  double cosh, sinh;
};

/// Functions of which most expressions have none.
void special(Op op, const Operands& o) {
  switch (op) {
    case Op::log:
      unary(o, [](double a) -> Pair { return {a > 0 ? vector_math::log(a) : a == 0 ? -infinity : not_real, 1 / a}; });
      break;
    case Op::power_log:
      unary(o, [](double a) -> Pair {
        const double bounded = a < smallest_base ? smallest_base : a;
        return {a >= 0 ? vector_math::log(bounded) : not_real, 1 / bounded};
      });
      break;
    case Op::log10:
      unary(o, [](double a) -> Pair { return {std::log10(a), 1 / (a * M_LN10)}; });
      break;
    case Op::sinh:
      unary(o, [](double a) -> Pair {
        const Hyperbolic h(a);
        return {h.sinh, h.cosh};
      });
      break;
    case Op::cosh:
      unary(o, [](double a) -> Pair {
        const Hyperbolic h(a);
        return {h.cosh, h.sinh};
      });
      break;
    case Op::sin:
      unary(o, [](double a) -> Pair { return {std::sin(a), std::cos(a)}; });
      break;
    case Op::cos:
      unary(o, [](double a) -> Pair { return {std::cos(a), -std::sin(a)}; });
      break;
    case Op::atan:
      unary(o, [](double a) -> Pair { return {std::atan(a), 1 / (1 + a * a)}; });
      break;
    case Op::erf:
      unary(o, [](double a) -> Pair { return {std::erf(a), M_2_SQRTPI * std::exp(-a * a)}; });
      break;
    default:  // Op::abs
      unary(o, [](double a) -> Pair { return {std::fabs(a), a < 0 ? -1.0 : 1.0}; });
  }
}

/// Sums, products and the powers that expressions are full of.
void arithmetic(Op op, const Operands& o, double scale, double scale2, double shift) {
  switch (op) {
    case Op::affine:
      unary(o, [=](double a) -> Pair { return {scale * a + shift, scale}; });
      break;
    case Op::sum:
      binary(o, [=](double a, double da, double b, double db) -> Pair {
        return {scale * a + (scale2 * b + shift), scale * da + scale2 * db};
      });
      break;
    case Op::product:
      binary(o, [=](double a, double da, double b, double db) -> Pair {
        return {scale * a * b, scale * (da * b + a * db)};
      });
      break;
    case Op::quotient:
      binary(o, [](double a, double da, double b, double db) -> Pair {
        const double ratio = a / b;
        return {ratio, (da - ratio * db) / b};
      });
      break;
    case Op::square:
      unary(o, [](double a) -> Pair { return {a * a, 2 * a}; });
      break;
    case Op::cube:
      unary(o, [](double a) -> Pair { return {a * a * a, 3 * a * a}; });
      break;
    case Op::sqrt:
      unary(o, [](double a) -> Pair {
        const double root = std::sqrt(a);
        return {root, 0.5 / (root < smallest_base ? smallest_base : root)};
      });
      break;
    default:  // Op::power_1_5
      unary(o, [](double a) -> Pair {
        const double root = std::sqrt(a);
        return {root * a, 1.5 * root};
      });
  }
}

/// Memory of one thread, on the border of a vector register, that only grows.
class Scratch {
 public:
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { release(); }

  double* doubles(std::size_t count) {
    if (count > size_) {
      release();
      memory_ = static_cast<double*>(::operator new[](count * sizeof(double), alignment));
      size_ = count;
    }
    return memory_;
  }

 private:
  static constexpr std::align_val_t alignment{64};
  void release() {
    if (memory_ != nullptr) ::operator delete[](memory_, alignment);
    memory_ = nullptr;
    size_ = 0;
  }
  double* memory_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

template <bool checked>
bool Tape::evaluate_block(int n, const double* const* x, std::uint32_t by, double* f, double* df) const {
  const int padded = (n + width - 1) / width * width;
  thread_local Scratch scratch;  // place k: values from 2 k padded on, then as many slopes
  double* const memory = scratch.doubles(2 * static_cast<std::size_t>(places_) * padded);
  const auto value = [&](std::uint32_t place) { return memory + static_cast<std::size_t>(2 * place) * padded; };
  for (std::uint32_t k = 0; k < arguments_; ++k) {
    double* const v = value(k);
    std::copy(x[k], x[k] + n, v);
    std::fill(v + n, v + padded, x[k][n - 1]);
    std::fill(v + padded, v + 2 * padded, k == by ? 1.0 : 0.0);
  }

  for (const auto& c : code_) {
    const Operands o{padded,       value(c.a),           value(c.a) + padded, value(c.b), value(c.b) + padded,
                     value(c.out), value(c.out) + padded};
    switch (c.op) {
      case Op::exp:
        exponential(o, c.scale, c.shift);
        break;
      case Op::tanh:
        hyperbolic_tangent(o, c.scale, c.shift);
        break;
      case Op::minimum:
        extreme(o, 1);
        break;
      case Op::maximum:
        extreme(o, -1);
        break;
      case Op::integer_power:
        integer_power(o, static_cast<int>(c.scale));
        break;
      case Op::half_power:
        half_power(o, c.scale);
        break;
      case Op::real_power:
        real_power(o, c.scale);
        break;
      default:
        if (c.op <= Op::power_1_5) {
          arithmetic(c.op, o, c.scale, c.scale2, c.shift);
        } else {
          special(c.op, o);
        }
    }
    if constexpr (checked) {
      for (int i = 0; i < n; ++i)
        if (!(std::fabs(o.f[i]) < no_number)) return false;
    }
  }
  const double *const v = value(result_), *const dv = v + padded;
  for (int i = 0; i < n; ++i) {
    f[i] = scale_ * v[i] + shift_;
    df[i] = scale_ * dv[i];
  }
  return true;
}

void Tape::evaluate(int n, const double* x, double* f, double* df) const {
  if (constant_) {
    std::fill(f, f + n, shift_);
    std::fill(df, df + n, 0.0);
    return;
  }
  for (int i = 0; i < n; i += block) {
    const double* const at = x + i;
    evaluate_block<false>(std::min(block, n - i), &at, 0, f + i, df + i);
  }
}

bool Tape::evaluate_checked(const double* x, std::uint32_t by, double& f, double& df) const {
  thread_local std::vector<const double*> at;
  at.resize(arguments_);
  for (std::uint32_t k = 0; k < arguments_; ++k) at[k] = x + k;
  return evaluate_block<true>(1, at.data(), by, &f, &df) && std::isfinite(f);
}

double Tape::value(const double* x) const {
  if (constant_) return shift_;
  double f, df;
  return evaluate_checked(x, arguments_, f, df) ? f : not_real;
}

double Tape::slope(const double* x, int k) const {
  if (constant_ || !reads(k)) return std::isfinite(value(x)) ? 0 : not_real;
  double f, df;
  return evaluate_checked(x, static_cast<std::uint32_t>(k), f, df) && std::isfinite(df) ? df : not_real;
}

}  // namespace porelith
