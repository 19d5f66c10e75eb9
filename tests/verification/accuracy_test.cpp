/// Estimates of accuracy against the truth; all of the table is in bench_accuracy.
#include "tests/support/accuracy_table.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

TEST_CASE("the true error of a run is at most its estimate, and refined runs are as exact as asked for") {
  const Resolution reference{320, 80, 320, 0, 0, 60, 1e-7};
  const struct {
    const char* cell;
    double rate;
    Build build;
  } cases[] = {
      {"lgm50_chen2020", 0.1, Build::nominal},   {"lgm50_chen2020", 1, Build::nominal},
      {"lgm50_chen2020", -1, Build::graded},     {"lgm50_chen2020", 3, Build::nominal},
      {"lgm50_chen2020", -3, Build::nominal},    {"lgm50_chen2020", -5, Build::nominal},
      {"nmc111_pouch", 1.0 / 3, Build::nominal}, {"nmc111_pouch", 2, Build::thick},
      {"nmc111_pouch", -2, Build::thick},        {"nmc111_pouch", 5, Build::nominal},
      {"nmc111_pouch", -5, Build::graded},       {"kokam_marquis2019", 1, Build::nominal},
      {"kokam_marquis2019", -2, Build::thick},   {"kokam_marquis2019", 3, Build::thick},
      {"kokam_marquis2019", 5, Build::graded},   {"kokam_ecker2015", 1, Build::graded},
      {"kokam_ecker2015", -3, Build::nominal},   {"kokam_ecker2015", 5, Build::nominal},
      {"lfp_18650", -0.1, Build::thick},         {"lfp_18650", 1, Build::nominal},
      {"lfp_18650", -3, Build::nominal},         {"lfp_18650", 5, Build::nominal},
  };
  TableSum sum;
  print_titles();
  for (const auto& c : cases) {
    const TableRow row = table_row(c.cell, c.rate, c.build, reference);
    INFO(row.what << ": " << row.judgement.verdict);
    CHECK(row.judged);
    CHECK(row.judgement.work <= most_work);
    if (row.judgement.within) CHECK(row.truth.end <= usual_accuracy);
    if (row.judgement.within) CHECK(row.truth.voltage <= usual_accuracy);
    sum.add(row);
  }
  sum.print();
  CHECK(sum.holding >= 0.95 * sum.rows);
}
