#pragma once
/// What verbs about surrogates share: the model that was typed, a design in its inputs, and where that lies.
#include <Eigen/Core>
#include <string>
#include <vector>

#include "surrogate/gate/surrogate.hpp"

namespace porelith {

/// Where a training or a study leaves its model, in this folder or in those that belong to it; "" if there is none.
std::string model_near(const std::string& folder);

/// @throws CaseError, with the model that was probably meant
Surrogate load_model(const std::string& path);

/// The point that "name=value"s make, in the order of the inputs. @throws std::invalid_argument with everything that is
/// wrong with it
Eigen::VectorXd point_of(const std::vector<std::string>& values, const TrainingSet& meaning);

/// A number in the input's unit, or with a unit of its own: "85um" for an input in m. @throws UnitError
double number_of(const std::string& text, const std::string& unit);

/// "m is no input of this surrogate; did you mean n?"
std::string no_input(const std::string& name, const TrainingSet& meaning);

/// Why a point is outside, or that it is not.
std::string place_of(const Prediction& said, const Eigen::VectorXd& x, const TrainingSet& meaning);

}  // namespace porelith
