#pragma once
/// A Gaussian process of one or several outputs that share their lengths: ordinary kriging with values and slopes.
#include <Eigen/Cholesky>

#include "surrogate/process/covariance.hpp"

namespace porelith {

/// What a process assumes of its outputs.
struct Habits {
  Eigen::VectorXd length;                   ///< d
  double noise = 1e-6, slope_noise = 1e-6;  ///< variances of the noise, of the process's own and of its slopes' own
};

/// The logarithms of what is searched for, and back.
Eigen::VectorXd logarithms(const Habits& habits);
Habits habits_of(const Eigen::VectorXd& logarithms);

/// Of the rows with each other, noise included.
Eigen::MatrixXd noisy_covariance(const Points& points, const Habits& habits);

/// (N14) Less the logarithm of the restricted likelihood of the data and of the prior, each output with the deviation
/// that is likeliest. @param Y rows x outputs; @param gradient by the logarithms, overwritten
double surprise(const Points& points, const Eigen::MatrixXd& Y, const Eigen::VectorXd& logarithms,
                Eigen::VectorXd& gradient);
/// The least surprising habits, found from at most `most_rows` rows. @param start nullptr: from nothing
Habits likeliest(const Points& points, const Eigen::MatrixXd& Y, const Habits* start = nullptr);

/// Of each output, the same lengths with the noise, out of a few levels, that is likeliest.
std::vector<Habits> with_likeliest_noise(const Points& points, const Eigen::MatrixXd& Y, const Habits& habits);

/// What a process says of samples that it has not seen: closed form (O. Dubrule, Math. Geol. 15 (1983) 687).
struct BlindErrors {
  Eigen::MatrixXd error, variance;  ///< outputs x n: told less seen, of values
};

class Process {
 public:
  /// Conditions on the data. @param Y rows x outputs
  Process(Points points, const Eigen::MatrixXd& Y, Habits habits);
  /// As read from a file.
  Process(Points points, Habits habits, Eigen::MatrixXd weights, Eigen::VectorXd level, Eigen::VectorXd variance);

  const Points& points() const { return points_; }
  const Habits& habits() const { return habits_; }
  Eigen::MatrixXd& weights() { return weights_; }
  const Eigen::MatrixXd& weights() const { return weights_; }    ///< rows x outputs
  const Eigen::VectorXd& level() const { return level_; }        ///< outputs: the mean far from all data
  const Eigen::VectorXd& variance() const { return variance_; }  ///< outputs: far from all data
  long outputs() const { return weights_.cols(); }

  Eigen::VectorXd mean(const Eigen::VectorXd& u) const;
  /// The value's, without noise, over variance().
  double doubt(const Eigen::VectorXd& u) const;
  /// d doubt / d u
  Eigen::VectorXd doubt_slope(const Eigen::VectorXd& u) const;
  /// d mean / d u, outputs x d
  Eigen::MatrixXd slope(const Eigen::VectorXd& u) const;
  /// Of each slope at u, over variance(). @return d
  Eigen::VectorXd slope_doubt(const Eigen::VectorXd& u) const;
  /// Without the samples of each group, values and slopes. @param groups columns of X
  BlindErrors left_out(const std::vector<std::vector<long>>& groups) const;

 private:
  void factorise();

  Points points_;
  Habits habits_;
  Eigen::LLT<Eigen::MatrixXd> factor_;
  Eigen::VectorXd ones_;     ///< C^-1 h, h = 1 at values and 0 at slopes
  double worth_ = 0;         ///< h C^-1 h
  Eigen::MatrixXd weights_;  ///< rows x outputs: C^-1 (Y - h level)
  Eigen::VectorXd level_, variance_;
};

}  // namespace porelith
