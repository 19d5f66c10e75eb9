#include "solver/cell/makeup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/cell/side.hpp"

namespace porelith {

namespace {

void add_electrode(std::vector<Ingredient>& list, const std::string& name, const Electrode& electrode) {
  list.push_back({fmt::format("[{}] thickness", name), electrode.thickness});
  list.push_back({fmt::format("[{}] porosity", name), electrode.eps(0, 1)});
  for (std::size_t m = 0; m < electrode.materials.size(); ++m) {
    const std::string& material = electrode.materials[m].name;
    list.push_back({fmt::format("[{}{}] active_fraction", name, material.empty() ? "" : ".material." + material),
                    electrode.eps_s(m, 0, 1)});
  }
  list.push_back(
      {fmt::format("[[channel]] of the {} electrode: share of its volume", name), electrode.channel_fraction});
}

}  // namespace

std::vector<Ingredient> makeup(const Cell& cell) {
  std::vector<Ingredient> list{{"[cell] area", cell.area}};
  add_electrode(list, word_of(Side::negative), cell.negative);
  list.push_back({"[separator] thickness", cell.separator.thickness});
  list.push_back({"[separator] porosity", cell.separator.porosity});
  add_electrode(list, word_of(Side::positive), cell.positive);
  list.push_back({"[electrolyte] concentration", cell.electrolyte.c_e0});
  return list;
}

std::vector<std::string> differences(const std::vector<Ingredient>& file, const std::vector<Ingredient>& now) {
  constexpr double rounding = 1e-6;
  std::vector<std::string> list;
  for (std::size_t k = 0; k < file.size(); ++k) {
    if (std::abs(now[k].value - file[k].value) <= rounding * std::max(std::abs(file[k].value), std::abs(now[k].value)))
      continue;
    list.push_back(fmt::format("{} = {:.6g} (file: {:.6g})", now[k].name, now[k].value, file[k].value));
  }
  return list;
}

}  // namespace porelith
