#include <fmt/format.h>

#include <cmath>
#include <map>
#include <stdexcept>

#include "solver/case/draft_reader.hpp"
#include "solver/case/reader.hpp"
#include "solver/text/named_expression.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/small_campaign.hpp"

using namespace porelith;

namespace {

Case study(const std::vector<std::string>& overrides = {}) { return parse_case(small_study, "case.toml", overrides); }

std::string complaint(const std::string& override) {
  return sentence_of<CaseError>([&] { study({override}); });
}

}  // namespace

TEST_CASE("a [design] becomes variables, what they set, conditions and defaults") {
  const Case read = study({"design.constraints=plating_margin - 0.01", "design.hidden=[16, 8]"});
  REQUIRE(read.design);
  const Design& design = *read.design;
  CHECK(design.objective == "energy");
  CHECK(design.maximise);
  CHECK(design.constraints == std::vector<std::string>{"plating_margin - 0.01"});
  CHECK(setting<std::vector<int>>(design.settings, "hidden") == std::vector<int>{16, 8});
  CHECK(design.samples == Design{}.samples);
  REQUIRE(design.space.variables.size() == 2);
  CHECK(design.space.variables[1].log);
  CHECK(design.space.variables[1].start == 1);
  CHECK(design.space.set.at("negative.porosity") == std::vector<std::string>{"n", "0.6 - n"});
  CHECK(design.space.feasible == std::vector<std::string>{"0.5 - n - p/10"});
  CHECK_FALSE(parse_case("cell.file = \"kokam_marquis2019\"\n[[step]]\nrest = 1", "case.toml").design);
}

TEST_CASE("the echo of a design study reads back to the same study") {
  const Case read =
      study({"design.rival=[{name = \"a\", feasible = \"q\", variable = [{name = \"q\", low = 0.1, high = "
             "0.5, start = 0.3}], set = {\"positive.porosity\" = \"q\"}}]"});
  REQUIRE(read.design->rivals.size() == 1);
  const Case again = parse_case(read.resolved, "case.toml");
  CHECK(again.resolved == read.resolved);
  CHECK(again.design->space.set == read.design->space.set);
  CHECK(again.design->rivals[0].variables[0].high == 0.5);
  CHECK(again.design->rivals[0].set.at("positive.porosity") == std::vector<std::string>{"q"});
}

TEST_CASE("keys in [design.set] need no quotes, and may be items of lists") {
  const Case read = study({"design.set.step.1.discharge=10*n", "design.set.mesh.shells=6"});
  CHECK(read.design->space.set.count("step.1.discharge") == 1);
  CHECK(read.design->space.set.at("mesh.shells") == std::vector<std::string>{"6"});
}

TEST_CASE("every mistake in a [design] has its sentence") {
  CHECK_THAT(complaint("design.variable.1.low=0.5"), says("[design.variable 1] high = 0.4 is not above low = 0.5"));
  CHECK_THAT(complaint("design.variable.1.start=0.1"), says("start = 0.1 is outside [0.2, 0.4]"));
  CHECK_THAT(complaint("design.variable.1.start="), says("[design.variable 1] start is missing"));
  CHECK_THAT(complaint("design.variable.2.low=0"), says("low = 0 must be > 0 where scale = \"log\""));
  CHECK_THAT(complaint("design.variable.2.name=n"), says("name = \"n\" is taken by variable 1"));
  CHECK_THAT(complaint("design.variable.2.name=exp"), says("cannot stand in expressions"));
  CHECK_THAT(complaint("design.variable.2.name=capacity"), says("is the name of a result"));
  CHECK_THAT(complaint("design.variable.2.name=q"), says("name = \"q\" stands in no expression of [design.set]"));
  CHECK_THAT(complaint("design.variable.1.integer=true"), says("needs whole numbers"));
  CHECK_THAT(complaint("design.variable.1.lov=1"), says("lov is not a key. Did you mean low?"));
  CHECK_THAT(complaint("design.objective=enrgy*2"), says("column 1: enrgy is not known here; did you mean energy?"));
  CHECK_THAT(complaint("design.objective="), says("[design] objective is missing"));
  CHECK_THAT(complaint("design.objective=energy +"), says("column 9"));
  CHECK_THAT(complaint("design.sense=maximize"), says("Did you mean maximise?"));
  CHECK_THAT(complaint("design.feasible=0.2 - n"), says("is -0.1 at the start values; it must be >= 0 there"));
  CHECK_THAT(complaint("design.feasible=energy"), says("energy is not known here"));
  CHECK_THAT(complaint("design.set.negative.porosty=n"), says("Did you mean negative.porosity?"));
  CHECK_THAT(complaint("design.set.separator.porosity=[\"n\", \"n\"]"),
             says("only a profile through depth takes a list"));
  CHECK_THAT(complaint("design.set.negative.solid=n"), says("which no expression gives"));
  CHECK_THAT(complaint("design.set.design.samples=n"), says("is not a key of a case that a variable could set"));
  CHECK_THAT(complaint("design.hidden=[8, 0]"), says("not"));
  CHECK_THAT(complaint("design.rival=[{feasible = \"1\"}]"), says("[design.rival 1] name is missing"));
}

