#pragma once
/// What the program says, on stdout or stderr.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace porelith {

void tell_text(std::FILE* to, const std::string& text);
/// Prints, whether or not anybody is there to read it.
template <class... Values>
void tell(std::FILE* to, fmt::format_string<Values...> text, Values&&... values) {
  tell_text(to, fmt::format(text, std::forward<Values>(values)...));
}

/// "12.3 s", "4 min 05 s", "1 h 20 min"
std::string duration_text(double seconds);

/// Hands on what was told to stdout; that nobody reads it any more is no trouble.
/// @throws WriteError where it goes to a file that cannot be written
void flush_output();

}  // namespace porelith
