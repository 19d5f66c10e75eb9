#include "solver/case/reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "solver/base/sha256.hpp"
#include "solver/case/apply.hpp"
#include "solver/case/design_reader.hpp"
#include "solver/case/draft_reader.hpp"
#include "solver/case/geometry_reader.hpp"
#include "solver/case/keys.hpp"
#include "solver/case/protocol_reader.hpp"
#include "solver/cell/bpx/bpx.hpp"
#include "solver/cell/bpx/bpx_check.hpp"
#include "solver/cell/makeup.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

const fs::path cells_folder = fs::path(PORELITH_SOURCE_DIR) / "cases" / "cells";

/// That nothing is there, and what is there of nearly that name.
std::string not_there(const fs::path& typed) {
  std::error_code ignored;
  const fs::path path = typed.has_filename() ? typed : typed.parent_path();
  std::vector<std::string> others;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, ignored)) others.push_back(entry.path().filename().string());
  const std::string nearest = nearest_name(path.filename().string(), others);
  if (nearest.empty()) return "there is no such file or folder";
  return "there is no such file or folder. Did you mean " + (path.parent_path() / nearest).string() + "?";
}

/// A file's text. @throws CaseError when it is not a readable file
std::string read_text(const fs::path& path) {
  std::error_code ignored;
  const std::string name = path.string();
  if (!fs::exists(path, ignored)) throw CaseError({{{name, 0, 0}, not_there(path)}});
  if (!fs::is_regular_file(path, ignored)) throw CaseError({{{name, 0, 0}, "is not a file"}});
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (!file) throw CaseError({{{name, 0, 0}, "cannot be read; check its permissions"}});
  return text.str();
}

/// The case file itself, where a folder was given.
fs::path case_file(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return path;
  fs::path file = path / "case.toml";
  if (fs::exists(file, ignored)) return file;
  std::vector<std::string> others;
  for (const auto& entry : fs::directory_iterator(path, ignored)) {
    if (entry.path().extension() == ".toml") others.push_back((path / entry.path().filename()).string());
  }
  std::sort(others.begin(), others.end());
  const std::string hint = others.empty() ? "" : fmt::format("; it does hold {}", fmt::join(others, ", "));
  throw CaseError({{{path.string(), 0, 0}, "is a folder without a case.toml" + hint}});
}

/// Where the cell that a case names is to be found; nothing, and a problem, if nowhere.
std::optional<fs::path> find_cell(const Draft& draft, Problems& problems) {
  const std::string& name = draft.cell.file;
  if (name.empty()) {
    if (draft.given.count("cell.file") != 0) return std::nullopt;  // there, and already complained about
    problems.add({draft.file, 0, 0}, fmt::format("[cell] file is missing; write a BPX file or one of {}",
                                                 fmt::join(shipped_cells(), ", ")));
    return std::nullopt;
  }
  std::error_code ignored;
  const fs::path beside = fs::path(name).is_absolute() ? fs::path(name) : fs::path(draft.directory) / name;
  for (const fs::path& candidate :
       {beside, fs::path(beside.string() + ".json"), cells_folder / (name + ".json"), cells_folder / name}) {
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  }
  std::string stem = fs::path(name).filename().string();
  if (fs::path(stem).extension() == ".json") stem = fs::path(stem).stem().string();
  const std::string near = nearest_name(stem, shipped_cells());
  const std::string help = near.empty()
                               ? fmt::format("; cells that come with the program: {}", fmt::join(shipped_cells(), ", "))
                               : fmt::format(". Did you mean {}?", near);
  problems.add(draft.where("cell.file"),
               fmt::format("[cell] file = \"{}\" is neither a file in {} nor the name of a cell{}", name,
                           draft.directory.empty() ? "this folder" : draft.directory, help));
  return std::nullopt;
}

std::optional<Cell> read_cell(Draft& draft, Problems& problems) {
  const auto file = find_cell(draft, problems);
  if (!file) return std::nullopt;
  const bool shipped = file->parent_path() == cells_folder;
  draft.cell.file =
      shipped ? file->stem().string() : fs::absolute(*file).lexically_normal().string();  // the echo stands elsewhere
  try {
    return read_bpx(file->string());
  } catch (const CaseError& error) {
    problems.add(error);
    return std::nullopt;
  }
}

