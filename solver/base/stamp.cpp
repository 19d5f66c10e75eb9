#include "solver/base/stamp.hpp"

#ifndef PORELITH_VERSION
#define PORELITH_VERSION "unknown"
#endif
#ifndef PORELITH_COMMIT
#define PORELITH_COMMIT "unknown"
#endif

namespace porelith {

const Program& program() {
#if defined(__clang__)
  static const Program it{"porelith", PORELITH_VERSION, PORELITH_COMMIT, __VERSION__};
#else
  static const Program it{"porelith", PORELITH_VERSION, PORELITH_COMMIT, "GNU " __VERSION__};
#endif
  return it;
}

}  // namespace porelith
