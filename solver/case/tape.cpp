#include "solver/case/tape.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace porelith {

// g++ 12 reports its own AVX-512 headers here (gcc bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace {

constexpr int width = 8;  ///< points in one go: one AVX-512 register, two AVX2, four SSE2
using Lane = Eigen::Array<double, width, 1>;

constexpr double largest_exponent = 690;  ///< e^690 and e^690 times any sane slope are finite
constexpr double smallest_base = 1e-300;  ///< stands for 0 under a logarithm or in a slope of infinity

Eigen::Map<Lane, Eigen::AlignedMax> at(double* p) { return Eigen::Map<Lane, Eigen::AlignedMax>(p); }
Eigen::Map<const Lane, Eigen::AlignedMax> at(const double* p) { return Eigen::Map<const Lane, Eigen::AlignedMax>(p); }

/// One instruction's memory: values and slopes of the inputs and the output, `n` points (a multiple of `width`).
struct Operands {
  int n;
  const double *a, *da, *b, *db;
  double *f, *df;
};

/// f, df = law(a, da): the inputs of eight points are read before their outputs are written, so places may coincide.
template <class Law>
void unary(const Operands& o, Law law) {
  for (int i = 0; i < o.n; i += width) {
    const Lane a = at(o.a + i), da = at(o.da + i);
    Lane f, df;
    law(a, da, f, df);
    at(o.f + i) = f;
    at(o.df + i) = df;
  }
}

template <class Law>
void binary(const Operands& o, Law law) {
  for (int i = 0; i < o.n; i += width) {
    const Lane a = at(o.a + i), da = at(o.da + i), b = at(o.b + i), db = at(o.db + i);
    Lane f, df;
    law(a, da, b, db, f, df);
    at(o.f + i) = f;
    at(o.df + i) = df;
  }
}

/// f = value(a), df = slope(a) da point by point, for functions that have no vector form.
template <class Value, class Slope>
void pointwise(const Operands& o, Value value, Slope slope) {
  for (int i = 0; i < o.n; ++i) {
    const double a = o.a[i], da = o.da[i];
    o.f[i] = value(a);
    o.df[i] = slope(a) * da;
  }
}

Lane bounded_exp(const Lane& u) { return u.max(-largest_exponent).min(largest_exponent).exp(); }

/// a^n, n >= 0, by squaring.
Lane whole_power(Lane a, int n) {
  Lane product = Lane::Ones();
  for (; n > 0; n /= 2, a *= a) {
    if (n % 2 == 1) product *= a;
  }
  return product;
}

void integer_power(const Operands& o, int n) {
  unary(o, [n](const Lane& a, const Lane& da, Lane& f, Lane& df) {
    if (n > 0) {
      const Lane below = whole_power(a, n - 1);
      f = below * a;
      df = n * below * da;
    } else {
      f = whole_power(a, -n).inverse();
      df = n * f / a * da;
    }
  });
}

/// a^(n + 1/2)
void half_power(const Operands& o, double exponent) {
  const int n = static_cast<int>(std::floor(exponent));
  unary(o, [n, exponent](const Lane& a, const Lane& da, Lane& f, Lane& df) {
    if (n > 0) {
      const Lane below = whole_power(a, n - 1) * a.sqrt();
      f = below * a;
      df = exponent * below * da;
    } else {
      f = (a.sqrt() * whole_power(a, -n - 1)).inverse();
      df = exponent * f / a * da;
    }
  });
}

/// a^p with a^p = 0 at a = 0 for p > 0; a slope that is infinite there is a large number, never NaN.
void real_power(const Operands& o, double p) {
  unary(o, [p](const Lane& a, const Lane& da, Lane& f, Lane& df) {
    const Lane log_a = a.max(smallest_base).log();
    const Lane power = bounded_exp(p * log_a);
    df = p * bounded_exp((p - 1) * log_a) * da;
    f = p > 0 ? Lane((a == 0).select(0.0, power)) : power;
    const Lane not_real = Lane::Constant(std::nan(""));
    f = (a < 0).select(not_real, f);
    df = (a < 0).select(not_real, df);
  });
}

/// tanh u and its slope 1 - tanh^2 u from e^(-2|u|), which cannot overflow.
void hyperbolic_tangent(const Operands& o, double scale, double shift) {
  unary(o, [scale, shift](const Lane& a, const Lane& da, Lane& f, Lane& df) {
    const Lane u = scale * a + shift;
    const Lane t = (-2.0 * u.abs()).max(-largest_exponent).exp();
    const Lane r = (1.0 + t).inverse();
    const Lane positive = (1.0 - t) * r;
    f = (u < 0).select(-positive, positive);
    df = (4 * scale) * (t * r * r) * da;
  });
}

void exponential(const Operands& o, double scale, double shift) {
  unary(o, [scale, shift](const Lane& a, const Lane& da, Lane& f, Lane& df) {
    f = bounded_exp(scale * a + shift);
    df = scale * f * da;
  });
}

