#pragma once
/// What the verbs about design share: a campaign's progress, whether a study can be done at all, and what it will cost.
#include <chrono>
#include <string>

#include "program/verb.hpp"
#include "surrogate/dataset/campaign.hpp"

namespace porelith {

/// "128 of 512, 210 a second, 2 failed, 1.8 s to go": one rewritten line on a terminal, now and then one elsewhere.
class CampaignLine {
 public:
  CampaignLine() = default;
  ~CampaignLine() { clear(); }
  CampaignLine(const CampaignLine&) = delete;
  CampaignLine& operator=(const CampaignLine&) = delete;

  /// Has the campaign tell its progress here, for as long as this lives.
  void watch(CampaignOptions& options);
  void show(long done, long total);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now(), shown_{};
  long first_ = -1, failures_ = 0;
  bool open_ = false;
};

/// @throws CaseError if the start values of a family make no case: nothing else would be solved either
void require_baseline(const DesignSpace& space);

/// Samples enough for what a training needs, or all designs that there are? @throws CaseError
void require_samples(const DesignSpace& space, int samples);

/// What `check` says of a [design]: what it will solve, and how long that takes.
/// @param input takes warnings of points that make no case @throws CaseError if none does
std::string study_section(Case& input);

}  // namespace porelith
