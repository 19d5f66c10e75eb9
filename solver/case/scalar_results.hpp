#pragma once
/// The scalar results of a solve: what campaigns record and what objectives may name.
#include <string>
#include <vector>

namespace porelith {

struct ScalarResult {
  std::string name, unit, meaning;
};

/// In this order everywhere. "The last step" is the last step of the protocol.
const std::vector<ScalarResult>& scalar_results();

/// Their names alone.
std::vector<std::string> scalar_result_names();

}  // namespace porelith
