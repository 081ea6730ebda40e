// What the machine can do at best: multiply-adds of single precision in registers, and reading memory; on one
// thread, and on as many as it has. usage: bench_limits
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "bench/programs/outcome.h"

namespace melsweep::bench {
namespace {

constexpr int kRounds = 5;  // the best counts: others may use the machine meanwhile
constexpr std::size_t kAccumulators =
    12;  // more than the latency of a multiply-add times the units there are
constexpr std::size_t kRepetitions = 20'000'000;
constexpr std::size_t kFloatsRead = std::size_t{1} << 26;  // 256 MiB, far beyond any cache

using Work = std::function<void()>;

// Keeps the compiler from leaving out what nobody looks at.
std::atomic<float> g_sink{0.0F};

template <class Vector>
inline __attribute__((always_inline)) float multiply_and_add() {
  Vector sums[kAccumulators] = {};
  // Each another, or the compiler would see that they are one.
  for (std::size_t i = 0; i < kAccumulators; ++i) sums[i] += static_cast<float>(i);
  Vector factor = Vector{} + 0.5F;
  for (std::size_t i = 0; i < kRepetitions; ++i) {
#pragma GCC unroll 16
    for (Vector& sum : sums) {
      sum = sum * factor + factor;
    }
  }
  float total = 0.0F;
  for (const Vector& sum : sums) total += sum[0];
  return total;
}

using Lanes16 = float __attribute__((vector_size(64)));
using UnalignedLanes16 = float __attribute__((vector_size(64), aligned(alignof(float)), may_alias));
using Lanes8 = float __attribute__((vector_size(32)));
using Lanes4 = float __attribute__((vector_size(16)));

#if defined(__x86_64__)
__attribute__((target("avx512f"))) float multiply_and_add_16() {
  return multiply_and_add<Lanes16>();
}
__attribute__((target("avx2,fma"))) float multiply_and_add_8() {
  return multiply_and_add<Lanes8>();
}
#endif
float multiply_and_add_4() {
  return multiply_and_add<Lanes4>();
}

struct MultiplyAdd {
  float (*run)();
  std::size_t lanes;
};

MultiplyAdd widest() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return {multiply_and_add_16, 16};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {multiply_and_add_8, 8};
#endif
  return {multiply_and_add_4, 4};
}

// Of `rounds` runs of the work on so many threads at once, the quickest.
Seconds best_time(unsigned threads, const Work& work) {
  Seconds best = Seconds::max();
  for (int round = 0; round < kRounds; ++round) {
    const Stopwatch watch;
    std::vector<std::jthread> running;
    for (unsigned i = 0; i < threads; ++i) running.emplace_back(work);
    running.clear();
    best = std::min(best, watch.elapsed());
  }
  return best;
}

double gflops(unsigned threads) {
  const MultiplyAdd kernel = widest();
  const double operations = 2.0 * static_cast<double>(kernel.lanes * kAccumulators * kRepetitions) * threads;
  return operations / best_time(threads, [&] { g_sink += kernel.run(); }).count() / 1e9;
}

// What `threads` threads read together of one array.
double gigabytes_per_second(unsigned threads, const std::vector<float>& array) {
  std::atomic<std::size_t> next = 0;
  const std::size_t share = array.size() / threads;
  const Work work = [&] {
    const std::size_t begin = next++ % threads * share;
    Lanes16 sums[4] = {};
    for (std::size_t i = begin; i + 64 <= begin + share; i += 64) {
      for (std::size_t lane = 0; lane < 4; ++lane) {
        sums[lane] += *reinterpret_cast<const UnalignedLanes16*>(&array[i + 16 * lane]);
      }
    }
    g_sink += (sums[0] + sums[1] + sums[2] + sums[3])[0];
  };
  return static_cast<double>(share * threads * sizeof(float)) / best_time(threads, work).count() / 1e9;
}

void run() {
  const Stopwatch watch;
  const unsigned all = std::max(1U, std::thread::hardware_concurrency());
  const std::vector<float> array(kFloatsRead, 1.0F);
  const Figures figures = {{"f32_gflops_one_thread", gflops(1)},
                           {"f32_gflops_all_threads", gflops(all)},
                           {"read_gb_s_one_thread", gigabytes_per_second(1, array)},
                           {"read_gb_s_all_threads", gigabytes_per_second(all, array)}};
  tell(watch.elapsed(), figures);
}

}  // namespace
}  // namespace melsweep::bench

int main() {
  melsweep::bench::run();
  return 0;
}
