#pragma once
#include "program/verb.hpp"

namespace porelith {

/// Does what a command says and turns what it throws on any rank into one sentence on stderr and one exit code.
/// Collective.
int with_errors_told(const Command& command);

}  // namespace porelith
