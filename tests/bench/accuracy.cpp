/// How true the estimates of accuracy are: the five shipped cells at C/10 to 5C, discharge and charge, as they are,
/// twice as thick and graded, each run on the default mesh as `run` does, against a solve on 480/160/480 cells.
///   bench_accuracy [cell]    the table; of one cell only
#include <cstring>

#include "tests/support/accuracy_table.hpp"

using namespace porelith;

int main(int count, char** words) {
  const Resolution reference{480, 160, 480, 0, 0, 90, 1e-7};
  TableSum sum;
  print_titles();
  for (const Build build : {Build::nominal, Build::thick, Build::graded})
    for (const char* cell : {"lgm50_chen2020", "nmc111_pouch", "kokam_marquis2019", "kokam_ecker2015", "lfp_18650"})
      for (const double rate : {0.1, 1.0 / 3, 1.0, 2.0, 3.0, 5.0})
        for (const int sign : {1, -1})
          if (count < 2 || std::strstr(cell, words[1])) sum.add(table_row(cell, sign * rate, build, reference));
  sum.print();
}
