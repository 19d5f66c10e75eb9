#include "postprocess/pictures.hpp"

#include <filesystem>

#include "postprocess/vtk.hpp"
#include "solver/base/together.hpp"
#include "solver/base/whole_file.hpp"

namespace porelith {
namespace {

constexpr std::size_t most_steps = 10;  // more lines than these say nothing; they are thinned

void add_steps_picture(Gnuplot& gnuplot, const Results& results, double sign, const std::string& stem) {
  const std::vector<LabelledCurve> all = curves_of_steps(results, sign);
  if (all.size() < 2) return;
  std::vector<LabelledCurve> shown;
  for (const std::size_t k : evenly_spread(all.size(), most_steps)) shown.push_back(all[k]);
  add_comparison_picture(gnuplot, shown, stem, results.title);
}

}  // namespace

Drawn draw_pictures(const Results& results, const std::string& folder, const Team& team) {
  together(team, [&] {
    if (team.first()) make_folder(folder);
  });
  Gnuplot gnuplot;
  add_curve_picture(gnuplot, results, folder);
  add_profiles_picture(gnuplot, results, folder, team);
  add_slices_picture(gnuplot, results, folder, team);
  add_steps_picture(gnuplot, results, 1, (std::filesystem::path(folder) / "discharges").string());
  add_steps_picture(gnuplot, results, -1, (std::filesystem::path(folder) / "charges").string());
  Drawn drawn;
  together(team, [&] {
    if (team.first()) drawn = gnuplot.draw();
  });
  for (std::string& file : drawn.files) file = std::filesystem::path(file).filename().string();
  return drawn;
}

}  // namespace porelith
