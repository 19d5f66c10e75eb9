#include "surrogate/gate/surrogate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "surrogate/gate/model.hpp"

namespace porelith {
namespace {

constexpr double on_the_bound = 1e-9;  // of a range: a bound itself is inside, however it was rounded

}  // namespace

Eigen::VectorXd Surrogate::Impl::scaled(const Eigen::VectorXd& x) const {
  Eigen::VectorXd u(d());
  for (long k = 0; k < d(); ++k) u[k] = 2 * axis(k).unit(x[k]) - 1;
  return u;
}

Eigen::VectorXd Surrogate::Impl::scaled_slope(const Eigen::VectorXd& x) const {
  Eigen::VectorXd slope(d());
  for (long k = 0; k < d(); ++k) slope[k] = 2 / axis(k).slope(x[k]);
  return slope;
}

Eigen::MatrixXd Surrogate::Impl::scaled_columns(const Eigen::MatrixXd& X) const {
  Eigen::MatrixXd U(d(), X.rows());
  for (long i = 0; i < X.rows(); ++i) U.col(i) = scaled(X.row(i).transpose());
  return U;
}

bool Surrogate::Impl::within_bounds(const Eigen::VectorXd& x) const {
  for (long k = 0; k < d(); ++k) {
    const Axis range = axis(k);
    const double slack = on_the_bound * (range.high - range.low);
    if (!(x[k] >= range.low - slack && x[k] <= range.high + slack)) return false;
  }
  return true;
}

void Surrogate::Impl::meet_neighbours() {
  const Eigen::MatrixXd all = scaled_columns(known);
  Eigen::MatrixXd used(d(), all.cols());
  long count = 0;
  for (long i = 0; i < all.cols(); ++i) {
    if (fold[static_cast<std::size_t>(i)] != held_out) used.col(count++) = all.col(i);
  }
  neighbourhood = Neighbourhood(used.leftCols(count));
}

Eigen::VectorXd Surrogate::Impl::half_width(const Estimate& said, double distance, long near) const {
  return calibration.half_width(said.variance.col(0).head(m()), said.mean.col(0).head(m()), distance,
                                static_cast<double>(near));
}

void check_point(const Surrogate::Impl& model, const Eigen::VectorXd& x) {
  if (x.size() != model.d()) {
    throw std::invalid_argument(fmt::format("the surrogate takes {} inputs, not {}", model.d(), x.size()));
  }
  for (long k = 0; k < x.size(); ++k) {
    const auto i = static_cast<std::size_t>(k);
    if (std::isfinite(x[k]) && (!model.meaning.log[i] || x[k] > 0)) continue;
    throw std::invalid_argument(
        fmt::format("{} = {} is no value that the surrogate can take", model.meaning.inputs[i], x[k]));
  }
}

Prediction Surrogate::predict(const Eigen::VectorXd& x) const {
  const Impl& it = *impl_;
  check_point(it, x);
  const Eigen::VectorXd u = it.scaled(x);
  const Estimate estimate = it.regressor->at(u);
  const Eigen::VectorXd y = estimate.mean.col(0);
  Prediction said;
  said.scalars = it.mean + it.scale.cwiseProduct(y.head(it.m()));
  said.distance = it.neighbourhood.distance(u);
  said.near_bounds = near_bounds(u);
  said.inside = it.neighbourhood.has_like(said.distance, said.near_bounds) && it.within_bounds(x);
  said.half_width = it.scale.cwiseProduct(it.half_width(estimate, said.distance, said.near_bounds));
  said.picked = it.picks_widened_by * said.half_width;
  if (it.basis.mean.size() > 0) {
    said.curve = it.basis.mean;
    said.curve.noalias() += it.basis.modes * it.basis_scale.cwiseProduct(y.tail(it.r()));
  }
  return said;
}

Eigen::VectorXd Surrogate::scalars(const Eigen::VectorXd& x) const {
  check_point(*impl_, x);
  const Eigen::VectorXd y = impl_->regressor->mean(impl_->scaled(x));
  return impl_->mean + impl_->scale.cwiseProduct(y.head(impl_->m()));
}

bool Surrogate::has_gradient() const { return impl_->regressor->slope(Eigen::VectorXd::Zero(impl_->d())).has_value(); }

Eigen::MatrixXd Surrogate::gradient(const Eigen::VectorXd& x) const {
  const Impl& it = *impl_;
  check_point(it, x);
  const auto slope = it.regressor->slope(it.scaled(x));
  if (!slope) throw std::logic_error(fmt::format("learner {} has no slope", it.options.learner));
  return it.scale.asDiagonal() * slope->topRows(it.m()) * it.scaled_slope(x).asDiagonal();
}

double Surrogate::picks_widened_by() const { return impl_->picks_widened_by; }

void Surrogate::widen_picks(double factor) {
  auto changed = std::make_shared<Impl>(*impl_);
  changed->picks_widened_by = std::max(1.0, factor);
  impl_ = changed;
}

const std::vector<double>& Surrogate::rehearsed() const { return impl_->rehearsed; }

const TrainingSet& Surrogate::meaning() const { return impl_->meaning; }

void Surrogate::disturb(double relative, unsigned seed) {
  auto changed = std::make_shared<Impl>(*impl_);  // copies of this surrogate stay as they are
  changed->regressor = impl_->regressor->disturbed(relative, seed);
  impl_ = changed;
}

}  // namespace porelith
