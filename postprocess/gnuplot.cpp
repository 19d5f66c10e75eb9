#include "postprocess/gnuplot.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

#include "solver/base/error.hpp"
#include "solver/base/whole_file.hpp"

extern char** environ;

namespace porelith {
namespace {

constexpr const char* png_end{"IEND\xAE\x42\x60\x82"};  // the last chunk of a PNG file and its checksum
constexpr const char* svg_end = "</svg>";

using TemporaryFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

TemporaryFile temporary_file() {
  TemporaryFile file(std::tmpfile(), std::fclose);
  if (!file) throw WriteError(fmt::format("cannot write a temporary file: {}", std::strerror(errno)));
  return file;
}

std::string content(std::FILE* file) {
  std::string text;
  std::rewind(file);
  char buffer[4096];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file)) text.append(buffer, n);
  return text;
}

/// How a run of gnuplot went.
struct Ran {
  int spawn_error = 0;  ///< errno if it could not be started
  int status = 0;       ///< as from waitpid
  std::string said;     ///< on its standard error
};

/// Runs gnuplot on a script. The script is a file, not a pipe: a gnuplot that dies early must not end us with SIGPIPE.
Ran run_gnuplot(const std::string& script) {
  const TemporaryFile input = temporary_file(), errors = temporary_file();
  if (std::fwrite(script.data(), 1, script.size(), input.get()) != script.size() || std::fflush(input.get())) {
    throw WriteError(fmt::format("cannot write a temporary file: {}", std::strerror(errno)));
  }
  std::rewind(input.get());
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ::fileno(input.get()), 0);
  posix_spawn_file_actions_adddup2(&files, ::fileno(errors.get()), 1);
  posix_spawn_file_actions_adddup2(&files, ::fileno(errors.get()), 2);
  std::string name = "gnuplot";
  char* arguments[] = {name.data(), nullptr};
  pid_t child = 0;
  Ran ran;
  posix_spawnattr_t attributes;  // a group of its own: Ctrl-C stops the program in good order, not a picture half drawn
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  ran.spawn_error = ::posix_spawnp(&child, "gnuplot", &files, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (ran.spawn_error) return ran;
  while (::waitpid(child, &ran.status, 0) < 0 && errno == EINTR) {
  }
  ran.said = content(errors.get());
  return ran;
}

bool is_whole(const std::string& path, const std::string& end) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return bytes.size() > end.size() &&
         bytes.find(end, bytes.size() - std::min<std::size_t>(bytes.size(), 32)) != std::string::npos;
}

}  // namespace

std::string gnuplot_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : c == '\n' ? std::string(" ") : std::string(1, c);
  return quoted + "'";
}

void Gnuplot::data(const std::string& name, const std::vector<std::vector<double>>& rows) {
  fmt::memory_buffer text;
  auto end = std::back_inserter(text);
  fmt::format_to(end, "{} << end_of_data\n", name);
  for (const auto& row : rows) {
    for (const double value : row)
      std::isfinite(value) ? fmt::format_to(end, "{:.7g} ", value) : fmt::format_to(end, "NaN ");
    fmt::format_to(end, "\n");
  }
  fmt::format_to(end, "end_of_data\n");
  data_.append(text.data(), text.size());
}

void Gnuplot::picture(const std::string& stem, int width, int height, const std::string& commands) {
  pictures_.push_back({stem, commands, width, height});
}

