#include "surrogate/grading/grading_study.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "solver/base/error.hpp"
#include "solver/case/case.hpp"

namespace porelith {

const GradedDesign* GradingOutcome::called(const std::string& name) const {
  for (const GradedDesign& design : designs)
    if (design.name == name) return &design;
  return nullptr;
}

Gain gain_over(const GradingOutcome& outcome, const GradedDesign& design, const GradedDesign& other) {
  const double sign = outcome.maximise ? 1 : -1;
  const auto gain = [&](double a, double b) { return sign * (a - b) / std::abs(b); };
  const double finer = gain(design.value_finer, other.value_finer);
  return {finer, std::abs(finer - gain(design.value, other.value))};
}

namespace {

class GradingStudy {
 public:
  GradingStudy(const GradedSpace& space, const Design& design, const Goal& goal, const Physics& physics,
               const GradingOptions& options)
      : space_(space), design_(design), goal_(goal), physics_(physics), o_(options) {}

  GradingOutcome run() {
    const auto begun = std::chrono::steady_clock::now();
    outcome_.objective = design_.objective;
    outcome_.maximise = design_.maximise;
    outcome_.finer = design_.finer;
    GradedDesign start;
    start.name = "uniform start";
    start.folder = "start";
    start.x = space_.start();
    add(start);
    const std::vector<int> ones(space_.gradings().size(), 1);
    if (!uniform_is_kept()) layered("best uniform", "uniform", ones, {}, space_.start());
    free_profile();
    const GradedDesign free = outcome_.designs.back();
    for (std::size_t k = 0; k < space_.gradings().front().layers.size(); ++k) {
      std::vector<int> layers;
      for (const Grading& grading : space_.gradings()) layers.push_back(grading.layers[k]);
      if (layers != ones)
        layered(fmt::format("best {} layers", text_of(layers)), fmt::format("layers_{}", fmt::join(layers, "_")),
                layers, {}, free.x);
    }
    coatable(free);
    outcome_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return outcome_;
  }

 private:
  static std::string text_of(const std::vector<int>& layers) {
    const bool same = std::all_of(layers.begin(), layers.end(), [&](int n) { return n == layers.front(); });
    return same ? fmt::format("{}", layers.front()) : fmt::format("{}", fmt::join(layers, " and "));
  }

  /// Whether nothing but the start is uniform, keeps what is kept and has nothing else to choose.
  bool uniform_is_kept() const {
    const auto& gradings = space_.gradings();
    return space_.space().family().variables.size() == gradings.size() &&
           std::all_of(gradings.begin(), gradings.end(), [](const Grading& g) { return g.mean_kept; });
  }

  void free_profile() {
    GradedDesign found;
    found.name = "free", found.folder = "optimum";
    const GradedChoice choice = GradedChoice::of_volumes(space_);
    FieldSearchOptions options;
    options.stop = o_.stop;
    found.found = search_fields(choice, goal_, physics_, space_.start(), options);
    adopt(std::move(found), choice.dimension());
  }

  void layered(const std::string& name, const std::string& folder, const std::vector<int>& layers,
               const std::vector<double>& steps, const std::vector<double>& start) {
    GradedDesign found;
    found.name = name, found.folder = folder, found.layers = layers;
    const GradedChoice choice = GradedChoice::of_layers(space_, layers);
    FieldSearchOptions options;
    options.stop = o_.stop;
    options.largest_steps = steps;
    found.found = search_fields(choice, goal_, physics_, start, options);
    adopt(std::move(found), choice.dimension());
  }

