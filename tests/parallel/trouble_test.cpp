/// What one rank meets is told by all: the same kind, the same sentence, on any number of ranks.
#include <algorithm>
#include <new>
#include <stdexcept>

#include "solver/base/error.hpp"
#include "solver/base/together.hpp"
#include "solver/case_mesh.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

bool is_last(const Team& team) { return team.rank() == team.size() - 1; }

/// Thrown by the last rank alone.
template <class Error>
void throw_on_last(const Team& team, const Error& error) {
  if (is_last(team)) throw error;
}

Case small_discharge() {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 8, 4, 8);
  c.protocol = {at_rate(*c.cell, 1)};
  c.protocol[0].stops.push_back({Quantity::time, 60});
  return c;
}

/// Throws on the last rank in the function of that name.
class Thrower : public Recorder {
 public:
  Thrower(Team team, std::string where) : team_(team), where_(std::move(where)) {}
  void begin(const Results&) override { reach("begin"); }
  void row(const CurveRow&) override {
    team_.max(1.0);  // as a recorder that writes now and then together
    if (++rows_ > 5) reach("row");
  }
  void step_ended(const StepSummary&) override { reach("step_ended"); }
  bool stop_requested() override { return reach("stop_requested"), false; }
  bool keeps() const override { return true; }
  bool keep_requested() override { return reach("keep_requested"), false; }
  std::string kept() override { return reach("kept"), ""; }

 private:
  void reach(const std::string& place) const {
    if (place == where_) throw_on_last(team_, WriteError("cannot write " + place));
  }
  Team team_;
  std::string where_;
  int rows_ = 0;
};

}  // namespace

TEST_CASE("every kind of trouble of one rank is thrown on all, with its kind and its sentence") {
  const Team team = Team::world();
  const auto all = [&](const auto& error) {
    return [&team, error] { together(team, [&] { throw_on_last(team, error); }); };
  };
  CHECK(sentence_of<SolveFailure>(all(SolveFailure("no step"))) == "no step");
  CHECK(sentence_of<WriteError>(all(WriteError("disk full"))) == "disk full");
  CHECK(sentence_of<std::invalid_argument>(all(std::invalid_argument("--no"))) == "--no");
  CHECK(sentence_of<std::runtime_error>(all(std::runtime_error("PETSc failed"))) == "PETSc failed");
  CHECK_THROWS_AS(all(std::bad_alloc())(), std::bad_alloc);
  const CaseError two({{{"case.toml", 3, 7}, "is wrong"}, {{"cell.json", 0, 0}, "too"}});
  CHECK(sentence_of<CaseError>(all(two)) == two.what());
  CHECK(together(team, [] { return std::string("no trouble"); }) == "no trouble");
}

TEST_CASE("where several ranks are in trouble all tell the lowest one's") {
  const Team team = Team::world();
  const auto work = [&] { throw WriteError("rank " + std::to_string(team.rank())); };
  CHECK(sentence_of<WriteError>([&] { together(team, work); }) == "rank 0");
  CHECK(sentence_of<WriteError>([&] { meet_after(team, work, [](const auto&) { return 1; }); }) == "rank 0");
}

TEST_CASE("ranks meet after a work with collective calls, whoever of them left it") {
  const Team team = Team::world();
  const LastWords never = [](const std::exception_ptr&) { return 99; };
  const auto work = [&] {
    team.any(true);
    throw_on_last(team, SolveFailure("afterwards"));
  };
  CHECK(sentence_of<SolveFailure>([&] { meet_after(team, work, never); }) == "afterwards");
  meet_after(
      team, [&] { team.any(true); }, never);
  CHECK(team.sum(1L) == team.size());
}

TEST_CASE("a failure's sentence is the same on any number of ranks: law, Newton, local error, place and all") {
  const Team team = Team::world();
  std::vector<std::pair<const char*, Case>> cases;
  Case law = small_discharge();
  law.cell->electrolyte.D_e = Function::expression("3e-10*(1.2 - x/1000)");
  law.protocol = {at_rate(*law.cell, 2)};
  cases.emplace_back("a diffusivity that ends", law);
  Case newton = small_discharge();
  newton.solver.fixed_step = 3000;
  newton.protocol = {at_rate(*newton.cell, 3)};
  cases.emplace_back("a step much too long", newton);
  Case grooves = thick_charge(3);
  cut(grooves, 2, 60e-6, ChannelForm::groove, 15e-6);
  set_mesh(grooves, 8, 4, 6);
  grooves.mesh.width = 6;
  grooves.cell->electrolyte.D_e = Function::expression("3e-10*(1.5 - x/1000)");
  cases.emplace_back("grooves", grooves);
  Case plain = grooves;
  plain.geometry.negative.clear();
  plain.geometry.positive.clear();
  cases.emplace_back("columns that are all alike", plain);
  for (auto& [name, c] : cases) {
    const std::string together = simulate(c, nullptr, team).status, alone = simulate(c).status;
    INFO(name);
    CHECK(together == alone);
    CHECK_THAT(alone, says("failed: step 1 (") && says("in cell ") && says(" um"));
  }
}

TEST_CASE("what a recorder throws on one rank ends the run on all, from wherever") {
  const Team team = Team::world();
  const Case c = small_discharge();
  for (const std::string where : {"kept", "begin", "row", "step_ended", "stop_requested", "keep_requested"}) {
    INFO(where);
    Thrower thrower(team, where);
    Results results;
    CHECK(sentence_of<WriteError>([&] { simulate(c, results, &thrower, team); }) == "cannot write " + where);
  }
}

TEST_CASE("trouble of one rank's input is everybody's: start, properties, mesh") {
  const Team team = Team::world();
  Case start = small_discharge();
  start.initial = {};
  start.initial.voltage = is_last(team) ? 9.0 : 3.7;
  CHECK_THAT(sentence_of<CaseError>([&] { simulate(start, nullptr, team); }),
             says("[initial] voltage = 9 V is outside"));

  Case file = small_discharge();
  file.mesh.file = is_last(team) ? "/there/is/no/such.msh" : "";
  CHECK_THAT(sentence_of<CaseError>([&] { simulate(file, nullptr, team); }), says("such.msh"));

  Case foils = thick_charge(1);
  foils.geometry.dimension = 2;
  foils.geometry.width = foils.geometry.height = 60e-6;
  foils.geometry.negative_foil = foils.geometry.positive_foil = Foil{10e-6, 5e7};
  set_mesh(foils, 6, 3, 6);
  foils.mesh.width = 4;
  Mesh mesh = mesh_of(foils, team);
  if (is_last(team)) foils.geometry.negative_foil = foils.geometry.positive_foil = {};
  const bool met = std::any_of(mesh.region.begin(), mesh.region.end(), is_foil) && is_last(team);
  if (!team.any(met)) return;
  CHECK_THAT(sentence_of<CaseError>([&] { simulate_on(std::move(mesh), foils, nullptr, team); }),
             says("the mesh has a foil that the case says nothing of"));
}
