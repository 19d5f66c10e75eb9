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
    std::vector<double> eps_s, a, R;  ///< one a cell of the bed
    double ln_D_s = 0, ln_K = 0;      ///< relative, of the law and of the exchange current
  };
  std::vector<Bed> beds;
  double t_plus = 0, ln_D_e = 0, ln_kappa = 0, ln_chi = 0;  ///< the last beside what t_plus and T make of chi
  double temperature = 0;  ///< in charge transfer, chi and open circuit [K]; rates' (L1) are in ln_D_e to ln_K
  double area = 0;         ///< of the whole cell [m2]
  struct Lengths {
    std::vector<double> volume;                                ///< [m3] own cells
    std::vector<std::array<double, 3>> faces;                  ///< area [m2], d_owner, d_neighbour [m]
    std::vector<double> negative_distance, positive_distance;  ///< of the collectors' faces [m]
    std::vector<double> negative_area, positive_area;          ///< likewise [m2]
    double footprint = 0;                                      ///< [m2]
    /// Of cells that channels cut, ghosts included; what they do to the medium and the beds stands there.
    std::vector<double> matrix;
    std::vector<std::array<double, 3>> wall_normal;
  } lengths;  ///< of meshes without skew faces
};

/// None, with room for every number of the model; without lengths where any rank's mesh has skew faces. Collective.
ParameterChange no_change(const Model& model);

/// Slopes by all numbers, which have the shape of a change, along a change: this rank's part, ghosts as they stand.
double dot(const ParameterChange& slopes, const ParameterChange& change);

/// to += factor x change. What `to` has no room for gets it.
void add(ParameterChange& to, double factor, const ParameterChange& change);

/// slopes += that by ln chi, which goes with 1 - t_plus, the thermodynamic factor and T (L2b).
/// @param temperature whether T's is wanted
void add_slope_by_chi(const Model& model, double by_ln_chi, ParameterChange& slopes, bool temperature = true);

/// Slopes by ghosts' numbers become their owners': field by field a rank then has those of its own cells whole.
/// Collective.
void give_ghosts_back(const Model& model, ParameterChange& slopes);

/// A parameter of a model by its name: "negative.eps".
struct ModelParameter {
  std::string name;
  std::string unit;  ///< "1" of relative changes, too
  std::string meaning;
};

/// Those that the model has. Of blends, each material's own are "negative.Silicon.a".
std::vector<ModelParameter> named_parameters(const Model& model);

/// What changes with the parameter: everywhere in a layer by as much in the matrix, channels stay as they are.
/// @throws std::invalid_argument with a sentence: there is none of that name; a thickness where faces are skew;
/// temperature where there are reactions beside intercalation, which do not tell their slope by it
ParameterChange change_with(const Model& model, const std::string& name);

}  // namespace porelith
