#include "surrogate/network/ensemble.hpp"

#include "solver/base/threads.hpp"

namespace porelith {

Ensemble::Ensemble(int members, const std::vector<int>& sizes, Activation activation, unsigned seed) {
  for (int k = 0; k < members; ++k) {
    Random random(seed, static_cast<std::uint64_t>(k));
    members_.emplace_back(sizes, activation);
    members_.back().draw_weights(random);
  }
}

std::vector<std::vector<double>> Ensemble::train(const Samples& samples, const std::vector<int>& fold,
                                                 const std::vector<int>& blind, const Eigen::VectorXd& importance,
                                                 const Training& training, unsigned seed, int threads) {
  std::vector<std::vector<double>> histories(members_.size());
  for_all(size(), threads, [&](long k) {
    std::vector<long> seen, unseen;
    for (std::size_t i = 0; i < fold.size(); ++i)
      (fold[i] == blind[static_cast<std::size_t>(k)] ? unseen : seen).push_back(static_cast<long>(i));
    Random order(seed, 1000 + static_cast<std::uint64_t>(k));  // other streams than the weights'
    histories[static_cast<std::size_t>(k)] =
        train_network(member(k), samples.part(seen), samples.part(unseen), importance, training, order);
  });
  return histories;
}

Eigen::MatrixXd Ensemble::mean(const Eigen::MatrixXd& X) const {
  Eigen::MatrixXd sum = members_.front().forward(X);
  for (int k = 1; k < size(); ++k) sum += member(k).forward(X);
  return sum / size();
}

Eigen::MatrixXd Ensemble::variance(const Eigen::MatrixXd& X) const {
  const Eigen::MatrixXd middle = mean(X);
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(middle.rows(), middle.cols());
  for (const Mlp& member : members_) sum += (member.forward(X) - middle).cwiseAbs2();
  return sum / size();
}

}  // namespace porelith
