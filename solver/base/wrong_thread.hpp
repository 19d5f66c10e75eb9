#pragma once
#include <stdexcept>

namespace porelith {

/// PETSc was called by another thread than the one that started it, which it does not bear: a mistake of ours.
class WrongThread : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace porelith
