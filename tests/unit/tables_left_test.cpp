/// Laws used beyond their tables by the solves of a study.
#include "surrogate/dataset/tables_left.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "surrogate/dataset/journal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_campaign.hpp"

using namespace porelith;

namespace {

/// The small study with a diffusivity that is known from 1000 mol/m3, where every run begins, to 1100 only.
std::string study() {
  std::string text = small_study;
  return text.insert(text.find("[mesh]"), "[electrolyte]\ndiffusivity = { x = [1000, 1100], y = [3e-10, 2.9e-10] }\n");
}

}  // namespace

TEST_CASE("samples that left a table are counted, and how far they went is what the results say") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path(), study());
  const Dataset data = run_campaign(space, small_campaign(scratch / "campaign", 8));
  const auto scalar = [](const Sample& sample, const std::string& name) {
    for (std::size_t k = 0; k < scalar_results().size(); ++k)
      if (scalar_results()[k].name == name) return sample.scalars[k];
    return std::nan("");
  };
  double least = 1000, greatest = 1100;
  for (const Sample& sample : data.samples) {
    REQUIRE(sample.left_tables.size() == 1);
    const LeftTable& left = sample.left_tables.front();
    CHECK(left.salt);
    CHECK(left.low == scalar(sample, "c_e_min"));
    const double c_e_max = scalar(sample, "c_e_max");
    if (c_e_max > 1100)
      CHECK(left.high == c_e_max);
    else
      CHECK(std::isnan(left.high));
    least = std::min(least, left.low), greatest = std::max(greatest, c_e_max);
  }
  REQUIRE(greatest > 1100);
  const std::string law = "Electrolyte / Diffusivity [m2.s-1], a table from 1000 to 1100 mol.m-3",
                    reach = fmt::format("c_e went down to {:.4g} mol.m-3, up to {:.4g} mol.m-3", least, greatest);
  CHECK(tables_left(data.samples, "samples") ==
        std::vector<std::string>{"8 of 8 samples used " + law +
                                 ", beyond its points, where it stays at its end values: " + reach + " at most"});
  const std::vector<LeftTable> all = widest({&data.samples[0].left_tables, &data.samples[1].left_tables});
  REQUIRE(all.size() == 1);
  CHECK(all[0].low == std::min(data.samples[0].left_tables[0].low, data.samples[1].left_tables[0].low));

  // They come back from the journal and from the dataset.
  const auto journal = read_journal(scratch / "campaign/rank_0.journal");
  const Dataset read = Dataset::read(scratch / "campaign/dataset.h5");
  REQUIRE(journal.samples.size() == 8);
  REQUIRE(read.samples.size() == 8);
  for (std::size_t k = 0; k < 8; ++k) {
    CHECK(same_tables(read.samples[k].left_tables, data.samples[k].left_tables));
    const auto same = [&](const Sample& s) { return s.index == data.samples[k].index; };
    const auto found = std::find_if(journal.samples.begin(), journal.samples.end(), same);
    REQUIRE(found != journal.samples.end());
    CHECK(same_tables(found->left_tables, data.samples[k].left_tables));
  }
}

TEST_CASE("nothing is told of samples that stay within all tables; one design is told by itself") {
  const Scratch scratch;
  const DesignSpace space = small_space(scratch.path());
  const Sample inside = space.solve(0, space.start());
  CHECK(inside.status == "complete");
  CHECK(tables_left({inside}, "samples").empty());
  CHECK(tables_left("optimum", inside.left_tables).empty());
  const std::vector<LeftTable> left{{"A law, a table from 0 to 1 of stoichiometry", false, std::nan(""), 1.02},
                                    {"B law, a table from 500 to 1500 mol.m-3", true, 2.5, std::nan("")}};
  CHECK(tables_left("optimum", left) ==
        "the optimum itself leaves its tables, of A law, a table from 0 to 1 of stoichiometry: the stoichiometry at "
        "the surface went up to 1.02; and of B law, a table from 500 to 1500 mol.m-3: c_e went down to 2.5 mol.m-3");
}
