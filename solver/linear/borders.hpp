#pragma once
/// The borders of a system or of its transpose: products with them, and their elimination by solves with the cells'
/// part alone. Arrays hold one value an unknown of an own cell.
#include <functional>
#include <vector>

#include "solver/base/team.hpp"
#include "solver/linear/block_system.hpp"

namespace porelith {

/// What unknowns and equations of the cells count against each other; borders stay as they are.
template <class Unknowns>
struct ScalesOf {
  ValuesOf<Unknowns> unknown = ones(), equation = ones();

  static constexpr ValuesOf<Unknowns> ones() {
    ValuesOf<Unknowns> all{};
    for (double& value : all) value = 1;
    return all;
  }
};

/// x += u[k] times the column of border k; of the transpose, the row of its equation.
template <class Unknowns>
void add_borders(const BlockSystemOf<Unknowns>& system, const ScalesOf<Unknowns>& scales, int cells, Form form,
                 const double* u, double* x);
/// sums[k] = row of border k times x; of the transpose, its column. Collective.
template <class Unknowns>
void borders_times(const BlockSystemOf<Unknowns>& system, const ScalesOf<Unknowns>& scales, int cells, Form form,
                   const double* x, const Team& team, double* sums);
/// sums += the corner, or its transpose, times u
template <class Unknowns>
void add_corner(const BlockSystemOf<Unknowns>& system, Form form, const double* u, double* sums);

/// x = J^-1 (f - B u), (C - R J^-1 B) u = g - R J^-1 f for [J B; R C] and the same of its transpose.
template <class Unknowns>
class BorderEliminationOf {
 public:
  using System = BlockSystemOf<Unknowns>;
  using Scales = ScalesOf<Unknowns>;
  /// @param solve x <- inverse of the cells' part of the form times x
  /// @param system lives as long. Collective.
  void make(const System& system, const Scales& scales, int cells, Form form, const Team& team,
            const std::function<void(double* x)>& solve);
  /// The same in two parts, between which whoever solves more puts the inverse times B in place of B.
  std::vector<std::vector<double>>& begin(const System& system, const Scales& scales, int cells, Form form,
                                          const Team& team);
  void complete();
  /// From x = J^-1 f and u = g to the solution. Collective. @return false if it is singular
  bool finish(double* x, double* u);
  void forget() { system_ = nullptr; }
  bool made() const { return system_ != nullptr; }

 private:
  void factor();

  const System* system_ = nullptr;
  Scales scales_;
  int cells_ = 0;
  Form form_ = Form::plain;
  Team team_ = Team::alone();
  std::vector<std::vector<double>> responses_;  ///< J^-1 B
  std::vector<double> schur_, sums_;            ///< the factors L and U, row by row
  std::vector<int> pivots_;                     ///< the row that each one was swapped with
};

}  // namespace porelith
