#pragma once
/// The report of a design study: design.json for programs, report.html for people.
#include <string>
#include <vector>

#include "surrogate/design/outcome.hpp"

namespace porelith {

inline constexpr const char* design_format = "porelith design";
inline constexpr int design_version = 1;

/// What the report says besides the outcome.
struct DesignPage {
  std::string title;  ///< of the case
  std::string case_file;
  std::string case_hash, cell_hash;
  std::string mesh;                                     ///< of all samples, in words
  std::string optimum_case;                             ///< relative to the report: "optimum/case.toml"
  std::vector<std::string> scalar_names, scalar_units;  ///< of the confirmed designs' scalars
  std::string picture_folder;  ///< whose SVG files the page takes in: design, charges, compared, gate, effort
  int threads = 1;
};

/// Gain of one value over another in the objective's sense [1]: positive is better.
double gain(const DesignOutcome& outcome, double value, double over);

std::string design_json(const DesignOutcome& outcome, const DesignPage& page);
/// One file without references to others. Pictures that are not in the folder are left out.
std::string design_html(const DesignOutcome& outcome, const DesignPage& page);

}  // namespace porelith
