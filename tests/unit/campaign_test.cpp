#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>
#include <set>

#include "solver/base/error.hpp"
#include "surrogate/dataset/journal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_campaign.hpp"

using namespace porelith;

namespace {

std::set<long> recorded(const std::string& folder) {
  std::set<long> indices;
  for (const auto& path : journals_in(folder)) {
    for (const Sample& sample : read_journal(path).samples) CHECK(indices.insert(sample.index).second);
  }
  return indices;
}

/// Runs the campaign in a process of its own and kills it a while after it has said that `samples` are finished.
/// @return samples that it said were finished
long killed_campaign(const DesignSpace& space, const CampaignOptions& options, int samples, int microseconds) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    CampaignOptions told = options;
    told.progress = [&](long, long) {
      if (write(ends[1], "x", 1) != 1) _exit(1);
    };
    run_campaign(space, told);
    _exit(0);
  }
  close(ends[1]);
  long finished = 0;
  char mark;
  while (finished < samples && read(ends[0], &mark, 1) == 1) ++finished;
  usleep(microseconds);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  while (read(ends[0], &mark, 1) == 1) ++finished;
  close(ends[0]);
  return finished;
}

}  // namespace

TEST_CASE("kill -9 loses no finished sample, and the end is the same as without kills") {
  const char* more = std::getenv("PORELITH_KILLS");
  const int kills = more != nullptr ? std::atoi(more) : 10;
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  const CampaignOptions options = small_campaign(scratch / "killed", 40 * kills);
  std::mt19937 random(7);
  std::size_t before = 0;
  int useful = 0;
  for (int k = 0; k < kills; ++k) {
    const int samples = 1 + static_cast<int>(random() % 25), microseconds = static_cast<int>(random() % 2000);
    const long finished = killed_campaign(space, options, samples, microseconds);
    const std::size_t now = recorded(options.folder).size();
    CHECK(now >= before + static_cast<std::size_t>(finished));
    CHECK(now <= before + static_cast<std::size_t>(finished) + 1);  // killed between the write and its report
    useful += now > before && now < static_cast<std::size_t>(options.samples) ? 1 : 0;
    before = now;
  }
  INFO(before << " samples recorded before the last kill");
  CHECK(useful >= 3 * kills / 4);  // the kills struck campaigns at work
  const Dataset killed = run_campaign(space, options);
  const Dataset whole = run_campaign(space, small_campaign(scratch / "whole", options.samples));
  REQUIRE(killed.samples.size() == whole.samples.size());
  for (std::size_t k = 0; k < whole.samples.size(); ++k) CHECK(same_sample(killed.samples[k], whole.samples[k]));
}

TEST_CASE("a journal cut anywhere in its last record keeps all records before it") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  const std::string folder = scratch / "campaign", path = folder + "/rank_0.journal";
  run_campaign(space, small_campaign(folder, 3));
  const std::string two = [&] {
    const std::string all = file_text(path);
    return all.substr(0, all.rfind("PSJ1"));
  }();
  const std::string all = file_text(path);
  for (std::size_t size = two.size(); size < all.size(); ++size) {
    write_text(path, all.substr(0, size));
    const JournalContent content = read_journal(path);
    CHECK(content.samples.size() == 2);
    CHECK(content.good_bytes == static_cast<long>(two.size()));
  }
  std::string flipped = all;
  flipped[all.size() - 20] ^= 1;  // one bit
  write_text(path, flipped);
  CHECK(read_journal(path).samples.size() == 2);
  CHECK(run_campaign(space, small_campaign(folder, 3)).samples.size() == 3);
  CHECK(read_journal(path).samples.size() == 3);
}

TEST_CASE("the checksum is CRC-32") {
  CHECK(crc32("123456789") == 0xCBF43926u);  // check value of the CRC catalogue, CRC-32/ISO-HDLC
}

TEST_CASE("a campaign asked to stop keeps what it has and goes on later") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  CampaignOptions options = small_campaign(scratch / "campaign", 30);
  long done = 0;
  options.progress = [&](long now, long) { done = now; };
  options.stop = [&] { return done >= 10; };
  CHECK(run_campaign(space, options).samples.size() == 10);
  options.stop = [] { return false; };
  CHECK(run_campaign(space, options).samples.size() == 30);
}

