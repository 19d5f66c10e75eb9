#include "solver/results/hdf5.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "meshes/region_names.hpp"
#include "solver/base/constants.hpp"
#include "solver/base/error.hpp"
#include "solver/base/hdf5_file.hpp"
#include "solver/base/stamp.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/record/fields.hpp"
#include "solver/results/curve.hpp"

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

/// Cells of one shape make a table; mixed ones a list, and where each cell's part of it ends. Collective.
void write_vertices(Hdf5Writer& file, const Cells& mesh, const Team& team) {
  const auto before = team.share(static_cast<long>(mesh.points.size())).before;
  double fewest = 1e9, most = 0;  // vertices of a cell
  std::vector<std::int64_t> vertices, ends;
  for (const auto& cell : mesh.vertices) {
    for (const int vertex : cell) vertices.push_back(before + vertex);
    ends.push_back(static_cast<std::int64_t>(vertices.size()));
    fewest = std::min(fewest, static_cast<double>(cell.size()));
    most = std::max(most, static_cast<double>(cell.size()));
  }
  most = team.max(most);
  const char* const meaning = "vertices of each control volume, counting from 0, in VTK's order";
  if (most == 0 || team.min(fewest) == most) {
    file.spread("/mesh/vertices", {mesh.vertices.size(), static_cast<hsize_t>(most)}, 0, vertices, {"1", meaning});
    return;
  }
  const auto earlier = team.share(static_cast<long>(vertices.size())).before;
  for (std::int64_t& end : ends) end += earlier;
  file.spread("/mesh/vertices", {vertices.size()}, 0, vertices, {"1", meaning});
  file.spread("/mesh/offsets", {ends.size()}, 0, ends, {"1", "where each control volume's part of vertices ends"});
}

void write_mesh(Hdf5Writer& file, const Results& results, const Team& team) {
  const Cells& mesh = results.mesh;
  const hsize_t cells = mesh.volume.size();
  file.group("/mesh");
  file.attribute("/mesh", "dimension", mesh.dimension);
  file.dataset("/mesh/area", {}, std::vector<double>{results.area}, {"m2", "electrode area of the whole cell"});
  file.dataset("/mesh/footprint", {}, std::vector<double>{mesh.footprint},
               {"m2", "electrode area that the mesh stands for"});

  std::vector<double> centre, xi, points;
  for (const auto& point : mesh.centre) centre.insert(centre.end(), point.begin(), point.end());
  for (std::size_t P = 0; P < mesh.xi_from.size(); ++P) xi.insert(xi.end(), {mesh.xi_from[P], mesh.xi_to[P]});
  for (const auto& point : mesh.points) points.insert(points.end(), point.begin(), point.end());
  file.spread("/mesh/centre", {cells, 3}, 0, centre,
              {"m", "centre of each control volume, x from the negative collector"});
  file.spread("/mesh/volume", {cells}, 0, mesh.volume, {"m3", "volume of each control volume"});
  file.spread("/mesh/xi", {cells, 2}, 0, xi,
              {"1", "slice of its layer's depth: 0 at the collector, 1 at the separator"});
  file.spread("/mesh/region", gather(mesh.region, [](Region r) { return static_cast<std::uint8_t>(r); }),
              region_names(), {"1", "layer that each control volume lies in"});
  file.spread("/mesh/eps", {cells}, 0, results.eps, {"1", "porosity"});
  file.spread("/mesh/B", {cells}, 0, results.B, {"1", "transport efficiency"});
  file.spread("/mesh/sigma", {cells}, 0, results.sigma, {"S.m-1", "effective solid conductivity"});
  file.spread("/mesh/eps_s", {cells}, 0, results.eps_s, {"1", "active volume fraction, all materials"});
  if (mesh.dimension > 1) {
    std::vector<double> matrix(cells, 1.0);
    if (!mesh.matrix.empty()) matrix = mesh.matrix;
    file.spread("/mesh/matrix", {cells}, 0, matrix, {"1", "fraction of the volume that is not channel"});
  }
  file.spread("/mesh/points", {mesh.points.size(), 3}, 0, points, {"m", "vertices"});
  write_vertices(file, mesh, team);
}

void write_curve(Hdf5Writer& file, const Results& results) {
  const Shape shape{results.curve.size()};
  file.dataset("/curve/time", shape, gather(results.curve, [](const CurveRow& row) { return row.time; }),
               {"s", "time from the start of the run"});
  for (const std::size_t k : columns_of(results.also)) {
    const Observable& observable = observables()[k];
    const auto values = gather(results.curve, [k](const CurveRow& row) { return row.values.at(k); });
    file.dataset("/curve/" + observable.name, shape, values, {observable.unit, observable.meaning});
  }
  const auto step = gather(results.curve, [](const CurveRow& row) { return std::int64_t{row.step} + 1; });
  file.dataset("/curve/step", shape, step, {"1", step_meaning});
}

