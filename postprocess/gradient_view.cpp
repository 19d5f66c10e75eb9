#include "postprocess/gradient_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "postprocess/depth.hpp"
#include "postprocess/slices.hpp"
#include "postprocess/vtk_grid.hpp"
#include "solver/base/together.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_results = 4;
constexpr int width = 1400, row_height = 340, head = 130, foot = 60;  // [pixels]

/// A column of panels: numbers whose slopes share an axis.
struct Column {
  const char* title;
  std::vector<const char*> numbers;
  const char* unit;  ///< that slopes are per
  double scale;      ///< SI to that
};
const std::vector<Column> columns{{"porosity", {"porosity", "porosity_alone"}, "cm^3", 1e-6},
                                  {"active fraction", {"active_fraction"}, "cm^3", 1e-6},
                                  {"radius", {"particle_radius"}, "(µm cm^3)", 1e-12}};

const GradientField* field_of(const ResultFields& result, const std::string& number) {
  for (const GradientField& field : result.fields)
    if (field.number == number) return &field;
  return nullptr;
}

std::vector<ResultFields> first_of(const std::vector<ResultFields>& results) {
  return {results.begin(), results.begin() + static_cast<long>(std::min(results.size(), most_results))};
}

/// Those that the results have: a blend has no particle radius of all its materials.
std::vector<Column> columns_of(const ResultFields& result) {
  std::vector<Column> list;
  for (const Column& column : columns)
    if (field_of(result, column.numbers.front())) list.push_back(column);
  return list;
}

std::string legend() {
  const auto colours = distinct_colours();
  const auto entry = [&](double x, const std::string& colour, int dashes, const std::string& text) {
    return fmt::format(
        "set arrow from screen {0:.3f}, screen @Y@ to screen {1:.3f}, screen @Y@ nohead linewidth 2.4 dashtype {2} "
        "linecolor rgb '{3}'\nset label '{4}' at screen {5:.3f}, screen @Y@ left textcolor rgb '#222222'\n",
        x, x + 0.03, dashes, colour, text, x + 0.036);
  };
  return entry(0.075, colours[0], 1, "slope by one more here; of porosity, the solid follows") +
         entry(0.475, colours[0], 2, "the same, the electrode\'\'s mean kept") +
         entry(0.755, colours[1], 1, "porosity alone");
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos;) text.replace(at, what.size(), by);
  return text;
}

/// A panel's lines: slopes and what is left of them with the mean kept; of a second number the slopes alone.
std::string lines(Gnuplot& gnuplot, const Cells& mesh, const ResultFields& result, const Column& column,
                  const Team& team) {
  const auto colours = distinct_colours();
  std::string text;
  const auto add = [&](std::vector<double> values, const std::string& colour, int dashes) {
    for (double& value : values) value *= column.scale;
    const std::string name = gnuplot.fresh_name();
    gnuplot.data(name, through_depth(mesh, values, mesh.volume, true, team));
    text += fmt::format("{}{} using 1:2 with lines linewidth 2.4 dashtype {} linecolor rgb '{}'",
                        text.empty() ? "plot " : ", ", name, dashes, colour);
  };
  for (std::size_t k = 0; k < column.numbers.size(); ++k) {
    const GradientField& field = *field_of(result, column.numbers[k]);
    add(field.slope, colours[k], 1);
    if (k == 0) add(field.kept, colours[k], 2);
  }
  return text + "\n";
}

