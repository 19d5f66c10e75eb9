#include "surrogate/dataset/points.hpp"

#include <algorithm>
#include <cmath>

namespace porelith {
namespace {

constexpr long countable = 1L << 20;  // designs of whole numbers that are counted one by one
constexpr long patience = 64;         // points a design of these, before the rest is taken in order

}  // namespace

FeasiblePoints::FeasiblePoints(DesignFamily family, const std::string& sampling, int n, unsigned seed)
    : family_(std::move(family)),
      cube_(family_.variables),
      sequence_(sampling, n, static_cast<int>(family_.variables.size()), seed),
      undefined_(family_.feasible.size(), 0) {
  for (const std::string& condition : family_.feasible)
    conditions_.emplace_back(condition, family_.names(), family_.let);
  whole_ = std::all_of(family_.variables.begin(), family_.variables.end(), [](const auto& v) { return v.integer; });
  if (whole_) count_designs();
}

bool FeasiblePoints::allowed(const std::vector<double>& x) {
  bool all = true;
  for (std::size_t k = 0; k < conditions_.size(); ++k) {
    const double value = conditions_[k].value(x);
    undefined_[k] += !std::isfinite(value);
    all = all && value >= 0;
  }
  return all;
}

std::vector<double> FeasiblePoints::design(long number) const {
  std::vector<double> x;
  for (const DesignVariable& v : family_.variables) {
    const long values = std::lround(v.high - v.low) + 1;
    x.push_back(v.low + static_cast<double>(number % values));
    number /= values;
  }
  return x;
}

void FeasiblePoints::count_designs() {
  double all = 1;
  for (const DesignVariable& v : family_.variables) all *= v.high - v.low + 1;
  if (all > static_cast<double>(countable)) return;
  lattice_ = std::lround(all);
  designs_ = 0;
  for (long number = 0; number < lattice_; ++number) designs_ += allowed(design(number));
  std::fill(undefined_.begin(), undefined_.end(), 0L);
}

std::optional<FeasiblePoints::Point> FeasiblePoints::next(long tries) {
  for (; tries > 0 && !exhausted(); --tries) {
    const bool in_order = lattice_ >= 0 && tried_ >= patience * lattice_;
    if (in_order && in_order_ == lattice_) return std::nullopt;
    Point point{tried_++, in_order ? design(in_order_++) : cube_.design(sequence_.next())};
    if (allowed(point.x) && (!whole_ || given_.insert(point.x).second)) return point;
  }
  return std::nullopt;
}

long designs_of(const DesignFamily& family) { return FeasiblePoints(family, "latin_hypercube", 1, 1).designs(); }

}  // namespace porelith
