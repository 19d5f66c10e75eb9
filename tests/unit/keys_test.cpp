#include "solver/case/keys.hpp"

#include <algorithm>
#include <set>

#include "solver/case/draft.hpp"
#include "solver/case/draft_reader.hpp"
#include "solver/case/echo.hpp"
#include "solver/case/keys_page.hpp"
#include "solver/case/values.hpp"
#include "solver/text/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

TEST_CASE("every key has a sentence, a default in words or as a value, and a name of its own") {
  std::set<std::string> names;
  for (const auto& table : tables()) {
    CHECK_FALSE(table.meaning.empty());
    CHECK_FALSE(table.keys.empty());
    for (const auto& key : table.keys) {
      INFO(table.heading() << " " << key.name);
      CHECK(names.insert(table.name + "." + key.name).second);
      CHECK(key.meaning.back() == '.');
      CHECK(key.default_text() != "none");
    }
  }
}

TEST_CASE("no two keys fill the same field") {
  Draft draft = draft_with_items();
  std::set<const void*> fields;
  for (const auto& table : tables()) {
    for (const auto& key : table.keys) {
      INFO(table.heading() << " " << key.name);
      const KeyField slot = key.slot(draft, 0);
      CHECK(fields.insert(std::visit([](auto* field) { return static_cast<const void*>(field); }, slot)).second);
    }
  }
}

TEST_CASE("the defaults of every key lie in its own range") {
  Draft draft = draft_with_items();
  for (const auto& table : tables()) {
    for (const auto& key : table.keys) {
      INFO(table.heading() << " " << key.name);
      const KeyField slot = key.slot(draft, 0);
      if (const auto* number = std::get_if<double*>(&slot)) CHECK(key.range.holds(**number));
      if (const auto* count = std::get_if<int*>(&slot)) CHECK(key.range.holds(**count));
      if (const auto* text = std::get_if<std::string*>(&slot); text != nullptr && !key.choices.empty()) {
        CHECK(std::count(key.choices.begin(), key.choices.end(), **text) == 1);
      }
    }
  }
}

TEST_CASE("a range tests its ends and says them in print") {
  CHECK(inside(0, 1).text() == "(0, 1)");
  CHECK(above(0, 1).text() == "(0, 1]");
  CHECK(above(0).text() == "> 0");
  CHECK(above(0).violation() == "not > 0");
  CHECK(inside(0, 1).violation() == "outside (0, 1)");
  CHECK(Range{}.text().empty());
  CHECK_FALSE(inside(0, 1).holds(0));
  CHECK_FALSE(inside(0, 1).holds(1));
  CHECK(above(0, 1).holds(1));
  CHECK_FALSE(above(0).holds(0));
}

TEST_CASE("the page of keys is the one that the declarations write") {
  CHECK(file_text(PORELITH_SOURCE_DIR "/docs/keys.md") == keys_markdown());
}

TEST_CASE("the schema is JSON, of draft 4, and closed to unknown keys") {
  const std::string schema = json_schema();
  Problems problems;
  CHECK_NOTHROW(parse_json(schema, "schema", problems));
  CHECK(problems.empty());
  CHECK_THAT(schema, says("http://json-schema.org/draft-04/schema#"));
  CHECK_THAT(schema, says("\"additionalProperties\": false"));
  CHECK_THAT(schema, says("\"minimum\": 0, \"exclusiveMinimum\": true, \"maximum\": 1, \"exclusiveMaximum\": true"));
  for (const auto& table : tables()) {
    if (table.shape == Table::Shape::open) continue;  // any name may stand there
    for (const auto& key : table.keys) CHECK_THAT(schema, says("\"" + key.name + "\": {\"description\""));
  }
}

TEST_CASE("explain knows tables, keys and keys of a table, and the nearest name to a typo") {
  CHECK_THAT(explain("negative.porosity"),
             says("Electrolyte volume fraction eps") && says("(0, 1)") && says("profile"));
  CHECK_THAT(explain("porosity"),
             says("[negative] porosity") && says("[positive] porosity") && says("[separator] porosity"));
  CHECK_THAT(explain("mesh"), says("shells") && says("grading"));
  CHECK_THAT(explain(""), says("[[step]]") && says("[electrolyte]"));
  CHECK_THROWS_WITH(explain("porosty"), "porosty is not a key of a case file. Did you mean porosity?");
  CHECK_THROWS_WITH(explain("mesh.shels"), says("Did you mean mesh.shells?"));
}

TEST_CASE("a draft written down reads back to the same text") {
  const std::string text = R"toml(title = "a \"quoted\" name"
[cell]
file = "some.json"
[negative]
thickness = "85.2 um"
porosity = { layers = ["20 %", 0.3], fractions = [0.25, 0.75] }
particle_radius = { depth = [0, 0.5, 1], value = ["5 um", "4 um", 3e-6] }
[negative.material."Si.O2"]
active_fraction = 0.1
[positive]
conductivity = { polynomial = [1, 2, 3] }
[electrolyte]
diffusivity = "1e-10*exp(-x/1000)"
conductivity = { x = [0, 1000], y = [0.1, "10 mS/cm"] }
[[step]]
discharge = "C/20"
until = { time = "30 min", current_above = "2 A" }
[[step]]
current_table = { time = [0, "1 min"], current = [1, "-5 mA"] }
)toml";
  Problems problems;
  const auto written = [&](const std::string& said) {
    Draft draft;
    draft.cell = *shipped_case("lgm50_chen2020").cell;
    draft.cell.negative.materials[0].name = "Si.O2";
    read_draft(draft, parse_toml(said, "case.toml"), problems);
    return write_draft(draft);
  };
  const std::string once = written(text), twice = written(once);
  CHECK_NOTHROW(problems.throw_if_any());
  CHECK(once == twice);
  CHECK_THAT(once, says("thickness = 8.52e-05  # m") && says("{ layers = [0.2, 0.3], fractions = [0.25, 0.75] }") &&
                       says("[negative.material.\"Si.O2\"]") &&
                       says("until = { time = 1800.0, current_above = \"2 A\" }"));
}