/// A variant of a case goes without what is odd but not wrong, without its hash and perhaps without its echo: each
/// takes as long as a part of a short solve.
enum class Care { full, variant, least };

/// Notes why the volume and the mass that the cell's file gives are not this cell's, where they are not.
void note_changes(const std::vector<Ingredient>& file, const Draft& draft, Cell& cell) {
  if (!cell.volume) return;
  cell.unlike_file = differences(file, makeup(cell));
  if (!draft.mesh.file.empty()) cell.unlike_file.push_back("[mesh] file, a drawing of its own");
  if (cell.unlike_file.empty()) return;
  cell.warnings.push_back(
      fmt::format("Energies by volume and mass are not told: Volume [m3]{} of the cell's file {} of a cell without {}.",
                  cell.density ? " and Density [kg.m-3]" : "", cell.density ? "are those" : "is that",
                  fmt::join(cell.unlike_file, ", ")));
}

Case assemble(Draft draft, Cell cell, Problems& problems, Care care = Care::full) {
  Case result;
  auto& warnings = cell.warnings;
  if (care == Care::full) {
    for (const auto& doubt : doubts(cell))
      warnings.erase(std::remove(warnings.begin(), warnings.end(), doubt), warnings.end());
  }
  const std::vector<Ingredient> file = makeup(cell);
  apply(draft, cell, problems);
  result.geometry = read_geometry(draft, cell, problems);
  carve(draft, result.geometry, cell, problems);
  settle_mesh(draft, result.geometry);
  result.protocol = read_protocol(draft, cell, warnings, problems);
  result.until = read_protocol_stops(draft, cell);
  result.design = read_design(draft, problems);
  problems.throw_if_any();
  note_changes(file, draft, cell);
  if (care == Care::full) {  // about the cell as the case has it
    for (auto& doubt : doubts(cell)) warnings.push_back(std::move(doubt));
  }

  if (care == Care::full && !draft.mesh.file.empty()) draft.mesh.sha256 = sha256(read_text(draft.mesh.file));
  if (!draft.mesh.sha256.empty()) draft.remarks["mesh"].push_back("sha256 of the file: " + draft.mesh.sha256);
  if (care != Care::least) result.resolved = write_draft(draft);
  result.title = draft.title;
  result.file = draft.file;
  result.directory = draft.directory;
  result.temperature = *draft.cell.temperature;
  result.initial = draft.initial;
  result.mesh = draft.mesh;
  result.solver = draft.solver;
  result.output = draft.output;
  result.cell = std::move(cell);
  if (care == Care::full) result.sha256 = sha256(content_of(result));
  return result;
}

void assign_all(TomlValue& root, const std::vector<std::string>& overrides, Problems& problems) {
  for (const auto& override : overrides) {
    try {
      assign(root, override);
    } catch (const CaseError& error) {
      problems.add(error);
    }
  }
}

/// Where relative names in a case start.
std::string folder_of(const TomlValue& root) { return fs::path(root.where.file).parent_path().string(); }

/// @param cell stands in for the cell file, if not null
Case case_of(const TomlValue& root, const Cell* cell, Problems& problems, Care care = Care::full) {
  Draft draft = read_draft(root, folder_of(root), problems);
  std::optional<Cell> read = cell != nullptr ? std::optional<Cell>(*cell) : read_cell(draft, problems);
  if (!read) {  // the protocol's own problems do not wait for the cell's
    std::vector<std::string> warnings;
    read_protocol(draft, Cell{}, warnings, problems);
    problems.throw_if_any();
  }
  return assemble(std::move(draft), std::move(*read), problems, care);
}

/// Takes the file's name out of all places: copies of a tree that say it at every value cost more than all the rest.
void forget_places(TomlValue& value) {
  value.where = {};
  for (auto& item : value.items) forget_places(item);
  for (auto& entry : value.entries) {
    entry.where = {};
    forget_places(entry.value);
  }
}

/// A change as TOML says it.
TomlValue toml_of(const CaseChange& change) {
  TomlValue value;
  value.kind = change.values.size() == 1 ? TomlValue::Kind::number : TomlValue::Kind::array;
  if (change.values.size() == 1) {
    value.number = change.values.front();
    return value;
  }
  for (const double number : change.values) value.items.push_back(toml_of({"", {number}}));
  return value;
}

