#pragma once
/// Cells in BPX, the Battery Parameter eXchange format, versions 0.x and 1.x. The layout is decided by the keys that
/// are there, not by the version in the header, since published files mix the two.
#include <string>

#include "solver/cell/cell.hpp"

namespace porelith {

/// Reads and judges a BPX file. What is doubtful but possible goes into Cell::warnings.
/// @throws CaseError with every problem of the file at once, each with line and column
Cell read_bpx(const std::string& path);

/// The same for a text; `file` names it in messages and in the cell.
Cell parse_bpx(const std::string& text, const std::string& file);

}  // namespace porelith
