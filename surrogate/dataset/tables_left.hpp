#pragma once
/// What solves of a study say of laws used beyond their tables, taken together.
#include <string>
#include <vector>

#include "surrogate/dataset/sample.hpp"

namespace porelith {

/// One a law, as far as any of the lists went.
std::vector<LeftTable> widest(const std::vector<const std::vector<LeftTable>*>& lists);

/// One sentence a law: how many of them used it beyond its table, and how far at most.
/// @param what "samples", "solved designs"
std::vector<std::string> tables_left(const std::vector<Sample>& samples, const std::string& what);

/// The same of one design, "" if it stayed within all tables.
std::string tables_left(const std::string& name, const std::vector<LeftTable>& left);

}  // namespace porelith
