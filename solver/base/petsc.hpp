#pragma once
/// PETSc, started when it is first needed, and owners of its objects.
#include <petscksp.h>

#include <string>
#include <utility>

namespace porelith {

/// Turns a PETSc return code into an exception that carries PETSc's own text and what we were doing.
/// @throws std::invalid_argument where the user gave PETSc options, for these are then the likely cause; else
/// std::runtime_error
void check_petsc(PetscErrorCode code, const char* doing);

/// Options as on a command line ("-ksp_type gmres -pc_type ilu"); call before the first solve.
/// @throws std::invalid_argument if one of them does not begin with a dash
void set_petsc_options(const std::string& options);
const std::string& petsc_options();

/// PETSc belongs to the thread that asks for it first: two at once would share its stacks and its options.
/// @throws WrongThread to any other
void require_petsc_thread();
/// Starts PETSc (and MPI) once; finalised at exit. @throws WrongThread
void ensure_petsc();
/// Options given and never used, one a line, or "".
std::string unused_petsc_options();

/// Owns one PETSc object; move-only. No thread but PETSc's can make one.
template <typename Handle, PetscErrorCode (*destroy)(Handle*)>
class PetscOwner {
 public:
  PetscOwner() = default;
  PetscOwner(PetscOwner&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  PetscOwner& operator=(PetscOwner&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~PetscOwner() {
    PetscBool finalized = PETSC_FALSE;
    PetscFinalized(&finalized);
    if (handle_ && !finalized) destroy(&handle_);
  }
  operator Handle() const { return handle_; }  // NOLINT: stands for its handle
  /// Where a call of PETSc puts what it makes. @throws WrongThread
  Handle* out() {
    require_petsc_thread();
    return &handle_;
  }

 private:
  Handle handle_ = nullptr;
};

using PetscVector = PetscOwner<Vec, VecDestroy>;
using PetscMatrix = PetscOwner<Mat, MatDestroy>;
using PetscSolver = PetscOwner<KSP, KSPDestroy>;

/// A vector with `own` values on this rank, on one rank or several. Collective.
PetscVector create_vector(MPI_Comm communicator, PetscInt own);

}  // namespace porelith