/// Whether a path leads through tables that are there once: not to [[step]] or [negative.material."<name>"].
bool through_single_tables(const std::vector<std::string>& path) {
  const Table* table = find_table(path.front());
  return path.size() == 2 && table != nullptr && table->shape == Table::Shape::single &&
         table->find(path.back()) != nullptr;
}

}  // namespace

std::string content_of(const Case& the_case) {
  std::string text = the_case.resolved;
  const auto replace_name = [&text](const std::string& table, const std::string& digest) {
    const std::string start = "\n[" + table + "]\nfile = ";  // as write_draft has it
    const std::size_t from = text.find(start) + start.size();
    text.replace(from, text.find('\n', from) - from, toml_quoted("sha256:" + digest));
  };
  replace_name("cell", the_case.cell.sha256);
  const MeshOptions& mesh = the_case.mesh;
  if (!mesh.file.empty()) replace_name("mesh", mesh.sha256.empty() ? sha256(read_text(mesh.file)) : mesh.sha256);
  return text;
}

struct CaseTemplate::Parts {
  TomlValue root;  ///< with the overrides, without [design]
  Draft draft;     ///< the same, read
  Cell cell;       ///< as its file has it
  std::vector<std::string> overrides;
};

CaseTemplate::CaseTemplate(const std::string& path, const std::vector<std::string>& overrides) {
  const fs::path file = case_file(path);
  auto parts = std::make_shared<Parts>();
  parts->overrides = overrides;
  parts->root = parse_toml(read_text(file), file.string());
  Problems problems;
  assign_all(parts->root, overrides, problems);
  Draft draft = read_draft(parts->root, file.parent_path().string(), problems);
  std::optional<Cell> cell = read_cell(draft, problems);
  if (!cell) problems.throw_if_any();
  parts->cell = *cell;
  TomlValue found;  // variants are given the cell, and echo where it was found: what they write may stand elsewhere
  found.kind = TomlValue::Kind::text;
  found.text = draft.cell.file;
  assign(parts->root, {"cell", "file"}, found);
  plain_ = assemble(std::move(draft), std::move(*cell), problems);
  plain_.overrides = overrides;
  auto& entries = parts->root.entries;
  entries.erase(std::remove_if(entries.begin(), entries.end(), [](const TomlEntry& e) { return e.name == "design"; }),
                entries.end());
  const Location file_itself = parts->root.where;
  forget_places(parts->root);  // it is judged already: what a variant gets wrong stands in the variant's overrides
  parts->root.where = file_itself;
  parts->draft = read_draft(parts->root, folder_of(parts->root), problems);
  parts_ = std::move(parts);
}

Case CaseTemplate::with(const std::vector<std::string>& overrides) const {
  TomlValue root = parts_->root;
  Problems problems;
  assign_all(root, overrides, problems);
  Case result = case_of(root, &parts_->cell, problems, Care::variant);
  result.overrides = parts_->overrides;
  result.overrides.insert(result.overrides.end(), overrides.begin(), overrides.end());
  return result;
}

Case CaseTemplate::changed(const std::vector<CaseChange>& changes) const {
  Problems problems;
  TomlValue few, whole;
  bool all_single = true;
  std::vector<std::vector<std::string>> paths;
  for (const CaseChange& change : changes) {
    paths.push_back(split_path(change.key));
    all_single = all_single && through_single_tables(paths.back());
  }
  if (!all_single) whole = parts_->root;  // what stands in lists is read anew
  TomlValue& root = all_single ? few : whole;
  for (std::size_t k = 0; k < changes.size(); ++k) assign(root, paths[k], toml_of(changes[k]));
  if (!all_single) return case_of(whole, &parts_->cell, problems, Care::least);
  Draft draft = parts_->draft;
  read_onto(draft, few, problems);
  return assemble(std::move(draft), parts_->cell, problems, Care::least);
}

std::vector<std::string> shipped_cells() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(cells_folder, ignored)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Case parse_case(const std::string& text, const std::string& filename, const std::vector<std::string>& overrides,
                const Cell* cell) {
  TomlValue root = parse_toml(text, filename);
  Problems problems;
  assign_all(root, overrides, problems);
  Case result = case_of(root, cell, problems);
  result.overrides = overrides;
  return result;
}

Case read_case(const std::string& path, const std::vector<std::string>& overrides) {
  const fs::path file = case_file(path);
  return parse_case(read_text(file), file.string(), overrides);
}

}  // namespace porelith