  void adopt(GradedDesign found, long numbers) {
    if (o_.stop()) return;
    if (found.found.x.empty()) {
      outcome_.notes.push_back(fmt::format("{}: nothing that keeps all constraints was found in {} solves{}",
                                           found.name, found.found.solves,
                                           found.found.missing.empty() ? "" : "; " + found.found.missing));
      if (found.name == "free") throw SolveFailure(outcome_.notes.back());
      return;
    }
    found.x = found.found.x;
    for (std::size_t g = 0; g < found.layers.size(); ++g)
      found.porosities.push_back(layers_of(space_.porosities(found.x, g), g, found.layers[g]));
    o_.say(fmt::format("{}: {:.6g} after {} solves and {} gradients ({}, {} numbers)", found.name,
                       goal_.objective(found.found.merit), found.found.solves, found.found.gradients,
                       found.found.method, numbers));
    add(std::move(found));
  }

  /// The porosity in the middle of each layer.
  std::vector<double> layers_of(const std::vector<double>& eps, std::size_t grading, int layers) const {
    const GradedVolumes& volumes = space_.volumes(grading);
    std::vector<double> list(static_cast<std::size_t>(layers), 0.0), apart(list.size(), 2.0);
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      const double xi = (volumes.xi_from[i] + volumes.xi_to[i]) / 2 * layers;
      const auto k = std::min(static_cast<std::size_t>(xi), list.size() - 1);
      const double from_middle = std::abs(xi - (static_cast<double>(k) + 0.5));
      if (from_middle < apart[k]) apart[k] = from_middle, list[k] = eps[i];
    }
    return list;
  }

  /// As many equal layers as the thinnest allows, with steps as small as they must be.
  void coatable(const GradedDesign& free) {
    std::vector<int> layers;
    std::vector<double> steps;
    for (std::size_t g = 0; g < space_.gradings().size(); ++g) {
      layers.push_back(most_layers(free.x, g));
      steps.push_back(space_.gradings()[g].largest_step);
    }
    layered("coatable", "coatable", layers, steps, free.x);
    if (outcome_.designs.back().name != "coatable") return;
    const std::vector<double> x = outcome_.designs.back().x;
    for (std::size_t g = 0; g < layers.size(); ++g)
      if (most_layers(x, g) < layers[g]) {  // what was moved made the coating too thin for as many
        layers[g] = most_layers(x, g);
        outcome_.designs.pop_back();
        return layered("coatable", "coatable", layers, steps, free.x);
      }
  }

  int most_layers(const std::vector<double>& x, std::size_t grading) const {
    const GradedVolumes volumes = graded_volumes(space_.case_at(x), space_.volumes(grading).side);
    const double fit = volumes.thickness / space_.gradings()[grading].thinnest;
    return std::clamp(static_cast<int>(std::floor(fit + 1e-9)), 1, static_cast<int>(volumes.size()));
  }

  /// Solves it on both meshes.
  void add(GradedDesign design) {
    const auto judged = [&](double finer) {
      const Sample sample = physics_.solve(-1, design.x, finer);
      if (!complete(sample))
        throw SolveFailure(fmt::format("{} cannot be solved{}: {}", design.name, finer == 1 ? "" : " on the finer mesh",
                                       sample.status));
      return goal_.judge(
          space_.variables(design.x),
          Eigen::Map<const Eigen::VectorXd>(sample.scalars.data(), static_cast<Eigen::Index>(sample.scalars.size())));
    };
    const Judgement own = judged(1), finer = design_.finer == 1 ? own : judged(design_.finer);
    design.value = goal_.objective(own.merit), design.value_finer = goal_.objective(finer.merit);
    design.constraints.assign(own.constraints.begin(), own.constraints.end());
    design.constraints_finer.assign(finer.constraints.begin(), finer.constraints.end());
    design.allowed = finer.allowed();
    outcome_.designs.push_back(std::move(design));
  }

  const GradedSpace& space_;
  const Design& design_;
  const Goal& goal_;
  const Physics& physics_;
  const GradingOptions& o_;
  GradingOutcome outcome_;
};

}  // namespace

GradingOutcome run_grading_study(const GradedSpace& space, const Design& design, const Goal& goal,
                                 const Physics& physics, const GradingOptions& options) {
  return GradingStudy(space, design, goal, physics, options).run();
}

}  // namespace porelith
