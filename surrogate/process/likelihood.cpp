#include <cmath>
#include <limits>

#include "surrogate/network/lbfgs.hpp"
#include "surrogate/process/process.hpp"

namespace porelith {
namespace {

constexpr double least_noise = 1e-8;  // keeps the factorisation exact enough
constexpr long most_rows = 240;       // that habits are found from: more cost their cube and tell little
constexpr double noise_levels[] = {2e-8, 1e-6, 1e-4, 1e-2, 1}, slope_noise_levels[] = {1e-6, 1e-3, 1};
constexpr double tiny = 1e-20;  // variance of an output that does not change
// Prior of the logarithms. Lengths: C. Hvarfner, E. O. Hellsten and L. Nardi, ICML (2024), for the cube [-1, 1]^d;
// noise: a thousandth of the deviation, give or take a factor of 55.
constexpr double usual_length = 1.4142135623730951 + 0.6931471805599453, length_spread = 1.7320508075688772;
constexpr double usual_noise = -13.8, noise_spread = 4;

/// -1/2 sum ((x - usual)/spread)^2 and its slope, turned round.
double prior(const Eigen::VectorXd& logarithms, Eigen::VectorXd& gradient) {
  const long d = logarithms.size() - 2;
  double sum = 0;
  for (long k = 0; k < logarithms.size(); ++k) {
    const double usual = k < d ? usual_length + 0.5 * std::log(static_cast<double>(d)) : usual_noise;
    const double spread = k < d ? length_spread : noise_spread, z = (logarithms[k] - usual) / spread;
    sum += 0.5 * z * z;
    gradient[k] += z / spread;
  }
  return sum;
}

/// Some of the points, evenly over their order, with their rows of Y.
Points some_of(const Points& points, const Eigen::MatrixXd& Y, Eigen::MatrixXd& rows) {
  const bool sloped = !points.sloped.empty();
  const long each = sloped ? points.d() + 1 : 1;
  const long count = std::min(points.n(), std::max(2L, most_rows / each));
  Points some{Eigen::MatrixXd(points.d(), count), {}};
  std::vector<long> kept;
  std::vector<long> slopes;
  for (long k = 0; k < count; ++k) {
    const long from = k * points.n() / count;
    some.X.col(k) = points.X.col(from);
    kept.push_back(from);
    for (std::size_t i = 0; i < points.sloped.size(); ++i) {
      if (points.sloped[i] != from) continue;
      some.sloped.push_back(k);
      for (long m = 0; m < points.d(); ++m) slopes.push_back(points.n() + static_cast<long>(i) * points.d() + m);
    }
  }
  kept.insert(kept.end(), slopes.begin(), slopes.end());
  rows = Y(kept, Eigen::all);
  return some;
}

/// The restricted likelihood, each output with the deviation that is likeliest.
struct Likelihood {
  Eigen::MatrixXd C;
  Eigen::LLT<Eigen::MatrixXd> factor;
  bool exists;
  Eigen::VectorXd ones;     // C^-1 h
  double worth = 0;         // h C^-1 h
  Eigen::MatrixXd weights;  // rows x outputs
  Eigen::ArrayXd variance;  // outputs
  double determinants = 0;  // half of ln |C| + ln h C^-1 h

  Likelihood(const Points& points, const Habits& habits, const Eigen::MatrixXd& Y)
      : C(noisy_covariance(points, habits)), factor(C), exists(C.allFinite() && factor.info() == Eigen::Success) {
    if (!exists) return;
    const long N = points.rows(), n = points.n();
    ones = Eigen::VectorXd::Zero(N);
    ones.head(n).setOnes();
    ones = factor.solve(ones).eval();
    worth = ones.head(n).sum();
    weights = factor.solve(Y) - ones * (ones.transpose() * Y) / worth;
    variance = weights.cwiseProduct(Y).colwise().sum().transpose().array() / static_cast<double>(N - 1) + tiny;
    determinants = 0.5 * std::log(worth);
    for (long row = 0; row < N; ++row) determinants += std::log(factor.matrixLLT()(row, row));
  }

