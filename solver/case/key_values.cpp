#include "solver/case/key_values.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "solver/case/draft.hpp"

namespace porelith {
namespace {

/// Keys that decide what is shown or when it is kept, not what is computed.
const std::set<std::string> without_effect = {
    "title", "output.vtk", "output.pictures", "output.checkpoint_every", "mesh.accuracy", "solver.tape_memory"};

using Values = std::map<std::string, std::string>;

Values by_key(const std::vector<KeyValue>& list) {
  Values values;
  for (const auto& [key, value] : list) values[key] = value;
  return values;
}

std::vector<std::string> differing(const Values& before, const Values& now) {
  std::set<std::string> keys;
  const auto add = [&](const Values& one, const Values& other) {
    for (const auto& [key, value] : one) {
      const auto at = other.find(key);
      if ((at == other.end() || at->second != value) && without_effect.count(key) == 0) keys.insert(key);
    }
  };
  add(before, now);
  add(now, before);
  return {keys.begin(), keys.end()};
}

}  // namespace

std::vector<std::string> differing_keys(const std::vector<KeyValue>& before, const std::vector<KeyValue>& now) {
  return differing(by_key(before), by_key(now));
}

std::vector<std::string> differing_values(const std::vector<KeyValue>& before, const std::vector<KeyValue>& now) {
  const Values one = by_key(before), two = by_key(now);
  const auto value = [](const Values& values, const std::string& key) {
    const auto at = values.find(key);
    return at == values.end() ? std::string("not given") : at->second;
  };
  std::vector<std::string> list;
  for (const std::string& key : differing(one, two))
    list.push_back(fmt::format("{} = {}, now {}", key, value(one, key), value(two, key)));
  return list;
}

}  // namespace porelith
