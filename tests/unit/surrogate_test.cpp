/// Surrogates: how well they learn, what they say of their own certainty, and their file.
#include "surrogate/gate/surrogate.hpp"

#include <chrono>
#include <map>
#include <stdexcept>

#include "solver/base/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/smooth_samples.hpp"

using namespace porelith;

namespace {

TrainOptions quick() {
  TrainOptions options;
  options.settings = {{"members", 2}, {"hidden", std::vector<int>{12}}, {"epochs", 60}};
  return options;
}

const Surrogate& quick_surrogate() {
  static const Surrogate surrogate = Surrogate::train(smooth_samples(120, 1), quick());
  return surrogate;
}

bool same(const Prediction& a, const Prediction& b) {
  return a.scalars == b.scalars && a.half_width == b.half_width && a.picked == b.picked && a.curve == b.curve &&
         a.distance == b.distance && a.inside == b.inside;
}

}  // namespace

TEST_CASE("400 samples of a smooth function of six inputs: error under 1 %, 86 % of fresh points inside at least") {
  TrainOptions options;
  options.settings["members"] = 5;
  options.threads = 2;
  TrainingReport report;
  const Surrogate surrogate = Surrogate::train(smooth_samples(400, 3), options, &report);
  const TrainingReport fresh = surrogate.judge(smooth_samples(2000, 4));
  INFO("errors " << fresh.relative_error.transpose() << ", coverage " << fresh.coverage.transpose() << ", "
                 << report.seconds << " s");
  CHECK(fresh.relative_error.maxCoeff() < 0.01);
  CHECK(fresh.curve_error < 3e-3);
  CHECK(fresh.coverage.minCoeff() > 0.86);
  CHECK(fresh.coverage.maxCoeff() < 0.999);  // wide rather than narrow: a smooth truth is learned ever faster
  CHECK(report.truth.rows() == 60);
  CHECK(report.learning.size() == 5);
  CHECK(report.relative_error.maxCoeff() < 0.01);
}

TEST_CASE("every query out of range is flagged, however little, and every fresh one in range is not") {
  const Surrogate& surrogate = quick_surrogate();
  const TrainingSet fresh = smooth_samples(500, 9);
  long inside = 0;
  for (long i = 0; i < fresh.size(); ++i) {
    Eigen::VectorXd x = fresh.X.row(i);
    inside += surrogate.predict(x).inside;
    const long k = i % 6;
    x[k] = k < 5 ? (i % 2 ? 1.001 : -1.001) : (i % 2 ? 10.01 : 0.0999);
    CHECK_FALSE(surrogate.predict(x).inside);
  }
  CHECK(inside >= 475);  // three samples beyond their others, and three in a corner, are the limits
}

TEST_CASE("the gradient of a surrogate equals central differences to 1e-6, logarithmic inputs included") {
  const Surrogate& surrogate = quick_surrogate();
  const Eigen::VectorXd x = smooth_samples(1, 12).X.row(0);
  const Eigen::MatrixXd slope = surrogate.gradient(x);
  for (long k = 0; k < 6; ++k) {
    const double h = 1e-6 * std::max(1.0, std::abs(x[k]));
    const Eigen::VectorXd step = h * Eigen::VectorXd::Unit(6, k);
    const Eigen::VectorXd numeric = (surrogate.scalars(x + step) - surrogate.scalars(x - step)) / (2 * h);
    CHECK((numeric - slope.col(k)).norm() < 1e-6 * slope.norm());
  }
  CHECK((surrogate.scalars(x) - surrogate.predict(x).scalars).norm() < 1e-12);
}

TEST_CASE("a surrogate is the same bit for bit from its seed, whatever the number of threads") {
  TrainOptions options = quick();
  options.threads = 3;
  const Surrogate again = Surrogate::train(smooth_samples(120, 1), options);
  const Eigen::VectorXd x = smooth_samples(1, 12).X.row(0);
  CHECK(same(again.predict(x), quick_surrogate().predict(x)));
  options.seed = 2;
  CHECK_FALSE(same(Surrogate::train(smooth_samples(120, 1), options).predict(x), quick_surrogate().predict(x)));
}

TEST_CASE("a saved surrogate comes back bit for bit, with its meaning, and goes on learning") {
  const Scratch scratch;
  const std::string path = scratch / "model.h5";
  quick_surrogate().save(path);
  const Surrogate back = Surrogate::load(path);
  const TrainingSet fresh = smooth_samples(20, 12);
  for (long i = 0; i < fresh.size(); ++i) {
    CHECK(same(back.predict(fresh.X.row(i)), quick_surrogate().predict(fresh.X.row(i))));
  }
  CHECK(back.meaning().inputs == fresh.inputs);
  CHECK(back.meaning().log == fresh.log);
  CHECK(back.meaning().scalar_units == fresh.scalar_units);
  CHECK(back.meaning().coordinate == fresh.coordinate);
  CHECK(back.meaning().cell_hash == "cell");
  CHECK(back.meaning().curve_unit == "V");
  const TrainingSet more = smooth_samples(140, 1);
  const Eigen::VectorXd x = fresh.X.row(0);
  CHECK(same(back.refined(more, 0.1).predict(x), quick_surrogate().refined(more, 0.1).predict(x)));
  CHECK(scratch.entries() == 1);
}