TEST_CASE("an objective by mass or volume is refused with the reason") {
  const std::string reason =
      " is no result of a study: the only mass and volume that are known are those of the cell's file, and they do not "
      "follow a design; energy and areal_capacity do";
  CHECK_THAT(complaint("design.objective=energy_mass"),
             says("[design] objective = \"energy_mass\": energy_mass" + reason));
  CHECK_THAT(complaint("design.objective=2*Specific_Energy"), says("\": Specific_Energy" + reason));
  for (const char* name : {"energy_volume_discharged", "energy_density", "wh_kg", "energy/mass", "energy/volume"})
    CHECK_THAT(complaint(std::string("design.objective=") + name), says(reason));
  CHECK_THAT(complaint("design.constraints=specific_energy - 200"), says("[design] constraints = ") && says(reason));
  CHECK_THAT(complaint("design.objective=enrgy"), !says(reason) && says("did you mean energy?"));
}

TEST_CASE("expressions in names give their value and exact slopes") {
  const std::vector<std::string> names = {"n1", "n2", "e1", "x"};
  const std::vector<double> at = {0.3, -2.5, 2, 7};
  const auto value = [&](const std::string& text) { return NamedExpression(text, names).value(at); };
  const auto slope = [&](const std::string& text, std::size_t k) { return NamedExpression(text, names).slope(at, k); };
  CHECK(value("1e1 + e1*n1 - x") == Approx(10 + 0.6 - 7));
  CHECK(value("max(n2, n1) + exp(n2)") == Approx(0.3 + std::exp(-2.5)));
  CHECK(value("n2**2") == Approx(6.25));
  CHECK(value("-n2") == 2.5);
  CHECK(value("3") == 3);
  CHECK(slope("n1*exp(-n2*10*n1)/(1 + x)", 0) == Approx(std::exp(7.5) * (1 + 25 * 0.3) / 8).epsilon(1e-12));
  CHECK(slope("n1*x", 3) == Approx(0.3));
  CHECK(slope("n1*x", 1) == 0);
  CHECK(slope("x", 3) == 1);
  CHECK(std::isnan(value("1/(n1 - n1)")));
  CHECK(std::isnan(slope("1/(n1 - n1)", 0)));
  CHECK(std::isnan(value("log(n2)")));
  CHECK(std::isnan(value("min(n1, exp(1e3*x))")));  // a part is no finite number
  CHECK(std::isnan(value("min(n1, 1/(x - 7))")));
  CHECK_THROWS_WITH(value("n1 + n3"), says("column 6: n3 is not known here"));
  CHECK_THROWS_AS(value("n1 + "), std::invalid_argument);
  CHECK_THROWS_WITH(value("n1 + n1*1/(n1 - n1) * * 2"), says("column 23"));
  CHECK(names_in("n1*exp(n2) + 2e3*n1") == std::vector<std::string>{"n1", "n2"});
}

