/// Studies whose solves take PETSc: no second thread ever calls it, and the answers do not depend on how many there
/// are.
#include <sstream>
#include <thread>

#include "solver/base/petsc.hpp"
#include "solver/base/wrong_thread.hpp"
#include "solver/case_mesh.hpp"
#include "solver/linear/linear_solver.hpp"
#include "solver/simulation.hpp"
#include "surrogate/design/loop.hpp"
#include "surrogate/design/verification.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/small_campaign.hpp"

using namespace porelith;

namespace {

/// Blind holes in a thick electrode, around one hole: a few hundredths of a second a solve.
const std::string hole_study = R"(
title = "Holes"
[cell]
file = "nmc111_pouch"
nominal_capacity = "25 A.h"
temperature = "25 degC"
[geometry]
dimension = "axisymmetric"
arrangement = "hexagonal"
width = "80 um"
[[channel]]
electrode = "negative"
shape = "round"
width = "30 um"
depth = 0.7
[initial]
soc = 0
[[step]]
charge = "3.2C"
[mesh]
negative = 5
separator = 2
positive = 5
width = 3
shells = 5
[solver]
rtol = 1e-3
[design]
objective = "areal_capacity"
samples = 32
members = 2
hidden = [8]
epochs = 50
rounds = 1
[design.set]
"channel.1.width" = "1e-6*m"
"channel.1.depth" = "d"
[[design.variable]]
name = "m"
low = 10
high = 36
start = 30
[[design.variable]]
name = "d"
low = 0.2
high = 0.95
start = 0.7
[[design.rival]]
name = "no holes"
[design.rival.set]
"channel.1.width" = "0"
"negative.porosity" = "n"
[[design.rival.variable]]
name = "n"
low = 0.25
high = 0.4
start = 0.3
)";

Case case_with(const std::vector<std::string>& overrides) {
  return parse_case("cell.file = \"nmc111_pouch\"\n[[step]]\ndischarge = \"1C\"\n", "case.toml", overrides);
}

struct Outcome {
  Dataset data;
  DesignOutcome found;
  GateCheck gate;
  Confirmed rival;
};

Outcome study(const std::string& folder, int threads) {
  const DesignSpace space = small_space(folder, hole_study);
  const Design design = *space.base().design;
  const Physics physics = physics_of(space, threads);
  CHECK(physics.threads == 1);
  Outcome o;
  o.data = run_campaign(space, small_campaign(folder + "/campaign_" + std::to_string(threads), design.samples));
  LoopOptions options;
  options.threads = threads;
  const LoopResult loop = run_loop(design, physics, o.data, options, o.found);
  o.gate = check_gate(design, physics, *loop.surrogate, o.found.scale.range, o.found.widening, 10);
  const DesignSpace rival(space.base(), design.rivals.at(0));
  CHECK(physics_of(rival, threads).threads == 1);
  o.rival = best_of_family(design, physics_of(rival, threads), o.found.scale, [] { return false; });
  return o;
}

}  // namespace

TEST_CASE("a case may be shared by threads only where its mesh is a line that takes no PETSc") {
  struct Kind {
    const char* name;
    std::vector<std::string> overrides;
    bool shares;
  };
  const std::vector<std::string> flat{"geometry.dimension=2", "geometry.width=1e-4", "mesh.width=2"};
  const std::vector<std::string> deep{"geometry.dimension=3", "geometry.width=1e-4", "geometry.height=1e-4",
                                      "mesh.width=2", "mesh.height=2"};
  const auto with = [](std::vector<std::string> list, const char* more) {
    list.emplace_back(more);
    return list;
  };
  for (const Kind& kind :
       {Kind{"a line", {}, true}, Kind{"a line by elimination", {"solver.linear=chain"}, true},
        Kind{"a line by PETSc", {"solver.linear=petsc"}, false}, Kind{"a plane", flat, false},
        Kind{"a plane by PETSc", with(flat, "solver.linear=petsc"), false},
        Kind{"a plane one cell wide", with(flat, "mesh.width=1"), false}, Kind{"a block", deep, false}}) {
    INFO(kind.name);
    const Case c = case_with(kind.overrides);
    CHECK(may_share_threads(c) == kind.shares);
    if (may_share_threads(c)) CHECK_FALSE(takes_petsc(mesh_of(c), c.solver.linear));
  }
}

TEST_CASE("a second thread that comes to PETSc is an error, whatever the case") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path(), hole_study);
  REQUIRE(space.solve(0, space.start()).status == "complete");  // this thread starts PETSc
  std::string said;
  std::thread([&] { said = sentence_of<WrongThread>([&] { space.solve(1, space.start()); }); }).join();
  CHECK(said == "a second thread called PETSc, which serves only the thread that started it");
  std::string of_owner;
  std::thread([&] { of_owner = sentence_of<WrongThread>([] { PetscVector().out(); }); }).join();
  CHECK(of_owner == said);
}

TEST_CASE("a study of holes gives the same bits and the same counts with one thread and with two") {
  const Scratch scratch;
  const Outcome one = study(scratch.path(), 1), two = study(scratch.path(), 2);
  REQUIRE(one.data.samples.size() == two.data.samples.size());
  for (std::size_t k = 0; k < one.data.samples.size(); ++k) {
    INFO("sample " << k);
    CHECK(same_sample(one.data.samples[k], two.data.samples[k]));
  }
  CHECK(one.found.solves_of_loop == two.found.solves_of_loop);
  CHECK(one.found.progress == two.found.progress);
  CHECK(one.gate.fresh == 10);
  CHECK(one.gate.mean_error == two.gate.mean_error);
  CHECK(one.rival.x == two.rival.x);
  CHECK(one.rival.value_finer == two.rival.value_finer);
  CHECK(one.rival.solves == two.rival.solves);
}
