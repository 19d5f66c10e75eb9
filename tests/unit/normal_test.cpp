/// Normal numbers that are the same on every machine.
#include "solver/base/normal.hpp"

#include "tests/support/catch.hpp"

using namespace porelith;

TEST_CASE("the normal numbers of a seed are those of GCC's library, which studies were made with") {
  NormalNumbers normal(7);  // std::normal_distribution on std::mt19937_64(7), libstdc++ 12
  for (const double value : {0.87269516693547444, -0.97256287765187455, 0.54730999264855151, 1.4551781605998846,
                             -1.6098339155396044, -0.86224828478897253})
    CHECK(normal.next() == Approx(value).epsilon(1e-14));
}

TEST_CASE("normal numbers have the moments of their distribution") {
  NormalNumbers normal(3);
  constexpr int n = 200000;
  double sum = 0, squares = 0, fourth = 0, neighbours = 0, last = 0;
  for (int k = 0; k < n; ++k) {
    const double z = normal.next();
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
    neighbours += z * last;
    last = z;
  }
  CHECK(sum / n == Approx(0).margin(0.01));
  CHECK(squares / n == Approx(1).margin(0.015));
  CHECK(fourth / n == Approx(3).margin(0.12));
  CHECK(neighbours / n == Approx(0).margin(0.01));
}
