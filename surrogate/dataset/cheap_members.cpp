#include "surrogate/dataset/cheap_members.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "solver/case/case.hpp"
#include "solver/case/reader.hpp"

namespace porelith {

DesignSpace coarser(const DesignSpace& space, double part) {
  const MeshOptions mesh = space.case_at(space.start()).mesh;
  std::vector<CaseChange> fewer;
  const auto add = [&](const char* key, int n) {
    if (n > 0) fewer.push_back({std::string("mesh.") + key, {std::max(1.0, std::ceil(n * part - 1e-9))}});
  };
  if (mesh.file.empty()) {
    add("negative", mesh.negative);
    add("separator", mesh.separator);
    add("positive", mesh.positive);
    add("width", mesh.width);
    add("height", mesh.height);
  }
  add("shells", mesh.shells);
  return {changed(space.base(), fewer), space.family()};
}

double unknowns_of(const DesignSpace& space) {
  constexpr double fields = 3;  // c_e, phi_e, phi_s
  const MeshOptions mesh = space.case_at(space.start()).mesh;
  const double shells = mesh.shells;
  if (!mesh.file.empty()) return fields + shells;
  const double coated = mesh.negative + mesh.positive;
  const double separator = mesh.separator > 0 ? mesh.separator : coated / 4;
  return (coated * (fields + shells) + separator * fields) * std::max<int>(1, mesh.width) *
         std::max<int>(1, mesh.height);
}

}  // namespace porelith
