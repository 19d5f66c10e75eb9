#pragma once
/// (D11) From what a search may choose to the porosity of every control volume: smoothed or layered, then shifted so
/// that the mean is what is asked for, within bounds; and the way back for slopes.
#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <optional>
#include <vector>

#include "solver/graded_porosity.hpp"

namespace porelith {

class FieldMap {
 public:
  /// A number a control volume, each volume the mean of those within `radius`, with weights that fall to 0 there.
  static FieldMap filtered(const GradedVolumes& volumes, double radius, double low, double high);
  /// A number each of equal layers from collector to separator; a volume across a border has its share of both.
  static FieldMap layered(const GradedVolumes& volumes, int layers, double low, double high);

  Eigen::Index numbers() const { return weights_.cols(); }
  Eigen::Index volumes() const { return weights_.rows(); }
  double low() const { return low_; }
  double high() const { return high_; }
  /// The nearest numbers to a field: of each the mean over the volumes that it weighs in.
  Eigen::VectorXd numbers_of(const std::vector<double>& eps) const;

  struct Field {
    std::vector<double> eps;
    double shift = 0;
    std::vector<bool> free;  ///< not at a bound for the shift's sake
  };
  /// @param q numbers, all within the bounds @param mean asked for, within the bounds; none: no shift
  Field field(const Eigen::VectorXd& q, std::optional<double> mean) const;

  struct Slopes {
    Eigen::VectorXd by_numbers;
    double by_mean = 0;  ///< 0 where none was asked for
  };
  /// The transpose of field's derivative. @param by_eps d(result)/d(eps of each volume)
  Slopes pull(const Field& field, bool mean_asked, const Eigen::VectorXd& by_eps) const;

  double mean(const std::vector<double>& eps) const;

 private:
  FieldMap(const GradedVolumes& volumes, double low, double high);

  Eigen::SparseMatrix<double, Eigen::RowMajor> weights_;  ///< rows add up to 1
  Eigen::VectorXd volume_;                                ///< adds up to 1
  double low_, high_;
};

}  // namespace porelith
