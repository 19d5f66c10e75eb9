#pragma once
/// Small valid BPX files for tests: one made-up cell that raises no doubt, in the layouts of 0.x and 1.x and as a
/// blend. By hand: open-circuit voltage 4.2 - 0.14 = 4.06 V full and 3.6 - 0.46 = 3.14 V empty; both electrodes hold
/// 96485.33212 x 0.1 x 1.152 / 3600 = 3.08753 A h, with 0.6 x 30000 x 0.8 x 80e-6 = 0.5 x 48000 x 0.6 x 80e-6 =
/// 1.152 mol/m2.
#include <string>

namespace porelith::samples {

inline const std::string bpx_v0 = R"json({
  "Header": {
    "BPX": 0.4,
    "Title": "Made-up cell",
    "Model": "DFN"
  },
  "Parameterisation": {
    "Cell": {
      "Ambient temperature [K]": 298.15,
      "Initial temperature [K]": 300,
      "Reference temperature [K]": 298.15,
      "Lower voltage cut-off [V]": 3.14,
      "Upper voltage cut-off [V]": 4.06,
      "Nominal cell capacity [A.h]": 3,
      "Specific heat capacity [J.K-1.kg-1]": 900,
      "Thermal conductivity [W.m-1.K-1]": 2,
      "Density [kg.m-3]": 2000,
      "Electrode area [m2]": 0.05,
      "Number of electrode pairs connected in parallel to make a cell": 2,
      "External surface area [m2]": 0.01,
      "Volume [m3]": 1e-5
    },
    "Electrolyte": {
      "Initial concentration [mol.m-3]": 1100,
      "Cation transference number": 0.26,
      "Conductivity [S.m-1]": "0.1297 * (x / 1000) ** 3 - 2.51 * (x / 1000) ** 1.5 + 3.329 * (x / 1000)",
      "Diffusivity [m2.s-1]": {"x": [3000, 0], "y": [1e-10, 4e-10]},
      "Conductivity activation energy [J.mol-1]": 17100,
      "Diffusivity activation energy [J.mol-1]": 17200
    },
    "Negative electrode": {
      "Thickness [m]": 80e-6,
      "Porosity": 0.3,
      "Transport efficiency": 0.16,
      "Conductivity [S.m-1]": 100,
      "Particle radius [m]": 6e-6,
      "Surface area per unit volume [m-1]": 3e5,
      "Minimum stoichiometry": 0.1,
      "Maximum stoichiometry": 0.9,
      "Maximum concentration [mol.m-3]": 30000,
      "Diffusivity [m2.s-1]": "3e-14 * exp(-2 * x)",
      "Diffusivity activation energy [J.mol-1]": 30000,
      "OCP [V]": "0.5 - 0.4 * x",
      "Entropic change coefficient [V.K-1]": {"x": [0, 1], "y": [1e-4, -1e-4]},
      "Reaction rate constant [mol.m-2.s-1]": 5e-6,
      "Reaction rate constant activation energy [J.mol-1]": 55000
    },
    "Positive electrode": {
      "Thickness [m]": 80e-6,
      "Porosity": 0.35,
      "Transport efficiency": 0.2,
      "Conductivity [S.m-1]": 0.8,
      "Particle radius [m]": 3e-6,
      "Surface area per unit volume [m-1]": 5e5,
      "Minimum stoichiometry": 0.3,
      "Maximum stoichiometry": 0.9,
      "Maximum concentration [mol.m-3]": 48000,
      "Diffusivity [m2.s-1]": 1e-14,
      "OCP [V]": "4.5 - x",
      "Reaction rate constant [mol.m-2.s-1]": 2e-5
    },
    "Separator": {
      "Thickness [m]": 2e-5,
      "Porosity": 0.47,
      "Transport efficiency": 0.32
    }
  },
  "Validation": {
    "C/20 discharge": {
      "Time [s]": [0, 100, 200],
      "Current [A]": [-0.15, -0.15, -0.15],
      "Voltage [V]": [4.05, 4.04, 4.03],
      "Temperature [K]": [298.15, 298.15, 298.15]
    }
  }
}
)json";

/// The same cell, its positive electrode a blend: temperatures and salt stand under State, which also says where it
/// starts.
inline const std::string bpx_v1 = R"json({
  "Header": {"BPX": "1.1.0", "Title": "Made-up cell", "References": "none", "Description": "25 \u00b0C", "Model": "DFN"},
  "Parameterisation": {
    "Cell": {
      "Reference temperature [K]": 298.15,
      "Lower voltage cut-off [V]": 3.14,
      "Upper voltage cut-off [V]": 4.06,
      "Nominal cell capacity [A.h]": 3,
      "Electrode area [m2]": 0.05,
      "Number of electrode pairs connected in parallel to make a cell": 2
    },
    "Electrolyte": {
      "Cation transference number": 0.26,
      "Conductivity [S.m-1]": 1.1,
      "Diffusivity [m2.s-1]": "3e-10"
    },
    "Negative electrode": {
      "Thickness [m]": 80e-6,
      "Porosity": 0.3,
      "Transport efficiency": 0.16,
      "Conductivity [S.m-1]": 100,
      "Particle radius [m]": 6e-6,
      "Surface area per unit volume [m-1]": 3e5,
      "Minimum stoichiometry": 0.1,
      "Maximum stoichiometry": 0.9,
      "Maximum concentration [mol.m-3]": 30000,
      "Diffusivity [m2.s-1]": 3e-14,
      "OCP [V]": "0.5 - 0.4 * x",
      "Reaction rate constant [mol.m-2.s-1]": 5e-6
    },
    "Positive electrode": {
      "Thickness [m]": 80e-6,
      "Porosity": 0.35,
      "Transport efficiency": 0.2,
      "Conductivity [S.m-1]": 0.8,
      "Particle": {
        "Large": {
          "Particle radius [m]": 6e-6,
          "Surface area per unit volume [m-1]": 2e5,
          "Minimum stoichiometry": 0.3,
          "Maximum stoichiometry": 0.9,
          "Maximum concentration [mol.m-3]": 48000,
          "Diffusivity [m2.s-1]": 1e-14,
          "OCP [V]": "4.5 - x",
          "Reaction rate constant [mol.m-2.s-1]": 2e-5
        },
        "Small": {
          "Particle radius [m]": 1e-6,
          "Surface area per unit volume [m-1]": 3e5,
          "Minimum stoichiometry": 0.3,
          "Maximum stoichiometry": 0.9,
          "Maximum concentration [mol.m-3]": 48000,
          "Diffusivity [m2.s-1]": 2e-14,
          "OCP [V]": "4.5 - x",
          "Reaction rate constant [mol.m-2.s-1]": 3e-5
        }
      }
    },
    "Separator": {"Thickness [m]": 2e-5, "Porosity": 1, "Transport efficiency": 1},
    "User-defined": {"Anything": {"x": [0, 1], "nested": {"deeper": "0.5 * x"}}, "A number": 1}
  },
  "State": {
    "Initial conditions": {
      "Initial state-of-charge": 0.25,
      "Initial temperature [K]": 310,
      "Initial electrolyte concentration [mol.m-3]": 1200
    },
    "Thermal environment": {"Ambient temperature [K]": 305, "Heat transfer coefficient [W.m-2.K-1]": 10}
  }
}
)json";

/// The text with the first `from` replaced by `to`.
/// @throws std::out_of_range where `from` does not occur
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace porelith::samples