/// The particles that are kept shell by shell where not all are. They are few: each rank adds its own, one writes.
/// Collective.
void write_probes(Hdf5Writer& file, const Results& results, std::size_t b, const Team& team) {
  const Bed& bed = results.beds[b];
  const std::string group = "/particles/" + bed_name(bed);
  const std::size_t points = results.particle_points.size(), shells = bed.shell_edges.size() - 1;
  const long before = team.share(results.mesh.cells()).before;
  std::vector<double> cell(points, 0.0), position(points * 3, 0.0), radius(points, 0.0);
  for (std::size_t p = 0; p < bed.probes.size(); ++p) {
    const auto [point, at] = bed.probes[p];
    const int P = bed.cells.at(at);
    cell[point] = static_cast<double>(before + P);
    radius[point] = bed.R[at];
    std::copy_n(results.mesh.centre[P].begin(), 3, &position[3 * point]);
  }
  for (auto* values : {&cell, &position, &radius}) team.sum(values->data(), static_cast<int>(values->size()));
  file.dataset(group + "/cell", {points}, std::vector<std::int64_t>(cell.begin(), cell.end()),
               {"1", "the control volume of these particles that is nearest to each point, counting from 0"});
  file.dataset(group + "/position", {points, 3}, position, {"m", "its centre"});
  file.dataset(group + "/R", {points}, radius, {"m", "particle radius"});
  file.dataset(group + "/shell_edges", {shells + 1}, bed.shell_edges, {"1", "borders of the shells, r/R"});
  for (const Slot& slot : results.slots) {
    if (slot.home != Home::shell || slot.bed != static_cast<int>(b)) continue;
    std::vector<double> values(results.snapshots.size() * points * shells, 0.0);
    for (std::size_t p = 0; p < bed.probes.size(); ++p)
      for (std::size_t n = 0; n < results.snapshots.size(); ++n)
        std::copy_n(&field_of(results, results.snapshots[n], slot).values->at(p * shells), shells,
                    &values[(n * points + bed.probes[p].point) * shells]);
    team.sum(values.data(), static_cast<int>(values.size()));
    file.dataset(group + "/" + slot.name, {results.snapshots.size(), points, shells}, values,
                 {slot.unit, slot.meaning});
  }
}

void write_particles(Hdf5Writer& file, const Results& results, const Team& team) {
  if (results.particle_points.empty()) return;
  std::vector<double> asked;
  for (const auto& point : results.particle_points) asked.insert(asked.end(), point.begin(), point.end());
  file.dataset("/particles/points", {results.particle_points.size(), 3}, asked, {"m", "points as asked for"});
  for (std::size_t b = 0; b < results.beds.size(); ++b) write_probes(file, results, b, team);
}

/// A slot of all snapshots. @param means of shells, in place of the shells themselves
void write_field(Hdf5Writer& file, const Results& results, const Slot& slot, const std::string& name,
                 const Shape& shape, bool means = false) {
  const std::string meaning = !means               ? slot.meaning
                              : slot.name == "c_s" ? "mean lithium concentration of the particles"
                                                   : "mean over the particle: " + slot.meaning;
  file.spread(name, shape, 1,
              stack(results.snapshots,
                    [&](const Snapshot& s) -> const std::vector<double>& {
                      const auto field = field_of(results, s, slot);
                      return means ? *field.mean : *field.values;
                    }),
              {slot.unit, meaning});
}

void write_bed(Hdf5Writer& file, const Results& results, std::size_t b, const std::string& group, const Team& team) {
  const Bed& bed = results.beds[b];
  const auto& snapshots = results.snapshots;
  const hsize_t times = snapshots.size(), cells = bed.cells.size();
  if (bed.shell_edges.size() < 2) throw WriteError(fmt::format("cannot write {}: the particles have no shells", group));
  const hsize_t shells = bed.shell_edges.size() - 1;
  std::vector<double> shell_centres;
  for (std::size_t k = 0; k < shells; ++k) shell_centres.push_back(0.5 * (bed.shell_edges[k] + bed.shell_edges[k + 1]));
  std::vector<std::int64_t> numbers(bed.cells.begin(), bed.cells.end());
  const long before = team.share(results.mesh.cells()).before;
  for (std::int64_t& number : numbers) number += before;

  file.group(group);
  file.attribute(group, "electrode", bed.electrode);
  file.attribute(group, "material", bed.material);
  file.spread(group + "/cells", {cells}, 0, numbers,
              {"1", "control volumes that hold these particles, counting from 0"});
  file.spread(group + "/a", {cells}, 0, bed.a, {"m-1", "specific surface"});
  file.spread(group + "/R", {cells}, 0, bed.R, {"m", "particle radius"});
  file.dataset(group + "/c_s_max", {}, std::vector<double>{bed.c_s_max}, {"mol.m-3", "greatest lithium concentration"});
  file.dataset(group + "/shell_edges", {shells + 1}, bed.shell_edges, {"1", "borders of the shells, r/R"});
  file.dataset(group + "/shell_centres", {shells}, shell_centres, {"1", "middle of each shell, r/R"});
  for (const Slot& slot : results.slots) {
    if (slot.bed != static_cast<int>(b)) continue;
    const bool shell = slot.home == Home::shell, all = bed.every_particle;
    if (!shell) write_field(file, results, slot, group + "/" + slot.name, {times, cells});
    if (shell && all) write_field(file, results, slot, group + "/" + slot.name, {times, cells, shells});
    if (shell && !all) write_field(file, results, slot, group + "/" + mean_name(slot), {times, cells}, true);
  }
}

