#include "solver/gradient_field.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "solver/case_change.hpp"
#include "solver/cell/cell.hpp"
#include "solver/cell/side.hpp"
#include "solver/newman/mixing.hpp"
#include "solver/region_side.hpp"

namespace porelith {

namespace {

constexpr double porosity_step = 1e-3;  // of differences

/// Of each own cell of the electrodes, what is not channel.
std::vector<double> matrix_of_electrodes(const Mesh& mesh) {
  std::vector<double> parts;
  parts.reserve(mesh.cells());
  for (int P = 0; P < mesh.cells(); ++P) parts.push_back(is_electrode(mesh.region[P]) ? matrix_part(mesh, P) : 0);
  return parts;
}

/// The case's electrodes more porous by as much everywhere between their channels, its solid as it says.
ParameterChange more_porous(const Case& input, const TapedRun& run) {
  ParameterChange change;
  for (const Side side : both_sides) {
    const CaseAt shifted = [&](double by) {
      Case c = input;
      Electrode& electrode = side == Side::negative ? c.cell->negative : c.cell->positive;
      electrode.add_porosity(by);
      return c;
    };
    add(change, 1, change_along(shifted, porosity_step, run).model);
  }
  return change;
}

/// Active fraction of all beds in a cell.
std::vector<double> active_of(const Model& model) {
  std::vector<double> active(model.mesh().cells(), 0.0);
  for (const ModelBed& bed : model.beds())
    for (std::size_t i = 0; i < bed.cells.size(); ++i) active[bed.cells[i]] += bed.eps_s[i];
  return active;
}

bool is_blend(const Model& model) {
  for (const ModelBed& bed : model.beds())
    if (bed.material > 0) return true;
  return false;
}

void add_active_fraction(const Model& model, std::size_t b, const std::vector<double>& share, ParameterChange& change) {
  const ModelBed& bed = model.beds()[b];
  change.beds.resize(model.beds().size());
  for (std::size_t i = 0; i < bed.cells.size(); ++i) {
    change.beds[b].eps_s.push_back(share[i] * matrix_part(model.mesh(), bed.cells[i]));
    change.beds[b].a.push_back(3 / bed.R[i] * change.beds[b].eps_s.back());
  }
}

void add_radius(const Model& model, std::size_t b, ParameterChange& change) {
  const ModelBed& bed = model.beds()[b];
  change.beds.resize(model.beds().size());
  for (std::size_t i = 0; i < bed.cells.size(); ++i) {
    change.beds[b].R.push_back(1);
    change.beds[b].a.push_back(-bed.a[i] / bed.R[i]);
  }
}

/// Of cells that hold the bed's particles.
std::vector<double> where(const std::vector<double>& matrix, const ModelBed& bed) {
  std::vector<double> share(matrix.size(), 0.0);
  for (const int P : bed.cells) share[P] = matrix[P];
  return share;
}

std::string per_volume(const std::string& unit, const std::string& per) {
  const std::string volume = per == "m" ? "m-4" : "m-3";
  return unit == "1" ? volume : unit + "." + volume;
}

/// What each own cell contributes to dot(slopes, change).
std::vector<double> by_cell(const Model& model, const ParameterChange& slopes, const ParameterChange& change) {
  std::vector<double> sum(model.mesh().cells(), 0.0);
  const auto fields = [&](const std::vector<double>& a, const std::vector<double>& b) {
    if (a.empty() || b.empty()) return;
    for (std::size_t P = 0; P < sum.size(); ++P) sum[P] += a[P] * b[P];
  };
  fields(slopes.medium.eps, change.medium.eps), fields(slopes.medium.B, change.medium.B);
  fields(slopes.medium.sigma, change.medium.sigma);
  for (std::size_t k = 0; k < std::min(slopes.beds.size(), change.beds.size()); ++k) {
    const auto& cells = model.beds()[k].cells;
    const auto in_bed = [&](const std::vector<double>& a, const std::vector<double>& b) {
      for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) sum[cells[i]] += a[i] * b[i];
    };
    in_bed(slopes.beds[k].eps_s, change.beds[k].eps_s), in_bed(slopes.beds[k].a, change.beds[k].a);
    in_bed(slopes.beds[k].R, change.beds[k].R);
  }
  return sum;
}

/// Of each electrode, what one unit of its share gains on the mean.
std::array<double, 2> means(const Model& model, const std::vector<double>& slopes, const std::vector<double>& shares,
                            const std::vector<double>& volumes) {
  std::array<double, 4> sums{};
  for (std::size_t P = 0; P < slopes.size(); ++P) {
    if (shares[P] == 0) continue;
    const int side = model.mesh().region[P] == Region::negative ? 0 : 1;
    sums[side] += slopes[P], sums[2 + side] += shares[P] * volumes[P];
  }
  model.team().sum(sums.data(), 4);
  return {sums[2] > 0 ? sums[0] / sums[2] : 0, sums[3] > 0 ? sums[1] / sums[3] : 0};
}

}  // namespace

