#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/path_option.h"
#include "client/commands/results_source.h"
#include "client/commands/retry_talk.h"
#include "client/commands/sweep_file.h"
#include "client/commands/verbs.h"
#include "client/commands/watching.h"
#include "client/local/local_cluster.h"
#include "client/local/temporary_file.h"
#include "client/output/result_tables.h"
#include "client/output/terminal.h"
#include "client/remote/remote_results.h"
#include "client/remote/remote_sweeps.h"
#include "shared/files/places.h"
#include "shared/net/address.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::commands {
namespace {

struct RunOptions {
  SweepFileOptions file;
  std::string database = files::default_database().string();
  std::string data_dir = files::default_worker_dir().string();
  int workers = 0;             // 0 = chosen by default_workers()
  std::string metrics_listen;  // empty = nowhere
};

int processors() {
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

// A head trains on one thread, so a worker a processor keeps them all busy; a network trains on all of them
// by itself.
int default_workers(const Study& study) {
  const auto trains_network = [](const SweepSpec& sweep) {
    return sweep.base.model.trainable.kind != TrainableKind::kHead ||
           std::any_of(sweep.parameters.begin(), sweep.parameters.end(),
                       [](const ParameterAxis& axis) { return axis.path == "model.trainable"; });
  };
  const bool network = std::any_of(study.sweeps.begin(), study.sweeps.end(), trains_network);
  return network ? 1 : std::min(processors(), 8);
}

// Looks at data and weights before anything is written: the trainer's exit code. It gets the sweep as it was
// read: the file may be a pipe, or another one by now.
int check_data(const RunOptions& options, const Study& study, local::InterruptWatch& interrupt) {
  const auto file = local::TemporaryFile::create(spec::to_yaml(study));
  if (!file.ok()) return report_error(file.status());
  auto trainer = local::ChildProcess::start(
      local::sibling_program("melsweep-trainer"),
      {"prepare", "--sweep", file->path().string(), "--data-dir", options.data_dir});
  if (!trainer.ok()) return report_error(trainer.status());
  while (!trainer->poll()) {
    if (interrupt.wait_for(std::chrono::milliseconds(20)) > 0) return 2;
  }
  const local::ExitStatus status = trainer->wait();
  if (status.signal == 0) return status.code;
  return report_error(absl::InternalError("melsweep-trainer prepare ended with " + status.to_string()));
}

void print_where(const RunOptions& options, results::Results& results, SweepId sweep) {
  if (const auto best = results.best(sweep); best.ok()) {
    std::cerr << "best: trial " << best->number << ", " << output::parameters_text(best->parameters)
              << ", its checkpoint " << best->checkpoint << "\n";
  }
  std::cerr << "results: " << options.database << "\n"
            << "  sqlite3 -header -column " << options.database << " 'select * from best_run'\n"
            << "  melsweep classes " << sweep.value << " --db " << options.database << "\n";
}

// Sweeps that earlier runs left, and what can be done about them.
void print_unfinished(const RunOptions& options, results::Results& results,
                      const std::vector<SweepId>& ours) {
  const auto sweeps = results.sweeps();
  if (!sweeps.ok()) return;  // only a remark
  for (const results::SweepSummary& sweep : *sweeps) {
    if (std::find(ours.begin(), ours.end(), sweep.id) != ours.end() || has_ended(sweep.state)) continue;
    std::cerr << "sweep " << sweep.id.value << " '" << output::printable(sweep.name)
              << "' is unfinished in this database: it "
              << (sweep.paused ? "is paused" : "runs after this one") << "; cancel it with: melsweep cancel "
              << sweep.id.value << " --db " << options.database << "\n";
  }
}

// Whoever runs a sweep wants it to go on.
absl::Status resume_paused(const remote::CoordinatorAddress& coordinator, results::Results& results,
                           SweepId id) {
  const auto sweep = results.sweep(absl::StrCat(id.value));
  if (!sweep.ok() || !sweep->paused) return sweep.status();
  std::cerr << "sweep " << id.value << " was paused; going on with it\n";
  return remote::resume_sweep(coordinator, id, sleep_and_say_so(coordinator.target));
}

int run_on(local::LocalCluster& cluster, const RunOptions& options, const Study& study,
           local::InterruptWatch& interrupt) {
  const remote::CoordinatorAddress coordinator = {.target = cluster.address()};
  const auto submitted = remote::submit_sweep(coordinator,
                                              {.yaml = spec::to_yaml(study),
                                               .source_name = options.file.path,
                                               .continue_unfinished = true,
                                               .serve_first = true},
                                              sleep_and_say_so(coordinator.target));
  if (!submitted.ok()) return report_error(submitted.status());
  const std::vector<SweepId>& sweeps = submitted->sweeps;
  const auto results = remote::connect_results(coordinator);
  if (!results.ok()) return report_error(results.status());
  for (const SweepId sweep : sweeps) {
    if (const absl::Status resumed = resume_paused(coordinator, **results, sweep); !resumed.ok())
      return report_error(resumed);
  }
  print_unfinished(options, **results, sweeps);
  // Not before there is the sweep to prepare: they would take what another one has left.
  const int workers = options.workers > 0 ? options.workers : default_workers(study);
  if (const absl::Status started = cluster.start_workers(workers); !started.ok())
    return report_error(started);
  const auto ended =
      watch_sweeps(**results, sweeps, SystemClock(), interrupt, {.between = [&] { return cluster.tend(); }});
  if (absl::IsCancelled(ended.status())) {
    std::cerr << "melsweep: stopping; the same command goes on where this one was\n";
    return 2;
  }
  if (!ended.ok()) return report_error(ended.status());
  const int code = print_outcome(**results, *ended);
  print_where(options, **results, sweeps.back());
  return code;
}

int run(const RunOptions& options) {
  std::optional<Study> study = load_study(options.file);
  if (!study) return 2;
  make_paths_absolute(*study);
  local::InterruptWatch interrupt;
  if (const int code = check_data(options, *study, interrupt); code != 0) return code;

  auto cluster = local::LocalCluster::start({.database = std::filesystem::absolute(options.database),
                                             .data_dir = std::filesystem::absolute(options.data_dir),
                                             .metrics_listen = options.metrics_listen},
                                            interrupt);
  if (!cluster.ok()) return report_error(cluster.status());
  const int code = run_on(*cluster, options, *study, interrupt);
  cluster->stop(interrupt);
  return code;
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "run", "Run a whole sweep, or study, on this machine, with a coordinator and workers of its own");
  auto options = std::make_shared<RunOptions>();
  add_sweep_file_options(*verb, options->file);
  add_fresh_option(*verb, options->file);
  verb->add_option("--workers", options->workers, "How many workers; without it, what the machine can feed")
      ->check(CLI::Range(1, 256));
  add_path_option(*verb, "--db", options->database, "The results database, made when missing")
      ->capture_default_str();
  add_path_option(*verb, "--data-dir", options->data_dir, "Feature caches, checkpoints and logs")
      ->capture_default_str();
  verb->add_option("--metrics-listen", options->metrics_listen,
                   "HOST:PORT where the coordinator shows /metrics meanwhile, over plain HTTP; as "
                   "127.0.0.1:9464. Nowhere if not given")
      ->check([](const std::string& text) {
        const auto address = net::parse_address(text);
        return address.ok() ? std::string() : std::string(address.status().message());
      });
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace melsweep::commands
