#include "solver/results/gradient_h5.hpp"

#include <cstdint>

#include "meshes/region_names.hpp"
#include "solver/base/hdf5_file.hpp"
#include "solver/base/stamp.hpp"

namespace porelith {
namespace {

void write_cells(Hdf5Writer& file, const Cells& mesh, const std::vector<double>& volumes) {
  const hsize_t cells = mesh.volume.size();
  std::vector<double> centre;
  std::vector<std::uint8_t> region;
  for (const auto& point : mesh.centre) centre.insert(centre.end(), point.begin(), point.end());
  for (const Region r : mesh.region) region.push_back(static_cast<std::uint8_t>(r));
  file.group("/mesh");
  file.spread("/mesh/centre", {cells, 3}, 0, centre,
              {"m", "centre of each control volume, x from the negative collector"});
  file.spread("/mesh/volume", {cells}, 0, volumes,
              {"m3", "volume of each control volume, as often as the whole cell has it"});
  file.spread("/mesh/region", region, region_names(), {"1", "layer that each control volume lies in"});
}

void write_fields(Hdf5Writer& file, const ResultFields& result) {
  const std::string group = "/" + result.result;
  file.group(group);
  file.dataset(group + "/value", {}, std::vector<double>{result.value}, {result.unit, result.spoken});
  const Branch& branch = result.branch;
  const auto one = [&](const char* name, double value, const Hdf5Note& note) {
    file.dataset(group + "/" + name, {}, std::vector<double>{value}, note);
  };
  one("time", branch.time, {"s", "when the result has this value; of what the terminals show, the end of the run"});
  one("step", branch.step + 1, {"1", "the step of the protocol, from 1"});
  one("cell", static_cast<double>(branch.cell),
      {"1", "the control volume, from 0 in the order of this file; -1: none"});
  file.attribute(group, "stop", branch.stop);
  file.attribute(group, "place", branch.place);
  file.attribute(group, "one-sided", branch.one_sided);
  file.attribute(group, "fixed by", result.fixed);
  for (const GradientField& field : result.fields) {
    file.spread(group + "/" + field.number, {field.slope.size()}, 0, field.slope,
                {field.unit, "slope per volume by " + field.meaning});
    file.spread(
        group + "/" + field.number + "_kept", {field.kept.size()}, 0, field.kept,
        {field.unit, "the same with a shift of the whole electrode taken off: where the electrode's mean stays"});
  }
}

void write_curve(Hdf5Writer& file, const CurveSlopes& curve) {
  const std::string group = "/curves/" + curve.curve;
  const hsize_t points = curve.at.size(), numbers = curve.by.size();
  file.dataset(group + "/" + curve.over, {points}, curve.at, {curve.over_unit, curve.over_spoken + ", which stays"});
  file.dataset(group + "/value", {points}, curve.values, {curve.unit, curve.spoken});
  std::vector<std::string> names, units;
  std::vector<double> at, slopes, off;
  for (const CurveSlopes::By& by : curve.by) {
    names.push_back(by.number), units.push_back(by.unit), at.push_back(by.at);
    slopes.insert(slopes.end(), by.slopes.begin(), by.slopes.end());
    off.insert(off.end(), by.off.begin(), by.off.end());
  }
  file.dataset(group + "/number", names, {"1", "what slopes are taken by"});
  file.dataset(group + "/number_unit", units, {"1", "the unit of each of them"});
  file.dataset(group + "/number_at", {numbers}, at, {"each in its own unit", "where the run has it"});
  const std::string unit = curve.unit + ", each over its number's unit";
  file.dataset(group + "/slope", {numbers, points}, slopes, {unit, "slopes of the curve by each number"});
  if (off.size() == slopes.size())
    file.dataset(group + "/estimated_error", {numbers, points}, off,
                 {unit, "what half as fine a run makes of them, less these"});
}

}  // namespace

void write_gradient_h5(const std::string& title, const Cells& mesh, const std::vector<double>& volumes,
                       const std::vector<ResultFields>& results, const std::vector<CurveSlopes>& curves,
                       const std::string& path, const Team& team) {
  Hdf5Writer file(path, team);
  file.attribute("/", "format", gradient_format);
  file.attribute("/", "version", gradient_version);
  file.attribute("/", "title", title);
  file.attribute("/", "program", program().name);
  file.attribute("/", "program version", program().version);
  file.attribute("/", "program commit", program().commit);
  write_cells(file, mesh, volumes);
  for (const ResultFields& result : results) write_fields(file, result);
  for (const CurveSlopes& curve : curves) write_curve(file, curve);
  file.commit();
}

}  // namespace porelith
