#include "program/case_of.hpp"

#include <filesystem>

#include "solver/base/together.hpp"
#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"

namespace porelith {

Case case_of(const CaseLine& line, const std::string& out, const Team& team) {
  return together(team, [&] {
    Case input = read_case(line.path, line.set);
    input.out = out.empty() ? default_folder(input) : out;
    initial_stoichiometries(input);  // before a folder is touched
    return input;
  });
}

std::string default_folder(const Case& input) {
  namespace fs = std::filesystem;
  const fs::path file = fs::absolute(input.file).lexically_normal();
  const std::string folder = file.parent_path().filename().string(), stem = file.stem().string();
  return (fs::path("results") / (stem == "case" ? folder : folder + "_" + stem)).string();
}

}  // namespace porelith
