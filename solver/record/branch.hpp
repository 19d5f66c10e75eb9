#pragma once
/// Which of many values a least or greatest one is (R3), as files and tables tell it.
#include <limits>
#include <string>

namespace porelith {

struct Branch {
  std::string where;      ///< "at t = 140 s of step 1 (charge at 2C), negative electrode, x = 112 um"
  std::string one_sided;  ///< what else is within the tolerance, far from there; "" where nothing is
  double time = std::numeric_limits<double>::quiet_NaN();  ///< [s] of a least or greatest value; of others the end
  int step = -1;                                           ///< of the protocol, from 0
  std::string stop;   ///< how the step ended, where that is the moment; "" where it is not
  std::string place;  ///< "negative electrode, x = 112 um, at its face to the separator"; "" where there is none
  long cell = -1;     ///< the control volume's place among those of all ranks, rank after rank; -1: none
};

}  // namespace porelith
