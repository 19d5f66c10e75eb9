#include "solver/base/petsc.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "solver/base/wrong_thread.hpp"

namespace porelith {

namespace {
std::string options_text;
bool started = false;

void finalize() {
  PetscBool finalized = PETSC_FALSE;
  PetscFinalized(&finalized);
  if (!finalized) PetscFinalize();
}
}  // namespace

void check_petsc(PetscErrorCode code, const char* doing) {
  if (code == 0) return;
  const char* general = nullptr;
  char* specific = nullptr;
  PetscErrorMessage(code, &general, &specific);
  std::string text = specific && *specific ? specific : general ? general : "unknown";
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  const std::string failed = fmt::format("PETSc failed while {}: {} (error {})", doing, text, int(code));
  if (!options_text.empty()) throw std::invalid_argument(fmt::format("--petsc \"{}\": {}", options_text, failed));
  throw std::runtime_error(failed);
}

void set_petsc_options(const std::string& options) {
  const auto first = options.find_first_not_of(" \t");
  if (first != std::string::npos && options[first] != '-')
    throw std::invalid_argument(
        fmt::format("--petsc \"{}\": PETSc options begin with a dash, like -ksp_type gmres", options));
  options_text = options;
}

const std::string& petsc_options() { return options_text; }

void require_petsc_thread() {
  static const std::thread::id first = std::this_thread::get_id();
  if (std::this_thread::get_id() != first)
    throw WrongThread("a second thread called PETSc, which serves only the thread that started it");
}

void ensure_petsc() {
  require_petsc_thread();
  if (started) return;
  // A program started by hand is one rank; without a launcher Open MPI need not look for one.
  setenv("OMPI_MCA_ess_singleton_isolated", "1", 0);
  // PETSc's own report and abort would speak before we can.
  check_petsc(PetscInitializeNoArguments(), "starting");
  check_petsc(PetscPopSignalHandler(), "leaving the signals to us");
  check_petsc(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr), "taking over its errors");
  check_petsc(PetscOptionsInsertString(nullptr, options_text.c_str()), "reading --petsc");
  started = true;
  std::atexit(finalize);
}

std::string unused_petsc_options() {
  if (!started || options_text.empty()) return options_text;  // PETSc was not needed, hence none of them
  PetscInt n = 0;
  char **names = nullptr, **values = nullptr;
  check_petsc(PetscOptionsLeftGet(nullptr, &n, &names, &values), "looking for unused options");
  std::string list;
  for (PetscInt i = 0; i < n; ++i) list += fmt::format("{}-{}", i ? "\n" : "", names[i]);
  check_petsc(PetscOptionsLeftRestore(nullptr, &n, &names, &values), "looking for unused options");
  return list;
}

PetscVector create_vector(MPI_Comm communicator, PetscInt own) {
  PetscVector vector;
  check_petsc(VecCreate(communicator, vector.out()), "creating vectors");
  check_petsc(VecSetSizes(vector, own, PETSC_DETERMINE), "creating vectors");
  check_petsc(VecSetType(vector, VECSTANDARD), "creating vectors");
  return vector;
}

}  // namespace porelith