TEST_CASE("a dataset reads back as it was written, and fills a training set with what is complete") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  Dataset written = run_campaign(space, small_campaign(scratch / "campaign", 8));
  written.samples.push_back(space.solve(99, {0.39, 1.9}));  // 0.5 - 0.39 - 0.19 < 0
  CHECK_THAT(written.samples.back().status, says("infeasible: 0.5 - n - p/10 is -0.08"));
  written.samples[2].chosen = true;
  written.write(scratch / "dataset.h5");
  const Dataset read = Dataset::read(scratch / "dataset.h5");
  REQUIRE(read.samples.size() == 9);
  for (std::size_t k = 0; k < 9; ++k) CHECK(same_sample(read.samples[k], written.samples[k]));
  CHECK(read.case_hash == space.case_hash());
  CHECK(read.family.set == space.family().set);
  CHECK(read.family.feasible == space.family().feasible);
  CHECK(read.family.variables[1].log);
  const TrainingSet set = read.training_set();
  CHECK(set.size() == 8);
  CHECK(set.inputs == std::vector<std::string>{"n", "p"});
  CHECK(set.scalars.front() == "capacity");
  CHECK(set.Y(3, 0) == written.samples[3].scalars[0]);
  CHECK(set.curves(3, 64) == written.samples[3].curve[64]);
  CHECK(set.coordinate[32] == 0.5);
  for (std::size_t k = 0; k < 8; ++k) CHECK(set.chosen[k] == (k == 2));
  CHECK_THROWS_WITH(Dataset::read(scratch / "case.toml"), says("HDF5"));
}

TEST_CASE("a damaged dataset is told, and never read as another one") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  const std::string path = scratch / "campaign/dataset.h5";
  const Dataset good = run_campaign(space, small_campaign(scratch / "campaign", 4));
  const std::string whole = file_text(path);
  std::mt19937 random(23);
  for (int k = 0; k < 200; ++k) {
    std::string damaged = whole;
    damaged[random() % whole.size()] ^= static_cast<char>(1u << (random() % 8));
    if (k % 4 == 0) damaged = whole.substr(0, random() % (whole.size() - 64));
    write_text(path, damaged);
    try {
      const Dataset read = Dataset::read(path);
      REQUIRE(read.samples.size() == 4);
      for (int i = 0; i < 4; ++i) CHECK(same_sample(read.samples[i], good.samples[i]));
    } catch (const CaseError& error) {
      CHECK_THAT(error.what(), says("dataset.h5: is "));
    }
  }
}

TEST_CASE("a dataset keeps what its case asks of a training") {
  const Scratch scratch;
  CampaignOptions options = small_campaign(scratch / "campaign", 2);
  options.training = {"mlp",
                      {{"members", 7},
                       {"hidden", std::vector<int>{9, 3, 4}},
                       {"activation", std::string("leaky_relu")},
                       {"epochs", 123}},
                      99};
  run_campaign(small_space(scratch.path()), options);
  const TrainOptions kept = Dataset::read(scratch / "campaign/dataset.h5").training;
  CHECK(kept.learner == "mlp");
  CHECK(kept.settings == options.training.settings);
  CHECK(kept.seed == 99);
}

TEST_CASE("a folder of another campaign is refused with a sentence") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  CampaignOptions options = small_campaign(scratch / "campaign", 5);
  run_campaign(space, options);
  options.seed = 2;
  CHECK_THROWS_WITH(run_campaign(space, options),
                    says("rank_0.journal: belongs to seed = 1, now 2; name another folder"));
  options = small_campaign(scratch / "campaign", 5);
  options.sampling = "latin_hypercube";
  CHECK_THROWS_WITH(run_campaign(space, options), says("sampling = \"sobol\""));
  const DesignSpace other(read_case(scratch / "case.toml", {"mesh.negative=5", "solver.rtol=2e-3"}), space.family());
  CHECK_THROWS_WITH(
      run_campaign(other, small_campaign(scratch / "campaign", 5)),
      says("belongs to another case or other variables (mesh.negative = [2, 2], now [2, 3]; solver.rtol = "));
  DesignFamily wider = space.family();
  wider.variables[0].high = 0.45;
  CHECK_THROWS_WITH(run_campaign(DesignSpace(space.base(), wider), small_campaign(scratch / "campaign", 5)),
                    says("(design.variable.n = 0.2 to 0.4, now 0.2 to 0.45)"));
  write_text(scratch / "campaign/rank_0.journal", std::string(5000, 'x'));
  CHECK_THROWS_WITH(run_campaign(space, small_campaign(scratch / "campaign", 5)), says("is no journal of a campaign"));
}
