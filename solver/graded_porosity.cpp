#include "solver/graded_porosity.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "solver/case/case.hpp"
#include "solver/case_mesh.hpp"
#include "solver/cell/cell.hpp"
#include "solver/gradient_field.hpp"
#include "solver/newman/mixing.hpp"
#include "solver/region_side.hpp"
#include "solver/sloped_run.hpp"

namespace porelith {

double GradedVolumes::mean(const std::vector<double>& values) const {
  return std::inner_product(volume.begin(), volume.end(), values.begin(), 0.0);
}

namespace {

std::array<double, 2> span_across(const Mesh& mesh, int P) {
  double from = std::numeric_limits<double>::infinity(), to = -from;
  for (const int corner : mesh.vertices[P]) {
    from = std::min(from, mesh.points[corner][1]);
    to = std::max(to, mesh.points[corner][1]);
  }
  return {from, to};
}

}  // namespace

GradedVolumes graded_volumes(const Case& input, Side side) {
  const Mesh mesh = mesh_of(input);
  GradedVolumes v;
  v.side = side;
  v.thickness = electrode_of(*input.cell, side).thickness;
  double sum = 0;
  for (int P = 0; P < mesh.cells(); ++P) {
    const double matrix = mesh.region[P] == region_of(side) ? matrix_part(mesh, P) : 0;
    if (matrix == 0) continue;
    v.cells.push_back(P);
    v.volume.push_back(matrix * mesh.volume[P]);
    sum += v.volume.back();
    v.xi_from.push_back(mesh.xi_from[P]), v.xi_to.push_back(mesh.xi_to[P]);
    v.place.push_back(
        {v.thickness * (mesh.xi_from[P] + mesh.xi_to[P]) / 2, mesh.dimension == 1 ? 0.0 : mesh.centre[P][1]});
    v.across.push_back(span_across(mesh, P));
  }
  for (double& volume : v.volume) volume /= sum;
  return v;
}

namespace {

std::array<double, 3> point(const GradedVolumes& v, std::size_t i, double eps) {
  return {(v.xi_from[i] + v.xi_to[i]) / 2, v.place[i][1], eps};
}

}  // namespace

std::vector<CaseChange> porosity_changes(const GradedVolumes& volumes, const std::vector<double>& eps) {
  const std::string table = word_of(volumes.side);
  CaseChange field{table + ".porosity_field", {}};
  for (std::size_t i = 0; i < volumes.size(); ++i)
    for (const double number : point(volumes, i, eps[i])) field.values.push_back(number);
  return {{table + ".porosity", {volumes.mean(eps)}}, field};
}

void set_porosity(Case& input, const GradedVolumes& volumes, const std::vector<double>& eps) {
  Electrode& electrode = volumes.side == Side::negative ? input.cell->negative : input.cell->positive;
  electrode.porosity = Profile(volumes.mean(eps));
  electrode.porosity_field.clear();
  for (std::size_t i = 0; i < volumes.size(); ++i) electrode.porosity_field.push_back(point(volumes, i, eps[i]));
  std::stable_sort(electrode.porosity_field.begin(), electrode.porosity_field.end(),
                   [](const auto& a, const auto& b) { return a[0] < b[0]; });
}

std::vector<std::vector<double>> porosity_slopes(const Case& input, const SlopedRun& run,
                                                 const std::vector<Gradient>& gradients, const GradedVolumes& volumes) {
  const std::vector<double> true_volume = true_volumes(run.taped());
  const std::vector<FieldNumber> porosity{porosity_number(input, run.taped())};
  std::vector<std::vector<double>> slopes;
  for (const Gradient& gradient : gradients) {
    const GradientField field = gradient_fields(run.taped(), gradient, porosity).front();
    slopes.emplace_back();
    for (const int P : volumes.cells) slopes.back().push_back(field.slope[P] * true_volume[P]);
  }
  return slopes;
}

}  // namespace porelith