TEST_CASE("names may stand for parts of expressions, and slopes go through them") {
  const NamedTexts let = {{"sum", "a + b"}, {"square", "sum*sum"}, {"of_a_result", "energy/a"}};
  const std::vector<std::string> names = {"a", "b"};
  const NamedExpression f("square - sum/square", names, let);
  const double s = 0.7 + 1.3;
  CHECK(f.value({0.7, 1.3}) == Approx(s * s - 1 / s));
  CHECK(f.slope({0.7, 1.3}, 0) == Approx(2 * s + 1 / (s * s)));
  CHECK(NamedExpression("sum", names, let).value({1, 2}) == 3);
  CHECK(NamedExpression("a*sum + 0*b", names, let).slope({1, 2}, 1) == 1);
  CHECK(names_in("square*c", let) == std::vector<std::string>{"a", "b", "c"});
  CHECK_THROWS_WITH(NamedExpression("2*of_a_result", names, let), says("column 3: of_a_result is not known here"));
  CHECK_THROWS_WITH(NamedExpression("sum(a)", names, let), says("column 4: sum is a variable, not a function"));
  CHECK_THROWS_WITH(NamedExpression("suma", names, let), says("did you mean sum?"));
}

TEST_CASE("[design.let] names parts of a study's expressions in any order; what is wrong with them is told") {
  const std::string let = "design.let=";
  const auto with = [&](const std::string& table, const std::string& more = "") {
    std::vector<std::string> set = {let + table};
    if (!more.empty()) set.push_back(more);
    return set;
  };
  const Case read = study(with("{twice = \"2*half\", half = \"energy/2\"}", "design.objective=twice - half"));
  REQUIRE(read.design->space.let.size() == 2);
  CHECK(read.design->space.let[0].first == "half");
  const Case again = parse_case(read.resolved, "resolved.toml");
  CHECK(again.design->space.let == read.design->space.let);
  const auto told = [&](const std::string& table) { return sentence_of<CaseError>([&] { study(with(table)); }); };
  CHECK_THAT(told("{a = \"2*b\", b = \"a + 1\"}"), says("[design.let] a = \"2*b\" leads back to itself"));
  CHECK_THAT(told("{energy = \"2\"}"), says("[design.let] energy is the name of a variable or a result"));
  CHECK_THAT(told("{exp = \"2\"}"), says("[design.let] exp cannot stand in expressions"));
  CHECK_THAT(told("{half = \"enrgy/2\"}"), says("[design.let] half = \"enrgy/2\": column 1: enrgy is not known here"));
}

