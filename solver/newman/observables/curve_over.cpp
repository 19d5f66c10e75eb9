#include "solver/newman/observables/curve_over.hpp"

#include <algorithm>
#include <cmath>

#include "solver/newman/observables/observables.hpp"
#include "solver/record/last_step.hpp"

namespace porelith {

namespace {

constexpr double seconds_an_hour = 3600;

/// d(polynomial)/dx at point k, of values at the points.
double rise_at(std::size_t k, const double* points, const std::vector<double>& values) {
  const std::size_t n = values.size();
  double rise = 0;
  for (std::size_t a = 0; a < n; ++a) {
    if (a == k) continue;
    double by_a = 1 / (points[a] - points[k]);
    const double own = 1 / (points[k] - points[a]);
    for (std::size_t b = 0; b < n; ++b)
      if (b != a && b != k) by_a *= (points[k] - points[b]) / (points[a] - points[b]);
    rise += by_a * values[a] + own * values[k];
  }
  return rise;
}

}  // namespace

const std::vector<CoordinateName>& coordinate_names() {
  static const std::vector<CoordinateName> all = {{Coordinate::time, "time", "s", "time"},
                                                  {Coordinate::charge, "charge", "A.h", "charge of the last step"},
                                                  {Coordinate::share, "share", "1", "share of the last step's charge"}};
  return all;
}

const CoordinateName& name_of(Coordinate coordinate) {
  return *std::find_if(coordinate_names().begin(), coordinate_names().end(),
                       [&](const CoordinateName& name) { return name.coordinate == coordinate; });
}

CurveOver::CurveOver(const Results& results, Coordinate coordinate, const std::vector<int>& stages)
    : results_(results), coordinate_(coordinate) {
  const std::vector<CurveRow>& rows = results.accepted;
  if (coordinate != Coordinate::time) {
    const LastStep last = last_step(results);
    missing_ = last.missing;
    if (!missing_.empty()) return;
    Piece& piece = pieces_.emplace_back();
    for (const CurveRow* row : last.rows) piece.rows.push_back(static_cast<std::size_t>(row - rows.data()));
    total_ = last.rows.back()->charge() - last.rows.front()->charge();
    end_ = coordinate == Coordinate::share ? 1 : std::abs(total_) / seconds_an_hour;
    for (const double share : last.share) piece.at.push_back(share * end_);
    total_ /= end_;
    return;
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (stages[row] < 0) continue;
    const bool on = !pieces_.empty() && rows[pieces_.back().rows.back()].step == rows[row].step &&
                    rows[row].time > pieces_.back().at.back();
    if (!on) pieces_.emplace_back();
    pieces_.back().rows.push_back(row);
    pieces_.back().at.push_back(rows[row].time);
  }
  if (pieces_.empty()) missing_ = "the run has no step";
  if (!pieces_.empty()) end_ = pieces_.back().at.back();
}

std::vector<double> CurveOver::points(int n) const {
  std::vector<double> all;
  all.reserve(n);
  for (int k = 0; k < n; ++k) all.push_back(n == 1 ? end_ : end_ * (k / (n - 1.0)));
  return all;
}

const CurveOver::Piece& CurveOver::piece_with(double at) const {
  const auto piece = std::find_if(pieces_.begin(), pieces_.end(), [&](const Piece& p) { return at <= p.at.back(); });
  return piece == pieces_.end() ? pieces_.back() : *piece;
}

double CurveOver::value(double at, std::size_t observable) const {
  const Piece& piece = piece_with(at);
  const CubicNear near = cubic_near(at, piece.at);
  double value = 0;
  for (std::size_t a = 0; a < near.weights.size(); ++a)
    value += near.weights[a] * results_.accepted[piece.rows[near.from + a]].values[observable];
  return value;
}

/// slope += factor d(coordinate of a row)/d(rows)
void CurveOver::add_move_of(std::size_t row, double at, double factor, ResultSlope& slope) const {
  if (coordinate_ == Coordinate::time) {
    slope.times.push_back({row, factor});
    return;
  }
  const std::size_t charge = observable_called("charge"), first = pieces_.front().rows.front();
  const double by_charge = factor / total_;
  slope.values.push_back({row, charge, by_charge});
  if (coordinate_ == Coordinate::charge) {
    slope.values.push_back({first, charge, -by_charge});
    return;
  }
  slope.values.push_back({first, charge, by_charge * (at - 1)});
  slope.values.push_back({pieces_.front().rows.back(), charge, -by_charge * at});
}

/// A point of the polynomial that moves aside takes away what the polynomial rises by there.
ResultSlope CurveOver::slope(double at, std::size_t observable) const {
  const Piece& piece = piece_with(at);
  const CubicNear near = cubic_near(at, piece.at);
  ResultSlope slope;
  std::vector<double> values;
  for (std::size_t a = 0; a < near.weights.size(); ++a)
    values.push_back(results_.accepted[piece.rows[near.from + a]].values[observable]);
  for (std::size_t a = 0; a < near.weights.size(); ++a) {
    if (near.weights[a] == 0) continue;
    const std::size_t row = piece.rows[near.from + a];
    slope.values.push_back({row, observable, near.weights[a]});
    add_move_of(row, piece.at[near.from + a], -near.weights[a] * rise_at(a, &piece.at[near.from], values), slope);
  }
  return slope;
}

}  // namespace porelith
