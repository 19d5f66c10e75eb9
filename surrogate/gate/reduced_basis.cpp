#include "surrogate/gate/reduced_basis.hpp"

#include <Eigen/SVD>
#include <algorithm>

namespace porelith {

Eigen::MatrixXd ReducedBasis::coefficients(const Eigen::MatrixXd& curves) const {
  return (curves.rowwise() - mean.transpose()) * modes;
}

Eigen::MatrixXd ReducedBasis::curves(const Eigen::MatrixXd& coefficients) const {
  return (coefficients * modes.transpose()).rowwise() + mean.transpose();
}

ReducedBasis reduced_basis(const Eigen::MatrixXd& curves, double error, long most) {
  ReducedBasis basis;
  basis.mean = curves.colwise().mean();
  const Eigen::MatrixXd centred = curves.rowwise() - basis.mean.transpose();
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(centred, Eigen::ComputeThinU | Eigen::ComputeThinV);
  most = std::min<long>(most, svd.matrixV().cols());
  Eigen::MatrixXd rest = centred;
  long r = 0;
  for (; r < most && rest.size() > 0 && rest.cwiseAbs().mean() > error; ++r) {
    const Eigen::VectorXd mode = svd.matrixV().col(r);
    rest -= (rest * mode).eval() * mode.transpose();
  }
  basis.modes = svd.matrixV().leftCols(r);
  // A mode's sign is chance; its largest value is made positive.
  for (long k = 0; k < r; ++k) {
    Eigen::Index where = 0;
    basis.modes.col(k).cwiseAbs().maxCoeff(&where);
    if (basis.modes(where, k) < 0) basis.modes.col(k) *= -1;
  }
  return basis;
}

}  // namespace porelith
