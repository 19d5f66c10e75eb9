#include "solver/text/json.hpp"

#include <string>

#include "tests/support/catch.hpp"

using porelith::CaseError;
using porelith::Json;
using porelith::parse_json;
using porelith::Problems;

namespace {

Json read(const std::string& text) {
  Problems problems;
  Json json = parse_json(text, "t.json", problems);
  problems.throw_if_any();
  return json;
}

/// "line:column: sentence" of the one problem of a text, "accepted" otherwise
std::string complaint(const std::string& text) {
  try {
    read(text);
  } catch (const CaseError& error) {
    REQUIRE(error.problems().size() == 1);
    const auto& problem = error.problems().front();
    CHECK(problem.where.file == "t.json");
    return std::to_string(problem.where.line) + ":" + std::to_string(problem.where.column) + ": " + problem.sentence;
  }
  return "accepted";
}

}  // namespace

TEST_CASE("every kind of value is read") {
  const Json json = read(R"( {"a": [1, -2.5e-3, true, false, null, "s", {}, []]} )");
  REQUIRE(json.object() != nullptr);
  const auto& items = *json.object()->front().value.array();
  REQUIRE(items.size() == 8);
  CHECK(*items[0].number() == 1);
  CHECK(*items[1].number() == -2.5e-3);
  CHECK(std::string(items[2].kind()) == "true or false");
  CHECK(std::string(items[4].kind()) == "null");
  CHECK(*items[5].string() == "s");
  CHECK(items[6].object()->empty());
  CHECK(items[7].array()->empty());
}

TEST_CASE("keys and values know their line and column, in characters") {
  const Json json = read("{\n  \"\xc3\xa4\xe2\x82\xac\": 1, \"b\":\t[2,\r\n3]}");
  const auto& members = *json.object();
  CHECK(members[0].line == 2);
  CHECK(members[0].column == 3);
  CHECK(members[0].value.column == 9);
  CHECK(members[1].column == 12);
  CHECK(members[1].value.line == 2);
  CHECK((*members[1].value.array())[1].line == 3);
  CHECK((*members[1].value.array())[1].column == 1);
}

TEST_CASE("strings may hold every escape, and know that they held one") {
  const Json json = read(R"(["\"\\\/\b\f\n\r\t", "\u00e4\u20ac\ud83d\ude00", "plain"])");
  const auto& items = *json.array();
  CHECK(*items[0].string() == "\"\\/\b\f\n\r\t");
  CHECK(*items[1].string() == "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(items[0].escaped);
  CHECK_FALSE(items[2].escaped);
}

TEST_CASE("a byte order mark may lead the text") {
  CHECK(*read("\xEF\xBB\xBF 7").number() == 7);
  CHECK(complaint("\xEF\xBB\xBFx") == "1:1: expected a value, found x");
}

TEST_CASE("a key that occurs twice is told with both lines, and all such keys at once") {
  CHECK(complaint("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}") ==
        "3:2: the key \"a\" occurs twice in one object, first in line 1");
  Problems problems;
  const Json json = parse_json(R"({"a": 1, "a": 2, "b": {"c": 1, "c": 2}, "d": {"a": 1}})", "t.json", problems);
  CHECK(*json.object()->front().value.number() == 1);
  try {
    problems.throw_if_any();
    FAIL("nothing was said");
  } catch (const CaseError& error) {
    CHECK(error.problems().size() == 2);
  }
}

TEST_CASE("a flood of double keys is cut short and ends at once") {
  std::string text = "{\"a\": 1";
  for (int k = 0; k < 200'000; ++k) text += ",\n\"a\": 1";
  Problems problems;
  parse_json(text + "}", "t.json", problems);
  try {
    problems.throw_if_any();
    FAIL("nothing was said");
  } catch (const CaseError& error) {
    CHECK(error.problems().size() == 100);
  }
}

TEST_CASE("what is not JSON is refused with its place and a sentence") {
  CHECK(complaint("") == "1:1: the file is empty");
  CHECK(complaint(" \n ") == "2:2: the file is empty");
  CHECK(complaint("{\"a\": 1} x") == "1:10: the file should end here, but x follows");
  CHECK(complaint("{\"a\": 1,}") == "1:9: a comma stands before }; the last entry of an object has none");
  CHECK(complaint("[1, 2,\n]") == "2:1: a comma stands before ]; the last value of an array has none");
  CHECK(complaint("{\"a\" 1}") == "1:6: expected a colon after the key \"a\" (for the { of line 1), found 1");
  CHECK(complaint("{a: 1}") == "1:2: expected a key in double quotes (for the { of line 1), found a");
  CHECK(complaint("[1\n2]") == "2:1: expected a comma or ] (for the [ of line 1), found 2");
  CHECK(complaint("{\"a\": [1,\n 2") == "2:3: expected a comma or ] (for the [ of line 1), found the end of the file");
  CHECK(complaint("{\"a\": 'b'}") == "1:7: a string in JSON stands in double quotes");
  CHECK(complaint("{ // why\n}") == "1:3: expected a key in double quotes (for the { of line 1), found /");
  CHECK(complaint("[1, # why\n 2]") == "1:5: JSON has no comments");
  CHECK(complaint("[\"abc]") == "1:2: this string is not closed before the file ends");
  CHECK(complaint("[\"abc\n\"]") == "1:6: a string must end in the line in which it begins; a double quote is missing");
  CHECK(complaint("[\"a\tb\"]") == "1:4: a control character in a string must be written as an escape");
  CHECK(complaint("[\"\\x\"]") ==
        "1:3: a backslash in a string begins one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
  CHECK(complaint("[\"\\u12g4\"]") == "1:3: \\u needs four hexadecimal digits");
  CHECK(complaint("[\"\\ud83d\"]") == "1:3: this \\u escape is half a character");
  CHECK(complaint("[\"\xff\"]") == "1:3: the byte 0xff is not UTF-8");
  CHECK(complaint("[tru]") == "1:2: expected a value, found tru");
}

TEST_CASE("what is not a JSON number is refused") {
  CHECK(complaint("[NaN]") == "1:2: Infinity and NaN are not numbers in JSON");
  CHECK(complaint("[-Infinity]") == "1:3: Infinity and NaN are not numbers in JSON");
  CHECK(complaint("[01]") == "1:2: a number in JSON has no leading zeros");
  CHECK(complaint("[1.]") == "1:4: a digit should follow here, but ] does");
  CHECK(complaint("[1e+]") == "1:5: a digit should follow here, but ] does");
  CHECK(complaint("[+1]") == "1:2: a number in JSON begins with a digit or a minus sign");
  CHECK(complaint("[.5]") == "1:2: a number in JSON begins with a digit or a minus sign");
  CHECK(complaint("[1e999]") == "1:2: this number is too large");
  CHECK(*(*read("[1e-999]").array())[0].number() == 0);
  CHECK(complaint("[0x10]") == "1:3: expected a comma or ] (for the [ of line 1), found x10");
}

TEST_CASE("depth, size and count are limited") {
  CHECK(complaint(std::string(100'000, '[')) == "1:101: the file is nested more than 100 deep");
  CHECK(complaint(std::string(70'000'000, ' ')) == "1:1: the file has 70 MB; at most 64 MB are read");
}
