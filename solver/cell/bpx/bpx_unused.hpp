#pragma once
/// What a BPX file says beyond what is made use of: each such key is told, with the reason.
#include <string>
#include <utility>
#include <vector>

#include "solver/cell/bpx/bpx_section.hpp"
#include "solver/text/json.hpp"

namespace porelith {

/// Names of keys by the reason why nothing follows from them.
class UnusedContent {
 public:
  void add(std::string name, const std::string& why);
  /// One a reason, in the order in which they came.
  std::vector<std::string> sentences() const;

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> by_reason_;
};

/// Every value below User-defined, by its path: "User-defined / Hysteresis / Decay". A table of x and y is one value.
/// @param section may be null
std::vector<std::string> user_defined_names(const Json* section);

/// Those below User-defined that may be an electrode's open-circuit potential: tables and expressions in x whose name
/// speaks of a potential or of this electrode, and neither of another part of the cell nor of another unit.
/// @param electrode "Negative electrode" or "Positive electrode"
std::vector<std::string> user_defined_potentials(const Json* section, const std::string& electrode);

}  // namespace porelith
