#include "surrogate/design/trust_region.hpp"

#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "surrogate/design/search.hpp"

namespace porelith {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double reach = 20;           // answers within this many radii make the models
constexpr int most_answers = 320;      // the nearest so many of these: of 17 variables and more a model takes fewer
constexpr double close = 2;            // and within this many those that must be spread well
constexpr double well_spread = 0.3;    // least singular value of their steps, in radii
constexpr double worth_asking = 0.05;  // radii that a step in a badly known direction must be able to go
constexpr double least_gain = 1e-10;   // of the objective's range: less is no gain
constexpr double flat = 1e-3;          // weight of small curvatures against fitting the answers

/// The solver's answer at a point of the unit cube: merit first, then the constraints on results.
struct Answer {
  VectorXd u, values;
  bool failed = false;  ///< its values are made up, so that models lead away
  bool allowed() const { return !failed && (values.size() == 1 || values.tail(values.size() - 1).minCoeff() >= 0); }
  double merit() const { return values[0]; }
};

/// value + slope . s + s' curvature s / 2 for each of several outputs, in steps s = (u - centre)/radius.
struct Quadratic {
  VectorXd value;
  MatrixXd slope;                   ///< outputs x d
  std::vector<MatrixXd> curvature;  ///< of each output, d x d

  VectorXd at(const VectorXd& s) const {
    VectorXd y = value + slope * s;
    for (Index k = 0; k < y.size(); ++k) y[k] += 0.5 * s.dot(curvature[static_cast<std::size_t>(k)] * s);
    return y;
  }
  MatrixXd slope_at(const VectorXd& s) const {
    MatrixXd g = slope;
    for (Index k = 0; k < g.rows(); ++k) g.row(k) += (curvature[static_cast<std::size_t>(k)] * s).transpose();
    return g;
  }
};

/// The least of |A t - B|^2 + |P t|^2, P a diagonal. Where A has fewer rows than columns, from the space of its rows:
/// the cost is then that of the answers, not that of all curvatures.
MatrixXd damped_least_squares(const MatrixXd& A, const MatrixXd& B, const VectorXd& P) {
  const Index n = A.rows(), unknowns = A.cols();
  if (n == 0) return MatrixXd::Zero(unknowns, B.cols());
  if (n >= unknowns) {
    MatrixXd stacked(n + unknowns, unknowns), right = MatrixXd::Zero(n + unknowns, B.cols());
    stacked << A, MatrixXd(P.asDiagonal());
    right.topRows(n) = B;
    return stacked.colPivHouseholderQr().solve(right);
  }
  const MatrixXd scaled = P.cwiseInverse().asDiagonal() * A.transpose();  // unknowns x n
  const Eigen::HouseholderQR<MatrixXd> rows(scaled);
  const MatrixXd R = rows.matrixQR().topRows(n).triangularView<Eigen::Upper>();
  MatrixXd stacked(2 * n, n), right = MatrixXd::Zero(2 * n, B.cols()), found = MatrixXd::Zero(unknowns, B.cols());
  stacked << R.transpose(), MatrixXd::Identity(n, n);
  right.topRows(n) = B;
  found.topRows(n) = stacked.colPivHouseholderQr().solve(right);
  found.applyOnTheLeft(rows.householderQ());
  return P.cwiseInverse().asDiagonal() * found;
}

/// Least squares through the centre. Of what the answers leave open, the curvature nearest to the one before
/// (M. J. D. Powell, Math. Program. 100 (2004) 183).
/// @param S steps, n x d; @param Y answers less the centre's, n x outputs; @param before curvature of each output
Quadratic fit(const MatrixXd& S, MatrixXd Y, const VectorXd& centre, const std::vector<MatrixXd>& before) {
  const Index n = S.rows(), d = S.cols(), pairs = d * (d + 1) / 2;
  for (Index r = 0; r < n; ++r)
    for (Index k = 0; k < Y.cols(); ++k)
      Y(r, k) -= 0.5 * S.row(r).dot(before[static_cast<std::size_t>(k)] * S.row(r).transpose());
  MatrixXd A(n, d + pairs);
  for (Index r = 0; r < n; ++r) {
    const double weight = 1 / (1 + std::pow(S.row(r).norm(), 3));  // as what a quadratic misses grows
    Index column = d;
    A.row(r).head(d) = weight * S.row(r);
    for (Index i = 0; i < d; ++i)
      for (Index k = i; k < d; ++k) A(r, column++) = weight * S(r, i) * S(r, k) * (i == k ? 0.5 : 1);
    Y.row(r) *= weight;
  }
  VectorXd damping = VectorXd::Constant(d + pairs, flat);
  damping.head(d).setConstant(1e-3 * flat);
  const MatrixXd found = damped_least_squares(A, Y, damping);
  Quadratic q{centre, found.topRows(d).transpose(), {}};
  for (Index k = 0; k < Y.cols(); ++k) {
    MatrixXd H(d, d);
    Index column = d;
    for (Index i = 0; i < d; ++i)
      for (Index j = i; j < d; ++j) H(i, j) = H(j, i) = found(column++, k);
    q.curvature.push_back(before[static_cast<std::size_t>(k)] + H);
  }
  return q;
}

class Ascent {
 public:
  Ascent(const Goal& goal, const Physics& physics, const std::vector<double>& start, const TrustRegionOptions& options)
      : goal_(goal), physics_(physics), o_(options), cube_(physics.family.variables), start_(start) {}