  double surprise(long output) const {
    return 0.5 * static_cast<double>(C.rows() - 1) * std::log(variance[output]) + determinants;
  }
};

}  // namespace

Eigen::VectorXd logarithms(const Habits& habits) {
  Eigen::VectorXd x(habits.length.size() + 2);
  for (long k = 0; k < habits.length.size(); ++k) x[k] = std::log(habits.length[k]);
  x[x.size() - 2] = std::log(std::max(habits.noise - least_noise, 1e-3 * least_noise));
  x[x.size() - 1] = std::log(std::max(habits.slope_noise - least_noise, 1e-3 * least_noise));
  return x;
}

Habits habits_of(const Eigen::VectorXd& x) {
  const long d = x.size() - 2;
  Habits habits{Eigen::VectorXd(d), least_noise + std::exp(x[d]), least_noise + std::exp(x[d + 1])};
  for (long k = 0; k < d; ++k) habits.length[k] = std::exp(x[k]);
  return habits;
}

double surprise(const Points& points, const Eigen::MatrixXd& Y, const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
  const long n = points.n(), d = points.d();
  const Habits habits = habits_of(x);
  const Likelihood it(points, habits, Y);
  gradient = Eigen::VectorXd::Zero(x.size());
  if (!it.exists) return std::numeric_limits<double>::infinity();
  double value = 0;
  for (long j = 0; j < Y.cols(); ++j) value += it.surprise(j) / static_cast<double>(Y.cols());
  // 2 d value / d C
  const Eigen::MatrixXd W =
      it.factor.solve(Eigen::MatrixXd::Identity(points.rows(), points.rows())) -
      it.ones * it.ones.transpose() / it.worth -
      (it.weights.array().rowwise() / (it.variance * static_cast<double>(Y.cols())).transpose()).matrix() *
          it.weights.transpose();
  gradient.head(d) = 0.5 * by_length(points, habits.length, W, it.C);
  gradient[d] = 0.5 * (habits.noise - least_noise) * W.diagonal().head(n).sum();
  const Eigen::VectorXd slopes = slope_variance(habits.length);
  for (long row = n; row < points.rows(); row += d)
    gradient[d + 1] += 0.5 * (habits.slope_noise - least_noise) * W.diagonal().segment(row, d).dot(slopes);
  return value + prior(x, gradient);
}

std::vector<Habits> with_likeliest_noise(const Points& points, const Eigen::MatrixXd& Y, const Habits& habits) {
  Eigen::MatrixXd rows;
  const Points some = some_of(points, Y, rows);
  const auto outputs = static_cast<std::size_t>(Y.cols());
  std::vector<Habits> best(outputs, habits);
  std::vector<double> least(outputs, std::numeric_limits<double>::infinity());
  for (const double noise : noise_levels)
    for (const double slope_noise : slope_noise_levels) {
      const Habits tried{habits.length, noise, slope_noise};
      Eigen::VectorXd unused = Eigen::VectorXd::Zero(points.d() + 2);
      const double unlikely = prior(logarithms(tried), unused);
      const Likelihood here(some, tried, rows);
      for (std::size_t j = 0; here.exists && j < outputs; ++j) {
        const double value = here.surprise(static_cast<long>(j)) + unlikely;
        if (!(value < least[j])) continue;
        least[j] = value;
        best[j] = tried;
      }
      if (points.sloped.empty()) break;
    }
  return best;
}

Habits likeliest(const Points& points, const Eigen::MatrixXd& Y, const Habits* start) {
  const long d = points.d();
  Eigen::MatrixXd rows;
  const Points some = some_of(points, Y, rows);
  const Smooth function = [&](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
    return surprise(some, rows, x, gradient);
  };
  const Habits first{Eigen::VectorXd::Constant(d, 2 * std::sqrt(static_cast<double>(d))), 1e-5, 1e-4};
  Eigen::VectorXd x = logarithms(start ? *start : first);
  descend(function, x, {start ? 10 : 60, 1e-3, 1e-6});
  return habits_of(x);
}

}  // namespace porelith
