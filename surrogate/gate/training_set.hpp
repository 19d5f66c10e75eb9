#pragma once
/// What a surrogate learns from: inputs, scalar results and whole curves, one row a sample. Knows no battery.
#include <Eigen/Core>
#include <string>
#include <vector>

namespace porelith {

struct TrainingSet {
  std::vector<std::string> inputs, input_units;         ///< d names
  std::vector<std::string> scalars, scalar_units;       ///< m names
  std::vector<double> low, high;                        ///< d bounds of the inputs
  std::vector<bool> log;                                ///< d: learned in its logarithm?
  Eigen::MatrixXd X;                                    ///< n x d inputs
  Eigen::MatrixXd Y;                                    ///< n x m scalars
  Eigen::MatrixXd curves;                               ///< n x p values on the common coordinate; 0 columns if none
  Eigen::VectorXd coordinate;                           ///< p
  std::vector<Eigen::MatrixXd> slopes;                  ///< a scalar each: by the inputs, n x d; NaN where there are
                                                        ///< none; empty where no data have any
  std::vector<Eigen::MatrixXd> curve_slopes;            ///< an input each: of the curves by it, n x p; likewise
  std::vector<bool> chosen;                             ///< n: by a search; else random. Empty: all random
  std::string curve_name, curve_unit, coordinate_name;  ///< "voltage", "V", "share of the charge"
  std::string cell_hash, case_hash;                     ///< of what made the data

  long size() const { return X.rows(); }
};

}  // namespace porelith