std::vector<double> true_volumes(const TapedRun& run) {
  const Model& model = *run.model;
  std::vector<double> volumes;
  volumes.reserve(model.mesh().cells());
  for (int P = 0; P < model.mesh().cells(); ++P) volumes.push_back(model.cells_in_parallel() * model.mesh().volume[P]);
  return volumes;
}

FieldNumber porosity_number(const Case& input, const TapedRun& run) {
  return {"porosity", "porosity, with the transport efficiency and the solid that follow it as the case says", "1",
          more_porous(input, run), matrix_of_electrodes(run.model->mesh())};
}

std::vector<FieldNumber> field_numbers(const Case& input, const TapedRun& run) {
  const Model& model = *run.model;
  const std::vector<double> matrix = matrix_of_electrodes(model.mesh());
  std::vector<FieldNumber> numbers{porosity_number(input, run)};
  FieldNumber alone{"porosity_alone", "porosity, all else as it is", "1", {}, matrix};
  for (const char* name : {"negative.eps", "positive.eps"}) add(*alone.change, 1, change_with(model, name));
  numbers.push_back(std::move(alone));

  const std::vector<double> active = active_of(model);
  FieldNumber fraction{"active_fraction",
                       "active fraction, with its surface and lithium, pores as they are; of blends each material its "
                       "part",
                       "1",
                       {},
                       matrix};
  FieldNumber radius{
      "particle_radius", "particle radius, with the surface, active fractions as they are", "m", {}, matrix};
  std::vector<FieldNumber> each;
  for (std::size_t b = 0; b < model.beds().size(); ++b) {
    const ModelBed& bed = model.beds()[b];
    std::vector<double> part;
    for (std::size_t i = 0; i < bed.cells.size(); ++i) part.push_back(bed.eps_s[i] / active[bed.cells[i]]);
    add_active_fraction(model, b, part, *fraction.change);
    add_radius(model, b, *radius.change);
    if (bed.name.empty()) continue;
    each.push_back({"active_fraction_" + bed.name, "active fraction of " + bed.name, "1", {}, where(matrix, bed)});
    add_active_fraction(model, b, std::vector<double>(bed.cells.size(), 1.0), *each.back().change);
    each.push_back({"particle_radius_" + bed.name, "particle radius of " + bed.name, "m", {}, where(matrix, bed)});
    add_radius(model, b, *each.back().change);
  }
  numbers.push_back(std::move(fraction));
  if (!is_blend(model)) numbers.push_back(std::move(radius));
  for (FieldNumber& number : each) numbers.push_back(std::move(number));
  return numbers;
}

std::vector<GradientField> gradient_fields(const TapedRun& run, const Gradient& gradient,
                                           const std::vector<FieldNumber>& numbers) {
  const Model& model = *run.model;
  ParameterChange slopes = gradient.by->model;
  give_ghosts_back(model, slopes);
  const std::vector<double> volumes = true_volumes(run);
  std::vector<GradientField> fields;
  for (const FieldNumber& number : numbers) {
    const std::vector<double> by = by_cell(model, slopes, *number.change);
    const std::array<double, 2> mean = means(model, by, number.share, volumes);
    GradientField field{number.name, per_volume(gradient.unit, number.unit), number.meaning, {}, {}};
    for (std::size_t P = 0; P < by.size(); ++P) {
      const bool none = number.share[P] == 0;
      const double slope = none ? std::numeric_limits<double>::quiet_NaN() : by[P] / volumes[P];
      field.slope.push_back(slope);
      field.kept.push_back(slope - mean[model.mesh().region[P] == Region::negative ? 0 : 1] * number.share[P]);
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace porelith
