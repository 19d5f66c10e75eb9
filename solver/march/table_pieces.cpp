#include "solver/march/table_pieces.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace porelith {

namespace {
constexpr double straight = 1e-12;  ///< how far a row may lie off a piece, of the table's largest value
}

TablePieces::TablePieces(const DriveTable& table) : table_(table) {
  for (const double value : table.value) largest_ = std::max(largest_, std::abs(value));
}

int TablePieces::end_of(int row) const {
  const auto& t = table_.time;
  const auto& v = table_.value;
  // The slopes of all lines from `row` that miss no row so far.
  double least = -std::numeric_limits<double>::infinity(), most = -least;
  int end = row;
  for (int k = row + 1; k < rows() && t[k] > t[k - 1]; ++k) {
    const double dt = t[k] - t[row], slope = (v[k] - v[row]) / dt, room = straight * largest_ / dt;
    if (slope < least || slope > most) break;
    least = std::max(least, slope - room), most = std::min(most, slope + room);
    end = k;
  }
  return end;
}

Drive TablePieces::drive(int row, double t) const {
  const int end = end_of(row);
  return {table_.quantity, table_.value[row], table_.value[end], t + table_.time[row], t + table_.time[end], true};
}

bool TablePieces::jumps(int row) const {
  return row > 0 && table_.time[row] == table_.time[row - 1] &&
         std::abs(table_.value[row] - table_.value[row - 1]) > straight * largest_;
}

int TablePieces::piece_from(int row) const {
  while (row + 1 < rows() && table_.time[row + 1] == table_.time[row]) ++row;
  return row + 1 < rows() ? row : rows();
}

}  // namespace porelith
