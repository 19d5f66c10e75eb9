#include "solver/case/reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <variant>

#include "solver/base/sha256.hpp"
#include "solver/case/apply.hpp"
#include "solver/case/design_reader.hpp"
#include "solver/case/draft_reader.hpp"
#include "solver/case/echo.hpp"
#include "solver/case/geometry_reader.hpp"
#include "solver/case/keys.hpp"
#include "solver/case/protocol_reader.hpp"
#include "solver/case/temperature_reader.hpp"
#include "solver/cell/bpx/bpx.hpp"
#include "solver/cell/bpx/bpx_check.hpp"
#include "solver/cell/cell.hpp"
#include "solver/cell/makeup.hpp"
#include "solver/cell/side.hpp"

namespace porelith {

/// A case before it is judged.
struct CaseSource {
  Draft draft;  ///< as written, over the cell
  Draft bare;   ///< the same for variants
  Cell cell;    ///< as its file has it
};

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
  const std::string& name = draft.of_cell.file;
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

std::optional<Cell> read_cell(const Draft& draft, Problems& problems) {
  const auto file = find_cell(draft, problems);
  if (!file) return std::nullopt;
  try {
    return read_bpx(file->string());
  } catch (const CaseError& error) {
    problems.add(error);
    return std::nullopt;
  }
}

/// The echo stands elsewhere.
std::string name_for_echo(const fs::path& cell) {
  return cell.parent_path() == cells_folder ? cell.stem().string() : fs::absolute(cell).lexically_normal().string();
}

/// Notes why the volume and the mass that the cell's file gives are not this cell's, where they are not.
void note_changes(const std::vector<Ingredient>& file, const Draft& draft, Cell& cell,
                  std::vector<std::string>& warnings) {
  if (!cell.volume) return;
  cell.unlike_file = differences(file, makeup(cell));
  if (!draft.mesh.file.empty()) cell.unlike_file.push_back("[mesh] file, a drawing of its own");
  if (cell.unlike_file.empty()) return;
  warnings.push_back(
      fmt::format("Energies by volume and mass are not told: Volume [m3]{} of the cell's file {} of a cell without {}.",
                  cell.density ? " and Density [kg.m-3]" : "", cell.density ? "are those" : "is that",
                  fmt::join(cell.unlike_file, ", ")));
}

/// Notes what of a field of porosity is known without solving.
void note_fields(const Cell& cell, std::vector<std::string>& warnings) {
  for (const Side side : both_sides)
    if (!electrode_of(cell, side).porosity_field.empty())
      warnings.push_back(fmt::format(
          "[{}] porosity_field: the figures that are derived without solving are those of the mean porosity, {:.6g}.",
          word_of(side), electrode_of(cell, side).eps(0, 1)));
}

/// What variants start from: the keys without [design], and without places, whose files' names cost more than all the
/// rest.
Draft bare(Draft draft) {
  draft.design = {};
  draft.given.erase("design");
  draft.cell.validation.clear();
  for (auto& [key, where] : draft.given) where = {};
  return draft;
}

/// @param file the draft's cell as its file has it
Case assemble(Draft draft, const Cell& file, Problems& problems, Care care) {
  Case result;
  const bool full = care == Care::full;
  std::shared_ptr<CaseSource> source;
  if (full) source = std::make_shared<CaseSource>(CaseSource{draft, bare(draft), file});
  std::vector<std::string> warnings = file.warnings;
  if (full) {
    for (const auto& doubt : doubts(file))
      warnings.erase(std::remove(warnings.begin(), warnings.end(), doubt), warnings.end());
  }
  apply(draft, file, problems);
  Cell cell = draft.cell;
  result.geometry = read_geometry(draft, cell, problems);
  carve(draft, result.geometry, cell, problems);
  settle_mesh(draft, result.geometry);
  result.protocol = read_protocol(draft, cell, warnings, problems);
  result.until = read_protocol_stops(draft, cell);
  read_temperature(draft, cell, result, problems);
  result.design = read_design(draft, problems);
  problems.throw_if_any();
  note_changes(makeup(file), draft, cell, warnings);
  note_fields(cell, warnings);
  if (full) {  // about the cell as the case has it
    for (auto& doubt : doubts(cell)) warnings.push_back(std::move(doubt));
    if (!draft.mesh.file.empty()) draft.mesh.sha256 = sha256(read_text(draft.mesh.file));
    source->bare.mesh.sha256 = draft.mesh.sha256;
  }
  result.title = draft.title;
  result.file = draft.file;
  result.directory = draft.directory;
  result.initial = draft.initial;
  result.mesh = draft.mesh;
  result.solver = draft.solver;
  result.output = draft.output;
  result.cell = std::move(cell);
  result.warnings = std::move(warnings);
  result.keys = std::make_shared<Draft>(std::move(draft));
  result.source = std::move(source);
  if (full) {
    result.resolved = echo_of(result);
    result.sha256 = sha256(echo_of(result, Echo::content()));
  }
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

/// A draft of which no more is known than where it stands and the name of its cell.
Draft first_draft(const TomlValue& root) {
  Draft draft;
  draft.file = root.where.file;
  draft.directory = fs::path(draft.file).parent_path().string();  // relative names start here
  const TomlValue* table = root.find("cell");
  const TomlValue* name = table != nullptr ? table->find("file") : nullptr;
  Problems later;
  if (name != nullptr) read_key(draft, {"cell", "file"}, *name, later);
  return draft;
}

/// @param cell stands in for the cell file, if not null
Case case_of(const TomlValue& root, const Cell* cell, Problems& problems) {
  Draft draft = first_draft(root);
  Problems later;  // the case's own come first
  const std::optional<Cell> read = cell != nullptr ? std::optional<Cell>(*cell) : read_cell(draft, later);
  if (read) draft.cell = *read;
  read_draft(draft, root, problems);
  if (!read) {
    read_cell(draft, problems);  // the protocol's own problems do not wait for the cell's
    std::vector<std::string> warnings;
    read_protocol(draft, Cell{}, warnings, problems);
    problems.throw_if_any();
  }
  if (cell == nullptr) draft.of_cell.file = name_for_echo(read->file);
  return assemble(std::move(draft), *read, problems, Care::full);
}

/// Whether the key, of a table that is there once, holds a list of points.
bool holds_points(const std::string& key, Draft& draft) {
  const Key* found = std::count(key.begin(), key.end(), '.') == 1 ? find_key(key) : nullptr;
  return found && std::holds_alternative<std::vector<std::array<double, 3>>*>(found->slot(draft, 0));
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

/// The same of a list of points, whose numbers stand one behind the other.
TomlValue points_of(const CaseChange& change) {
  TomlValue list;
  list.kind = TomlValue::Kind::array;
  for (auto at = change.values.begin(); change.values.end() - at >= 3; at += 3)
    list.items.push_back(toml_of({"", {at, at + 3}}));
  return list;
}

}  // namespace

Case changed(const Case& the_case, const std::vector<CaseChange>& changes, Care care) {
  if (!the_case.source) throw std::logic_error("only a case that was read can be changed");
  const bool full = care == Care::full;
  Draft draft = full ? the_case.source->draft : the_case.source->bare;
  Problems problems;
  for (const CaseChange& change : changes) {
    TomlValue value = holds_points(change.key, draft) ? points_of(change) : toml_of(change);
    if (full) value.where.file = "--set " + override_of(change);
    read_key(draft, split_path(change.key), value, problems);
  }
  Case result = assemble(std::move(draft), the_case.source->cell, problems, care);
  if (!full) return result;
  result.out = the_case.out;
  result.overrides = the_case.overrides;
  for (const CaseChange& change : changes) result.overrides.push_back(override_of(change));
  return result;
}

std::string override_of(const CaseChange& change) {
  std::string text;
  for (const double value : change.values) text += (text.empty() ? "" : ", ") + toml_number(value);
  return fmt::format(change.values.size() == 1 ? "{}={}" : "{}=[{}]", change.key, text);
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
