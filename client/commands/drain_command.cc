#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "client/commands/results_source.h"
#include "client/commands/retry_talk.h"
#include "client/commands/verbs.h"
#include "client/commands/worker_choice.h"
#include "client/local/interrupt.h"
#include "client/remote/remote_results.h"
#include "client/remote/remote_sweeps.h"
#include "shared/time/clock.h"

namespace melsweep::commands {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookInterval{500};
constexpr milliseconds kUnreachablePatience{60'000};

struct DrainOptions {
  CoordinatorOptions coordinator;
  std::string worker;
  bool wait = false;
};

bool is_alive(const std::vector<results::WorkerSummary>& workers, const WorkerId& id) {
  return std::any_of(workers.begin(), workers.end(),
                     [&](const results::WorkerSummary& worker) { return worker.id == id && worker.alive; });
}

// A coordinator that is away may be restarting. Cancelled: interrupted.
absl::Status wait_until_gone(results::Results& results, const WorkerId& worker) {
  local::InterruptWatch interrupt;
  const SystemClock clock;
  MonotonicTime last_answer = clock.now().monotonic;
  while (true) {
    const auto workers = results.workers();
    const MonotonicTime now = clock.now().monotonic;
    if (workers.ok()) {
      last_answer = now;
      if (!is_alive(*workers, worker)) return absl::OkStatus();
    } else if (!absl::IsUnavailable(workers.status()) || now - last_answer > kUnreachablePatience) {
      return workers.status();
    }
    if (interrupt.wait_for(kLookInterval) > 0) return absl::CancelledError("interrupted");
  }
}

int drain(const DrainOptions& options) {
  const remote::CoordinatorAddress coordinator = options.coordinator.address();
  const auto results = remote::connect_results(coordinator);
  if (!results.ok()) return report_error(results.status());
  const auto workers = (*results)->workers();
  if (!workers.ok()) return report_error(workers.status());
  const auto worker = choose_worker(*workers, options.worker);
  if (!worker.ok()) return report_error(worker.status());
  const absl::Status status =
      remote::drain_worker(coordinator, *worker, sleep_and_say_so(coordinator.target));
  if (!status.ok()) return report_error(status);
  std::cerr << "worker " << worker->value << " is to give back what it does and to leave\n";
  if (!options.wait) return 0;
  if (const absl::Status gone = wait_until_gone(**results, *worker); !gone.ok()) return report_error(gone);
  std::cerr << "it has left\n";
  return 0;
}

}  // namespace

void add_drain_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("drain", "Have a worker give back what it does and leave");
  auto options = std::make_shared<DrainOptions>();
  verb->add_option("WORKER", options->worker, "A worker's id, or its name where no other has the same")
      ->required();
  add_coordinator_options(*verb, options->coordinator);
  verb->add_flag("--wait", options->wait,
                 "Wait until it holds nothing and was not heard of for as long as a lease lasts");
  verb->callback([options, &exit_code] { exit_code = drain(*options); });
}

}  // namespace melsweep::commands
