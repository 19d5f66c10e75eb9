#pragma once
/// PETSc options for the length of a test.
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "solver/base/petsc.hpp"

namespace porelith {

/// Options, name and value each, that hold while it lives.
class PetscOptionsFor {
 public:
  PetscOptionsFor(std::initializer_list<std::pair<const char*, const char*>> options) {
    ensure_petsc();
    for (const auto& [name, value] : options) {
      check_petsc(PetscOptionsSetValue(nullptr, name, value), "testing");
      names_.push_back(name);
    }
  }
  ~PetscOptionsFor() {
    for (const auto& name : names_) PetscOptionsClearValue(nullptr, name.c_str());
  }
  PetscOptionsFor(const PetscOptionsFor&) = delete;
  PetscOptionsFor& operator=(const PetscOptionsFor&) = delete;

 private:
  std::vector<std::string> names_;
};

}  // namespace porelith
