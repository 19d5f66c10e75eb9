#include "solver/laws/exchange_current.hpp"

#include "solver/base/constants.hpp"
#include "solver/cell/cell.hpp"
#include "solver/laws/arrhenius.hpp"

namespace porelith {

ExchangeCurrent ExchangeCurrent::at(const ActiveMaterial& m, double T_ref, double T) {
  const ValueAndSlope factor = arrhenius(m.K_activation, T_ref, T);
  return {faraday * m.K * factor.value, factor.slope / factor.value};
}

}  // namespace porelith
