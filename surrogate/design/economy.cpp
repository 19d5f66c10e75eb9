#include "surrogate/design/economy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "solver/base/error.hpp"
#include "solver/case/case.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/dataset/cheap_members.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

/// Whether samples of a dataset are what this space solves, its bounds and conditions apart.
bool same_physics(const Dataset& data, const DesignSpace& space) {
  if (data.cell_hash != space.cell_hash()) return false;
  DesignFamily family = space.family();
  if (family.set != data.family.set) return false;
  return DesignSpace(space.base(), data.family).case_hash() == data.case_hash;
}

}  // namespace

double cheap_part(const Design& design, const DesignSpace& space) {
  if (design.cheap) return *design.cheap;
  return space.base().geometry.dimension == 1 ? 0.5 : 0.35;
}

Sources::Sources(const Design& design, const DesignSpace& space) : design_(design) {
  if (const double part = cheap_part(design, space); part > 0) {
    cheap_.emplace(coarser(space, part));
    work_ = unknowns_of(*cheap_) / unknowns_of(space);
  }
  for (const std::string& folder : design.taken) take_over(folder, space);
}

void Sources::take_over(const std::string& folder, const DesignSpace& space) {
  const std::string path = (fs::path(folder) / "dataset.h5").string();
  if (!fs::exists(path))
    throw CaseError({{{}, fmt::format("[design] from = {}: there is no dataset.h5 in it", folder)}});
  const Dataset dear = Dataset::read(path);
  if (dear.family.names() != space.family().names())
    throw CaseError({{{},
                      fmt::format("[design] from = {}: its variables are {}, not {}", folder,
                                  fmt::join(dear.family.names(), ", "), fmt::join(space.family().names(), ", "))}});
  const bool same = same_physics(dear, space);
  const std::string cheap_path = (fs::path(folder) / cheap_file).string();
  std::optional<Dataset> cheap;
  if (fs::exists(cheap_path)) cheap = Dataset::read(cheap_path);
  if (same) taken_.push_back({folder, dear.samples, Standing::own});
  if (same && cheap && cheap_ && same_physics(*cheap, *cheap_))
    taken_.push_back({folder + ", cheap", cheap->samples, Standing::cheap});
  // Samples of one mesh among themselves: two meshes side by side would not be one function.
  if (!same) taken_.push_back({folder, cheap ? cheap->samples : dear.samples, Standing::foretells});
}

Economy Sources::economy(const Goal& goal, SolveStore& store, int threads) const {
  Economy economy;
  if (cheap_)
    economy.cheap.push_back(
        {"the coarser mesh",
         store.remembering(sloped_physics_of(*cheap_, goal, threads), "cheap " + cheap_->case_hash()), work_});
  economy.taken = taken_;
  economy.solves = design_.solves;
  economy.seconds = design_.seconds;
  economy.tolerance = design_.tolerance;
  economy.scouts = design_.scouts;
  return economy;
}

}  // namespace porelith