  std::vector<std::vector<double>> ask(const History& history, int n) {
    if (!begun_)
      begin(history);
    else if (!take(history))
      return {};
    asked_ = n > 0 ? next(static_cast<std::size_t>(n)) : std::vector<std::vector<double>>{};
    return asked_;
  }

  std::vector<double> best() const { return cube_.rounded(cube_.point(centre().u)); }

 private:
  void begin(const History& history) {
    begun_ = true;
    for (; taken_ < history.size(); ++taken_) add(history[taken_].sample);
    const VectorXd u = cube_.unit(start_);
    centre_ = static_cast<std::size_t>(std::min_element(answers_.begin(), answers_.end(),
                                                        [&](const Answer& a, const Answer& b) {
                                                          return (a.u - u).squaredNorm() < (b.u - u).squaredNorm();
                                                        }) -
                                       answers_.begin());
    margin_ = VectorXd::Zero(centre().values.size() - 1);
    curvature_.assign(static_cast<std::size_t>(centre().values.size()), MatrixXd::Zero(d(), d()));
    radius_ = o_.radius;
  }

  const Answer& centre() const { return answers_[centre_]; }
  int d() const { return cube_.dimension(); }
  VectorXd step_to(const Answer& answer) const { return (answer.u - centre().u) / radius_; }

  /// @returns whether there was an answer to add
  bool add(const Sample& sample) {
    if (!complete(sample)) return false;
    const Judgement judged = goal_.judge(sample);
    if (!judged.defined()) return false;
    Answer answer{cube_.unit(sample.x), VectorXd(1 + judged.constraints.size()), false};
    answer.values << judged.merit, judged.constraints;
    answers_.push_back(answer);
    return true;
  }

  /// Moves to what is better among the replies. What cannot be solved stands in the models as worse than here by what
  /// was hoped. @returns whether all was answered
  bool take(const History& history) {
    const std::size_t before = centre_, replies = history.size() - taken_;
    const double old = centre().merit();
    for (; taken_ < history.size(); ++taken_) {
      const Sample& sample = history[taken_].sample;
      ++solves_;
      if (!add(sample)) {
        answers_.push_back({cube_.unit(sample.x), centre().values, true});
        answers_.back().values[0] -= hoped_;
        continue;
      }
      if (answers_.back().allowed() && answers_.back().merit() > centre().merit()) centre_ = answers_.size() - 1;
    }
    if (replies < asked_.size()) return false;
    if (hoped_ > 0) learn_from(answers_.back(), centre().merit() - old, hoped_, length_);
    well_spread_ = !(hoped_ > 0) && centre_ == before;  // better already: look around from there
    hoped_ = 0;
    return true;
  }

  /// Answers within so many radii of the centre, nearest first; the centre itself left out.
  std::vector<std::size_t> near(double radii) const {
    std::vector<std::pair<double, std::size_t>> found;
    for (std::size_t k = 0; k < answers_.size(); ++k) {
      const double distance = step_to(answers_[k]).lpNorm<Eigen::Infinity>();
      if (k != centre_ && distance <= radii && distance > 0) found.emplace_back(distance, k);
    }
    std::sort(found.begin(), found.end());
    const auto most = static_cast<std::size_t>(std::min((d() + 1) * (d() + 2), most_answers));
    std::vector<std::size_t> list;
    for (std::size_t k = 0; k < std::min(most, found.size()); ++k) list.push_back(found[k].second);
    return list;
  }

