#pragma once
/// A property through the depth of an electrode: xi = 0 at the current collector, 1 at the separator, in both
/// electrodes.
#include <vector>

namespace porelith {

class Profile {
 public:
  Profile() : Profile(0.0) {}
  Profile(double constant);  // NOLINT: a number is a profile

  /// Piecewise constant. `edges` holds the layers' inner and outer borders 0 = e0 < e1 < ... < en = 1, `values` one
  /// value a layer.
  static Profile layers(std::vector<double> edges, std::vector<double> values);
  /// c0 + c1 xi + c2 xi^2 + ...
  static Profile polynomial(std::vector<double> coefficients);
  /// Linear between the points; `xi` increases from 0 to 1.
  static Profile piecewise_linear(std::vector<double> xi, std::vector<double> values);

  double at(double xi) const;
  /// Exact mean over [from, to], 0 <= from < to <= 1.
  double mean(double from, double to) const;
  double mean() const { return mean(0, 1); }
  double minimum() const;
  double maximum() const;
  bool is_constant() const;
  /// Whether it is constant between its jumps.
  bool is_layered() const;
  /// Inner positions at which the value jumps; a mesh wants faces there.
  const std::vector<double>& jumps() const { return jumps_; }
  /// Inner borders of layers, also of those with the same value.
  const std::vector<double>& borders() const { return borders_; }
  /// This profile times a number, plus another.
  Profile scaled(double factor, double plus = 0) const;

 private:
  /// Piece k covers [edges_[k], edges_[k+1]] and holds a polynomial in xi.
  std::vector<double> edges_;
  std::vector<std::vector<double>> pieces_;
  std::vector<double> jumps_, borders_;
};

}  // namespace porelith
