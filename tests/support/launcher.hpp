#pragma once
/// mpirun as a program that is not told how it is to be started.
#include <unistd.h>

#include <cstdlib>

namespace porelith {

/// Open MPI refuses to run as root, as in a container, unless it is told twice. Call before a launcher is started.
inline void let_root_launch() {
  if (geteuid() != 0) return;
  setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 0);
  setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 0);
}

}  // namespace porelith
