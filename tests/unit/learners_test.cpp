/// Every learner of the registry: what a surrogate may rely on.
#include <cmath>
#include <map>
#include <stdexcept>

#include "solver/base/random.hpp"
#include "surrogate/gate/surrogate.hpp"
#include "surrogate/learners/gp.hpp"
#include "surrogate/learners/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/smooth_samples.hpp"

using namespace porelith;

namespace {

constexpr const char* format = "porelith test";

/// Two smooth outputs of two inputs, in the learner's own terms.
Eigen::VectorXd truth(const Eigen::VectorXd& u) {
  return Eigen::Vector2d{0.8 * u[0] - 0.5 * u[1] + 0.4 * u[0] * u[1], std::sin(u[0]) + 0.3 * u[1] * u[1]};
}

Task task_of(const Learner& learner, unsigned seed = 3) {
  constexpr int n = 80;
  Task task;
  task.settings = completed(learner.takes(), {}, learner.name());
  for (const Option& option : learner.takes())
    if (option.name == "members") task.settings["members"] = 4;
  task.seed = seed;
  task.importance = Eigen::VectorXd::Ones(2);
  task.X.resize(2, n);
  task.Y.resize(2, n);
  Random random(11);
  for (int k = 0; k < n; ++k) {
    for (double& value : task.X.col(k)) value = random.uniform(-1, 1);
    task.Y.col(k) = truth(task.X.col(k));
    task.fold.push_back(k % learner.folds(task.settings));
  }
  return task;
}

/// Each learner's training once: they take their time.
const Learned& learned(const Learner& learner) {
  static std::map<std::string, Learned> all;
  const auto known = all.find(learner.name());
  return known != all.end() ? known->second : all[learner.name()] = learner.learn_all(task_of(learner));
}

Eigen::MatrixXd fresh_points() {
  Eigen::MatrixXd U(2, 60);
  Random random(77);
  for (double& value : U.reshaped()) value = random.uniform(-0.9, 0.9);
  return U;
}

bool same(const Estimate& a, const Estimate& b) { return a.mean == b.mean && a.variance == b.variance; }

/// The outputs deviate by 0.6: any learner errs by less than this, and none that mistakes inputs or outputs does.
constexpr double coarse = 0.15;

double mean_error(const Regressor& regressor) {
  const Eigen::MatrixXd U = fresh_points();
  double sum = 0;
  for (long k = 0; k < U.cols(); ++k) sum += (regressor.mean(U.col(k)) - truth(U.col(k))).cwiseAbs().mean();
  return sum / static_cast<double>(U.cols());
}

}  // namespace

TEST_CASE("the first learner of the registry is the one that is meant where none is named") {
  CHECK(learners().front()->name() == first_learner);
  for (const std::string& name : learner_names()) CHECK(learner_called(name).name() == name);
  CHECK_THAT(sentence_of<std::invalid_argument>([] { learner_called("kriging"); }),
             says("kriging is no learner; there are mlp, gp, best"));
}

TEST_CASE("every learner declares options of its own, whose defaults they allow") {
  std::map<std::string, std::string> owners;
  for (const Learner* learner : learners()) {
    INFO(learner->name());
    CHECK_FALSE(learner->meaning().empty());
    for (const Option& option : learner->options()) {
      INFO(option.name);
      CHECK(owners.emplace(option.name, learner->name()).second);
      CHECK(option.meaning.back() == '.');
      CHECK(violation(option, option.value).empty());
    }
  }
  for (const Learner* learner : learners()) {
    const auto told = [&](const Settings& given) {
      return sentence_of<std::invalid_argument>([&] { completed(learner->options(), given, learner->name()); });
    };
    CHECK_THAT(told({{"temperament", 1}}), says("temperament is no option of learner " + learner->name()));
    for (const Option& option : learner->options())
      if (std::holds_alternative<int>(option.value) && option.range.low > -1e9)
        CHECK_THAT(told({{option.name, static_cast<int>(option.range.low) - 1}}), says(option.range.violation()));
  }
}

TEST_CASE("every learner learns a smooth function, also blind to a fold") {
  for (const Learner* learner : learners()) {
    const Learned& all = learned(*learner);
    INFO(learner->name() << ": mean error " << mean_error(*all.regressor));
    CHECK(mean_error(*all.regressor) < coarse);
    REQUIRE_FALSE(all.blind.empty());
    CHECK(static_cast<int>(all.blind.size()) <= learner->folds(task_of(*learner).settings));
    for (const auto& blind : all.blind) CHECK(mean_error(*blind) < coarse);
  }
}