  MatrixXd steps_to(const std::vector<std::size_t>& list) const {
    MatrixXd S(list.size(), d());
    for (std::size_t k = 0; k < list.size(); ++k) S.row(static_cast<Index>(k)) = step_to(answers_[list[k]]).transpose();
    return S;
  }

  /// The design in the region that `f` likes best and that may be solved; `f` gives value and slope at a step, and
  /// constraints where it has some.
  VectorXd best_step(const std::function<Local(const VectorXd& s)>& f, double scale) const {
    const VectorXd low = (centre().u.array() - radius_).max(0.0), high = (centre().u.array() + radius_).min(1.0);
    const VectorXd width = high - low;
    const Landscape landscape = [&](const VectorXd& v) {
      const VectorXd u = low + width.cwiseProduct(v);
      Local local = f((u - centre().u) / radius_);
      const std::vector<double> x = cube_.point(u);
      const VectorXd feasible = goal_.feasibility(x);
      const VectorXd ds = width / radius_, dx = width.cwiseProduct(cube_.slope(x));
      Local all;
      all.value = local.value;
      all.slope = local.slope.cwiseProduct(ds);
      all.constraints.resize(local.constraints.size() + feasible.size());
      all.constraints << local.constraints, feasible;
      all.constraint_slopes.resize(all.constraints.size(), d());
      if (local.constraints.size() > 0)
        all.constraint_slopes.topRows(local.constraints.size()) = local.constraint_slopes * ds.asDiagonal();
      if (feasible.size() > 0)
        all.constraint_slopes.bottomRows(feasible.size()) = goal_.feasibility_slopes(x) * dx.asDiagonal();
      return all;
    };
    const VectorXd here = (centre().u - low).cwiseQuotient(width.cwiseMax(1e-300));
    const VectorXd uphill = landscape(here).slope;
    const VectorXd corner = (uphill.array() > 0).select(VectorXd::Ones(d()), VectorXd::Zero(d()));
    ClimbOptions options;
    options.scale = std::max(scale, 1e-300);
    options.apart = 1e-6;
    const auto summits = climb(landscape, {here, corner, VectorXd(0.5 * (here + corner))}, options);
    return summits.empty() ? VectorXd(centre().u) : VectorXd(low + width.cwiseProduct(summits.front().u));
  }

  /// Designs in the directions in which the answers say least.
  std::vector<std::vector<double>> for_better_spread() const {
    MatrixXd S = steps_to(near(close));
    std::vector<std::vector<double>> designs;
    while (static_cast<int>(designs.size()) < d()) {
      VectorXd direction = VectorXd::Unit(d(), static_cast<Index>(designs.size()));
      if (S.rows() > 0) {
        const Eigen::JacobiSVD<MatrixXd> svd(S, Eigen::ComputeFullV);
        if (svd.singularValues().size() == d() && svd.singularValues().minCoeff() >= well_spread) break;
        direction = svd.matrixV().col(d() - 1);
      }
      VectorXd best = VectorXd::Zero(d());
      for (const double sign : {1.0, -1.0}) {
        const VectorXd along = sign * direction;
        const auto linear = [&](const VectorXd& s) {
          return Local{along.dot(s), along, VectorXd(0), MatrixXd(0, d())};
        };
        const VectorXd s = (best_step(linear, 1) - centre().u) / radius_;
        if (std::abs(direction.dot(s)) > std::abs(direction.dot(best))) best = s;
      }
      const std::vector<double> x = allowed_design(centre().u + radius_ * best);
      const VectorXd s = (cube_.unit(x) - centre().u) / radius_;
      if (std::abs(direction.dot(s)) < worth_asking) break;  // there is no room in this direction
      designs.push_back(x);
      S.conservativeResize(S.rows() + 1, d());
      S.bottomRows(1) = s.transpose();
    }
    return designs;
  }

  std::vector<double> allowed_design(const VectorXd& u) const {
    return drawn_inside(physics_, cube_, cube_.rounded(cube_.point(u)), cube_.rounded(cube_.point(centre().u)));
  }