Drawn Gnuplot::draw() {
  if (pictures_.empty()) return {};
  std::vector<std::unique_ptr<WholeFile>> files;
  std::string script = "set encoding utf8\n" + data_;
  const auto add = [&](const Picture& picture, const std::string& suffix, const std::string& terminal) {
    files.push_back(std::make_unique<WholeFile>(picture.stem + suffix));
    files.back()->write("");  // a folder that cannot be written is told here, with the system's reason
    script += fmt::format("set terminal {}\nset output {}\n{}\nset output\nreset\n", terminal,
                          gnuplot_text(files.back()->temporary()), picture.commands);
  };
  for (const Picture& p : pictures_) {
    add(p, ".png",
        fmt::format("pngcairo size {},{} font 'DejaVu Sans,13' linewidth 1 background 'white'", p.width, p.height));
    add(p, ".svg",
        fmt::format("svg size {},{} dynamic font 'DejaVu Sans,Verdana,sans-serif,13' fontscale 1.3333 linewidth 1 "
                    "background 'white'",
                    p.width, p.height));
  }
  const Ran ran = run_gnuplot(script);
  if (ran.spawn_error) {
    return {{},
            fmt::format("no pictures were drawn: gnuplot cannot be started ({}); Debian's package gnuplot-nox has it",
                        std::strerror(ran.spawn_error))};
  }
  Drawn drawn;
  for (const auto& file : files) {
    const bool png = file->path().size() > 4 && file->path().compare(file->path().size() - 4, 4, ".png") == 0;
    if (!is_whole(file->temporary(), png ? png_end : svg_end)) {
      throw WriteError(fmt::format("cannot write {}: gnuplot left it incomplete{}{}", file->path(),
                                   ran.said.empty() ? "" : " and said: ", ran.said));
    }
    file->commit();
    drawn.files.push_back(file->path());
  }
  return drawn;
}

std::string house_style() {
  return "set border 3 linewidth 1 linecolor rgb '#666666'\n"
         "set tics nomirror out scale 0.5 textcolor rgb '#333333'\n"
         "set xzeroaxis linetype 1 linewidth 1 linecolor rgb '#bbbbbb'\n"
         "set grid linetype 1 linewidth 0.7 linecolor rgb '#e4e4e4'\n"
         "set format '%g'\n"
         "set xlabel textcolor rgb '#222222'\n"
         "set key noenhanced textcolor rgb '#222222' samplen 2 spacing 1.2\n"
         "set datafile missing 'NaN'\n";
}

std::vector<std::string> ramp(std::size_t n) {
  // The darker six of the nine-class scheme; the lighter three vanish on white.
  static const int scheme[][3] = {{127, 205, 187}, {65, 182, 196}, {29, 145, 192},
                                  {34, 94, 168},   {37, 52, 148},  {8, 29, 88}};
  std::vector<std::string> colours;
  for (std::size_t k = 0; k < n; ++k) {
    const double place = n > 1 ? 5.0 * static_cast<double>(k) / static_cast<double>(n - 1) : 3;
    const int low = std::min(4, static_cast<int>(place));
    const auto mix = [&](int c) {
      return static_cast<int>(std::lround(scheme[low][c] + (place - low) * (scheme[low + 1][c] - scheme[low][c])));
    };
    colours.push_back(fmt::format("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2)));
  }
  return colours;
}

std::vector<std::string> distinct_colours() {
  return {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};
}

std::string y_title(const std::string& text, double distance, const char* colour, int side) {
  return fmt::format("set label {} at graph {:.4f}, graph 0.5 center rotate by 90 textcolor rgb '{}'\n",
                     gnuplot_text(text), side < 0 ? -distance : 1 + distance, colour);
}

double round_step(double range, int parts) {
  const double wanted = range / parts, decade = std::pow(10, std::floor(std::log10(wanted)));
  return decade * (wanted < 1.5 * decade ? 1 : wanted < 3.5 * decade ? 2 : wanted < 7.5 * decade ? 5 : 10);
}

std::string y_axis(double low, double high, int tics) {
  if (!(low < high)) high = low + 1;
  return fmt::format("set yrange [{:.6g}:{:.6g}]\nset ytics {:.6g}\n", low, high, round_step(high - low, tics));
}

TimeUnit time_unit(double seconds) {
  if (seconds < 300) return {"s", 1};
  if (seconds < 3 * 3600) return {"min", 60};
  if (seconds < 4 * 86400) return {"h", 3600};
  return {"days", 86400};
}

}  // namespace porelith
