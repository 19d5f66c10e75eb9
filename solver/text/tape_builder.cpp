#include <cmath>
#include <cstring>
#include <utility>

#include "solver/text/tape.hpp"

namespace porelith {

namespace {

std::uint64_t bits(double d) {
  std::uint64_t u;
  std::memcpy(&u, &d, sizeof u);
  return u;
}

}  // namespace

double value_of(Op op, double a) {
  switch (op) {
    case Op::exp:
      return std::exp(a);
    case Op::tanh:
      return std::tanh(a);
    case Op::sqrt:
      return std::sqrt(a);
    case Op::log:
      return std::log(a);
    case Op::log10:
      return std::log10(a);
    case Op::sinh:
      return std::sinh(a);
    case Op::cosh:
      return std::cosh(a);
    case Op::sin:
      return std::sin(a);
    case Op::cos:
      return std::cos(a);
    case Op::atan:
      return std::atan(a);
    case Op::erf:
      return std::erf(a);
    default:
      return std::fabs(a);
  }
}

TapeBuilder::Value TapeBuilder::emit(Op op, std::uint32_t a, std::uint32_t b, double scale, double scale2,
                                     double shift) {
  const Key key{op, a, b, {bits(scale), bits(scale2), bits(shift)}};
  const auto [place, is_new] = known_.try_emplace(key, static_cast<std::uint32_t>(arguments_ + code_.size()));
  if (is_new) code_.push_back({op, place->second, a, b, scale, scale2, shift});
  return {1, place->second, 0};
}

std::uint32_t TapeBuilder::plain(Value a) {
  if (a.scale == 1 && a.shift == 0) return a.v;
  return emit(Op::affine, a.v, 0, a.scale, 1, a.shift).v;
}

TapeBuilder::Value TapeBuilder::add(Value a, Value b) {
  if (a.is_constant()) return {b.scale, b.v, a.shift + b.shift};
  if (b.is_constant()) return {a.scale, a.v, a.shift + b.shift};
  if (a.v == b.v) return {a.scale + b.scale, a.v, a.shift + b.shift};
  return emit(Op::sum, a.v, b.v, a.scale, b.scale, a.shift + b.shift);
}

TapeBuilder::Value TapeBuilder::multiply(Value a, Value b) {
  if (a.is_constant()) return {a.shift * b.scale, b.v, a.shift * b.shift};
  if (b.is_constant()) return {b.shift * a.scale, a.v, b.shift * a.shift};
  double scale = 1;
  if (a.shift == 0) scale *= std::exchange(a.scale, 1.0);
  if (b.shift == 0) scale *= std::exchange(b.scale, 1.0);
  std::uint32_t left = plain(a), right = plain(b);
  if (left > right) std::swap(left, right);
  return left == right && scale == 1 ? emit(Op::square, left, 0) : emit(Op::product, left, right, scale);
}

TapeBuilder::Value TapeBuilder::divide(Value a, Value b) {
  if (b.is_constant()) {
    if (a.is_constant()) return constant(a.shift / b.shift);
    return {a.scale / b.shift, a.v, a.shift / b.shift};
  }
  return emit(Op::quotient, plain(a), plain(b));
}

TapeBuilder::Value TapeBuilder::power(Value a, Value b) {
  if (b.is_constant()) {
    return a.is_constant() ? constant(std::pow(a.shift, b.shift)) : constant_power(a, b.shift);
  }
  if (a.is_constant() && a.shift == 0) return constant(0);  // 0**b, b > 0 understood
  const Value log_a = a.is_constant() ? constant(std::log(a.shift)) : emit(Op::power_log, plain(a), 0);
  return apply(Op::exp, multiply(b, log_a));
}

TapeBuilder::Value TapeBuilder::constant_power(Value a, double exponent) {
  if (exponent == 0) return constant(1);
  if (exponent == 1) return a;
  const std::uint32_t base = plain(a);
  if (exponent == 2) return emit(Op::square, base, 0);
  if (exponent == 3) return emit(Op::cube, base, 0);
  if (exponent == 0.5) return emit(Op::sqrt, base, 0);
  if (exponent == 1.5) return emit(Op::power_1_5, base, 0);
  const bool moderate = std::fabs(exponent) <= 1024;
  if (moderate && std::floor(exponent) == exponent) return emit(Op::integer_power, base, 0, exponent);
  if (moderate && std::floor(2 * exponent) == 2 * exponent) return emit(Op::half_power, base, 0, exponent);
  return emit(Op::real_power, base, 0, exponent);
}

TapeBuilder::Value TapeBuilder::apply(Op op, Value a) {
  if (a.is_constant()) return constant(value_of(op, a.shift));
  if (op == Op::exp || op == Op::tanh) return emit(op, a.v, 0, a.scale, 1, a.shift);
  return emit(op, plain(a), 0);
}

TapeBuilder::Value TapeBuilder::extreme(Op op, Value a, Value b) {
  if (a.is_constant() && b.is_constant()) {
    return constant(op == Op::minimum ? std::fmin(a.shift, b.shift) : std::fmax(a.shift, b.shift));
  }
  return emit(op, plain(a), plain(b));
}

Tape TapeBuilder::finish(Value result) {
  Tape tape;
  tape.scale_ = result.scale;
  tape.shift_ = result.shift;
  tape.result_ = result.v;
  tape.constant_ = result.is_constant();
  tape.arguments_ = tape.places_ = arguments_;
  tape.reads_.assign(arguments_, false);
  if (!tape.constant_) {
    tape.code_ = code_;
    share_places(tape);
  }
  return tape;
}

/// Drops what the result does not need and gives the place of a value's last reader to a later value.
void TapeBuilder::share_places(Tape& tape) const {
  constexpr std::uint32_t never = 0;
  const auto values = static_cast<std::uint32_t>(arguments_ + code_.size());
  std::vector<std::uint32_t> last_reader(values, never);
  last_reader[tape.result_] = values;
  const auto two_inputs = [](Op op) {
    return op == Op::sum || op == Op::product || op == Op::quotient || op == Op::minimum || op == Op::maximum;
  };
  for (std::uint32_t k = values; k-- > arguments_;) {
    const auto& instruction = code_[k - arguments_];
    if (last_reader[k] == never) continue;
    if (last_reader[instruction.a] == never) last_reader[instruction.a] = k;
    if (two_inputs(instruction.op) && last_reader[instruction.b] == never) last_reader[instruction.b] = k;
  }
  for (std::uint32_t k = 0; k < arguments_; ++k) tape.reads_[k] = last_reader[k] != never;
  std::vector<std::uint32_t> place(values, 0), free_places;
  for (std::uint32_t k = 0; k < arguments_; ++k) place[k] = k;  // arguments stay where they are
  tape.code_.clear();
  for (std::uint32_t k = arguments_; k < values; ++k) {
    if (last_reader[k] == never) continue;
    auto instruction = code_[k - arguments_];
    const std::uint32_t a = instruction.a, b = two_inputs(instruction.op) ? instruction.b : 0;
    if (a >= arguments_ && last_reader[a] == k) free_places.push_back(place[a]);
    if (b >= arguments_ && b != a && last_reader[b] == k) free_places.push_back(place[b]);
    if (free_places.empty()) free_places.push_back(tape.places_++);
    place[k] = free_places.back();
    free_places.pop_back();
    instruction.out = place[k];
    instruction.a = place[a];
    instruction.b = place[b];
    tape.code_.push_back(instruction);
  }
  tape.result_ = place[tape.result_];
}

}  // namespace porelith
