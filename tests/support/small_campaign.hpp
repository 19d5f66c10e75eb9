#pragma once
/// A design study whose solves take about a millisecond: for tests of campaigns.
#include <algorithm>
#include <cstring>

#include "solver/case/reader.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "tests/support/scratch.hpp"

namespace porelith {

inline const std::string small_study =
    "\ntitle = \"Small study\"\n" + file_text(std::string(PORELITH_SOURCE_DIR) + "/tests/data/millisecond_solve.toml") +
    R"([design]
objective = "energy"
feasible = "0.5 - n - p/10"
[design.set]
"negative.porosity" = ["n", "0.6 - n"]
"positive.thickness" = "p*1e-4"
[[design.variable]]
name = "n"
low = 0.2
high = 0.4
start = 0.3
[[design.variable]]
name = "p"
low = 0.5
high = 2.0
start = 1.0
scale = "log"
)";

/// The study's design space; its case file is written into `folder`.
inline DesignSpace small_space(const std::string& folder, const std::string& text = small_study) {
  const std::string file = folder + "/case.toml";
  write_text(file, text);
  const Case input = read_case(file);
  return DesignSpace(input, input.design->space);
}

inline CampaignOptions small_campaign(const std::string& folder, int samples) {
  CampaignOptions options;
  options.samples = samples;
  options.folder = folder;
  return options;
}

inline bool same_tables(const std::vector<LeftTable>& a, const std::vector<LeftTable>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const LeftTable& u, const LeftTable& v) {
    const double of_u[] = {u.low, u.high}, of_v[] = {v.low, v.high};
    return u.law == v.law && u.salt == v.salt && std::memcmp(of_u, of_v, sizeof of_u) == 0;
  });
}

inline bool same_numbers(const std::vector<double>& u, const std::vector<double>& v) {
  return u.size() == v.size() && (u.empty() || std::memcmp(u.data(), v.data(), u.size() * sizeof(double)) == 0);
}

inline bool same_slopes(const std::optional<SampleSlopes>& a, const std::optional<SampleSlopes>& b) {
  return a.has_value() == b.has_value() &&
         (!a || (same_numbers(a->scalars, b->scalars) && same_numbers(a->curve, b->curve) &&
                 a->one_sided == b->one_sided && a->missing == b->missing));
}

/// Whether two samples are the same to the last bit, apart from their times.
inline bool same_sample(const Sample& a, const Sample& b) {
  const auto same = same_numbers;
  return a.index == b.index && a.status == b.status && a.newton == b.newton && same(a.x, b.x) &&
         same(a.scalars, b.scalars) && same(a.curve, b.curve) && same_tables(a.left_tables, b.left_tables) &&
         same_slopes(a.slopes, b.slopes);
}

}  // namespace porelith
