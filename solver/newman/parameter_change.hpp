#pragma once
/// Ways in which a model's numbers may change: a direction through all of them, and those that have a name.
#include <array>
#include <string>
#include <vector>

#include "solver/newman/model.hpp"

namespace porelith {

/// How much each number changes with some parameter: in its own unit over the parameter's; empty: not at all.
struct ParameterChange {
  Medium medium;  ///< own cells and ghosts
  struct Bed {
    std::vector<double> a, R;     ///< one a cell of the bed
    double ln_D_s = 0, ln_K = 0;  ///< relative, of the law and of the exchange current
  };
  std::vector<Bed> beds;
  double t_plus = 0, ln_D_e = 0, ln_kappa = 0;
  double area = 0;  ///< of the whole cell [m2]
  struct Lengths {
    std::vector<double> volume;                                ///< [m3] own cells
    std::vector<std::array<double, 3>> faces;                  ///< area [m2], d_owner, d_neighbour [m]
    std::vector<double> negative_distance, positive_distance;  ///< of the collectors' faces [m]
  } lengths;                                                   ///< of meshes without skew faces
};

/// A parameter of a model by its name: "negative.eps".
struct ModelParameter {
  std::string name;
  std::string unit;  ///< "1" of relative changes, too
  std::string meaning;
};

/// Those that the model has. Of blends, each material's own are "negative.Silicon.a".
std::vector<ModelParameter> named_parameters(const Model& model);

/// What changes with the parameter: everywhere in a layer by as much in the matrix, channels stay as they are.
/// @throws std::invalid_argument with a sentence: there is none of that name; a thickness where faces are skew
ParameterChange change_with(const Model& model, const std::string& name);

}  // namespace porelith
