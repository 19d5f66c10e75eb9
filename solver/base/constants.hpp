#pragma once
/// Physical constants, CODATA 2018 (exact by the 2019 SI; E. Tiesinga et al., Rev. Mod. Phys. 93 (2021) 025010).
namespace porelith {

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double faraday = 96485.33212;       ///< F  [C mol-1]
inline constexpr double gas_constant = 8.314462618;  ///< R  [J mol-1 K-1]
inline constexpr double zero_celsius = 273.15;       ///< [K]

/// RT/F [V]
inline constexpr double thermal_voltage(double T) { return gas_constant * T / faraday; }

}  // namespace porelith
