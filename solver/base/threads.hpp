#pragma once
/// Independent work on several threads.
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace porelith {

/// work(0), ..., work(n - 1), each once, on up to `threads` threads; the first exception comes back out.
template <class Work>
void for_all(long n, int threads, const Work& work) {
  std::atomic<long> next{0};
  std::exception_ptr failure;
  std::mutex failing;
  const auto worker = [&] {
    for (long k; (k = next++) < n;) try {
        work(k);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(failing);
        if (!failure) failure = std::current_exception();
        next = n;
      }
  };
  std::vector<std::thread> helpers;
  for (long t = 1; t < std::min<long>(threads, n); ++t) helpers.emplace_back(worker);
  worker();
  for (auto& helper : helpers) helper.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace porelith
