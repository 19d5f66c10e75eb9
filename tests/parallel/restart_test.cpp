/// Checkpoints of several ranks: they go on bit for bit together, and agree on which set is whole.
#include <fstream>
#include <optional>

#include "tests/support/interrupted.hpp"
#include "tests/support/petsc_options.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

/// One folder for all ranks, the first rank's.
class CommonFolder {
 public:
  CommonFolder() {
    if (team.first()) scratch_.emplace();
    std::vector<char> name(4096, 0);
    if (team.first()) scratch_->path().copy(name.data(), name.size() - 1);
    if (team.size() > 1) MPI_Bcast(name.data(), static_cast<int>(name.size()), MPI_CHAR, 0, team.communicator());
    path = name.data();
  }
  ~CommonFolder() { team.any(false); }  // all are done with it

  Team team = Team::world();
  std::string path;

 private:
  std::optional<Scratch> scratch_;
};

Case small_block() {
  Case input = busy_case(
      "[geometry]\ndimension = 3\nwidth = \"60 um\"\n[[channel]]\nshape = \"round\"\nwidth = \"30 um\"\n"
      "width_bottom = \"12 um\"\n");
  input.mesh.width = input.mesh.height = 3;
  return input;
}

}  // namespace

TEST_CASE("a 3D run on all ranks goes on bit for bit from its checkpoint") {
  const CommonFolder folder;
  const PetscOptionsFor multigrid{{"-newton_direct", "false"}};  // on one rank too
  const Case input = small_block();
  const Results whole = solve_on(input, nullptr, folder.team);
  REQUIRE(whole.status == "complete");
  REQUIRE(solve_leg(input, folder.path, folder.team, whole.counts.steps / 3).results.status == "stopped");
  REQUIRE(solve_leg(input, folder.path, folder.team, whole.counts.steps / 3).results.status == "stopped");
  require_same(solve_leg(input, folder.path, folder.team).results, whole);
}

TEST_CASE("if one rank's file is damaged, all ranks take the set before it, and say which file") {
  const CommonFolder folder;
  const Team& team = folder.team;
  Checkpoints checkpoints(folder.path, {{{"a", "1"}}, "cell"}, team);
  const std::string mine = "memory of rank " + std::to_string(team.rank());
  REQUIRE(checkpoints.keep(mine + ", first", 1) == "");
  REQUIRE(checkpoints.keep(mine + ", second", 2) == "");
  if (team.rank() == team.size() - 1) {
    const std::string file = folder.path + "/checkpoint/000002/rank_000" + std::to_string(team.rank()) + ".bin";
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(40) << '?';
  }
  std::vector<std::string> warnings;
  const auto kept = checkpoints.newest(warnings);
  REQUIRE(kept);
  CHECK(kept->memory == mine + ", first");
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("is damaged: its checksum is wrong") != std::string::npos);
}

TEST_CASE("a rank that cannot write leaves all ranks with the set before") {
  const CommonFolder folder;
  const Team& team = folder.team;
  Checkpoints checkpoints(folder.path, {{{"a", "1"}}, "cell"}, team);
  REQUIRE(checkpoints.keep("first", 1) == "");
  std::string trouble;
  {
    std::optional<SmallFiles> full;
    if (team.rank() == team.size() - 1) full.emplace(1000);
    trouble = checkpoints.keep(std::string(5000, 's'), 2);
  }
  CHECK(trouble.find("cannot write") != std::string::npos);
  std::vector<std::string> warnings;
  const auto kept = checkpoints.newest(warnings);
  REQUIRE(kept);
  CHECK(kept->memory == "first");
  CHECK(warnings.empty());
}
