#pragma once
/// What a case says as keys and values, for telling cases apart.
#include <string>
#include <vector>

namespace porelith {

struct KeyValue {
  std::string key;    ///< as --set takes it: "mesh.negative", "step.1.charge"
  std::string value;  ///< as a case file has it, with its unit: "20", "298.15 K"
};

/// Keys whose values differ, sorted; those that change no answer are left out.
std::vector<std::string> differing_keys(const std::vector<KeyValue>& before, const std::vector<KeyValue>& now);
/// The same with both values, "mesh.negative = 20, now 10" each.
std::vector<std::string> differing_values(const std::vector<KeyValue>& before, const std::vector<KeyValue>& now);

}  // namespace porelith
