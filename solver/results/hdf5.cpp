#include "solver/results/hdf5.hpp"

#include <fmt/core.h>

#include <array>
#include <cctype>

#include "solver/base/constants.hpp"
#include "solver/base/error.hpp"
#include "solver/base/hdf5_file.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/results/curve.hpp"
#include "solver/results/program.hpp"

namespace porelith {
namespace {

using Shape = std::vector<hsize_t>;

/// One value of every element, in order.
template <class List, class Get>
auto gather(const List& list, Get get) {
  std::vector<std::decay_t<decltype(get(list.front()))>> values;
  values.reserve(list.size());
  for (const auto& element : list) values.push_back(get(element));
  return values;
}

/// One row a snapshot, all of the same length.
template <class Get>
std::vector<double> stack(const std::vector<Snapshot>& snapshots, Get get) {
  std::vector<double> values;
  for (const Snapshot& snapshot : snapshots) {
    const auto& row = get(snapshot);
    values.insert(values.end(), row.begin(), row.end());
  }
  return values;
}

void write_header(Hdf5Writer& file, const Results& results) {
  file.attribute("/", "format", results_format);
  file.attribute("/", "version", results_version);
  file.attribute("/", "title", results.title);
  file.attribute("/", "status", results.status);
  file.attribute("/", "program", program().name);
  file.attribute("/", "program version", program().version);
  file.attribute("/", "program commit", program().commit);
}

void write_mesh(Hdf5Writer& file, const Results& results) {
  const Mesh& mesh = results.mesh;
  const hsize_t cells = mesh.volume.size();
  file.group("/mesh");
  file.attribute("/mesh", "dimension", mesh.dimension);
  file.dataset("/mesh/area", {}, std::vector<double>{results.area}, {"m2", "electrode area of the whole cell"});
  file.dataset("/mesh/footprint", {}, std::vector<double>{mesh.footprint},
               {"m2", "electrode area that the mesh stands for"});

  std::vector<double> centre, xi;
  for (const auto& point : mesh.centre) centre.insert(centre.end(), point.begin(), point.end());
  for (std::size_t P = 0; P < mesh.xi_from.size(); ++P) xi.insert(xi.end(), {mesh.xi_from[P], mesh.xi_to[P]});
  file.dataset("/mesh/centre", {cells, 3}, centre,
               {"m", "centre of each control volume, x from the negative collector"});
  file.dataset("/mesh/volume", {cells}, mesh.volume, {"m3", "volume of each control volume"});
  file.dataset("/mesh/xi", {cells, 2}, xi, {"1", "slice of its layer's depth: 0 at the collector, 1 at the separator"});
  file.dataset("/mesh/region", gather(mesh.region, [](Region r) { return static_cast<std::uint8_t>(r); }),
               {"negative", "separator", "positive"}, {"1", "layer that each control volume lies in"});
  file.dataset("/mesh/eps", {cells}, results.eps, {"1", "porosity"});
  file.dataset("/mesh/B", {cells}, results.B, {"1", "transport efficiency"});
  file.dataset("/mesh/sigma", {cells}, results.sigma, {"S.m-1", "effective solid conductivity"});
  file.dataset("/mesh/eps_s", {cells}, results.eps_s, {"1", "active volume fraction, all materials"});

  std::vector<double> points;
  for (const auto& point : mesh.points) points.insert(points.end(), point.begin(), point.end());
  std::vector<std::int64_t> vertices;
  for (const auto& cell : mesh.vertices) vertices.insert(vertices.end(), cell.begin(), cell.end());
  const hsize_t corners = mesh.vertices.empty() ? 0 : mesh.vertices.front().size();
  file.dataset("/mesh/points", {mesh.points.size(), 3}, points, {"m", "vertices"});
  file.dataset("/mesh/vertices", {mesh.vertices.size(), corners}, vertices,
               {"1", "vertices of each control volume, counting from 0, in VTK's order"});
}

void write_curve(Hdf5Writer& file, const Results& results) {
  const Shape shape{results.curve.size()};
  for (const CurveColumn& column : curve_columns()) {
    const auto values = gather(results.curve, [&](const CurveRow& row) { return row.*column.value; });
    file.dataset(fmt::format("/curve/{}", column.name), shape, values, {column.unit, column.meaning});
  }
  const auto step = gather(results.curve, [](const CurveRow& row) { return std::int64_t{row.step} + 1; });
  file.dataset("/curve/step", shape, step, {"1", step_meaning});
}

void write_bed(Hdf5Writer& file, const Results& results, std::size_t b, const std::string& group) {
  const Bed& bed = results.beds[b];
  const auto& snapshots = results.snapshots;
  const hsize_t times = snapshots.size(), cells = bed.cells.size();
  if (bed.shell_edges.size() < 2) throw WriteError(fmt::format("cannot write {}: the particles have no shells", group));
  const hsize_t shells = bed.shell_edges.size() - 1;
  std::vector<double> shell_centres;
  for (std::size_t k = 0; k < shells; ++k) shell_centres.push_back(0.5 * (bed.shell_edges[k] + bed.shell_edges[k + 1]));

  file.group(group);
  file.attribute(group, "electrode", bed.electrode);
  file.attribute(group, "material", bed.material);
  file.dataset(group + "/cells", {cells}, std::vector<std::int64_t>(bed.cells.begin(), bed.cells.end()),
               {"1", "control volumes that hold these particles, counting from 0"});
  file.dataset(group + "/a", {cells}, bed.a, {"m-1", "specific surface"});
  file.dataset(group + "/R", {cells}, bed.R, {"m", "particle radius"});
  file.dataset(group + "/c_s_max", {}, std::vector<double>{bed.c_s_max}, {"mol.m-3", "greatest lithium concentration"});
  file.dataset(group + "/shell_edges", {shells + 1}, bed.shell_edges, {"1", "borders of the shells, r/R"});
  file.dataset(group + "/shell_centres", {shells}, shell_centres, {"1", "middle of each shell, r/R"});
  file.dataset(group + "/j", {times, cells},
               stack(
                   snapshots, [b](const Snapshot& s) -> auto& { return s.j.at(b); }),
               {"mol.m-2.s-1", "molar flux out of the particles"});
  file.dataset(group + "/c_ss", {times, cells},
               stack(
                   snapshots, [b](const Snapshot& s) -> auto& { return s.c_ss.at(b); }),
               {"mol.m-3", "lithium concentration at the particles' surface"});
  file.dataset(group + "/c_s", {times, cells, shells},
               stack(
                   snapshots, [b](const Snapshot& s) -> auto& { return s.c_s.at(b); }),
               {"mol.m-3", "mean lithium concentration of each shell"});
}

void write_fields(Hdf5Writer& file, const Results& results) {
  const auto& snapshots = results.snapshots;
  const hsize_t times = snapshots.size(), cells = results.mesh.volume.size();
  const auto scalar = [&](const char* name, double Snapshot::*value, const Hdf5Note& note) {
    file.dataset(name, {times}, gather(snapshots, [value](const Snapshot& s) { return s.*value; }), note);
  };
  const auto field = [&](const char* name, std::vector<double> Snapshot::*values, const Hdf5Note& note) {
    file.dataset(name, {times, cells},
                 stack(
                     snapshots, [values](const Snapshot& s) -> auto& { return s.*values; }),
                 note);
  };
  scalar("/fields/time", &Snapshot::time, {"s", "time from the start of the run"});
  scalar("/fields/voltage", &Snapshot::voltage, {"V", "voltage between the current collectors"});
  scalar("/fields/current", &Snapshot::current, {"A", "current of the whole cell, positive on discharge"});
  field("/fields/c_e", &Snapshot::c_e, {"mol.m-3", "salt concentration in the electrolyte"});
  field("/fields/phi_e", &Snapshot::phi_e, {"V", "potential of the electrolyte"});
  field("/fields/phi_s", &Snapshot::phi_s, {"V", "potential of the solid; not a number in the separator"});
  file.dataset(
      "/fields/reaction_rate", {times, cells},
      stack(snapshots, [&](const Snapshot& s) { return reaction_rate(results, s); }),
      {"A.m-3", "current from the particles to the electrolyte a volume: F times the sum of a j over the beds"});
  for (std::size_t b = 0; b < results.beds.size(); ++b)
    write_bed(file, results, b, "/fields/" + bed_name(results.beds[b]));
}

void write_steps(Hdf5Writer& file, const Results& results) {
  const auto& steps = results.steps;
  const Shape shape{steps.size()};
  const auto column = [&](const char* name, double StepSummary::*value, const Hdf5Note& note) {
    file.dataset(name, shape, gather(steps, [value](const StepSummary& s) { return s.*value; }), note);
  };
  file.dataset("/steps/label", gather(steps, [](const StepSummary& s) { return s.label; }),
               {"1", "what the step does"});
  file.dataset("/steps/ended", gather(steps, [](const StepSummary& s) { return s.ended; }), {"1", "why it ended"});
  column("/steps/start", &StepSummary::start, {"s", "time of its start"});
  column("/steps/end", &StepSummary::end, {"s", "time of its end"});
  column("/steps/charge", &StepSummary::charge, {"A.s", "charge passed, positive on discharge"});
  column("/steps/energy", &StepSummary::energy, {"J", "energy delivered"});
}

void write_figures(Hdf5Writer& file, const Results& results) {
  file.group("/figures");
  for (const Figure& figure : results.figures) {
    const std::string name = "/figures/" + figure.symbol;
    file.dataset(name, {}, std::vector<double>{figure.value}, {figure.unit, figure.meaning});
    file.attribute(name, "name", figure.name);
  }
}

void write_counts(Hdf5Writer& file, const Results& results) {
  const Counts& counts = results.counts;
  const auto count = [&](const char* name, long value, const char* meaning) {
    file.dataset(name, {}, std::vector<std::int64_t>{value}, {"1", meaning});
  };
  count("/counts/steps", counts.steps, "time steps taken");
  count("/counts/rejected", counts.rejected, "time steps tried and rejected");
  count("/counts/newton", counts.newton, "Newton iterations");
  count("/counts/law_evaluations", counts.law_evaluations, "evaluations of the material laws");
  count("/counts/linear_solves", counts.linear_solves, "solves of the linear system");
  count("/counts/preconditioners", counts.preconditioners, "preconditioners made for them");
  count("/counts/linear_iterations", counts.linear_iterations, "Krylov iterations in them; 0 where they are direct");
  file.dataset("/counts/seconds", {}, std::vector<double>{results.seconds}, {"s", "wall time of the solve"});
}

}  // namespace

std::string bed_name(const Bed& bed) {
  std::string name = bed.electrode;
  if (!bed.material.empty()) name += "_" + bed.material;
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-') c = '_';  // '/' would open a group
  }
  return name;
}

std::vector<double> reaction_rate(const Results& results, const Snapshot& snapshot) {
  std::vector<double> rate(results.mesh.volume.size(), 0.0);
  for (std::size_t b = 0; b < results.beds.size(); ++b) {
    const Bed& bed = results.beds[b];
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      rate[static_cast<std::size_t>(bed.cells[i])] += faraday * bed.a[i] * snapshot.j.at(b).at(i);
    }
  }
  return rate;
}

void write_results_h5(const Results& results, const std::string& path) {
  Hdf5Writer file(path);
  write_header(file, results);
  write_mesh(file, results);
  write_curve(file, results);
  write_fields(file, results);
  write_steps(file, results);
  write_figures(file, results);
  write_counts(file, results);
  write_whole_file(path, file.image(), true);
}

}  // namespace porelith
