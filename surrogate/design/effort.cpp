#include "surrogate/design/effort.hpp"

#include <algorithm>
#include <cmath>

#include "surrogate/dataset/design_space.hpp"

namespace porelith {

std::vector<Effort> efforts(const Design& design, const Case& input, long samples, bool whole_space) {
  const auto variables = [](const DesignFamily& family) { return static_cast<long>(family.variables.size()); };
  const bool by_gradient = design.strategy == "gradient", economical = design.strategy == "economical";
  std::vector<Effort> list{{"baseline", 1, 1, ""}};
  if (design.strategy == "surrogate") list.insert(list.begin(), {"sampling", samples, 1, "samples"});
  const auto add = [&](const std::string& name, long solves, double weight, const std::string& key) {
    if (solves > 0) list.push_back({name, solves, weight, key});
  };
  const long along_slopes = slope_starts * slope_solves_a_variable * (1 + variables(design.space));
  if (by_gradient) {
    add("search along slopes", along_slopes, slope_weight, "");
  } else if (economical) {
    add("economical search", std::lround(design.solves), 1, "solves, at least 1");
  } else if (!whole_space) {
    add("rounds", static_cast<long>(design.rounds) * design.solves_a_round, 1, "rounds = 0 turns it off");
    if (design.last_steps)
      add("last steps by the solver", (last_ascents + more_ascents) * steps_a_variable * variables(design.space), 1,
          "last_steps = false");
  }
  long loop = 0;
  for (const Effort& part : list) loop += part.solves;
  const long rivals = design.search_rivals ? static_cast<long>(design.rivals.size()) : 0;
  // Cells in every direction and shells: unknowns grow as the product, and their solves with them.
  const double edges = input.mesh.file.empty() ? design.finer : std::exp2(more_halvings(input.mesh, design.finer));
  if (design.finer > 1)
    add("finer mesh", 2 + rivals, std::pow(edges, input.geometry.dimension) * design.finer, "finer = 1");
  long of_rivals = 0;
  for (const DesignFamily& rival : design.rivals)
    of_rivals += rival_solves_a_variable * std::max(1L, variables(rival)) + steps_a_variable * variables(rival) + 1;
  if (economical) of_rivals = rivals * std::lround(design.solves);
  if (design.search_rivals) add("rivals", of_rivals, 1, "search_rivals = false");
  if (whole_space || by_gradient || economical) return list;
  add("fresh designs", design.fresh_designs, 1, "fresh_designs = 0");
  add("solver alone, for comparison", std::lround(design.solver_alone * static_cast<double>(loop)), 1,
      "solver_alone = 0");
  if (design.solver_alone > 0) add("along slopes, for comparison", along_slopes, slope_weight, "solver_alone = 0");
  return list;
}

}  // namespace porelith
