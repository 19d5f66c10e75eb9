#include "solver/laws/reaction.hpp"

namespace porelith {

void Reaction::grow(const ReactionPoints&, const double*, double*, double*, double*) const {}
void Reaction::resist(const ReactionPoints&, double*, double*) const {}

}  // namespace porelith
