#include "surrogate/dataset/along_design.hpp"

#include <memory>

#include "solver/case/case.hpp"

namespace porelith {

namespace {

constexpr double case_step = 2e-5;  // of a range: of differences of what cases say, which walls bend at cells' corners

/// @param space which the number's case_at keeps
Along along_kept(const std::shared_ptr<const DesignSpace>& space, const std::vector<double>& x, std::size_t variable,
                 const TapedRun& run) {
  const DesignVariable& v = space->family().variables[variable];
  if (v.integer) return without_slopes(v.name, "1", x[variable], "it is a whole number");
  const CaseAt case_at = [space, x, variable](double by) {
    std::vector<double> at = x;
    at[variable] += by;
    return space->case_at(at);
  };
  return along(case_at, v.name, "1", x[variable], case_step * (v.high - v.low), run);
}

}  // namespace

Along along_design(const DesignSpace& space, const std::vector<double>& x, std::size_t variable, const TapedRun& run) {
  return along_kept(std::make_shared<DesignSpace>(space), x, variable, run);
}

std::vector<Along> along_design(const DesignSpace& space, const std::vector<double>& x, const TapedRun& run) {
  const auto kept = std::make_shared<const DesignSpace>(space);
  std::vector<Along> all;
  for (std::size_t i = 0; i < space.family().variables.size(); ++i) all.push_back(along_kept(kept, x, i, run));
  return all;
}

}  // namespace porelith
