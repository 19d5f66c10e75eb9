/// A case as data: its echo, its keys and values, and the one road to a changed case.
#include "solver/case/echo.hpp"

#include <algorithm>

#include "solver/base/error.hpp"
#include "solver/case/draft.hpp"
#include "solver/case/keys.hpp"
#include "solver/case/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

const std::string text = R"([cell]
file = "lgm50_chen2020"
[geometry]
dimension = 2
width = "200 um"
[[channel]]
width = "20 um"
[[channel]]
width = "30 um"
from = "collector"
depth = 0.3
[[step]]
discharge = "1C"
until = { voltage = 3.0, time = "30 min" }
[[step]]
charge = 2.5
[design]
objective = "capacity"
[design.set]
"negative.porosity" = "n"
[[design.variable]]
name = "n"
low = 0.2
high = 0.4
start = 0.3
)";

const std::vector<CaseChange> changes = {{"negative.porosity", {0.2, 0.3, 0.35}},
                                         {"separator.thickness", {1.5e-5}},
                                         {"channel.2.width", {2.5e-5}},
                                         {"step.1.discharge", {4}},
                                         {"step.1.until.time", {600}},
                                         {"step.2.until.soc", {0.9}},
                                         {"mesh.negative", {7}},
                                         {"electrolyte.t_plus", {0.3}},
                                         {"protocol.until.time", {3000}},
                                         {"solver.rtol", {1.25e-5}}};

std::vector<std::string> typed() {
  std::vector<std::string> overrides;
  for (const CaseChange& change : changes) overrides.push_back(override_of(change));
  return overrides;
}

constexpr Echo no_design{false, true, false, true};

}  // namespace

TEST_CASE("a case changed by numbers is the case with the same changes typed") {
  const Case plain = parse_case(text, "case.toml");
  const Case by_hand = parse_case(text, "case.toml", typed());
  const Case by_numbers = changed(plain, changes);
  CHECK(by_numbers.resolved == by_hand.resolved);
  CHECK(by_numbers.sha256 == by_hand.sha256);
  CHECK(by_numbers.overrides == by_hand.overrides);
  CHECK(by_numbers.warnings == by_hand.warnings);
  CHECK(by_numbers.mesh.fixed);
  CHECK(by_numbers.design);
  CHECK(changed(changed(plain, {changes[0]}), {changes.begin() + 1, changes.end()}).sha256 == by_hand.sha256);

  const Case variant = changed(plain, changes, Care::variant);
  CHECK(echo_of(variant, no_design) == echo_of(by_hand, no_design));
  CHECK_FALSE(variant.design);
  CHECK(echo_of(variant) == echo_of(variant, no_design));
  CHECK(plain.resolved == parse_case(text, "case.toml").resolved);  // untouched
}

TEST_CASE("a blend's material is changed where the case speaks of it and where it does not") {
  const std::string blend = "[cell]\nfile = \"lgm50_chen2020\"\n[[step]]\nrest = 60\n";
  const std::string named = "[negative.material.\"Graphite\"]\nparticle_radius = 5e-6\n";
  const auto materials = [](const std::string& t) {  // the keys alone: the cell has no blend
    return sentence_of<CaseError>([&] {
      changed(parse_case(t, "case.toml"), {{"negative.material.\"Graphite\".particle_radius", {4e-6}}});
    });
  };
  CHECK(materials(blend).find("[negative.material] is for blends") != std::string::npos);
  CHECK_THROWS_AS(parse_case(blend + named, "case.toml"), CaseError);
}

TEST_CASE("a change of what is not there is refused by a sentence") {
  const Case plain = parse_case(text, "case.toml");
  const auto sentence = [&](const std::string& key) {
    return sentence_of<CaseError>([&] { changed(plain, {{key, {1}}}, Care::variant); });
  };
  CHECK(sentence("step.3.charge").find("there is no [step 3] in the case") != std::string::npos);
  CHECK(sentence("channel.0.width").find("there is no [channel 0]") != std::string::npos);
  CHECK(sentence("step.first.charge").find("there is no [step first]") != std::string::npos);
  CHECK(sentence("negative.porosty").find("negative.porosty is not a key") != std::string::npos);
  CHECK(sentence("nowhere.porosity").find("nowhere.porosity is not a key") != std::string::npos);
  CHECK(sentence("step.1").find("step.1 is not a key") != std::string::npos);
  CHECK(sentence("negative.porosity").find("[negative] porosity = 1.0 is outside (0, 1)") != std::string::npos);
  CHECK_THROWS_AS(changed(changed(plain, {}, Care::variant), {}), std::logic_error);
}

