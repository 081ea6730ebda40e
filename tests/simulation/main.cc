// simulate --seed N [--seeds COUNT] [--trials 20] [--verbose]
// Runs whole sweeps in virtual time. Exit code: 0 all well, 1 an invariant was violated (what to say is
// said), 2 usage.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>

#include "tests/simulation/world.h"

namespace melsweep::simulation {
namespace {

constexpr std::size_t kShownEntries = 60;

struct Request {
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;
  int trials = 20;
  bool verbose = false;
};

void print(const TraceEntry& entry) {
  std::printf("%s\n", to_text(entry).c_str());
}

// False where an invariant was violated.
bool simulate(const Request& request, std::uint64_t seed) {
  WorldOptions options;
  options.seed = seed;
  options.trials = request.trials;
  if (request.verbose) options.on_trace = print;
  World world(options);
  const Outcome outcome = world.run();
  if (outcome.violation) {
    if (!request.verbose) {
      for (const TraceEntry& entry : world.trace().latest(kShownEntries)) print(entry);
    }
    std::printf(
        "seed %llu: VIOLATED: %s\n(the whole story: tests/simulate --trials %d --seed %llu --verbose)\n",
        static_cast<unsigned long long>(seed), outcome.violation->c_str(), request.trials,
        static_cast<unsigned long long>(seed));
  } else if (request.seeds == 1) {
    std::printf("seed %llu: well, %llu steps, trace %016llx\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(outcome.steps),
                static_cast<unsigned long long>(outcome.trace_hash));
  }
  return !outcome.violation;
}

int run(const Request& request) {
  const std::clock_t start = std::clock();
  for (std::uint64_t i = 0; i < request.seeds; ++i) {
    if (!simulate(request, request.seed + i)) return 1;
  }
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  if (request.seeds > 1) {
    std::printf("%llu seeds well, %.0f a minute of one processor\n",
                static_cast<unsigned long long>(request.seeds),
                60.0 * static_cast<double>(request.seeds) / seconds);
  }
  return 0;
}

}  // namespace
}  // namespace melsweep::simulation

int main(int argc, char** argv) {
  melsweep::simulation::Request request;
  CLI::App app{"Whole sweeps in virtual time, with everything that can go wrong"};
  app.add_option("--seed", request.seed, "The first seed");
  app.add_option("--seeds", request.seeds, "How many seeds, one after the other");
  app.add_option("--trials", request.trials, "Trials of each sweep")->check(CLI::PositiveNumber);
  app.add_flag("--verbose", request.verbose, "Tell all that happens");
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::off);
  return melsweep::simulation::run(request);
}
