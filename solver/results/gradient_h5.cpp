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
  for (const GradientField& field : result.fields) {
    file.spread(group + "/" + field.number, {field.slope.size()}, 0, field.slope,
                {field.unit, "slope per volume by " + field.meaning});
    file.spread(
        group + "/" + field.number + "_kept", {field.kept.size()}, 0, field.kept,
        {field.unit, "the same with a shift of the whole electrode taken off: where the electrode's mean stays"});
  }
}

}  // namespace

void write_gradient_h5(const std::string& title, const Cells& mesh, const std::vector<double>& volumes,
                       const std::vector<ResultFields>& results, const std::string& path, const Team& team) {
  Hdf5Writer file(path, team);
  file.attribute("/", "format", gradient_format);
  file.attribute("/", "version", gradient_version);
  file.attribute("/", "title", title);
  file.attribute("/", "program", program().name);
  file.attribute("/", "program version", program().version);
  file.attribute("/", "program commit", program().commit);
  write_cells(file, mesh, volumes);
  for (const ResultFields& result : results) write_fields(file, result);
  file.commit();
}

}  // namespace porelith
