#include "surrogate/dataset/along_design.hpp"

#include <memory>

#include "solver/case/case.hpp"

namespace porelith {

constexpr double case_step = 2e-5;  // of a range: of differences of what cases say, which walls bend at cells' corners

Along along_design(const DesignSpace& space, const std::vector<double>& x, std::size_t variable, const TapedRun& run) {
  const DesignVariable& v = space.family().variables[variable];
  if (v.integer) return without_slopes(v.name, "1", x[variable], "it is a whole number");
  const auto kept = std::make_shared<DesignSpace>(space);
  const CaseAt case_at = [kept, x, variable](double by) {
    std::vector<double> at = x;
    at[variable] += by;
    return kept->case_at(at);
  };
  return along(case_at, v.name, "1", x[variable], case_step * (v.high - v.low), run);
}

std::vector<Along> along_design(const DesignSpace& space, const std::vector<double>& x, const TapedRun& run) {
  std::vector<Along> all;
  for (std::size_t i = 0; i < space.family().variables.size(); ++i) all.push_back(along_design(space, x, i, run));
  return all;
}

}  // namespace porelith
