/// Checkpoint files: whatever happens to them, what comes back is what was kept, or a sentence.
#include "solver/results/checkpoints.hpp"

#include <random>

#include "solver/base/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

namespace fs = std::filesystem;

const CheckpointOwner owner{{{"title", "\"one\""}, {"solver.rtol", "0.001"}, {"step.1.rest", "1.0 s"}},
                            "digest of the cell"};
const std::string newer = "000002", older = "000001";

Checkpoints in(const Scratch& folder, const CheckpointOwner& of = owner) { return {folder.path(), of, Team::alone()}; }

std::string memory(char filler) { return std::string(500, filler) + std::string("\0\n\xff", 3); }

/// Two sets, 'a' and then 'b'.
void keep_two(const Scratch& folder) {
  Checkpoints checkpoints = in(folder);
  REQUIRE(checkpoints.keep(memory('a'), 10) == "");
  REQUIRE(checkpoints.keep(memory('b'), 20) == "");
}

}  // namespace

TEST_CASE("the newest set comes back to the byte; the one before it stays, older ones go") {
  const Scratch folder;
  keep_two(folder);
  Checkpoints checkpoints = in(folder);
  REQUIRE(checkpoints.keep(memory('c'), 30) == "");
  std::vector<std::string> warnings;
  const auto kept = in(folder).newest(warnings);
  REQUIRE(kept);
  CHECK(kept->memory == memory('c'));
  CHECK(kept->time == 30);
  CHECK(warnings.empty());
  CHECK_FALSE(fs::exists(folder / "checkpoint/000001"));
  CHECK(fs::exists(folder / "checkpoint/000002/index.json"));
  checkpoints.clear();
  CHECK_FALSE(fs::exists(folder / "checkpoint"));
  CHECK_FALSE(in(folder).newest(warnings));
}

TEST_CASE("a set without its index does not count: the kill came first") {
  const Scratch folder;
  keep_two(folder);
  fs::remove(folder / ("checkpoint/" + newer + "/index.json"));
  std::vector<std::string> warnings;
  CHECK(in(folder).newest(warnings)->memory == memory('a'));
  CHECK(warnings.empty());
}

TEST_CASE("whatever byte of a set is damaged, wherever it is cut, nothing wrong comes back") {
  const Scratch folder;
  keep_two(folder);
  std::mt19937 random(7);
  int damaged = 0;
  for (const std::string name : {"rank_0000.bin", "index.json"}) {
    const std::string path = folder / ("checkpoint/" + newer + "/" + name), good = file_text(path);
    for (int trial = 0; trial < 200; ++trial) {
      std::string bad = good;
      const std::size_t at = random() % bad.size();
      if (trial % 4 == 0)
        bad.resize(at);
      else
        bad[at] = static_cast<char>(bad[at] ^ (1 << random() % 8));
      write_text(path, bad);
      INFO(name << ", byte " << at << (trial % 4 == 0 ? " cut" : " changed"));
      std::vector<std::string> warnings;
      try {
        const auto kept = in(folder).newest(warnings);
        REQUIRE(kept);
        // The index also holds what is only shown: with that damaged the newer set is still whole.
        if (warnings.empty()) REQUIRE(name == "index.json");
        REQUIRE(kept->memory == memory(warnings.empty() ? 'b' : 'a'));
        damaged += !warnings.empty();
      } catch (const CaseError&) {  // a version or a number of ranks that is another now
        REQUIRE(name == "index.json");
      }
    }
    write_text(path, good);
  }
  CHECK(damaged > 300);
}

TEST_CASE("if no set is whole, a sentence says so and names the files") {
  const Scratch folder;
  keep_two(folder);
  for (const auto& set : {newer, older}) fs::resize_file(folder / ("checkpoint/" + set + "/rank_0000.bin"), 100);
  std::vector<std::string> warnings;
  const std::string sentence = sentence_of<CaseError>([&] { in(folder).newest(warnings); });
  CHECK(sentence.find("no checkpoint here is whole") != std::string::npos);
  CHECK(sentence.find("000002/rank_0000.bin is damaged: it has 100 bytes, not") != std::string::npos);
  CHECK(sentence.find("run without --resume") != std::string::npos);
}

TEST_CASE("a checkpoint of another case is refused by the keys that differ; what shows changes nothing") {
  const Scratch folder;
  keep_two(folder);
  std::vector<std::string> warnings;
  CheckpointOwner other = owner;
  other.keys = {{"title", "\"two\""},
                {"solver.rtol", "0.01"},
                {"output.vtk", "false"},
                {"step.1.rest", "1.0 s"},
                {"step.2.rest", "2.0 s"}};
  CHECK(sentence_of<CaseError>([&] {
          in(folder, other).newest(warnings);
        }).find("another case: solver.rtol differs;") != std::string::npos);
  other = owner;
  other.cell = "another digest";
  CHECK(sentence_of<CaseError>([&] { in(folder, other).newest(warnings); }).find("the cell's file has changed") !=
        std::string::npos);
  other = owner;
  other.keys = {{"title", "\"two\""}, {"solver.rtol", "0.001"}, {"output.vtk", "false"}, {"step.1.rest", "1.0 s"}};
  CHECK(in(folder, other).newest(warnings)->memory == memory('b'));
}

TEST_CASE("another number of ranks is refused by both numbers") {
  const Scratch folder;
  keep_two(folder);
  const std::string path = folder / ("checkpoint/" + newer + "/index.json");
  std::string index = file_text(path);
  index.replace(index.find("\"ranks\": 1"), 10, "\"ranks\": 2");
  const auto entry = index.find('{', index.find("files")), end = index.find('}', entry);
  index.insert(end + 1, "," + index.substr(entry, end - entry + 1));
  write_text(path, index);
  std::vector<std::string> warnings;
  CHECK(sentence_of<CaseError>([&] {
          in(folder).newest(warnings);
        }).find("written by 2 ranks; go on with as many, not with 1") != std::string::npos);
}

TEST_CASE("a full disk is told by its sentence and leaves the sets that are there") {
  const Scratch folder;
  keep_two(folder);
  std::string trouble;
  {
    const SmallFiles full(1000);
    Checkpoints checkpoints = in(folder);
    trouble = checkpoints.keep(std::string(5000, 'c'), 30);
  }
  CHECK(trouble.find("cannot write") != std::string::npos);
  CHECK(trouble.find("File too large") != std::string::npos);
  CHECK_FALSE(fs::exists(folder / "checkpoint/000003"));
  std::vector<std::string> warnings;
  CHECK(in(folder).newest(warnings)->memory == memory('b'));
  CHECK(warnings.empty());
}
