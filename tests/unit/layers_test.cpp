/// Who may include whom, read from the sources themselves.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace fs = std::filesystem;

namespace {

using Names = std::set<std::string>;

/// What each room may include besides itself, lowest first: a room may know those above it in this list, never those
/// below.
const std::vector<std::pair<std::string, Names>> rooms{
    {"solver/base", {}},
    {"solver/text", {"solver/base"}},
    {"solver/cell", {"solver/text"}},
    {"solver/cell/bpx", {"solver/base", "solver/text", "solver/cell"}},
    {"meshes/channels", {}},
    {"meshes", {"solver/base", "meshes/channels"}},
    {"meshes/gmsh", {"solver/base", "meshes"}},
    {"solver/laws", {"solver/base", "solver/text", "solver/cell"}},
    {"solver/linear", {"solver/base", "meshes"}},
    {"solver/record", {"solver/base", "meshes"}},
    {"solver/newman", {"solver/base", "solver/text", "solver/laws", "solver/linear", "solver/record", "meshes"}},
    {"solver/newman/observables", {"solver/base", "solver/newman", "solver/record"}},
    {"surrogate/network", {"solver/base"}},
    {"surrogate/process", {"surrogate/network"}},
    {"surrogate/learners", {"solver/base", "solver/text", "surrogate/network", "surrogate/process"}},
    {"solver/case",
     {"solver/base", "solver/text", "solver/cell", "solver/cell/bpx", "solver/laws", "solver/newman/observables",
      "meshes/channels", "surrogate/learners"}},
    {"solver/figures",
     {"solver/base", "solver/text", "solver/cell", "solver/case", "solver/laws", "solver/record",
      "solver/newman/observables"}},
    {"solver/march",
     {"solver/base", "solver/text", "solver/case", "solver/linear", "solver/newman", "solver/newman/observables",
      "solver/record"}},
    {"solver/results",
     {"solver/base", "solver/text", "solver/cell", "solver/case", "solver/record", "solver/newman/observables",
      "meshes"}},
    {"solver",
     {"solver/base", "solver/cell", "solver/case", "solver/laws", "solver/record", "solver/figures", "solver/newman",
      "solver/newman/observables", "solver/march", "solver/results", "meshes", "meshes/gmsh"}},
    {"surrogate/gate", {"solver/base", "surrogate/learners"}},
    {"surrogate/dataset",
     {"solver/base", "solver/text", "solver/case", "solver/record", "solver/newman/observables", "solver",
      "surrogate/learners", "surrogate/gate"}},
    {"surrogate/design",
     {"solver/base", "solver/case", "solver/record", "solver/newman/observables", "surrogate/dataset", "surrogate/gate",
      "surrogate/process"}},
    {"surrogate/grading",
     {"solver/base", "solver/text", "solver/case", "solver/newman/observables", "solver", "surrogate/dataset",
      "surrogate/design"}},
    {"postprocess",
     {"solver/base", "solver/record", "solver/newman/observables", "solver/results", "meshes", "surrogate/gate",
      "surrogate/design"}},
    {"program",
     {"solver/base", "solver/text", "solver/cell", "solver/case", "solver/laws", "solver/figures", "solver/results",
      "solver", "solver/newman/observables", "meshes", "surrogate/learners", "surrogate/dataset", "surrogate/design",
      "surrogate/grading", "surrogate/gate", "postprocess"}},
};

/// Libraries that stay in their rooms: the beginning of their headers' names.
const std::map<std::string, Names> libraries{
    {"petsc", {"solver/base", "solver/linear"}},
    {"hdf5", {"solver/base", "solver/results", "surrogate/dataset", "surrogate/network"}},
    {"vtk", {"postprocess"}},
    {"toml", {"solver/text"}},
    {"CLI", {"program"}},
};

struct Source {
  std::string room;
  std::vector<std::string> own, foreign;  ///< what it includes: of the project, of libraries
};

std::map<std::string, Source> read_sources() {
  std::map<std::string, Source> sources;
  const fs::path root = PORELITH_SOURCE_DIR;
  for (const char* top : {"solver", "meshes", "surrogate", "postprocess", "program"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string ending = entry.path().extension().string();
      if (ending != ".cpp" && ending != ".hpp") continue;
      const fs::path file = entry.path().lexically_relative(root);
      Source& source = sources[file.string()];
      source.room = file.parent_path().string();
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        if (line.rfind("#include ", 0) != 0) continue;
        const std::string name = line.substr(10, line.find_first_of("\">", 10) - 10);
        (line[9] == '"' ? source.own : source.foreign).push_back(name);
      }
    }
  }
  return sources;
}

const std::map<std::string, Source>& sources() {
  static const auto all = read_sources();
  return all;
}

std::string room_of(const std::string& file) { return fs::path(file).parent_path().string(); }

}  // namespace

TEST_CASE("rooms include only those that they may know, and every grant is used") {
  REQUIRE(sources().size() > 200);
  std::map<std::string, Names> may, does;
  for (const auto& [room, others] : rooms) may[room] = others;
  for (const auto& [file, source] : sources()) {
    INFO(file);
    REQUIRE(may.count(source.room) == 1);  // a folder that is no room of the house
    for (const std::string& included : source.own) {
      INFO("includes " << included);
      REQUIRE(sources().count(included) == 1);  // a path from the top of the project
      const std::string other = room_of(included);
      if (other == source.room) continue;
      CHECK(may[source.room].count(other) == 1);
      does[source.room].insert(other);
    }
    for (const std::string& included : source.foreign)
      for (const auto& [library, where] : libraries)
        if (included.rfind(library, 0) == 0) {
          INFO("includes " << included);
          CHECK(where.count(source.room) == 1);
        }
  }
  for (const auto& [room, others] : rooms)
    for (const std::string& other : others) {
      INFO(room << " has no use for its grant of " << other);
      CHECK(does[room].count(other) == 1);
    }
}

TEST_CASE("no room includes one that includes it, by whatever way") {
  Names below;
  for (const auto& [room, others] : rooms) {
    for (const std::string& other : others) {
      INFO(room << " may know " << other);
      CHECK(below.count(other) == 1);
    }
    below.insert(room);
  }
}

namespace {

/// All that a file includes, by whatever way.
Names reached_from(const std::string& file) {
  Names reached, open{file};
  while (!open.empty()) {
    const std::string next = *open.begin();
    open.erase(open.begin());
    const auto found = sources().find(next);
    if (found == sources().end()) continue;
    for (const std::string& included : found->second.own)
      if (reached.insert(included).second) open.insert(included);
  }
  return reached;
}

}  // namespace

TEST_CASE(
    "whoever runs, draws or learns hands meshes and batteries on and looks into neither, but for the pages about "
    "them") {
  const std::map<std::string, Names> pages_about{
      {"meshes/mesh.hpp", {"program/check_page.cpp", "program/mesh.cpp"}},
      {"solver/cell/cell.hpp", {"program/check_page.cpp", "program/mesh_page.cpp"}},
  };
  for (const auto& [file, source] : sources()) {
    INFO(file);
    const auto in = [&](const char* room) { return source.room.rfind(room, 0) == 0; };
    const Names reached = reached_from(file);
    if (!in("program") && !in("postprocess") && !in("surrogate")) continue;
    for (const auto& [header, pages] : pages_about) {
      INFO("reaches " << header);
      CHECK(reached.count(header) == pages.count(file));
    }
  }
}
