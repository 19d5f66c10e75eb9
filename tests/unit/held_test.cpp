/// A value behind a pointer.
#include "solver/base/held.hpp"

#include <vector>

#include "tests/support/catch.hpp"

namespace {

struct Later;

/// Copied, moved and destroyed where nobody knows what it holds.
struct Holder {
  porelith::Held<Later> held;
};

Holder copy_of(const Holder& holder) { return holder; }
void assign(Holder& to, const Holder& from) { to = from; }
void swap_them(Holder& a, Holder& b) { std::swap(a, b); }

int alive = 0;

struct Later {
  explicit Later(int n = 7) : numbers{n} { ++alive; }
  Later(const Later& other) : numbers(other.numbers) { ++alive; }
  ~Later() { --alive; }
  std::vector<int> numbers;
};

}  // namespace

TEST_CASE("a copy of a held value is its own, and each goes when its holder goes") {
  {
    Holder first{{}}, second = copy_of(first);
    CHECK(alive == 2);
    second.held->numbers[0] = 8;
    CHECK(first.held->numbers[0] == 7);
    assign(first, second);
    CHECK((*first.held).numbers[0] == 8);
    first.held->numbers[0] = 9;
    swap_them(first, second);
    CHECK(first.held->numbers[0] == 8);
    CHECK(second.held->numbers[0] == 9);
    second.held = Later{10};
    CHECK(second.held->numbers[0] == 10);
    CHECK(alive == 2);
  }
  CHECK(alive == 0);
}
