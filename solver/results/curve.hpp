#pragma once
/// The curve of a run as a table, curve.csv, written while the run goes: the time, the observables in their order, the
/// step.
#include <string>
#include <vector>

#include "solver/record/curve_row.hpp"

namespace porelith {

inline constexpr const char* step_meaning = "step of the protocol, counting from 1 in the order in which they ran";

/// Appends rows to curve.csv; each row is handed to the system at once, so a killed run keeps all its rows.
class CurveWriter {
 public:
  /// Starts the file with its line of titles. @throws WriteError
  /// @param also Results::also
  explicit CurveWriter(std::string path, const std::vector<std::string>& also = {});
  /// Goes on after `rows`, which replace what the file holds. @throws WriteError
  CurveWriter(std::string path, const std::vector<CurveRow>& rows, const std::vector<std::string>& also = {});
  ~CurveWriter();
  CurveWriter(const CurveWriter&) = delete;
  CurveWriter& operator=(const CurveWriter&) = delete;

  /// @throws WriteError
  void add(const CurveRow& row);
  /// Waits until the disk has it all, and closes. @throws WriteError
  void close();

 private:
  void open(int flags);

  std::string path_;
  std::vector<std::size_t> columns_;  ///< of the observables
  int file_ = -1;
};

/// Reads what CurveWriter wrote; a last line that a crash cut short is left out. Titles may stand in any order.
/// @throws CaseError file, line and column of what is wrong
std::vector<CurveRow> read_curve_csv(const std::string& path);

}  // namespace porelith
