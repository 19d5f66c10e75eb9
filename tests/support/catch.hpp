#pragma once
/// Catch2, version 2 or 3, under one name; Approx is there in both.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;  // version 2 has it without the prefix
#else
#include <catch2/catch.hpp>
#endif