void add_profiles(Gnuplot& gnuplot, const std::string& title, const Cells& mesh,
                  const std::vector<ResultFields>& results, const std::string& stem, const Team& team) {
  const std::vector<Layer> layers = layers_of(mesh, team);
  if (layers.empty()) return;
  const int height = head + foot + static_cast<int>(results.size()) * row_height;
  const double depth = layers.back().to;
  const std::vector<Column> shown = columns_of(results.front());
  const double wide = 0.92 / static_cast<double>(shown.size());
  std::string text = house_style() + "set multiplot\nunset key\n" + shading(layers);
  text += fmt::format("set xrange [0:{:.6g}]\nset offsets 0,0,graph 0.06,graph 0.06\n", depth);
  text += fmt::format("set label {} noenhanced at screen 0.075, screen {:.4f} left font ',17'\n", gnuplot_text(title),
                      1 - 26.0 / height);
  text += replaced(legend(), "@Y@", fmt::format("{:.4f}", 1 - 56.0 / height));
  for (std::size_t r = 0; r < results.size(); ++r)
    for (std::size_t q = 0; q < shown.size(); ++q) {
      const bool lowest = r + 1 == results.size();
      const double left = 0.075 + static_cast<double>(q) * wide, right = left + wide - 0.085;
      const double top = 1 - (head + static_cast<double>(r) * row_height) / height;
      text += fmt::format(
          "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\nset tmargin at screen {:.4f}\nset bmargin at "
          "screen {:.4f}\n",
          left, right, top, top - (row_height - 60.0) / height);
      text += y_title(
          fmt::format("by {}  [{}/{}]", shown[q].title, results[r].unit == "1" ? "1" : results[r].unit, shown[q].unit),
          0.061 / (right - left));
      text += lowest ? "set format x '%g'\nset xlabel 'distance from negative collector  [µm]' font ',11'\n"
                     : "set format x ''\nunset xlabel\n";
      if (q == 0)
        text += fmt::format("set label {} at screen {:.4f}, screen {:.4f} left font ',14' textcolor rgb '#222222'\n",
                            gnuplot_text(results[r].spoken), left, top + (r == 0 ? 36.0 : 14.0) / height);
      if (r == 0) text += layer_names(layers, depth);
      text += lines(gnuplot, mesh, results[r], shown[q], team) + "unset label\nunset arrow\n";
    }
  gnuplot.picture(stem, width, height, text + "unset multiplot\n");
}

}  // namespace

std::vector<std::string> write_gradient_vtk(const Cells& mesh, const std::vector<ResultFields>& results,
                                            const std::string& folder, const Team& team) {
  const std::string stem = "gradient";
  vtkNew<vtkUnstructuredGrid> grid;
  together(team, [&] { grid->ShallowCopy(vtk_grid_of(mesh, team)); });
  together(team, [&] {
    for (const ResultFields& result : results)
      for (const GradientField& field : result.fields) {
        const std::string name = result.result + "_" + field.number;
        set_cell_array(grid, name, field.unit, field.slope);
        set_cell_array(grid, name + "_kept", field.unit, field.kept);
      }
    GridWriter(grid, team).write((fs::path(folder) / stem).string());
  });
  std::vector<std::string> files{grid_file(stem, team)};
  for (int rank = 0; team.size() > 1 && rank < team.size(); ++rank) files.push_back(piece_file(stem, rank));
  return files;
}

Drawn draw_gradient(const std::string& title, const Cells& mesh, const std::vector<ResultFields>& results,
                    const std::string& folder, const Team& team) {
  if (results.empty()) return {};
  const std::string stem = (fs::path(folder) / "gradient").string();
  const std::vector<ResultFields> shown = first_of(results);
  Gnuplot gnuplot;
  if (mesh.dimension == 1) {
    add_profiles(gnuplot, title, mesh, shown, stem, team);
  } else {
    std::vector<SliceQuantity> quantities;
    for (const ResultFields& result : shown)
      for (const GradientField& field : result.fields)
        if (field.number == "porosity" || (shown.size() == 1 && field.number != "porosity_alone"))
          quantities.push_back(
              {fmt::format("{}  by {}  [{}]", result.spoken, replaced(field.number, "_", " "), field.unit), field.slope,
               true});
    add_slices(gnuplot, mesh, quantities, {title, "where one more would help"}, stem, team);
  }
  Drawn drawn;
  together(team, [&] {
    if (team.first()) drawn = gnuplot.draw();
  });
  return drawn;
}

}  // namespace porelith
