#include "solver/case/case.hpp"

#include "solver/cell/cell.hpp"

namespace porelith {

bool Case::at_T_ref() const { return !temperature_function && temperature == cell->T_ref; }

const std::string& Case::cell_sha256() const { return cell->sha256; }

}  // namespace porelith
