/// `predict MODEL VALUES`: what a surrogate says of a design.
#include <fmt/format.h>

#include <memory>

#include "program/surrogate_of.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"

namespace porelith {
namespace {

struct PredictLine {
  std::string model;                ///< its file
  std::vector<std::string> values;  ///< "variable=value" each
};

int predict(const PredictLine& line) {
  const Surrogate surrogate = load_model(line.model);
  const TrainingSet& meaning = surrogate.meaning();
  const Eigen::VectorXd x = point_of(line.values, meaning);
  const Prediction said = surrogate.predict(x);
  for (std::size_t j = 0; j < meaning.scalars.size(); ++j) {
    const auto k = static_cast<long>(j);
    const std::string unit = meaning.scalar_units[j] == "1" ? "" : " " + meaning.scalar_units[j];
    tell(stdout, "{:<20} {:>12.6g} +- {:<9.3g}{}\n", meaning.scalars[j], said.scalars[k], said.half_width[k], unit);
  }
  tell(stdout, "{}\n", place_of(said, x, meaning));
  return exit_ok;
}

}  // namespace

void declare_predict(Verb& verb) {
  auto line = std::make_shared<PredictLine>();
  verb.argument("MODEL", line->model, "model.h5 of a training");
  verb.argument("VALUES", line->values, "name=value of each input");
  verb.does(WorkOf::first_rank, [line] { return predict(*line); });
}

}  // namespace porelith
