// bench_dispatch: workers in one process that do nothing with the trials they are given, as fast as they can,
// until so many have finished. Then it prints one JSON object: trials, seconds (from the first trial handed
// out to the last end acknowledged), heartbeats, longest_heartbeat_ms.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/dispatch/noop_worker.h"

namespace {

using melsweep::bench::FinishedTrials;
using melsweep::bench::NoopWorker;

// Every address of 127.0.0.0/8 is this machine: with one each, no two workers share a connection.
std::string address_of(int worker, int port) {
  return absl::StrCat("127.0.", 1 + worker / 250, ".", 1 + worker % 250, ":", port);
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Workers whose trials do nothing");
  int port = 0;
  int agents = 8;
  melsweep::bench::NoopTrials noop;
  std::int64_t trials = 0;
  app.add_option("--port", port, "of the coordinator, which listens on all of this machine's addresses")
      ->required();
  app.add_option("--agents", agents, "how many workers")->check(CLI::Range(1, 10'000));
  app.add_option("--metric-points", noop.metric_points, "that each trial reports")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--max-group", noop.max_group, "trials that a worker takes at once")
      ->check(CLI::Range(1, 1'000));
  app.add_option("--trials", trials, "how many will finish")->required()->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  spdlog::set_default_logger(spdlog::stderr_logger_mt("bench_dispatch"));  // standard output is the result's
  spdlog::set_level(spdlog::level::warn);

  FinishedTrials finished(trials);
  std::vector<std::unique_ptr<NoopWorker>> workers;
  for (int i = 0; i < agents; ++i) {
    workers.push_back(std::make_unique<NoopWorker>(
        address_of(i, port), melsweep::WorkerId{absl::StrCat("worker-", i)}, noop, finished));
  }
  const std::chrono::milliseconds took = finished.wait_for_all();
  for (const auto& worker : workers) worker->leave();
  for (const auto& worker : workers) worker->join();
  std::int64_t heartbeats = 0;
  std::chrono::milliseconds longest{0};
  for (const auto& worker : workers) {
    for (const std::chrono::milliseconds heartbeat : worker->heartbeats()) {
      ++heartbeats;
      longest = std::max(longest, heartbeat);
    }
  }
  std::cout << nlohmann::json{{"trials", trials},
                              {"seconds", 0.001 * static_cast<double>(took.count())},
                              {"processor_seconds", processor_seconds()},
                              {"heartbeats", heartbeats},
                              {"longest_heartbeat_ms", longest.count()}}
                   .dump()
            << "\n";
}
