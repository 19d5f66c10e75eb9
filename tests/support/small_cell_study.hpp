#pragma once
/// A design study of a real cell that takes seconds: two porosities of a thick NMC111 | graphite cell, chosen for the
/// most charge at 2C before 4.2 V or plating, at constant active mass.
#include <string>

namespace porelith {

inline const char* const small_cell_study = R"(
title = "Small study of a thick cell"
[cell]
file = "nmc111_pouch"
nominal_capacity = "25 A.h"
temperature = "25 degC"
[negative]
thickness = "112.4 um"
solid = "composition"
[positive]
thickness = "104.6 um"
solid = "composition"
[initial]
soc = 0
[[step]]
charge = "2C"
until = { plating_margin = "0 mV" }
[mesh]
negative = 10
separator = 4
positive = 10
shells = 6
[solver]
rtol = 1e-3
[design]
objective = "capacity"
samples = 64
members = 3
hidden = [16, 16]
epochs = 400
rounds = 4
solves_a_round = 6
solver_alone = 1
[design.set]   # a step of porosity in each electrode, the mean kept
"negative.porosity" = ["0.253991 - a", "0.253991 + a"]
"positive.porosity" = ["0.277493 - b", "0.277493 + b"]
[[design.variable]]
name = "a"
low = -0.1
high = 0.1
start = 0
[[design.variable]]
name = "b"
low = -0.1
high = 0.1
start = 0
[[design.rival]]
name = "negative only"
[[design.rival.variable]]
name = "a"
low = -0.1
high = 0.1
start = 0
[design.rival.set]
"negative.porosity" = ["0.253991 - a", "0.253991 + a"]
)";

}  // namespace porelith