TEST_CASE("every key that a case is told by can be set by that name, and once only") {
  const Case read = parse_case(text, "case.toml", typed());
  std::vector<std::string> keys;
  for (const auto& [key, value] : values_of(read, no_design)) {
    INFO(key);
    CHECK(find_key(key) != nullptr);
    CHECK_FALSE(value.empty());
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
  for (const CaseChange& change : changes) CHECK(std::binary_search(keys.begin(), keys.end(), change.key));
}

TEST_CASE("cases differ by the keys that were changed, with both values and their unit") {
  const Case one = parse_case(text, "case.toml"),
             other = changed(one, {changes[1], changes[3], changes[4], changes[5]});
  CHECK(differing_values(values_of(one), values_of(other)) ==
        std::vector<std::string>{"separator.thickness = 1.2e-05 m, now 1.5e-05 m",
                                 "step.1.discharge = \"1C\", now \"4 A\"", "step.1.until.time = 1800.0 s, now 600.0 s",
                                 "step.2.until.soc = not given, now 0.9"});
  CHECK(differing_keys(values_of(one), values_of(parse_case("title = \"b\"\n" + text, "a.toml"))).empty());
  CHECK(differing_keys(values_of(other), values_of(other)).empty());
}

TEST_CASE("an echo leaves out what it shall, and says files by their digest") {
  const Case read = parse_case(text, "case.toml");
  const std::string all = echo_of(read), samples = echo_of(read, Echo::of_samples());
  CHECK(all == read.resolved);
  CHECK(all.find("\n[output]\n") != std::string::npos);
  CHECK(all.find("\n[design]\n") != std::string::npos);
  CHECK(samples.find("[output]") == std::string::npos);
  CHECK(samples.find("[design") == std::string::npos);
  CHECK(samples.find("[cell]\nfile = \"sha256:" + read.cell_sha256() + "\"\n") != std::string::npos);
  CHECK(samples.substr(samples.find("temperature")) ==
        all.substr(all.find("temperature"), all.find("\n[output]\n") - all.find("temperature")));
  CHECK_THROWS_AS(echo_of(Case{}), std::logic_error);
}

TEST_CASE("a key that came later leaves the echo and the hash of cases without it as they were") {
  const std::string before = "[cell]\nfile = \"lgm50_chen2020\"\n", after = "[[step]]\ndischarge = \"1C\"\n";
  const Case without = parse_case(before + after, "case.toml");
  const Case with = parse_case(before + "[solver]\nnewton = 0.01\n" + after, "case.toml");
  CHECK(without.resolved.find("newton") == std::string::npos);
  CHECK(without.resolved.find("c_e_max_above") == std::string::npos);
  CHECK(with.resolved.find("\nnewton = 0.01\n") != std::string::npos);
  CHECK(with.sha256 != without.sha256);
  CHECK(parse_case(with.resolved, "case.toml").sha256 == with.sha256);
  CHECK(changed(without, {{"solver.newton", {0.01}}}).sha256 == with.sha256);
  for (const char* value : {"0", "2", "-0.1"})
    CHECK_THAT(
        sentence_of<CaseError>([&] { parse_case(before + "[solver]\nnewton = " + value + "\n" + after, "case.toml"); }),
        says(std::string("[solver] newton = ") + value + " is outside [1e-08, 1]"));
  CHECK_THAT(
      sentence_of<CaseError>([&] { parse_case(before + "[solver]\nnewton = \"tight\"\n" + after, "case.toml"); }),
      says("case.toml:4:10: [solver] newton"));
}
