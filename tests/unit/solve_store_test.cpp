/// What the solver has answered is found again, whatever happened to the file in between.
#include "surrogate/design/solve_store.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <random>

#include "solver/base/error.hpp"
#include "surrogate/design/solver_search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/small_campaign.hpp"

using namespace porelith;

namespace {

/// The answer to design k: some numbers, a status of its own length, not-a-numbers where it failed.
Sample answer(long k) {
  Sample sample;
  sample.index = k;
  sample.x = {std::sin(k), 1.0 / (k + 1)};
  const bool good = k % 5 != 3;
  sample.status = good ? "complete" : "failed: " + std::string(static_cast<std::size_t>(k % 17), 'x');
  for (int i = 0; i < 11; ++i) sample.scalars.push_back(good ? std::cos(k + i) : std::nan(""));
  for (int i = 0; i < curve_points; ++i) sample.curve.push_back(good ? 4 - 0.01 * i - 1e-3 * k : std::nan(""));
  sample.seconds = 1e-3 * k;
  sample.newton = 100 + k;
  if (k % 3 == 1) sample.left_tables = {{"D_e, a table", true, std::nan(""), 1500.0 + k}, {"U", false, 0.01, 0.9}};
  return sample;
}

/// Physics that knows answer(index) and counts how often it is asked.
struct Formula {
  long asked = 0;
  Physics physics() {
    Physics p;
    p.solve = [this](long index, const std::vector<double>&, double) {
      ++asked;
      return answer(index);
    };
    return p;
  }
};

/// Asks a store for designs 0 ... n-1; every answer must be the truth. @return how many the store had to ask for
long ask(const std::string& path, int n, const std::string& stamp = "case") {
  SolveStore store(path, stamp);
  Formula formula;
  const Physics physics = store.remembering(formula.physics(), "family");
  for (int k = 0; k < n; ++k) REQUIRE(same_sample(physics.solve(k, answer(k).x, 1), answer(k)));
  return formula.asked;
}

}  // namespace

TEST_CASE("a design is solved once: not again in the session, not in the next one") {
  const Scratch scratch;
  const std::string path = scratch / "answers.journal";
  {
    SolveStore store(path, "case");
    CHECK(store.found() == 0);
    Formula formula;
    const Physics physics = store.remembering(formula.physics(), "family");
    for (int k = 0; k < 20; ++k) physics.solve(k % 10, answer(k % 10).x, 1);
    CHECK(formula.asked == 10);
    physics.solve(3, answer(3).x, 2);  // another mesh is another question
    store.remembering(formula.physics(), "rival").solve(3, answer(3).x, 1);
    CHECK(formula.asked == 12);
    CHECK_THROWS_WITH(SolveStore(path, "case"), says("another program is at work on this study"));
  }
  CHECK(SolveStore(path, "case").found() == 12);
  CHECK(ask(path, 12) == 2);
  CHECK(ask(path, 12, "another case") == 12);
}

TEST_CASE("what a search on several threads tried in vain is not booked: the count is that of one thread") {
  std::vector<long> booked;
  for (const int threads : {1, 2, 3}) {
    Physics waves;
    waves.family = {"waves", {{"a", 0, 1, false, false, 0.5}, {"b", 0, 1, false, false, 0.5}}, {}, {}};
    waves.threads = threads;
    waves.infeasible = [](const std::vector<double>&) { return std::string(); };
    waves.solve = [](long index, const std::vector<double>& x, double) {
      Sample s{index, x, "complete", std::vector<double>(scalar_results().size(), 0.0), {}, 0.001, 1};
      s.scalars[0] = std::sin(9 * x[0]) * std::cos(7 * x[1]) + x[0];
      return s;
    };
    Design design;
    design.objective = scalar_results()[0].name;
    SolveStore store("", "case");
    SolverSearchOptions options;
    options.budget = 150;
    const SolverSearch found = search_on_solver(Goal(design, waves.family), store.remembering(waves, ""), options);
    CHECK(found.solves == 150);
    booked.push_back(store.given());
  }
  CHECK(booked[0] > 100);
  CHECK(booked[1] == booked[0]);
  CHECK(booked[2] == booked[0]);
}

TEST_CASE("a store without a file remembers for its own life, and one that cannot be written says so") {
  CHECK(ask("", 5) == 5);
  CHECK_THROWS_WITH(SolveStore("/proc/no/such/folder/answers.journal", "case"), says("cannot write /proc/no/such"));
}

TEST_CASE("answers cut off anywhere are all there up to the cut, and the rest is asked for again") {
  const Scratch scratch;
  const std::string path = scratch / "answers.journal";
  CHECK(ask(path, 6) == 6);
  const std::string whole = file_text(path);
  long last = 6;
  for (std::size_t size = whole.size(); size-- > 0;) {
    if (size % 7 != 0 && size > 60) continue;
    write_text(path, whole.substr(0, size));
    const long asked = ask(path, 6);
    CHECK(asked >= 1);
    CHECK(asked >= 6 - last);
    last = 6 - asked;
    REQUIRE(file_text(path) == whole);  // made good again
  }
  CHECK(last == 0);
}

TEST_CASE("a flipped bit anywhere never becomes an answer") {
  const Scratch scratch;
  const std::string path = scratch / "answers.journal";
  ask(path, 8);
  const std::string whole = file_text(path);
  std::mt19937 random(11);
  int lost = 0;
  for (int k = 0; k < 600; ++k) {
    std::string damaged = whole;
    const int flips = 1 + static_cast<int>(random() % 3);
    for (int i = 0; i < flips; ++i) damaged[random() % damaged.size()] ^= static_cast<char>(1u << (random() % 8));
    write_text(path, damaged);
    lost += ask(path, 8) > 0 ? 1 : 0;
  }
  CHECK(lost > 590);  // two flips of one bit undo each other, else each is noticed
}

TEST_CASE("kill -9 loses no answer that was given") {
  const Scratch scratch;
  const std::string path = scratch / "answers.journal";
  std::mt19937 random(3);
  long given = 0;
  for (int kill_number = 0; kill_number < 20; ++kill_number) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
      SolveStore store(path, "case");
      Formula formula;
      const Physics physics = store.remembering(formula.physics(), "family");
      for (long k = 0;; ++k) {
        physics.solve(k, answer(k).x, 1);
        if (k >= given && write(ends[1], "x", 1) != 1) _exit(1);
      }
    }
    close(ends[1]);
    char mark;
    const long before = given, enough = given + 6 + static_cast<long>(random() % 20);
    while (given < enough && read(ends[0], &mark, 1) == 1) ++given;  // however slow the machine is
    usleep(static_cast<useconds_t>(random() % 500));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(ends[0], &mark, 1) == 1) ++given;
    CHECK(given > before);
    close(ends[0]);
    const SolveStore store(path, "case");
    CHECK(store.found() >= given);
    CHECK(store.found() <= given + 1);  // killed between the write and its report
    given = store.found();
  }
  CHECK(given > 100);
  CHECK(ask(path, static_cast<int>(given)) == 0);
}
