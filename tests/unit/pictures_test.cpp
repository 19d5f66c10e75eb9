#include "postprocess/pictures.hpp"

#include <stdlib.h>

#include <cstdint>
#include <filesystem>

#include "solver/base/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rows.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/synthetic_results.hpp"

using namespace porelith;
namespace fs = std::filesystem;

namespace {

/// Searches programs only in an empty folder while it lives.
struct NoPrograms {
  const Scratch empty;
  const std::string before = getenv("PATH");
  NoPrograms() { setenv("PATH", empty.path().c_str(), 1); }
  ~NoPrograms() { setenv("PATH", before.c_str(), 1); }
};

/// A program called gnuplot that does what `script` says, found before any other while it lives.
struct OtherGnuplot {
  const Scratch folder;
  const std::string before = getenv("PATH");
  explicit OtherGnuplot(const std::string& script) {
    write_text(folder / "gnuplot", "#!/bin/sh\n" + script);
    fs::permissions(folder / "gnuplot", fs::perms::owner_all);
    setenv("PATH", (folder.path() + ":" + before).c_str(), 1);
  }
  ~OtherGnuplot() { setenv("PATH", before.c_str(), 1); }
};

/// Width and height from a PNG file's header (PNG specification, IHDR).
std::pair<unsigned, unsigned> png_size(const std::string& path) {
  const std::string bytes = file_text(path);
  REQUIRE(bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  const auto number = [&](std::size_t at) {
    unsigned value = 0;
    for (std::size_t k = 0; k < 4; ++k) value = 256 * value + static_cast<std::uint8_t>(bytes[at + k]);
    return value;
  };
  return {number(16), number(20)};
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("a run's pictures are its curve and its profiles, each as PNG and SVG, with axes that name their units") {
  const Scratch folder;
  const Drawn drawn = draw_pictures(synthetic_results(20), folder.path());
  CHECK(drawn.warning.empty());
  CHECK(drawn.files == std::vector<std::string>{"curve.png", "curve.svg", "profiles.png", "profiles.svg"});
  CHECK(folder.entries() == 4);
  CHECK(png_size(folder / "curve.png") == std::pair{1400u, 950u});
  const std::string curve = file_text(folder / "curve.svg"), profiles = file_text(folder / "profiles.svg");
  for (const char* words : {"voltage [V]", "current [A]", "plating margin [V]", "time [min]",
                            "LG M50, 1C discharge (synthetic)", "discharge at 1C", "rest"}) {
    INFO(words);
    CHECK(count(curve, words) == 1);
  }
  for (const char* words : {"surface stoichiometry", "78.3 min"}) CHECK(count(profiles, words) == 1);
  CHECK(count(profiles, "negative collector") == 2);  // under both columns
  CHECK(count(profiles, "sep.") == 2);                // a thin layer's name is cut to fit
}

TEST_CASE("a run at one constant current has its capacity on a second axis") {
  const Scratch folder;
  Results results = synthetic_results(3);
  results.steps.resize(1);
  while (results.curve.back().step == 1) results.curve.pop_back();
  CHECK(draw_pictures(results, folder.path()).files.size() == 4);
  CHECK(count(file_text(folder / "curve.svg"), "discharged capacity [A h]") == 1);
  for (CurveRow& row : results.curve) at(row, "current") *= -1;
  CHECK(draw_pictures(results, folder.path()).files.size() == 4);
  CHECK(count(file_text(folder / "curve.svg"), ">charged capacity [A h]") == 1);
}

TEST_CASE("titles are drawn as they are, also with quotes and what gnuplot takes for markup") {
  const Scratch folder;
  Results results = synthetic_results(2);
  results.title = "It's a^2 {cell}_x \"quoted\" `date` %s \\n";
  CHECK(draw_pictures(results, folder.path()).warning.empty());
  const std::string svg = file_text(folder / "profiles.svg");
  CHECK(count(svg, "It's a^2 {cell}_x \"quoted\" `date` %s \\n") == 1);
}

TEST_CASE("a run without snapshots, or stopped before its second row, is drawn as far as it goes") {
  const Scratch folder;
  CHECK(draw_pictures(synthetic_results(0), folder.path()).files == std::vector<std::string>{"curve.png", "curve.svg"});
  Results early = synthetic_results(1);
  early.curve.resize(1);
  CHECK(draw_pictures(early, folder.path()).files == std::vector<std::string>{"profiles.png", "profiles.svg"});
  early.snapshots.clear();
  const Drawn none = draw_pictures(early, folder.path());
  CHECK(none.files.empty());
  CHECK(none.warning.empty());
}

TEST_CASE("without gnuplot there are no pictures, one sentence and no error") {
  const Scratch folder;
  const NoPrograms here;
  const Drawn drawn = draw_pictures(synthetic_results(3), folder.path());
  CHECK(drawn.files.empty());
  CHECK(drawn.warning ==
        "no pictures were drawn: gnuplot cannot be started (No such file or directory); Debian's package gnuplot-nox "
        "has it");
  CHECK(folder.entries() == 0);
}

TEST_CASE("a gnuplot that fails or dies is told with its own words, and leaves no half picture") {
  const Scratch folder;
  const OtherGnuplot here("echo 'line 3: no such terminal' >&2; exit 1\n");
  const std::string sentence =
      sentence_of<WriteError>([&] { (void)draw_pictures(synthetic_results(3), folder.path()); });
  CHECK(sentence.find("cannot write " + folder / "curve.png" +
                      ": gnuplot left it incomplete and said: line 3: no such terminal") == 0);
  CHECK(folder.entries() == 0);
}

TEST_CASE("pictures that cannot be written say why") {
  const Scratch folder;
  write_text(folder / "file", "");
  CHECK(sentence_of<WriteError>([&] { (void)draw_pictures(synthetic_results(2), folder / "file"); }) ==
        "cannot make the folder " + folder / "file" + ": " + folder / "file" + " is a file");
  CHECK(sentence_of<WriteError>([&] {
          (void)draw_comparison({{"a", synthetic_results(0).curve}}, folder / "no/where.png");
        }) == "cannot write " + folder / "no/where.png" + ": No such file or directory");
  CHECK(sentence_of<WriteError>([&] {
          (void)draw_comparison({{"a", synthetic_results(0).curve}}, folder / "x.jpg");
        }) == "cannot draw " + folder / "x.jpg" + ": a picture's name ends in .png");
  CHECK(sentence_of<WriteError>([&] { (void)draw_comparison({}, folder / "x.png"); }) ==
        "cannot draw " + folder / "x.png" + ": there is no curve to draw");
  std::string sentence;
  {
    const SmallFiles only(20000);
    sentence = sentence_of<WriteError>([&] { (void)draw_pictures(synthetic_results(5), folder.path()); });
  }
  CHECK(sentence.find("cannot write") == 0);
  CHECK(folder.entries() == 1);
}

TEST_CASE("a comparison of discharges shows voltage against capacity, one of charges the plating margin too") {
  const Scratch folder;
  std::vector<CurveRow> rows = synthetic_results(0).curve;
  CHECK(draw_comparison({{"C/10", rows}, {"1C", rows}}, folder / "rates.png", "Rates").files.size() == 2);
  const std::string discharge = file_text(folder / "rates.svg");
  for (const char* words : {">Rates<", ">C/10<", ">1C<", "discharged capacity [A h]"})
    CHECK(count(discharge, words) >= 1);
  CHECK(count(discharge, "plating") == 0);

  for (CurveRow& row : rows) at(row, "charge") *= -1;
  CHECK(draw_comparison({{"plain", rows, 0.1}, {"graded", rows, 0.1}}, folder / "graded.png").files.size() == 2);
  const std::string charge = file_text(folder / "graded.svg");
  CHECK(count(charge, "plating margin [mV]") == 1);
  CHECK(count(charge, "charged capacity [mA h/cm") == 1);
}

TEST_CASE("the steps of a run at constant current become curves that start at zero charge") {
  Results results;
  results.steps = {{"discharge at 1C", "", 0, 0, 0, 0},
                   {"rest", "", 0, 0, 0, 0},
                   {"charge at C/2", "", 0, 0, 0, 0},
                   {"hold", "", 0, 0, 0, 0},
                   {"discharge at 1C", "", 0, 0, 0, 0}};
  const auto add = [&](int step, double current, double charge) {
    results.curve.push_back(curve_row(0, {current, 3.7, charge, 0, 0.5, 0.1, 1, 1, 1, 1}, step));
  };
  for (const double charge : {0, 10, 20}) add(0, 5, charge);
  for (const double charge : {20, 20, 20}) add(1, 0, charge);
  for (const double charge : {20, 15, 5}) add(2, -2.5, charge);
  add(3, -2.5, 5), add(3, -1, 4), add(3, -0.5, 3);
  for (const double charge : {3, 13, 33}) add(4, 5, charge);

  const auto discharges = curves_of_steps(results, 1), charges = curves_of_steps(results, -1);
  REQUIRE(discharges.size() == 2);
  CHECK(discharges[0].label == "discharge at 1C (step 1)");
  CHECK(discharges[1].label == "discharge at 1C (step 5)");
  CHECK(discharges[1].rows.front().charge() == 0);
  CHECK(discharges[1].rows.back().charge() == 30);
  REQUIRE(charges.size() == 1);  // the hold is none
  CHECK(charges[0].label == "charge at C/2");
  CHECK(charges[0].rows.back().charge() == -15);
}

TEST_CASE("colours for a series darken from first to last") {
  const auto colours = ramp(6);
  REQUIRE(colours.size() == 6);
  const auto lightness = [](const std::string& colour) {
    // Relative luminance, weights of ITU-R BT.709; the monotone part of it is all that matters here.
    const auto part = [&](std::size_t at) { return std::stoi(colour.substr(at, 2), nullptr, 16); };
    return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
  };
  for (std::size_t k = 1; k < 6; ++k) CHECK(lightness(colours[k]) < lightness(colours[k - 1]));
  CHECK(ramp(1).size() == 1);
}
