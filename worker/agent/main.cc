// melsweep-worker: the agent beside one GPU. The only place where its parts are put together.
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/log/fields.h"
#include "shared/log/logging.h"
#include "shared/monitoring/monitor.h"
#include "shared/net/address.h"
#include "shared/net/channel.h"
#include "shared/net/host_name.h"
#include "shared/time/clock.h"
#include "shared/wire/request_id.h"
#include "worker/agent/agent.h"
#include "worker/agent/agent_watch.h"
#include "worker/agent/artifacts_on_disk.h"
#include "worker/agent/exec_trainer.h"
#include "worker/agent/grpc_link.h"
#include "worker/agent/grpc_transfer.h"
#include "worker/agent/inbox.h"
#include "worker/agent/own_resources.h"
#include "worker/agent/shared_folder_transfer.h"
#include "worker/agent/signal_watch.h"
#include "worker/agent/trainer_process.h"
#include "worker/agent/worker_options.h"

namespace {

using namespace melsweep;
using agent::WorkerOptions;

std::vector<std::string> trainer_command(const WorkerOptions& options) {
  std::vector<std::string> command = {options.trainer.string(), "serve", "--data-dir",
                                      options.data_dir.string()};
  if (options.threads > 0) command.insert(command.end(), {"--threads", std::to_string(options.threads)});
  return agent::exec_trainer_arguments(command);
}

std::unique_ptr<agent::ArtifactTransfer> make_transfer(const WorkerOptions& options,
                                                       const std::shared_ptr<grpc::Channel>& channel,
                                                       const WorkerId& id, agent::Inbox& inbox) {
  const auto post = [&inbox](agent::Event event) { inbox.push(std::move(event)); };
  if (options.shared_artifacts.empty()) {
    return std::make_unique<agent::GrpcTransfer>(v1::ArtifactService::NewStub(channel), id, post);
  }
  return std::make_unique<agent::SharedFolderTransfer>(options.shared_artifacts, post);
}

// Slurm sends SIGUSR1 ahead of a job's time limit, told to.
ReleaseReason reason_to_stop(int signal) {
  return signal == SIGUSR1 ? ReleaseReason::kTimeLimit : ReleaseReason::kDrained;
}

agent::StayLimits stay_of(const WorkerOptions& options, const Now& now) {
  agent::StayLimits stay = options.stay;
  if (!stay.time_left && options.job_end) stay.time_left = *options.job_end - now.wall;
  return stay;
}

// Null where nobody is to look.
absl::StatusOr<std::unique_ptr<monitoring::Monitor>> start_monitor(const WorkerOptions& options) {
  if (options.metrics_listen.empty()) return nullptr;
  auto monitor = monitoring::Monitor::start({.listen = options.metrics_listen,
                                             .plaintext = options.metrics_plaintext,
                                             .program = "melsweep-worker",
                                             .version = MELSWEEP_VERSION});
  if (!monitor.ok()) return monitor.status();
  auto address = *net::parse_address(options.metrics_listen);
  address.port = (*monitor)->port();
  spdlog::info("metrics and health on http://{}", address.to_string());
  return monitor;
}

int run(const WorkerOptions& options) {
  const auto resources = agent::take_resources(options);
  if (!resources.ok()) {
    std::cerr << "melsweep-worker: " << std::string(resources.status().message()) << "\n";
    return 2;
  }
  const auto channel = net::make_channel(
      options.coordinator, {.plaintext = options.plaintext, .credentials = options.credentials});
  if (!channel.ok()) {
    std::cerr << "melsweep-worker: " << std::string(channel.status().message()) << "\n";
    return 2;
  }
  // Unique for each process: one that starts again must not be taken for the one whose leases are running
  // out.
  const WorkerId id{absl::StrCat(options.name, "-", wire::make_request_id().value.substr(0, 8))};
  log::set_process_fields({{"worker", id.value}});
  spdlog::info("worker {} of the coordinator at {}, data in {}, with {}", id.value, options.coordinator,
               options.data_dir.string(), describe(*resources));

  const SystemClock clock;
  agent::AgentWatch watch(options.data_dir, clock);
  const auto monitor = start_monitor(options);
  if (!monitor.ok()) {
    spdlog::error("{}", std::string(monitor.status().message()));
    return 1;
  }
  if (*monitor) (*monitor)->watch(&watch);
  agent::Inbox inbox;
  const auto signals = agent::SignalWatch::start(
      [&inbox](int signal) { inbox.push(agent::StopRequested{reason_to_stop(signal)}); });
  if (!signals.ok()) {
    spdlog::error("{}", std::string(signals.status().message()));
    return 1;
  }
  agent::TrainerProcess trainer(trainer_command(options), inbox,
                                [](std::string_view line) { spdlog::info("trainer: {}", line); });
  agent::GrpcLink link(v1::WorkerService::NewStub(*channel), {id, net::host_name(), *resources},
                       [&inbox](agent::Event event) { inbox.push(std::move(event)); });
  const std::filesystem::path artifacts_dir = options.data_dir / "artifacts";
  agent::ArtifactsOnDisk artifacts(artifacts_dir);
  const auto transfer = make_transfer(options, *channel, id, inbox);
  agent::Agent agent({.artifacts_dir = artifacts_dir,
                      .trainer = {.silence = options.trainer_silence},
                      .checkpoint_every = options.checkpoint_every,
                      .stay = stay_of(options, clock.now())},
                     {link, trainer, *transfer, artifacts}, wire::make_request_id, std::random_device()());

  agent.start(clock.now().monotonic);
  while (!agent.exit_code()) {
    const auto event = inbox.pop(agent.next_deadline());
    agent.handle(event.value_or(agent::TimePassed{}), clock.now().monotonic);
    if (*monitor) watch.publish(agent.status());
  }
  inbox.close();
  spdlog::info("bye");
  return *agent.exit_code();
}

// SIGTERM when the parent dies, so that the work is given back. False: it is dead already.
bool stop_with_parent(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  return ::getppid() == parent;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc > 1 && std::string_view(argv[1]) == agent::kExecTrainerFlag) {
    return agent::exec_trainer(argc - 2, argv + 2);
  }
  const auto parsed = agent::parse_worker_options(argc, argv);
  if (const int* exit_code = std::get_if<int>(&parsed)) return *exit_code;
  const auto& options = std::get<WorkerOptions>(parsed);
  agent::take_over_signals();
  if (options.parent != 0 && !stop_with_parent(options.parent)) return 1;
  log::start_logging(options.log_format, "melsweep-worker");
  return run(options);
} catch (const std::exception& error) {
  std::cerr << "melsweep-worker: " << error.what() << "\n";
  return 1;
}