TEST_CASE("what is blind to a fold does not learn from its values") {
  for (const Learner* learner : learners()) {
    INFO(learner->name());
    Task task = task_of(*learner);
    for (const Option& option : learner->takes())
      if (option.name == "epochs") task.settings["epochs"] = 1;
    const auto at_first = [&] {
      const Learned all = learner->learn_all(task);
      return Eigen::Vector2d(all.blind.front()->mean(task.X.col(0))[0], all.regressor->mean(task.X.col(0))[0]);
    };
    const Eigen::Vector2d before = at_first();
    task.Y(0, 0) += 1e-3;  // of a sample of fold 0; no more than the noise that all may tell
    const Eigen::Vector2d change = (at_first() - before).cwiseAbs();
    CHECK(change[0] < 0.1 * change[1]);
  }
}

TEST_CASE("every learner says the same of one point as of many, and no variance below 0") {
  for (const Learner* learner : learners()) {
    INFO(learner->name());
    const Regressor& regressor = *learned(*learner).regressor;
    const Eigen::MatrixXd U = fresh_points();
    const Estimate all = regressor.at_all(U);
    CHECK(all.variance.minCoeff() >= 0);
    for (long k = 0; k < U.cols(); ++k) {
      const Estimate one = regressor.at(U.col(k));
      CHECK((one.mean - all.mean.col(k)).norm() < 1e-12);
      CHECK((one.variance - all.variance.col(k)).norm() < 1e-12);
      CHECK((one.mean - regressor.mean(U.col(k))).norm() < 1e-12);
    }
  }
}

TEST_CASE("the slope of every learner that has one equals central differences to 1e-6") {
  for (const Learner* learner : learners()) {
    const Regressor& regressor = *learned(*learner).regressor;
    for (const Eigen::Vector2d& u : {Eigen::Vector2d(0.2, -0.4), Eigen::Vector2d(-0.7, 0.6)}) {
      const auto slope = regressor.slope(u);
      if (!slope) continue;
      INFO(learner->name());
      constexpr double h = 1e-5;
      for (long k = 0; k < 2; ++k) {
        const Eigen::Vector2d step = h * Eigen::Vector2d::Unit(k);
        const Eigen::VectorXd numeric = (regressor.mean(u + step) - regressor.mean(u - step)) / (2 * h);
        CHECK((numeric - slope->col(k)).norm() < 1e-6 * slope->norm());
      }
    }
  }
}

TEST_CASE("what every learner has learned comes back from a file bit for bit, with its settings") {
  const Scratch scratch;
  for (const Learner* learner : learners()) {
    INFO(learner->name());
    const std::string path = scratch / (learner->name() + ".h5");
    const Regressor& regressor = *learned(*learner).regressor;
    const Settings settings = task_of(*learner).settings;
    ModelWriter to(path);
    to.file().attribute("/", "format", format);
    to.file().attribute("/", "version", 1L);
    write_settings(to.file(), "/", learner->name(), settings);
    regressor.write(to);
    to.finish(path);
    ModelReader from(path, format, 1);
    std::string name;
    Settings back = read_settings(from.file(), "/", name);
    const auto read = learner->read(from, 2, 2, back);
    from.finish();
    CHECK(name == learner->name());
    CHECK(back == settings);
    CHECK(same(read->at_all(fresh_points()), regressor.at_all(fresh_points())));
    ModelReader wrong(path, format, 1);
    CHECK_THROWS(learner->read(wrong, 3, 2, back));
  }
}

TEST_CASE("every learner gives the same from its seed, bit for bit, whatever the number of threads") {
  for (const Learner* learner : learners()) {
    INFO(learner->name());
    Task task = task_of(*learner);
    for (const Option& option : learner->takes())
      if (option.name == "epochs") task.settings["epochs"] = 20;
    const auto one = learner->learn_all(task), again = learner->learn_all(task);
    task.threads = 3;
    const auto three = learner->learn_all(task);
    CHECK(same(one.regressor->at_all(fresh_points()), again.regressor->at_all(fresh_points())));
    CHECK(same(one.regressor->at_all(fresh_points()), three.regressor->at_all(fresh_points())));
    CHECK(same(one.regressor->at_all(fresh_points()), learner->learn(task)->at_all(fresh_points())));
  }
}