TEST_CASE("what is wrong with an expression is told wherever it stands, also behind a part that is not finite") {
  const std::vector<std::string> known = {"n1", "n2"};
  const auto complaint = [&](const std::string& text) -> std::string {
    try {
      check_expression(text, known);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK(complaint("1/(n1 - n2)") == "accepted");
  CHECK(complaint("log(n1 - n1)") == "accepted");  // only its value will tell
  CHECK(complaint("1/(n1 - n2) + * n1") == "column 15: expected a number, a name, a function or (, found *");
  CHECK(complaint("1/0 + n3") == "column 7: n3 is not known here; did you mean n1?");
  CHECK(complaint("log(-1)*(n1") == "column 12: the expression ends where ) should follow");
  CHECK(complaint("n1 + 1/0") == "column 7: this part is not a finite number");
  CHECK(complaint("n1*max(2, sqrt(-1))") == "column 11: this part is not a finite number");
  CHECK(complaint("1e999*n2") == "column 1: this part is not a finite number");
}

TEST_CASE("slopes of every operation and function agree with central differences") {
  const std::vector<std::string> names = {"a", "b"};
  const std::vector<double> at = {0.7, 1.3};
  for (const std::string text : {"-a",     "a + b",     "a - b*a",   "a*b",         "a/b",
                                 "b/a",    "a**b",      "a**-3",     "2**a",        "pow(b, a)",
                                 "exp(a)", "tanh(a*b)", "cosh(a)",   "sinh(b)",     "sqrt(a)",
                                 "log(a)", "log10(b)",  "sin(a)",    "cos(b)",      "atan(a)",
                                 "erf(a)", "abs(-a)",   "min(a, b)", "max(a*a, b)", "1/(1e-3 + a*(b - 2))**2"}) {
    const NamedExpression f(text, names);
    for (std::size_t k = 0; k < 2; ++k) {
      constexpr double h = 1e-5;
      auto up = at, down = at;
      up[k] += h, down[k] -= h;
      INFO(text << " along " << names[k]);
      CHECK(f.slope(at, k) == Approx((f.value(up) - f.value(down)) / (2 * h)).epsilon(1e-7).margin(1e-9));
    }
  }
}

TEST_CASE("a rival may be one design, and Sobol's points are refused where there are too many variables") {
  const Case read = study({"design.rival=[{name = \"thicker\", set = {\"positive.thickness\" = \"1.2e-4\"}}]"});
  REQUIRE(read.design->rivals.size() == 1);
  CHECK(read.design->rivals[0].variables.empty());
  const auto with = [](int variables, const std::string& sampling) {
    std::string text = small_study, list;
    for (int k = 0; k < variables - 2; ++k) {
      text += fmt::format("[[design.variable]]\nname = \"a{}\"\nlow = 0.2\nhigh = 0.4\nstart = 0.3\n", k);
      list += fmt::format(", \"a{}\"", k);
    }
    return parse_case(text, "case.toml",
                      {"design.set.positive.porosity=[" + list.substr(2) + "]", "design.sampling=" + sampling});
  };
  CHECK(with(41, "sobol").design->space.variables.size() == 41);
  CHECK(with(60, "latin_hypercube").design->space.variables.size() == 60);
  CHECK(sentence_of<CaseError>([&] { with(42, "sobol"); })
            .find("[design] sampling = \"sobol\" has points for at most 41 variables, not 42; write "
                  "\"latin_hypercube\"") != std::string::npos);
}

TEST_CASE("gradings are read, echoed and judged") {
  const auto graded = [](const std::vector<std::string>& more) {
    std::vector<std::string> overrides{
        "design.strategy=gradient", "design.constraints=plating_margin - 0.01 + m/1000",
        "design.grading=[{name = \"m\", electrode = \"positive\", low = 0.1, high = 0.6, filter = \"5 um\", keep = "
        "\"loading\", layers = [2, 7]}]",
        "design.set=", "design.variable="};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return parse_case(small_study, "case.toml", overrides);
  };
  const auto told = [&](const std::string& override) { return sentence_of<CaseError>([&] { graded({override}); }); };
  const Case read = graded({"design.feasible="});
  REQUIRE(read.design->gradings.size() == 1);
  const Grading& g = read.design->gradings.front();
  CHECK_FALSE(g.negative);
  CHECK(g.filter == Approx(5e-6));
  CHECK(g.follows);
  CHECK(g.layers == std::vector<int>{2, 7});
  CHECK(read.design->space.variables.at(g.variable).name == "m");
  CHECK(read.design->space.set.count("positive.thickness") == 1);
  const Case again = parse_case(read.resolved, "case.toml");
  CHECK(again.resolved == read.resolved);
  CHECK(again.design->gradings.front().layers == g.layers);
  const auto whole = [&](const std::string& item) {
    return sentence_of<CaseError>([&] {
      graded({"design.feasible=", "design.grading=[{name = \"m\", low = 0.1, high = 0.6, " + item + "}]"});
    });
  };
  CHECK(whole("keep = \"activ_mass\"").find("active_mass") != std::string::npos);
  CHECK(whole("start = 0.7").find("[design.grading 1] start = 0.7 is outside [0.1, 0.6]") != std::string::npos);
  CHECK(whole("low = 0.2").find("low") != std::string::npos);
  CHECK(whole("mean = \"0.3 + k\"").find("mean = \"0.3 + k\": column 7: k is not known here") != std::string::npos);
  CHECK(whole("filtre = 1e-6").find("Did you mean filter?") != std::string::npos);
  CHECK(told("design.strategy=surrogate")
            .find("strategy = \"surrogate\" cannot choose a porosity for every control "
                  "volume") != std::string::npos);
  CHECK(sentence_of<CaseError>([&] {
          graded({"design.feasible=", "design.set.positive.porosity=m"});
        }).find("is what grading m chooses") != std::string::npos);
  CHECK(sentence_of<CaseError>([&] {
          graded({"design.feasible=", "negative.porosity_field=[[0, 0, 0.3], [2, 0, 0.3]]"});
        }).find("[negative] porosity_field = [2, 0, 0.3] at point 2: xi is outside [0, 1]") != std::string::npos);
}