void write_fields(Hdf5Writer& file, const Results& results, const Team& team) {
  const auto& snapshots = results.snapshots;
  const hsize_t times = snapshots.size(), cells = results.mesh.volume.size();
  const auto scalar = [&](const char* name, double Snapshot::*value, const Hdf5Note& note) {
    file.dataset(name, {times}, gather(snapshots, [value](const Snapshot& s) { return s.*value; }), note);
  };
  scalar("/fields/time", &Snapshot::time, {"s", "time from the start of the run"});
  scalar("/fields/voltage", &Snapshot::voltage, {"V", "voltage between the current collectors"});
  scalar("/fields/current", &Snapshot::current, {"A", "current of the whole cell, positive on discharge"});
  for (const Slot& slot : results.slots) {
    if (slot.home == Home::cell) write_field(file, results, slot, "/fields/" + slot.name, {times, cells});
    if (slot.home == Home::whole && !snapshots.empty() && field_of(results, snapshots.front(), slot).values)
      file.dataset("/fields/" + slot.name, {times},
                   gather(snapshots, [&](const Snapshot& s) { return field_of(results, s, slot).values->at(0); }),
                   {slot.unit, slot.meaning});
  }
  file.spread(
      "/fields/reaction_rate", {times, cells}, 1,
      stack(snapshots, [&](const Snapshot& s) { return reaction_rate(results, s); }),
      {"A.m-3", "current from the particles to the electrolyte a volume: F times the sum of a j over the beds"});
  for (std::size_t b = 0; b < results.beds.size(); ++b)
    write_bed(file, results, b, "/fields/" + bed_name(results.beds[b]), team);
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

void write_judgement(Hdf5Writer& file, const AccuracyEstimate& judgement) {
  const std::string group = "/accuracy";
  file.group(group);
  file.attribute(group, "verdict", judgement.verdict);
  file.attribute(group, "within", judgement.within ? "yes" : "no");
  const auto steps = [&](const char* name, double Uncertainty::*part, const Hdf5Note& note) {
    file.dataset(group + name, {judgement.steps.size()},
                 gather(judgement.steps, [part](const Uncertainty& u) { return u.*part; }), note);
  };
  steps("/end", &Uncertainty::end, {"1", "estimated error of each step's charge or time at its end"});
  steps("/voltage", &Uncertainty::voltage, {"V", "estimated error of the voltage in each step, root mean square"});
  const Uncertainty parts[] = {judgement.cells, judgement.shells, judgement.rtol};
  std::vector<double> end, voltage;
  for (const Uncertainty& u : parts) end.push_back(u.end), voltage.push_back(u.voltage);
  file.dataset(group + "/end_by_direction", {3}, end, {"1", "by cells, shells and rtol, in the worst step of each"});
  file.dataset(group + "/voltage_by_direction", {3}, voltage, {"V", "the same of the voltage"});
  const auto number = [&](const char* name, double value, const char* meaning) {
    file.dataset(group + name, {}, std::vector<double>{value}, {"1", meaning});
  };
  number("/wanted", judgement.wanted, "what was asked for; of 1 V in the voltage");
  number("/rtol", judgement.resolution.rtol, "local error allowed in a time step of this run");
  number("/work", judgement.work, "of all solves together, over that of the first");
  file.dataset(group + "/levels", {}, std::vector<std::int64_t>{judgement.levels}, {"1", "solves to the end"});
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

void write_results_h5(const Results& results, const std::string& path, const Team& team) {
  Hdf5Writer file(path, team);
  write_header(file, results);
  write_mesh(file, results, team);
  write_curve(file, results);
  write_fields(file, results, team);
  write_particles(file, results, team);
  write_steps(file, results);
  write_figures(file, results);
  write_counts(file, results);
  if (results.accuracy) write_judgement(file, *results.accuracy);
  if (!results.warnings.empty())
    file.dataset("/warnings", results.warnings, {"1", "what who reads the results should know"});
  file.commit();
}

}  // namespace porelith
