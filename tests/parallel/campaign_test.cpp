/// Campaigns on as many ranks as mpirun starts.
#include <algorithm>
#include <optional>

#include "surrogate/dataset/journal.hpp"
#include "surrogate/dataset/ranks.hpp"
#include "surrogate/dataset/sample_with_slopes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_campaign.hpp"

using namespace porelith;

namespace {

/// One scratch folder for all ranks.
class SharedScratch {
 public:
  SharedScratch() {
    if (ranks.first()) path = scratch_.emplace().path();
    ranks.from_first(path);
    if (ranks.first()) small_space(path);
    ranks.wait_for_all();
  }
  ~SharedScratch() { ranks.wait_for_all(); }
  DesignSpace space(const std::vector<std::string>& overrides = {}) const {
    const Case input = read_case(path, overrides);
    return DesignSpace(input, input.design->space);
  }

  Ranks ranks;
  std::string path;

 private:
  std::optional<Scratch> scratch_;
};

}  // namespace

TEST_CASE("ranks together solve every point once, each as one rank alone would") {
  const SharedScratch shared;
  const DesignSpace space = shared.space();
  const std::string folder = shared.path + "/campaign";
  const Dataset dataset = run_campaign(space, small_campaign(folder, 60));
  if (!shared.ranks.first()) return;
  REQUIRE(dataset.samples.size() == 60);
  for (const Sample& sample : dataset.samples) CHECK(same_sample(sample, space.solve(sample.index, sample.x)));
  const auto journals = journals_in(folder);
  REQUIRE(static_cast<int>(journals.size()) == shared.ranks.size());
  std::size_t records = 0;
  for (const auto& path : journals) records += read_journal(path).samples.size();
  CHECK(records == 60);  // none twice
}

TEST_CASE("samples carry the same slopes on any number of ranks") {
  const SharedScratch shared;
  const DesignSpace space = shared.space();
  CampaignOptions options = small_campaign(shared.path + "/campaign", 9);
  options.slopes = "curve";
  const Dataset dataset = run_campaign(space, options);
  if (!shared.ranks.first()) return;
  REQUIRE(dataset.samples.size() == 9);
  for (const Sample& sample : dataset.samples) {
    CHECK(sample.slopes->missing.empty());
    CHECK(same_sample(sample, sample_with_slopes(space, sample.index, sample.x, true)));
  }
}

TEST_CASE("a longer campaign solves only what is new, and another case is refused on all ranks") {
  const SharedScratch shared;
  const std::string folder = shared.path + "/campaign";
  run_campaign(shared.space(), small_campaign(folder, 20));
  long solved = 0;
  CampaignOptions longer = small_campaign(folder, 50);
  longer.progress = [&](long, long total) { solved = total; };
  const Dataset dataset = run_campaign(shared.space(), longer);
  if (shared.ranks.first()) {
    CHECK(dataset.samples.size() == 50);
    CHECK(solved == 50);
    std::size_t records = 0;
    for (const auto& path : journals_in(folder)) records += read_journal(path).samples.size();
    CHECK(records == 50);
  }
  const DesignSpace other = shared.space({"initial.soc=0.9"});
  CHECK_THROWS_WITH(run_campaign(other, small_campaign(folder, 50)), says("belongs to another case"));
}

TEST_CASE("the shared counter gives every number once") {
  Ranks ranks;
  long sum = 0, count = 0;
  for (long k = ranks.next(); k < 1000; k = ranks.next()) sum += k, ++count;
  CHECK(ranks.sum(sum) == 499500);
  CHECK(ranks.sum(count) == 1000);
}
