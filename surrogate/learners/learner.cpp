#include "surrogate/learners/learner.hpp"

namespace porelith {
Task Task::without(int left_out) const {
  Task rest = *this;
  Eigen::Index count = 0;
  rest.fold.clear();
  for (std::size_t k = 0; k < fold.size(); ++k) {
    if (fold[k] == left_out) continue;
    const auto from = static_cast<Eigen::Index>(k);
    rest.X.col(count) = X.col(from);
    rest.Y.col(count) = Y.col(from);
    for (std::size_t j = 0; j < slopes.size(); ++j) rest.slopes[j].col(count) = slopes[j].col(from);
    ++count;
    rest.fold.push_back(fold[k]);
  }
  rest.X.conservativeResize(Eigen::NoChange, count);
  rest.Y.conservativeResize(Eigen::NoChange, count);
  for (Eigen::MatrixXd& slope : rest.slopes) slope.conservativeResize(Eigen::NoChange, count);
  return rest;
}

Estimate Regressor::at_all(const Eigen::MatrixXd& U) const {
  Estimate all;
  for (Eigen::Index k = 0; k < U.cols(); ++k) {
    const Estimate one = at(U.col(k));
    all.mean.conservativeResize(one.mean.rows(), U.cols());
    all.variance.conservativeResize(one.variance.rows(), U.cols());
    all.mean.col(k) = one.mean;
    all.variance.col(k) = one.variance;
  }
  return all;
}

Learned Learner::learn_all(const Task& task) const {
  Learned all;
  all.regressor = learn(task);
  for (int k = 0; k < std::min(folds(task.settings), most_calibrated); ++k) all.blind.push_back(learn(task.without(k)));
  return all;
}

}  // namespace porelith
