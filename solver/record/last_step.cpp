#include "solver/record/last_step.hpp"

#include <algorithm>

namespace porelith {

LastStep last_step(const Results& results) {
  LastStep last;
  const auto missing = [&](const std::string& why) {
    last.missing = why;
    return last;
  };
  if (results.steps.empty() || results.accepted.empty()) return missing("the run has no step");
  const int step = results.accepted.back().step;
  double before = 0;  // charge at the start of the step
  for (const CurveRow& row : results.accepted) {
    if (row.step != step) continue;
    if (last.rows.empty()) before = row.charge();
    last.rows.push_back(&row);
  }
  const double total = last.rows.back()->charge() - before;
  if (last.rows.size() < 4 || total == 0)
    return missing("the last step passed no charge: " + results.steps.back().ended);
  std::vector<const CurveRow*> kept;
  for (const CurveRow* row : last.rows) {
    const double share = (row->charge() - before) / total;
    if (!last.share.empty() && share <= last.share.back()) {
      if (share == last.share.back()) continue;  // the same instant twice
      return missing("the charge of the last step goes back and forth, so its voltage is no function of it");
    }
    kept.push_back(row);
    last.share.push_back(share);
  }
  last.rows = std::move(kept);
  return last;
}

CubicNear cubic_near(double wanted, const std::vector<double>& s) {
  const long n = static_cast<long>(s.size());
  const long right = std::upper_bound(s.begin(), s.end(), wanted) - s.begin();
  const long from = std::clamp(right - 2, 0L, std::max(n - 4, 0L)), to = std::min(from + 4, n);
  CubicNear near{static_cast<std::size_t>(from), {}};
  for (long a = from; a < to; ++a) {
    double weight = 1;
    for (long b = from; b < to; ++b) {
      if (b != a) weight *= (wanted - s[b]) / (s[a] - s[b]);
    }
    near.weights.push_back(weight);
  }
  return near;
}

double LastStep::at(double wanted, std::size_t k) const {
  const CubicNear near = cubic_near(wanted, share);
  double value = 0;
  for (std::size_t a = 0; a < near.weights.size(); ++a) value += near.weights[a] * rows[near.from + a]->values[k];
  return value;
}

double LastStep::mean(std::size_t k) const {
  double sum = 0;
  for (std::size_t i = 1; i < rows.size(); ++i)
    sum += (rows[i]->values[k] + rows[i - 1]->values[k]) / 2 * (share[i] - share[i - 1]);
  return sum;
}

}  // namespace porelith
