#pragma once
/// Catch2, version 2 or 3, under one name; Approx is there in both.
#include <string>

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;  // version 2 has it without the prefix
/// Matches a text that holds this one.
inline auto says(const std::string& text) { return Catch::Matchers::ContainsSubstring(text); }
#else
#include <catch2/catch.hpp>
/// Matches a text that holds this one.
inline auto says(const std::string& text) { return Catch::Matchers::Contains(text); }
#endif
