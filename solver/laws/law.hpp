#pragma once
/// A law: a property as a function of one variable x, c_e or a stoichiometry, and the temperature T. One law a file;
/// registry.cpp lists all, `tests/unit/laws_test.cpp` loops over them. Symbols as in EQUATIONS.md.
#include <memory>
#include <string>
#include <vector>

#include "solver/text/range.hpp"

namespace porelith {

/// What is to be said of a law beside its numbers.
struct LawFacts {
  std::string symbol;         ///< "D_e"
  std::string unit;           ///< of the value, "m2 s-1"
  std::string argument;       ///< x: "c_e" or "sto"
  std::string argument_unit;  ///< "mol m-3" or "1"
  std::string meaning;        ///< a clause for people
  std::string citation;
};

/// A law at one temperature, whose factors are at hand: cheap to make, immutable, safe to share.
class LawAt {
 public:
  virtual ~LawAt() = default;
  /// Value and slope by x at n points.
  virtual void evaluate(int n, const double* x, double* value, double* by_x) const = 0;
  /// The same with the slope by T.
  virtual void evaluate(int n, const double* x, double* value, double* by_x, double* by_T) const = 0;
};

class Law {
 public:
  virtual ~Law() = default;
  virtual LawFacts facts() const = 0;
  virtual std::shared_ptr<const LawAt> at(double T) const = 0;
  /// Of x, where the law is known
  virtual Range range() const = 0;
  /// Does it not depend on x?
  virtual bool is_constant() const = 0;
  /// Where the slope by x jumps, rising
  virtual std::vector<double> kinks() const { return {}; }
};

using LawPointer = std::shared_ptr<const Law>;

}  // namespace porelith
