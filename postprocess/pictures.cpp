#include "postprocess/pictures.hpp"

#include <filesystem>

#include "solver/results/whole_file.hpp"

namespace porelith {

Drawn draw_pictures(const Results& results, const std::string& folder) {
  make_folder(folder);
  Gnuplot gnuplot;
  add_curve_picture(gnuplot, results, folder);
  add_profiles_picture(gnuplot, results, folder);
  Drawn drawn = gnuplot.draw();
  for (std::string& file : drawn.files) file = std::filesystem::path(file).filename().string();
  return drawn;
}

}  // namespace porelith