TEST_CASE("a damaged model file, another file and no file are told in a sentence") {
  const Scratch scratch;
  const std::string path = scratch / "model.h5";
  const auto told = [&](const std::string& bytes) {
    write_text(path, bytes);
    return sentence_of<CaseError>([&] { Surrogate::load(path); });
  };
  quick_surrogate().save(path);
  const std::string whole = file_text(path);
  CHECK(told(whole).empty());
  CHECK_THAT(told("no HDF5 at all"), says("model.h5: is no HDF5 file, or damaged"));
  CHECK_FALSE(told(whole.substr(0, whole.size() / 2)).empty());
  CHECK_THAT(sentence_of<CaseError>([&] { Surrogate::load(scratch / "nothing.h5"); }), says("cannot be read: No such"));
  // A weight with another bit: the numbers are found by their own bytes.
  const double factor = quick_surrogate().meaning().coordinate[1];
  const std::size_t place = whole.find(std::string(reinterpret_cast<const char*>(&factor), sizeof factor));
  REQUIRE(place != std::string::npos);
  std::string changed = whole;
  changed[place] = static_cast<char>(changed[place] ^ 1);
  CHECK_THAT(told(changed), says("checksum"));
  const Eigen::VectorXd x = smooth_samples(1, 9).X.row(0);
  const Prediction before = quick_surrogate().predict(x);
  std::mt19937 random(5);
  for (int k = 0; k < 200; ++k) {  // any bit anywhere: told, or of no consequence
    changed = whole;
    changed[random() % whole.size()] ^= static_cast<char>(1u << (random() % 8));
    const std::string sentence = told(changed);
    if (sentence.empty())
      CHECK(same(Surrogate::load(path).predict(x), before));
    else
      CHECK_THAT(sentence, says("model.h5: is "));
  }
  for (int k = 0; k < 40; ++k) CHECK_FALSE(told(whole.substr(0, random() % (whole.size() - 64))).empty());
}

TEST_CASE("disturbed weights change what a surrogate says, and only its own") {
  Surrogate disturbed = quick_surrogate();
  const Eigen::VectorXd x = smooth_samples(1, 12).X.row(0);
  const Prediction before = quick_surrogate().predict(x);
  disturbed.disturb(0.3, 1);
  CHECK((disturbed.predict(x).scalars - before.scalars).norm() > 1e-2);
  CHECK(same(quick_surrogate().predict(x), before));
}

TEST_CASE("more data make a surrogate better, and held-out samples stay held out") {
  const TrainingSet all = smooth_samples(400, 21), fresh = smooth_samples(500, 22);
  TrainOptions options = quick();
  options.settings["hidden"] = std::vector<int>{24};
  options.settings["epochs"] = 300;
  TrainingReport first, second;
  const Surrogate few = Surrogate::train(first_samples(all, 80), options, &first);
  const Surrogate more = few.refined(all, 1, &second);
  CHECK(more.judge(fresh).relative_error.maxCoeff() < 0.6 * few.judge(fresh).relative_error.maxCoeff());
  CHECK(first.truth == second.truth);
}

TEST_CASE("a constant scalar and one that is only noise do not keep the others from being learned") {
  TrainingSet data = smooth_samples(150, 31), fresh = smooth_samples(300, 32);
  Random random(5);
  for (TrainingSet* set : {&data, &fresh}) {
    set->scalars = {"first", "constant", "noise"};
    set->scalar_units = {"A.h", "V", "V"};
    Eigen::MatrixXd Y(set->size(), 3);
    Y.col(0) = set->Y.col(0);
    Y.col(1).setConstant(4.2);
    for (double& value : Y.col(2)) value = 1e-12 * std::pow(random.normal(), 5);
    set->Y = Y;
  }
  TrainOptions options = quick();
  options.settings["hidden"] = std::vector<int>{24};
  options.settings["epochs"] = 300;
  const TrainingReport report = Surrogate::train(data, options).judge(fresh);
  CHECK(report.relative_error[0] < 0.03);
  CHECK(report.relative_error[1] < 1e-5);
}

TEST_CASE("a scalar that was constant and no longer is makes a surrogate learn anew") {
  TrainingSet all = smooth_samples(160, 41);
  for (long i = 0; i < 100; ++i) all.Y(i, 1) = 4.2;
  const Surrogate few = Surrogate::train(first_samples(all, 100), quick());
  TrainingReport report;
  const Surrogate more = few.refined(all, 0.1, &report);
  CHECK(report.learning[0].size() > 5);
  CHECK(more.judge(all).half_width.col(1).minCoeff() > 0.01);
}

