#pragma once
/// The two sides of a cell: a list to walk through, and the one place for what each is called.
#include <array>

namespace porelith {

struct Cell;
struct Electrode;

enum class Side { negative, positive };
inline constexpr std::array<Side, 2> both_sides{Side::negative, Side::positive};

/// As cases, files and sentences have it: "negative"; and short, at the end of symbols: "neg".
inline constexpr const char* word_of(Side side) { return side == Side::negative ? "negative" : "positive"; }
inline constexpr const char* short_word_of(Side side) { return side == Side::negative ? "neg" : "pos"; }

const Electrode& electrode_of(const Cell& cell, Side side);

}  // namespace porelith
