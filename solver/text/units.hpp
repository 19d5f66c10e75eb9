#pragma once
/// Units: numbers with a unit ("85.2 um", "25 degC", "30 min") and currents ("5 A", "1C", "C/20", "24 A/m2") as users
/// write them.
#include <stdexcept>
#include <string>

namespace porelith {

/// What the number of a key stands for. A plain number is in `symbol`; a string may use any unit of the same dimension.
struct Unit {
  std::string symbol;  ///< as in BPX: "m", "S.m-1", "A.h", "1"
  std::string what;    ///< "length": for sentences
  std::string usual;   ///< units that people write, best first: "um, mm, m"
};

namespace unit {
inline const Unit one{"1", "fraction", "1, %"};
inline const Unit metre{"m", "length", "um, nm, mm, m"};
inline const Unit square_metre{"m2", "area", "cm2, m2"};
inline const Unit second{"s", "time", "s, min, h"};
inline const Unit ampere{"A", "current", "A, mA, C (C-rate), A/m2, mA/cm2"};
inline const Unit volt{"V", "voltage", "V, mV"};
inline const Unit watt{"W", "power", "W, mW, kW"};
inline const Unit kelvin{"K", "temperature", "degC, K"};
inline const Unit ampere_hour{"A.h", "charge", "A.h, mA.h, A.s"};
inline const Unit concentration{"mol.m-3", "concentration", "mol/m3, mol/L"};
inline const Unit conductivity{"S.m-1", "conductivity", "S/m, mS/cm"};
inline const Unit radian{"rad", "angle", "deg, rad"};
inline const Unit diffusivity{"m2.s-1", "diffusivity", "m2/s, cm2/s"};
}  // namespace unit

/// A unit as sentences have it: "mol/m3" for "mol.m-3", "W.h/kg" for "W.h.kg-1"; "" for "1".
std::string spoken_unit(const std::string& symbol);

/// A number with a unit that cannot be read; what() is a sentence without the key.
class UnitError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// "85.2 um" in metres is 8.52e-5. Products and powers as in "mol.m-3", "mol/m3", "A h", "mS/cm", "m^2/s".
/// @throws UnitError when the text is not a number with a unit of that dimension
double read_quantity(const std::string& text, const Unit& unit);

/// A current as written, to be resolved once the cell is known.
struct Rate {
  enum class Kind { ampere, c_rate, per_area };
  double value = 0;  ///< [A], [1] (multiples of the nominal capacity an hour) or [A m-2]
  Kind kind = Kind::ampere;
  std::string text;  ///< as the user would say it: "1C", "5 A", "24 A/m2"

  /// @param nominal_capacity [A h]  @param area of the whole cell [m2]  @return [A]
  double amperes(double nominal_capacity, double area) const;
};

/// "5 A", "1C", "0.5 C", "C/20", "24 A/m2".
/// @throws UnitError
Rate read_rate(const std::string& text);

}  // namespace porelith
