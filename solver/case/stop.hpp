#pragma once
/// Why a step may end: what a stop watches, how far it is ahead, and how it is told.
#include <string>
#include <string_view>

namespace porelith {

/// An observable, or the time, and the way that it goes to a stop.
struct Quantity {
  enum class Of {
    value,   ///< itself
    size,    ///< its magnitude
    passed,  ///< what has passed of it since the start of the step, or of the run for stops of the protocol; either way
  };
  std::string_view name;  ///< of an observable, or "time"; of what lives as long as the program
  bool rises;
  Of of = Of::value;

  bool operator==(const Quantity& other) const { return name == other.name && rises == other.rises && of == other.of; }

  bool operator!=(const Quantity& other) const { return !(*this == other); }

  static const Quantity time;  ///< time in the step
  static const Quantity voltage_below, voltage_above;
  static const Quantity current_below, current_above;  ///< |current|
  static const Quantity capacity;                      ///< |charge passed|
  static const Quantity soc_below, soc_above;
  static const Quantity plating_margin;  ///< falls
  static const Quantity salt;            ///< c_e_min falls
};

inline constexpr Quantity Quantity::time{"time", true, Of::passed};
inline constexpr Quantity Quantity::voltage_below{"voltage", false};
inline constexpr Quantity Quantity::voltage_above{"voltage", true};
inline constexpr Quantity Quantity::current_below{"current", false, Of::size};
inline constexpr Quantity Quantity::current_above{"current", true, Of::size};
inline constexpr Quantity Quantity::capacity{"charge", true, Of::passed};
inline constexpr Quantity Quantity::soc_below{"soc", false};
inline constexpr Quantity Quantity::soc_above{"soc", true};
inline constexpr Quantity Quantity::plating_margin{"plating_margin", false};
inline constexpr Quantity Quantity::salt{"c_e_min", false};

/// One inequality; a step ends when the first of its stops becomes true.
struct Stop {
  Quantity quantity;
  double value;           ///< [s] or the observable's unit
  bool directed = false;  ///< in voltage: counts only while current flows that leads to it
  bool cut_off = false;   ///< one of the cell's: Step::at_cut_off says what it does
};

/// What the stop compares with its value. @param seen the observable, or the time  @param at_start the same where the
/// step, or the run, began
double compared(const Quantity& quantity, double seen, double at_start);
/// Positive while the stop is ahead; falls to zero where it is reached. [the quantity's unit]
double left_until(const Stop& stop, double seen, double at_start);
/// Does it count with this current? [A]
bool counts(const Stop& stop, double current);
/// How near a stop is landed on (T6). [the quantity's unit]
double tolerance(const Stop& stop);

/// "voltage fell to 2.5 V", "2 A.h passed"
std::string why(const Stop& stop);
/// "voltage <= 2.5 V", "|current| <= 0.25 A", "charge 2 A.h", "time 60 s"
std::string condition(const Stop& stop);
/// "2.312 V", "state of charge 0.3": a value of what the stop compares
std::string stands_at(const Quantity& quantity, double value);
/// "voltage [V]"
std::string name_of(const Quantity& quantity);

}  // namespace porelith
