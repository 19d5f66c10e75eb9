#pragma once
/// What a search over gradings chooses, as numbers from 0 to 1: the variables, and each grading's field by its map; the
/// design that they make, and slopes by them.
#include <string>
#include <vector>

#include "solver/text/named_expression.hpp"
#include "surrogate/dataset/unit_cube.hpp"
#include "surrogate/grading/field_map.hpp"
#include "surrogate/grading/graded_space.hpp"

namespace porelith {

class GradedChoice {
 public:
  /// @param maps one a grading @param space must outlive this
  GradedChoice(const GradedSpace& space, std::vector<FieldMap> maps);
  /// Each control volume, smoothed as the gradings say.
  static GradedChoice of_volumes(const GradedSpace& space);
  /// Equal layers. @param layers one number a grading
  static GradedChoice of_layers(const GradedSpace& space, const std::vector<int>& layers);

  Eigen::Index dimension() const;
  const std::vector<FieldMap>& maps() const { return maps_; }
  /// The nearest to a design.
  Eigen::VectorXd nearest(const std::vector<double>& x) const;

  struct Made {
    std::vector<double> x;  ///< as GradedSpace has it
    std::vector<FieldMap::Field> fields;
    std::string refused;  ///< why it is no design; "" where it is
  };
  Made make(const Eigen::VectorXd& u) const;
  /// (D11) @param by_x d(result)/d x @return d(result)/d u
  Eigen::VectorXd pull(const Made& made, const Eigen::VectorXd& by_x) const;

  /// d(porosity of number k + 1 less that of number k of a grading)/d u, as a row; with its value.
  struct Step {
    double value;
    Eigen::VectorXd slope;
  };
  Step step(const Eigen::VectorXd& u, std::size_t grading, Eigen::Index k) const;

 private:
  bool is_mean(std::size_t variable) const;
  bool asks_mean(std::size_t grading) const;

  const GradedSpace& space_;
  std::vector<FieldMap> maps_;
  UnitCube cube_;                                    ///< of the space's variables
  std::vector<std::size_t> own_;                     ///< variables that are no grading's mean
  std::vector<std::vector<NamedExpression>> means_;  ///< of each grading the expression for its mean, or none
};

}  // namespace porelith
