#include "solver/base/petsc.hpp"

#include <stdexcept>

#include "solver/linear/linear_solver.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/petsc_options.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

TEST_CASE("an option that PETSc does not take is the user's mistake, told in PETSc's words") {
  const Case c = shipped_case("lgm50_chen2020");
  const Mesh mesh = layered_mesh(*c.cell, c.mesh);
  CHECK(sentence_of<std::invalid_argument>([] { set_petsc_options("newton_pc_type lu"); }) ==
        "--petsc \"newton_pc_type lu\": PETSc options begin with a dash, like -ksp_type gmres");
  set_petsc_options("-newton_pc_type nonsense");
  const PetscOptionsFor again{{"-newton_pc_type", "nonsense"}};  // PETSc may have started in a test before this one
  const std::string sentence = sentence_of<std::invalid_argument>([&] {
    make_petsc_solver<Isothermal>(mesh, {1000, 1, 1}, Team::alone(), 1);
  });
  INFO(sentence);
  CHECK(sentence.rfind("--petsc \"-newton_pc_type nonsense\": PETSc failed while reading the solver's options: ", 0) ==
        0);
  CHECK(sentence.find("nonsense", 30) != std::string::npos);
  set_petsc_options("");
}
