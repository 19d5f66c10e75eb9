#pragma once
/// Texts damaged at random, and the loop that has a reader take them: for the fuzzers of readers of texts.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include "solver/base/error.hpp"

namespace porelith {

using Generator = std::mt19937_64;

inline std::size_t below(Generator& random, std::size_t n) {
  return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
}

/// One to four damages: a byte changes, up to `longest` go, come twice or give way to a piece, the end is lost.
/// @param pieces that are likely to mean something to the reader
inline std::string damaged(Generator& random, std::string text, const std::vector<std::string>& pieces,
                           std::size_t longest) {
  for (std::size_t left = 1 + below(random, 4); left > 0 && !text.empty(); --left) {
    const std::size_t at = below(random, text.size()), length = 1 + below(random, longest);
    switch (below(random, 7)) {
      case 0:
        text[at] = static_cast<char>(below(random, 256));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, pieces[below(random, pieces.size())]);
        break;
      case 3:
        text.insert(below(random, text.size()), text.substr(at, length));
        break;
      case 4:
        text.resize(at);
        break;
      case 5:
        text.replace(at, length, pieces[below(random, pieces.size())]);
        break;
      default:
        text.replace(at, 1, std::to_string(static_cast<long>(random())));
        break;
    }
  }
  return text;
}

/// Arguments: [MUTANTS [SEED]]. Makes mutants and tries each. @return the exit code: 1 after the first that is wrong
/// @param attempt returns what is wrong with what was read, "" if nothing; a CaseError with a sentence is as good
template <class Mutant, class Attempt>
int fuzz(int argc, char** argv, const Mutant& mutant, const Attempt& attempt) {
  const long mutants = argc > 1 ? std::atol(argv[1]) : 100000;
  Generator random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  long read = 0, refused = 0;
  for (long i = 0; i < mutants; ++i) {
    const std::string text = mutant(random);
    std::string trouble;
    try {
      trouble = attempt(text, random);
      ++read;
    } catch (const CaseError& error) {
      if (error.problems().empty()) trouble = "refused without a sentence";
      ++refused;
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    if (trouble.empty()) continue;
    std::printf("mutant %ld: %s\n%s\n", i, trouble.c_str(), text.c_str());
    return 1;
  }
  std::printf("%ld mutants: %ld refused with a sentence, %ld read\n", mutants, refused, read);
  return 0;
}

}  // namespace porelith
