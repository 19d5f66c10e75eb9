#include "solver/results/manifest.hpp"

#include <filesystem>
#include <limits>

#include "solver/base/error.hpp"
#include "solver/base/json_writer.hpp"
#include "solver/cell/cell.hpp"
#include "solver/text/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/synthetic_results.hpp"

using namespace porelith;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("JSON text is escaped as RFC 8259 asks") {
  CHECK(json_text("plain") == "\"plain\"");
  CHECK(json_text("say \"hi\" \\ there") == R"("say \"hi\" \\ there")");
  CHECK(json_text("a\nb\tc\rd") == R"("a\nb\tc\u000dd")");
  CHECK(json_text(std::string_view("\0\x1f", 2)) == R"("\u0000\u001f")");
  CHECK(json_text("25 \xC2\xB0"
                  "C, \xF0\x9F\x94\x8B") ==
        "\"25 \xC2\xB0"
        "C, \xF0\x9F\x94\x8B\"");
}

TEST_CASE("bytes that are not UTF-8 become U+FFFD instead of a file that no reader takes") {
  CHECK(json_text("\xFF!") == R"("\ufffd!")");                    // never in UTF-8
  CHECK(json_text("\xC0\xAF") == R"("\ufffd\ufffd")");            // overlong '/'
  CHECK(json_text("\xED\xA0\x80") == R"("\ufffd\ufffd\ufffd")");  // a surrogate
  CHECK(json_text("caf\xC3") == R"("caf\ufffd")");                // cut
}

TEST_CASE("JSON objects and lists are indented, and what is left open is closed") {
  JsonWriter json;
  json.add("name", "x");
  json.add("list", std::vector<std::string>{"a", "b"});
  json.object("empty");
  json.end();
  json.list("rows");
  json.object("");
  json.add("n", 3);
  json.add("v", 0.1);
  json.add("bad", std::numeric_limits<double>::infinity());
  CHECK(json.finish() == R"({
  "name": "x",
  "list": [
    "a",
    "b"
  ],
  "empty": {},
  "rows": [
    {
      "n": 3,
      "v": 0.1,
      "bad": null
    }
  ]
}
)");
}

TEST_CASE("times are ISO 8601 in UTC") {
  // 1,000,000,000 s after the epoch; a date that everybody can look up.
  CHECK(utc_text(std::chrono::system_clock::time_point(std::chrono::seconds(1000000000))) == "2001-09-09T01:46:40Z");
}

TEST_CASE("the manifest names program, case, cell, run, steps, counts and files") {
  const Scratch folder;
  write_text(folder / "curve.csv", "12345");
  fs::create_directory(folder / "fields");
  write_text(folder / "fields/a.vtu", "1");
  write_text(folder / "fields/b.vtu", "22");
  Case from;
  from.file = "cases/a \"quoted\" case/case.toml";
  from.sha256 = "aa11";
  from.overrides = {"solver.rtol=1e-5"};
  from.cell->title = "LG M50";
  from.cell->sha256 = "bb22";
  from.cell->description = "21700";
  from.cell->references = "Chen 2020";
  from.warnings = {"The file says more."};
  RunFacts facts;
  facts.command = {"porelith", "run", "cases/x"};
  facts.ranks = 2;
  facts.started = std::chrono::system_clock::time_point(std::chrono::seconds(1000000000));
  facts.ended = facts.started + std::chrono::seconds(5);
  facts.exit_code = 75;
  facts.folder = folder.path();
  facts.files = {"curve.csv", "fields/a.vtu", "fields/b.vtu", "not-there.png"};
  Results results = synthetic_results(1, 5);
  results.warnings = {"A table was left."};
  const std::string text = manifest_text(from, results, facts);

  Problems problems;
  const Json json = parse_json(text, "manifest.json", problems);
  CHECK(problems.empty());  // no key twice
  REQUIRE(json.object());
  CHECK(json.object()->size() == 12);
  CHECK(text.rfind("{\n  \"format\": \"porelith manifest\",\n  \"version\": 1,\n", 0) == 0);
  CHECK(contains(text, R"("file": "cases/a \"quoted\" case/case.toml")"));
  CHECK(contains(text, R"("sha256": "aa11")"));
  CHECK(contains(text, R"("sha256": "bb22")"));
  CHECK(contains(text, "\"overrides\": [\n      \"solver.rtol=1e-5\"\n    ]"));
  CHECK(contains(text, "\"warnings\": [\n    \"The file says more.\",\n    \"A table was left.\"\n  ]"));
  CHECK(contains(text, R"("description": "21700")"));
  CHECK(contains(text, R"("references": "Chen 2020")"));
  CHECK(contains(text, R"("ranks": 2)"));
  CHECK(contains(text, R"("started": "2001-09-09T01:46:40Z")"));
  CHECK(contains(text, R"("ended": "2001-09-09T01:46:45Z")"));
  CHECK(contains(text, R"("exit code": 75)"));
  CHECK(contains(text, R"("status": "complete")"));
  CHECK(contains(text, R"("ended": "voltage fell to 2.5 V")"));
  CHECK(contains(text, R"("newton": 980)"));
  CHECK(contains(text, "\"name\": \"curve.csv\",\n      \"bytes\": 5\n"));
  CHECK(contains(text, "\"name\": \"fields/\",\n      \"files\": 2,\n      \"bytes\": 3\n"));
  CHECK_FALSE(contains(text, "not-there.png"));

  CHECK_FALSE(holds_a_run(folder.path()));
  write_text(folder / "manifest.json", text);
  CHECK(holds_a_run(folder.path()));
  write_text(folder / "manifest.json", "{\"format\": \"something else\"}");
  CHECK_FALSE(holds_a_run(folder.path()));
}
