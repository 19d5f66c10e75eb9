#pragma once
/// Several networks of one shape on the same question, each of its own seed (N7).
#include <vector>

#include "surrogate/network/mlp.hpp"
#include "surrogate/network/training.hpp"

namespace porelith {

class Ensemble {
 public:
  Ensemble() = default;
  /// Member k draws from stream k of the seed.
  Ensemble(int members, const std::vector<int>& sizes, Activation activation, unsigned seed);

  /// Member k does not see the samples whose fold is blind[k]; it sees all where there is no such fold.
  /// @param samples scaled; @param fold of each sample; @param threads members trained at once, of no influence on the
  /// result
  /// @return a member: loss on what it does not see, an epoch
  std::vector<std::vector<double>> train(const Samples& samples, const std::vector<int>& fold,
                                         const std::vector<int>& blind, const Eigen::VectorXd& importance,
                                         const Training& training, unsigned seed, int threads);
  void add(const Mlp& member) { members_.push_back(member); }

  int size() const { return static_cast<int>(members_.size()); }
  const Mlp& member(int k) const { return members_[static_cast<std::size_t>(k)]; }
  Mlp& member(int k) { return members_[static_cast<std::size_t>(k)]; }

  /// Mean over the members. @param X inputs x n; @return outputs x n
  Eigen::MatrixXd mean(const Eigen::MatrixXd& X) const;
  /// Variance over the members (over their number, not less one). @return outputs x n
  Eigen::MatrixXd variance(const Eigen::MatrixXd& X) const;

 private:
  std::vector<Mlp> members_;
};

}  // namespace porelith