  Quadratic model() {
    const auto list = near(reach);
    MatrixXd Y(list.size(), centre().values.size());
    for (std::size_t k = 0; k < list.size(); ++k)
      Y.row(static_cast<Index>(k)) = (answers_[list[k]].values - centre().values).transpose();
    for (MatrixXd& H : curvature_) H *= radius_ * radius_;
    Quadratic q = fit(steps_to(list), Y, centre().values, curvature_);
    for (std::size_t k = 0; k < curvature_.size(); ++k) curvature_[k] = q.curvature[k] / (radius_ * radius_);
    return q;
  }

  /// Designs that spread the answers, or the trial of a model of them; nothing where the ascent has ended.
  std::vector<std::vector<double>> next(std::size_t n) {
    for (;; well_spread_ = false) {
      if (!well_spread_) {
        if (!(radius_ >= o_.finest && solves_ < o_.budget)) return {};
        auto wanted = for_better_spread();
        wanted.resize(std::min(n, wanted.size()));
        if (!wanted.empty() && wanted != last_wanted_) return last_wanted_ = wanted;
      }
      if (const auto x = trial(); x) return {*x};
    }
  }

  /// Where a model of the answers has its summit; nothing, and a smaller region, where it hopes for nothing.
  std::optional<std::vector<double>> trial() {
    const Quadratic q = model();
    const Index m = margin_.size();
    const auto local = [&](const VectorXd& s) {
      const VectorXd y = q.at(s);
      const MatrixXd g = q.slope_at(s);
      return Local{y[0], g.row(0).transpose(), y.tail(m) - margin_, g.bottomRows(m)};
    };
    const std::vector<double> x = allowed_design(best_step(local, q.slope.row(0).cwiseAbs().sum()));
    const VectorXd s = (cube_.unit(x) - centre().u) / radius_;
    const double hoped = q.at(s)[0] - centre().merit();
    length_ = s.lpNorm<Eigen::Infinity>();
    if (!(hoped > least_gain * o_.range) || length_ < 1e-3) {
      radius_ /= 4;
      return std::nullopt;
    }
    hoped_ = hoped;
    return x;
  }

  /// The radius follows how well the model foretold; constraints that were missed are asked to hold by more.
  void learn_from(const Answer& answer, double gained, double hoped, double length) {
    const Index m = margin_.size();
    for (Index k = 0; k < m; ++k)
      margin_[k] = answer.values[1 + k] < 0 ? margin_[k] - 1.5 * answer.values[1 + k] : 0.5 * margin_[k];
    if (gained > 0.75 * hoped && length > 0.9) radius_ = std::min(2 * radius_, o_.widest);
    if (gained < 0.25 * hoped) radius_ /= 2;
  }

  const Goal& goal_;
  const Physics& physics_;
  TrustRegionOptions o_;
  UnitCube cube_;
  std::vector<double> start_;
  bool begun_ = false, well_spread_ = false;
  std::size_t taken_ = 0;  ///< of the history
  std::vector<std::vector<double>> asked_;
  double hoped_ = 0, length_ = 0;  ///< of the trial that is asked for: gain, and step in radii; 0 where none is
  std::vector<Answer> answers_;
  std::size_t centre_ = 0;
  std::vector<MatrixXd> curvature_;  ///< of each output over the cube, as the last model had it
  VectorXd margin_;                  ///< by which the models' constraints shall hold
  double radius_ = 0;
  long solves_ = 0;
  std::vector<std::vector<double>> last_wanted_;  ///< asked for already: designs that fail are not asked for again
};

}  // namespace

struct TrustRegion::Impl {
  Ascent ascent;
};

TrustRegion::TrustRegion(const Goal& goal, const Physics& physics, const std::vector<double>& start,
                         const TrustRegionOptions& options)
    : impl_(new Impl{Ascent(goal, physics, start, options)}) {}
TrustRegion::~TrustRegion() = default;

std::vector<Question> TrustRegion::ask(const History& history, int n) {
  std::vector<Question> questions;
  for (const auto& x : impl_->ascent.ask(history, n)) questions.push_back({x});
  return questions;
}

std::vector<double> TrustRegion::best() const { return impl_->ascent.best(); }

}  // namespace porelith
