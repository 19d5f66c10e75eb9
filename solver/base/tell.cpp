#include "solver/base/tell.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>

#include "solver/base/error.hpp"

namespace porelith {
namespace {

int output_error = 0;  ///< the first of stdout's

}  // namespace

void tell_text(std::FILE* to, const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), to) < text.size() && to == stdout && output_error == 0)
    output_error = errno;
}

std::string duration_text(double seconds) {
  if (seconds < 100) return fmt::format("{:.{}f} s", seconds, seconds < 10 ? 2 : 1);
  const long whole = std::lround(seconds);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

void flush_output() {
  if (std::fflush(stdout) != 0 && output_error == 0) output_error = errno;
  if (output_error == 0 || output_error == EPIPE) return;
  throw WriteError(fmt::format("cannot write to the standard output: {}", std::strerror(output_error)));
}

}  // namespace porelith