TEST_CASE("what cannot be learned from or asked is told in a sentence") {
  const auto told = [](TrainingSet data) {
    return sentence_of<std::invalid_argument>([&] { Surrogate::train(data, quick()); });
  };
  CHECK_THAT(told(smooth_samples(19, 1)), says("training needs 20 complete samples; there are 19"));
  TrainingSet broken = smooth_samples(30, 1);
  broken.Y(3, 1) = NAN;
  CHECK_THAT(told(broken), says("the scalars of the samples are not all finite"));
  Eigen::VectorXd x = smooth_samples(1, 2).X.row(0);
  x[5] = -1;
  CHECK_THAT(sentence_of<std::invalid_argument>([&] { quick_surrogate().predict(x); }), says("x5 = -1"));
  CHECK_THAT(sentence_of<std::invalid_argument>([&] { quick_surrogate().scalars(Eigen::VectorXd::Zero(2)); }),
             says("takes 6 inputs, not 2"));
}

TEST_CASE("equal designs stay on one side of every split: a surrogate is not judged on what it has learned") {
  // Each design five times, with an answer that nothing foretells: whoever has seen it knows it, nobody else does.
  TrainingSet data = smooth_samples(40, 3), all = data;
  Random random(5);
  for (long i = 0; i < data.size(); ++i) data.Y(i, 0) = random.uniform(-1, 1);
  all.X = data.X.replicate(5, 1);
  all.Y = data.Y.replicate(5, 1);
  all.curves = data.curves.replicate(5, 1);
  TrainOptions options;
  options.settings = {{"members", 2}, {"epochs", 50}};
  TrainingReport report;
  Surrogate::train(all, options, &report);
  CHECK(report.truth.rows() == 30);  // 15 % of 40 designs, five times each
  std::map<double, int> times;
  for (long i = 0; i < report.truth.rows(); ++i) ++times[report.truth(i, 0)];
  CHECK(times.size() == 6);
  for (const auto& [value, count] : times) CHECK(count == 5);
  TrainingSet few = first_samples(data, 19);
  few.X = data.X.topRows(19).replicate(3, 1);
  few.Y = data.Y.topRows(19).replicate(3, 1);
  few.curves = data.curves.topRows(19).replicate(3, 1);
  CHECK_THROWS_WITH(Surrogate::train(few, options),
                    says("training needs 20 complete samples of different designs; there are 19"));
}

TEST_CASE("samples that a search chose do not calibrate: bunched, they would tell too little of the rest") {
  const TrainingSet fresh = smooth_samples(500, 4);
  TrainingSet both = smooth_samples(160, 3);
  both.chosen.assign(160, false);
  Random draw(5);
  for (long i = 80; i < 160; ++i) {  // all about one point
    for (long k = 0; k < 6; ++k) both.X(i, k) = (k < 5 ? 0.5 : 3) + 0.02 * draw.normal();
    both.Y.row(i) = smooth_truth(both.X.row(i));
    for (long p = 0; p < both.coordinate.size(); ++p)
      both.curves(i, p) = smooth_curve(both.X.row(i), both.coordinate[p]);
    both.chosen[static_cast<std::size_t>(i)] = true;
  }
  TrainOptions options;
  options.learner = "gp";
  const TrainingReport marked = Surrogate::train(both, options).judge(fresh);
  both.chosen.clear();
  const TrainingReport unmarked = Surrogate::train(both, options).judge(fresh);
  INFO("marked " << marked.coverage.transpose() << ", unmarked " << unmarked.coverage.transpose());
  CHECK(marked.coverage.minCoeff() > 0.85);
  CHECK(marked.half_width != unmarked.half_width);
}

TEST_CASE("what was picked has an interval as much wider as a rehearsal or solves have shown, also from its file") {
  const Scratch scratch;
  Surrogate surrogate = quick_surrogate();
  const Eigen::VectorXd x = smooth_samples(1, 12).X.row(0);
  CHECK_FALSE(surrogate.rehearsed().empty());
  CHECK(surrogate.picks_widened_by() > 1);
  CHECK(surrogate.predict(x).picked == surrogate.picks_widened_by() * surrogate.predict(x).half_width);
  surrogate.widen_picks(7);
  CHECK(surrogate.predict(x).picked == 7 * surrogate.predict(x).half_width);
  CHECK(quick_surrogate().picks_widened_by() != 7);
  surrogate.save(scratch / "model.h5");
  CHECK(Surrogate::load(scratch / "model.h5").picks_widened_by() == 7);
  CHECK(Surrogate::load(scratch / "model.h5").rehearsed() == surrogate.rehearsed());
}
