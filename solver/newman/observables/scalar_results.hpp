#pragma once
/// The scalar results of a solve: what campaigns record, reports print, and objectives may name.
#include <functional>
#include <string>
#include <vector>

#include "solver/record/observable.hpp"

namespace porelith {

struct Results;
struct LastStep;

struct ScalarResult {
  std::string name, unit, meaning;
  std::string spoken;       ///< in reports
  bool of_the_run = false;  ///< it needs no last step along its charge
  std::function<double(const Results&, const LastStep&)> value = {};
};

/// In this order everywhere: what the terminals show of the last step of the protocol, then what the observables are
/// reduced to, in the order of their registry.
const std::vector<ScalarResult>& scalar_results();

/// "least plating margin"
std::string spoken_of(Reduction how, const std::string& observable);

/// Their names alone.
std::vector<std::string> scalar_result_names();

}  // namespace porelith