TEST_CASE("disturbing what was learned changes what is said, of every learner and of it alone") {
  for (const Learner* learner : learners()) {
    INFO(learner->name());
    const Regressor& regressor = *learned(*learner).regressor;
    const double before = mean_error(regressor);
    CHECK(mean_error(*regressor.disturbed(1, 5)) > 1.5 * before);
    CHECK(mean_error(regressor) == before);
  }
}

TEST_CASE("the best learner takes processes where these are better, networks where they tie, and says which it was") {
  const Learner& best = learner_called("best");
  const Scratch scratch;
  Task task = task_of(best);  // 80 samples of two smooth functions: processes
  const auto name_of = [&](const Learned& learned) { return best.behind(*learned.regressor).name(); };
  CHECK(name_of(learned(best)) == "gp");
  Random random(2);
  for (double& y : task.Y.reshaped()) y = random.normal();  // nothing to learn: a tie
  task.settings["epochs"] = 20;
  CHECK(name_of(best.learn_all(task)) == "mlp");
  ModelWriter to(scratch / "m.h5");
  to.file().attribute("/", "format", format);
  to.file().attribute("/", "version", 1L);
  learned(best).regressor->write(to);
  to.finish(scratch / "m.h5");
  ModelReader from(scratch / "m.h5", format, 1);
  Settings settings = task.settings;
  CHECK(best.behind(*best.read(from, 2, 2, settings)).name() == "gp");
}

TEST_CASE("planted wrong slopes are noticed and left out, true ones are not") {
  Task task = task_of(learner_called("gp"));
  constexpr double h = 1e-6;
  task.slopes.assign(2, Eigen::MatrixXd(2, task.X.cols()));
  for (long k = 0; k < task.X.cols(); ++k)
    for (long d = 0; d < 2; ++d) {
      const Eigen::Vector2d u = task.X.col(k), step = h * Eigen::Vector2d::Unit(d);
      const Eigen::VectorXd slope = (truth(u + step) - truth(u - step)) / (2 * h);
      for (std::size_t j = 0; j < 2; ++j) task.slopes[j](d, k) = slope[static_cast<long>(j)];
    }
  Task wrong = task;
  CHECK(leave_out_contradicting(task) == 0);
  CHECK(task.slopes[0].allFinite());
  wrong.slopes[0].leftCols(16) *= -1;
  CHECK(leave_out_contradicting(wrong) == 1);
  CHECK(wrong.slopes[0].array().isNaN().all());
  CHECK(wrong.slopes[1].allFinite());
}

TEST_CASE("a surrogate of every learner is calibrated, knows its data, goes on learning and comes back from its file") {
  const Scratch scratch;
  const TrainingSet data = smooth_samples(300, 3), fresh = smooth_samples(400, 4);
  for (const Learner* learner : learners()) {
    TrainOptions options;
    options.learner = learner->name();
    options.threads = 2;
    for (const Option& option : learner->takes())
      if (option.name == "epochs") options.settings["epochs"] = 150;
    const Surrogate surrogate = Surrogate::train(data, options);
    const TrainingReport found = surrogate.judge(fresh);
    INFO(learner->name() << ": errors " << found.relative_error.transpose() << ", coverage "
                         << found.coverage.transpose());
    CHECK(found.relative_error.maxCoeff() < 0.05);  // the scalars themselves vary by 8 and 9 %
    CHECK(found.coverage.minCoeff() > 0.82);
    CHECK(found.coverage.maxCoeff() < 0.999);
    Eigen::VectorXd x = fresh.X.row(0);
    CHECK(surrogate.predict(x).inside);
    const std::string path = scratch / "model.h5";
    surrogate.save(path);
    CHECK(Surrogate::load(path).predict(x).half_width == surrogate.predict(x).half_width);
    const Surrogate more = surrogate.refined(smooth_samples(360, 3));
    CHECK(more.judge(fresh).relative_error.sum() < 1.2 * found.relative_error.sum());
    x[0] = 1.01;
    CHECK_FALSE(surrogate.predict(x).inside);
  }
}