/// Transcendental functions other than exp, tanh and the powers.
void special(Op op, const Operands& o) {
  switch (op) {
    case Op::log:
      unary(o, [](const Lane& a, const Lane& da, Lane& f, Lane& df) {
        f = a.log();
        df = da / a;
      });
      break;
    case Op::power_log:
      unary(o, [](const Lane& a, const Lane& da, Lane& f, Lane& df) {
        const Lane bounded = (a < 0).select(Lane::Constant(std::nan("")), a.max(smallest_base));
        f = bounded.log();
        df = da / bounded;
      });
      break;
    case Op::log10:
      pointwise(
          o, [](double u) { return std::log10(u); }, [](double u) { return 1 / (u * M_LN10); });
      break;
    case Op::sinh:
      pointwise(
          o, [](double u) { return std::sinh(u); }, [](double u) { return std::cosh(u); });
      break;
    case Op::cosh:
      pointwise(
          o, [](double u) { return std::cosh(u); }, [](double u) { return std::sinh(u); });
      break;
    case Op::sin:
      pointwise(
          o, [](double u) { return std::sin(u); }, [](double u) { return std::cos(u); });
      break;
    case Op::cos:
      pointwise(
          o, [](double u) { return std::cos(u); }, [](double u) { return -std::sin(u); });
      break;
    case Op::atan:
      pointwise(
          o, [](double u) { return std::atan(u); }, [](double u) { return 1 / (1 + u * u); });
      break;
    case Op::erf:
      pointwise(
          o, [](double u) { return std::erf(u); }, [](double u) { return M_2_SQRTPI * std::exp(-u * u); });
      break;
    default:  // Op::abs
      pointwise(
          o, [](double u) { return std::fabs(u); }, [](double u) { return u < 0 ? -1.0 : 1.0; });
  }
}

}  // namespace

void Tape::evaluate_block(int n, const double* x, double* f, double* df) const {
  const int padded = (n + width - 1) / width * width;
  thread_local Eigen::ArrayXd scratch;  // place k: values at 2 k padded, slopes behind them
  if (scratch.size() < 2 * static_cast<Eigen::Index>(places_) * padded) scratch.resize(2 * places_ * padded);
  double* const memory = scratch.data();
  std::copy(x, x + n, memory);
  std::fill(memory + n, memory + padded, x[n - 1]);
  std::fill(memory + padded, memory + 2 * padded, 1.0);
  const auto value = [&](std::uint32_t place) { return memory + static_cast<std::size_t>(2 * place) * padded; };

  for (const auto& c : code_) {
    const Operands o{padded,       value(c.a),           value(c.a) + padded, value(c.b), value(c.b) + padded,
                     value(c.out), value(c.out) + padded};
    switch (c.op) {
      case Op::affine:
        unary(o, [&c](const Lane& a, const Lane& da, Lane& v, Lane& dv) {
          v = c.scale * a + c.shift;
          dv = c.scale * da;
        });
        break;
      case Op::sum:
        binary(o, [&c](const Lane& a, const Lane& da, const Lane& b, const Lane& db, Lane& v, Lane& dv) {
          v = c.scale * a + (c.scale2 * b + c.shift);
          dv = c.scale * da + c.scale2 * db;
        });
        break;
      case Op::product:
        binary(o, [&c](const Lane& a, const Lane& da, const Lane& b, const Lane& db, Lane& v, Lane& dv) {
          v = c.scale * a * b;
          dv = c.scale * (da * b + a * db);
        });
        break;
      case Op::quotient:
        binary(o, [](const Lane& a, const Lane& da, const Lane& b, const Lane& db, Lane& v, Lane& dv) {
          v = a / b;
          dv = (da - v * db) / b;
        });
        break;
      case Op::minimum:
      case Op::maximum: {
        const double sign = c.op == Op::minimum ? 1 : -1;
        binary(o, [sign](const Lane& a, const Lane& da, const Lane& b, const Lane& db, Lane& v, Lane& dv) {
          v = (sign * a <= sign * b).select(a, b);
          dv = (sign * a <= sign * b).select(da, db);
        });
        break;
      }
      case Op::exp:
        exponential(o, c.scale, c.shift);
        break;
      case Op::tanh:
        hyperbolic_tangent(o, c.scale, c.shift);
        break;
      case Op::square:
        unary(o, [](const Lane& a, const Lane& da, Lane& v, Lane& dv) {
          v = a * a;
          dv = 2 * a * da;
        });
        break;
      case Op::cube:
        unary(o, [](const Lane& a, const Lane& da, Lane& v, Lane& dv) {
          const Lane squared = a * a;
          v = squared * a;
          dv = 3 * squared * da;
        });
        break;
      case Op::sqrt:
        unary(o, [](const Lane& a, const Lane& da, Lane& v, Lane& dv) {
          v = a.sqrt();
          dv = 0.5 * da / v.max(smallest_base);
        });
        break;
      case Op::power_1_5:
        unary(o, [](const Lane& a, const Lane& da, Lane& v, Lane& dv) {
          const Lane root = a.sqrt();
          v = root * a;
          dv = 1.5 * root * da;
        });
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
        special(c.op, o);
    }
  }
  const double *const v = value(result_), *const dv = v + padded;
  for (int i = 0; i < n; ++i) {
    f[i] = scale_ * v[i] + shift_;
    df[i] = scale_ * dv[i];
  }
}

void Tape::evaluate(int n, const double* x, double* f, double* df) const {
  if (constant_) {
    std::fill(f, f + n, shift_);
    std::fill(df, df + n, 0.0);
    return;
  }
  for (int i = 0; i < n; i += block) evaluate_block(std::min(block, n - i), x + i, f + i, df + i);
}

}  // namespace porelith
