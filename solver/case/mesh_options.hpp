#pragma once
/// How finely the cell is divided, or by which mesh file.
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "solver/base/cell_counts.hpp"
#include "solver/text/holds.hpp"

namespace porelith {

/// Names or numbers of a mesh file's physical groups.
struct GroupNames {
  std::vector<std::string> list;
};

/// What a mesh file calls the parts of the cell; empty: as they are called here.
struct MeshNames {
  GroupNames negative, separator, positive, negative_channel, positive_channel, negative_foil, positive_foil,
      negative_collector, positive_collector, left_out;

  /// Those that are not empty, by their own names.
  std::map<std::string, std::vector<std::string>> by_part() const {
    std::map<std::string, std::vector<std::string>> parts{{"negative", negative.list},
                                                          {"separator", separator.list},
                                                          {"positive", positive.list},
                                                          {"negative_channel", negative_channel.list},
                                                          {"positive_channel", positive_channel.list},
                                                          {"negative_foil", negative_foil.list},
                                                          {"positive_foil", positive_foil.list},
                                                          {"negative_collector", negative_collector.list},
                                                          {"positive_collector", positive_collector.list},
                                                          {"left_out", left_out.list}};
    for (auto it = parts.begin(); it != parts.end();) it = it->second.empty() ? parts.erase(it) : std::next(it);
    return parts;
  }

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "What the mesh file's physical groups are called, where they are not called as the parts of the cell: each a "
        "name, a number, or a list of several.");
    keys.key("negative", &MeshNames::negative, {unit::one, any(), "negative"}, "The negative electrode.")
        .key("separator", &MeshNames::separator, {unit::one, any(), "separator"}, "The separator.")
        .key("positive", &MeshNames::positive, {unit::one, any(), "positive"}, "The positive electrode.")
        .key("negative_channel", &MeshNames::negative_channel, {unit::one, any(), "negative_channel"},
             "Channels in the negative electrode.")
        .key("positive_channel", &MeshNames::positive_channel, {unit::one, any(), "positive_channel"},
             "Channels in the positive electrode.")
        .key("negative_foil", &MeshNames::negative_foil, {unit::one, any(), "negative_foil"},
             "The negative current collector.")
        .key("positive_foil", &MeshNames::positive_foil, {unit::one, any(), "positive_foil"},
             "The positive current collector.")
        .key("negative_collector", &MeshNames::negative_collector, {unit::one, any(), "negative_collector"},
             "Where the negative terminal is.")
        .key("positive_collector", &MeshNames::positive_collector, {unit::one, any(), "positive_collector"},
             "Where the positive terminal is.")
        .key("left_out", &MeshNames::left_out, {unit::one, any(), "nothing"}, "What is in the file and takes no part.");
  }
};

/// How exact an answer shall be.
struct Accuracy {
  double share = 0;  ///< of a step's charge or time at its end, and of 1 V in the voltage [1]; 0: nobody asks
};

struct MeshOptions {
  static constexpr int most_splits = 4;
  std::string file;                         ///< a Gmsh file; "": a grid
  std::string sha256;                       ///< of the file; "" where nobody asked
  std::string unit = "um";                  ///< of the file's coordinates
  MeshNames names;                          ///< of the file's groups
  int split = 0;                            ///< how often the file's elements are halved along every direction
  std::string fineness = "medium";          ///< what the counts come from that are not given
  CellCounts negative = 20, positive = 20;  ///< cells through each electrode
  int separator = 10;                       ///< and through the separator; 0: as thick as their neighbours
  CellCounts width = 0, height = 0;  ///< cells along y and z, from mirror plane to mirror plane; 0 where there is none
  double grading = 1;        ///< thickness of an electrode's cell at the collector over its cell at the separator
  int shells = 15;           ///< shells a particle
  double shell_grading = 0;  ///< thickness of the innermost shell over the outermost; 0: as D_s asks for
  std::optional<Accuracy> accuracy;  ///< of a run, where the case says it
  bool fixed = false;                ///< the case gives cells, shells or fineness: they stay as they are

  double file_unit() const { return unit == "m" ? 1 : unit == "mm" ? 1e-3 : unit == "nm" ? 1e-9 : 1e-6; }  ///< [m]

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("How finely the cell is divided.");
    keys.key("file", &MeshOptions::file, {unit::one, any(), "not used: a grid"},
             "Gmsh file instead of a grid, relative to the case file. Physical names: volumes negative, separator, "
             "positive, negative_channel, positive_channel, negative_foil, positive_foil; surfaces negative_collector, "
             "positive_collector. The layers follow each other along x; [geometry] says the dimension.")
        .key("unit", &MeshOptions::unit, {unit::one, any(), "", {"m", "mm", "um", "nm"}},
             "Unit of the file's coordinates.")
        .key("split", &MeshOptions::split, {unit::one, between(0, most_splits), ""},
             "How often the file's elements are halved along every direction: 1 makes 4 of a triangle or a "
             "quadrilateral and 8 of a solid.")
        .key("fineness", &MeshOptions::fineness, {unit::one, any(), "", {"coarse", "medium", "fine"}},
             "How many control volumes and shells there are where no number is given.")
        .key("negative", &MeshOptions::negative, {unit::one, between(1, 10000), "20, coarse 10, fine 40"},
             "Control volumes through the negative electrode; or a list, one number a piece between two places where a "
             "face "
             "stands (layers, flat ends of channels), so that they stay while lengths change.")
        .key("separator", &MeshOptions::separator,
             {unit::one, between(0, 10000), "10, coarse 5, fine 20; 0 where the dimension is not 1"},
             "Control volumes through the separator; 0 = as thick as those beside it.")
        .key("positive", &MeshOptions::positive, {unit::one, between(1, 10000), "20, coarse 10, fine 40"},
             "Control volumes through the positive electrode; a list as of the negative.")
        .key("width", &MeshOptions::width, {unit::one, between(0, 10000), "16, coarse 8, fine 32"},
             "Control volumes along y, from mirror plane to mirror plane or along the radius; 0 = as fineness says. A "
             "list "
             "gives one number a piece between two walls.")
        .key("height", &MeshOptions::height, {unit::one, between(0, 10000), "16, coarse 8, fine 32"},
             "The same along z.")
        .key("grading", &MeshOptions::grading, {unit::one, between(0.01, 100), "1; 3 where the dimension is not 1"},
             "Thickness of an electrode's cell at the collector over that of its cell at the separator; 1 = all the "
             "same.")
        .key("shells", &MeshOptions::shells, {unit::one, between(2, 10000), "15, coarse 10, fine 30"},
             "Shells in a particle.")
        .key("shell_grading", &MeshOptions::shell_grading,
             {unit::one, between(0, 1000), "300 (fewer than 15 shells: 1.503^(shells - 1)), where D_s varies 40"},
             "Thickness of the innermost shell over the outermost; 1 = all the same, 0 = as where it is not given.")
        .key("accuracy", &MeshOptions::accuracy,
             {unit::one, between(1e-5, 0.1), "0.1 % in 1D up to 10,000 time steps, else off"},
             "How exact `run` is to be, e.g. \"0.1 %\": the share at the end of each step, and as much of 1 V in the "
             "voltage (1 mV). Where the case gives neither cells, shells nor fineness, they and rtol are refined until "
             "an estimate says so; else a larger estimate is a warning. In a study it is the baseline's, and settles "
             "the mesh of all samples. \"off\": nobody asks.");
  }
};

}  // namespace porelith
