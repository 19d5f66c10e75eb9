#pragma once
/// Case -> Results: the one call that everything else uses.
#include "solver/base/team.hpp"
#include "solver/case/case.hpp"
#include "solver/newman/layout.hpp"
#include "solver/record/recorder.hpp"
#include "solver/record/results.hpp"

namespace porelith {

struct Mesh;

/// Solves the case. A solve that gives up returns what it has with status "failed: <why>"; one that the recorder stops
/// returns "stopped"; else "complete".
/// @param recorder told of everything as it happens; may be null
/// @param team the ranks that solve it together; each returns the fields of its own cells. Collective.
Results simulate(const Case& input, Recorder* recorder = nullptr, const Team& team = Team::alone());
/// The same on a mesh of the caller's.
/// @param further fields that the model carries along, and every file holds
Results simulate_on(Mesh mesh, const Case& input, Recorder* recorder = nullptr, const Team& team = Team::alone(),
                    std::vector<FurtherField> further = {});

/// The same into `results`, which must stay where they are: they grow while the solve goes, and hold what was solved
/// also when something is thrown.
void simulate(const Case& input, Results& results, Recorder* recorder = nullptr, const Team& team = Team::alone());

/// Why a run on the mesh would be refused: linear equations that are too many for what solves them. "" where there is
/// no reason. Collective.
std::string unsolvable(const Mesh& mesh, const Team& team = Team::alone());

/// Solves the case by the time steps of another run (Recorder::took) instead of its own: lengths from the start of each
/// step of the protocol, and formulas (T9). Stops are not looked at: a step of the protocol ends with its last time
/// step.
Results replay(const Case& input, const std::vector<TakenStep>& taken, Recorder* recorder = nullptr,
               const Team& team = Team::alone());

/// Whether several threads may solve at once what differs from the case in numbers only: the elimination along a line
/// of cells belongs to each solve, PETSc is one for the whole process. What is not sure to be a line is not.
bool may_share_threads(const Case& input);

/// The stoichiometries, one an active material, negative electrode first, that the case starts from: at rest, so that
/// the materials of a blend share one potential (F4).
/// @throws CaseError if the asked open-circuit voltage is out of reach
std::vector<double> initial_stoichiometries(const Case& input);

/// Open-circuit voltage at a state of charge [V]
double open_circuit_voltage(const Case& input, double soc);

}  // namespace porelith
