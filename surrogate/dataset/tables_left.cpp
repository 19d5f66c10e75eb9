#include "surrogate/dataset/tables_left.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace porelith {
namespace {

/// "c_e went down to 2.1 mol.m-3, up to 3462 mol.m-3"
std::string reach(const LeftTable& left) {
  const char* const unit = left.salt ? " mol.m-3" : "";
  std::string text = left.salt ? "c_e went" : "the stoichiometry at the surface went";
  if (std::isfinite(left.low)) text += fmt::format(" down to {:.4g}{}", left.low, unit);
  if (std::isfinite(left.high))
    text += fmt::format("{} up to {:.4g}{}", std::isfinite(left.low) ? "," : "", left.high, unit);
  return text;
}

}  // namespace

std::vector<LeftTable> widest(const std::vector<const std::vector<LeftTable>*>& lists) {
  std::vector<LeftTable> all;
  for (const auto* list : lists)
    for (const LeftTable& left : *list) {
      const auto found = std::find_if(all.begin(), all.end(), [&](const LeftTable& a) { return a.law == left.law; });
      if (found == all.end()) {
        all.push_back(left);
        continue;
      }
      found->low = std::fmin(found->low, left.low);  // a NaN gives way to a number
      found->high = std::fmax(found->high, left.high);
    }
  return all;
}

std::vector<std::string> tables_left(const std::vector<Sample>& samples, const std::string& what) {
  std::vector<const std::vector<LeftTable>*> lists;
  for (const Sample& sample : samples) lists.push_back(&sample.left_tables);
  std::vector<std::string> sentences;
  for (const LeftTable& left : widest(lists)) {
    const auto uses = [&](const Sample& sample) {
      return std::any_of(sample.left_tables.begin(), sample.left_tables.end(),
                         [&](const LeftTable& a) { return a.law == left.law; });
    };
    const long count = std::count_if(samples.begin(), samples.end(), uses);
    sentences.push_back(
        fmt::format("{} of {} {} used {}, beyond its points, where it stays at its end values: {} at most", count,
                    samples.size(), what, left.law, reach(left)));
  }
  return sentences;
}

std::string tables_left(const std::string& name, const std::vector<LeftTable>& left) {
  std::string text;
  for (const LeftTable& each : left)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; and of ", each.law, reach(each));
  return text.empty() ? "" : fmt::format("the {} itself leaves its tables, of {}", name, text);
}

}  // namespace porelith
