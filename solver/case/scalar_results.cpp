#include "solver/case/scalar_results.hpp"

namespace porelith {

const std::vector<ScalarResult>& scalar_results() {
  static const std::vector<ScalarResult> list = {
      {"capacity", "A.h", "charge passed in the last step, either way"},
      {"areal_capacity", "mA.h.cm-2", "the same over the area of the whole cell"},
      {"energy", "W.h", "energy passed in the last step, either way"},
      {"duration", "s", "time of the last step"},
      {"end_voltage", "V", "voltage at the end of the last step"},
      {"mean_voltage", "V", "energy over charge of the last step"},
      {"plating_margin", "V", "least phi_s - phi_e in the negative electrode over the run"},
      {"c_e_min", "mol.m-3", "least salt concentration over the run"},
      {"c_e_max", "mol.m-3", "greatest salt concentration over the run"},
      {"uniformity_neg", "1",
       "mean reaction rate over the largest in the negative electrode, averaged over the last step's charge"},
      {"uniformity_pos", "1",
       "mean reaction rate over the largest in the positive electrode, averaged over the last step's charge"},
  };
  return list;
}

std::vector<std::string> scalar_result_names() {
  std::vector<std::string> names;
  for (const auto& result : scalar_results()) names.push_back(result.name);
  return names;
}

}  // namespace porelith
