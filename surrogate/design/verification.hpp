#pragma once
/// What a study's findings are held against: a finer mesh, other families of electrodes, fresh solves, and a search
/// without any surrogate.
#include <functional>
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/design/outcome.hpp"
#include "surrogate/gate/surrogate.hpp"

namespace porelith {

/// Solves a design on the case's mesh and on the finer one; `allowed` is judged on the finer one.
/// @throws SolveFailure naming the design if either cannot be solved
Confirmed confirm(const std::string& name, const Goal& goal, const Physics& physics, const std::vector<double>& x,
                  double finer);

/// Why none of some solved designs keeps the constraints: how many keep each of them, and how near the others come.
std::string nothing_allowed(const Goal& goal, const std::vector<Sample>& samples);

/// The first of `ranking` that keeps its constraints on the finer mesh; if none does, the first, not allowed.
/// @param ranking not empty
Confirmed confirm_best(const Goal& goal, const Physics& physics, const std::vector<std::vector<double>>& ranking,
                       double finer);

/// The best design of another family, found by the solver alone from its start and other points.
/// @param scale of the study's own samples @throws SolveFailure if no design will do, or its objective has a pole
Confirmed best_of_family(const Design& design, const Physics& physics, const Scale& scale,
                         const std::function<bool()>& stop);

/// Gate decisions on `count` random designs that may be solved, each then solved.
/// @param range of the objective; @param widening that the gate asks for
GateCheck check_gate(const Design& design, const Physics& physics, const Surrogate& surrogate, double range,
                     double widening, int count);

}  // namespace porelith
