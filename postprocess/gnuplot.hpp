#pragma once
/// Pictures through gnuplot, without a display: one process for all of them.
#include <string>
#include <vector>

namespace porelith {

/// What was drawn. A missing gnuplot is a warning, one sentence, and no reason to stop.
struct [[nodiscard]] Drawn {
  std::vector<std::string> files;  ///< as named to Gnuplot::picture
  std::string warning;             ///< "" if all is well
};

/// Collects pictures and draws them in draw().
class Gnuplot {
 public:
  /// Rows of numbers under a name ("$data"); an empty row breaks a line. Not-a-numbers leave a gap.
  void data(const std::string& name, const std::vector<std::vector<double>>& rows);
  /// A name for data that nobody has used yet.
  std::string fresh_name() { return "$data_" + std::to_string(names_++); }
  /// Draws `commands` twice, as `stem`.png and `stem`.svg, each `width` x `height`.
  void picture(const std::string& stem, int width, int height, const std::string& commands);
  /// @throws WriteError if a picture cannot be written
  Drawn draw();

 private:
  struct Picture {
    std::string stem, commands;
    int width, height;
  };
  std::string data_;
  int names_ = 0;
  std::vector<Picture> pictures_;
};

/// User's text as gnuplot's string constant.
std::string gnuplot_text(const std::string& text);

/// What all our pictures share: thin grey axes and grid, dark grey text.
std::string house_style();

/// `n` colours from light to dark, told apart also without colour vision: YlGnBu of C. Brewer's ColorBrewer 2.0.
std::vector<std::string> ramp(std::size_t n);

/// Colours for things without an order, told apart by all: M. Okabe and K. Ito, Color Universal Design (2008).
std::vector<std::string> distinct_colours();

/// The title of a panel's y axis at a fixed distance from the panel, so that panels below each other line up; `side` -1
/// is left, 1 right, `distance` in panel widths. It is a label: `unset label` takes it away.
std::string y_title(const std::string& text, double distance, const char* colour = "#222222", int side = -1);

/// A round step (1, 2 or 5 times a power of ten) that divides `range` into about `parts`.
double round_step(double range, int parts);

/// The y axis from `low` to `high` with about `tics` round numbers on it.
std::string y_axis(double low, double high, int tics);

/// A unit of time that suits `seconds`.
struct TimeUnit {
  const char* name;
  double seconds;
};
TimeUnit time_unit(double seconds);

}  // namespace porelith
