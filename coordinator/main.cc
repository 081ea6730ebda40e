// melsweep-coordinator: schedules the trials of sweeps over the workers that call in, and keeps the results.
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "coordinator/metrics/coordinator_watch.h"
#include "coordinator/metrics/measured_store.h"
#include "coordinator/rpc/server.h"
#include "coordinator/store/sqlite_store.h"
#include "shared/artifacts/layout.h"
#include "shared/files/atomic_file.h"
#include "shared/files/places.h"
#include "shared/log/logging.h"
#include "shared/manual/man_pages.h"
#include "shared/monitoring/monitor.h"
#include "shared/monitoring/systemd_notice.h"
#include "shared/net/address.h"
#include "shared/net/server.h"
#include "shared/results/database_results.h"
#include "shared/time/clock.h"

namespace melsweep {
namespace {

struct Arguments {
  std::string listen = "127.0.0.1:7070";
  std::string db;
  std::string artifacts;
  std::string port_file;
  std::string log_format = "human";
  std::string credentials;
  bool insecure = false;
  std::string metrics_listen;  // empty: nowhere
  bool metrics_insecure = false;
  pid_t parent = 0;  // 0 = stay when it ends
  std::int64_t lease_ttl_ms = 15'000;
  std::int64_t lease_grace_ms = 5'000;
};

std::string check_is_named(const std::string& path) {
  return path.empty() ? "the path is empty" : "";
}

void add_options(CLI::App& app, Arguments& arguments) {
  constexpr std::int64_t kDayMs = 86'400'000;
  // A commit may wait for the disk and a worker for its turn: what is shorter is lost without a fault.
  constexpr std::int64_t kShortestLeaseMs = 1'000;
  app.set_version_flag("--version", "melsweep-coordinator " MELSWEEP_VERSION);
  app.add_option("--listen", arguments.listen, "HOST:PORT to serve on; port 0 takes any free one")
      ->envname("MELSWEEP_LISTEN")
      ->capture_default_str();
  app.add_option("--db", arguments.db, "the results database; made when it is missing")
      ->envname("MELSWEEP_DB")
      ->check(check_is_named)
      ->default_str(files::default_database().string());
  app.add_option("--artifacts", arguments.artifacts, "the folder of its checkpoints; made when it is missing")
      ->envname("MELSWEEP_ARTIFACTS")
      ->check(check_is_named)
      ->default_str("the database's path and .artifacts");
  app.add_option("--port-file", arguments.port_file, "write HOST:PORT to this file once serving")
      ->envname("MELSWEEP_PORT_FILE");
  app.add_option("--lease-ttl-ms", arguments.lease_ttl_ms, "a worker unheard of for this long stops its work")
      ->envname("MELSWEEP_LEASE_TTL_MS")
      ->check(CLI::Range(kShortestLeaseMs, kDayMs))
      ->capture_default_str();
  app.add_option("--lease-grace-ms", arguments.lease_grace_ms,
                 "after that long again its work goes to another")
      ->envname("MELSWEEP_LEASE_GRACE_MS")
      ->check(CLI::Range(std::int64_t{0}, kDayMs))
      ->capture_default_str();
  app.add_option("--credentials", arguments.credentials,
                 "folder with certificate and accepted tokens, made by melsweep certs init")
      ->envname("MELSWEEP_COORDINATOR_CREDENTIALS");
  app.add_flag("--insecure", arguments.insecure, "serve beyond this machine, unencrypted and to anybody")
      ->envname("MELSWEEP_INSECURE");
  app.add_option("--metrics-listen", arguments.metrics_listen,
                 "HOST:PORT to serve /metrics, /healthz and /readyz on, over plain HTTP; as 127.0.0.1:9464. "
                 "Nowhere if not given")
      ->envname("MELSWEEP_COORDINATOR_METRICS_LISTEN");
  app.add_flag("--metrics-insecure", arguments.metrics_insecure,
               "let that be an address beyond this machine: whoever reaches it can read the metrics")
      ->envname("MELSWEEP_METRICS_INSECURE");
  app.add_option("--exit-with-parent", arguments.parent,
                 "stop when the program that started this one, which has this process id, ends")
      ->check(CLI::PositiveNumber);
  app.add_option("--log-format", arguments.log_format, "human or json")
      ->envname("MELSWEEP_LOG_FORMAT")
      ->check(CLI::IsMember({"human", "json"}))
      ->capture_default_str();
}

manual::Manual facts() {
  return {.version = MELSWEEP_VERSION,
          .date = MELSWEEP_RELEASE_DATE,
          .exit_codes = {{"0", "It was told to stop, and what was received is recorded"},
                         {"1", "It could not serve, or the database failed it; the log says which"},
                         {"2", "The command line is wrong"}},
          .files = {{"~/.local/share/melsweep/results.db", "The results database, where none is named"},
                    {"/etc/melsweep/coordinator.env",
                     "The environment of the service melsweep-coordinator, where it was installed as one"},
                    {"/var/lib/melsweep", "The service's database and checkpoints"}},
          .see_also = {"melsweep(1)", "melsweep-worker(1)", "melsweep-certs(1)"}};
}

rpc::ServerOptions server_options(const Arguments& arguments) {
  rpc::ServerOptions options;
  options.net.listen = arguments.listen;
  options.net.plaintext = arguments.insecure ? net::Plaintext::kAnywhere : net::Plaintext::kLoopbackOnly;
  options.net.credentials = arguments.credentials;
  options.core.lease_ttl = std::chrono::milliseconds(arguments.lease_ttl_ms);
  options.core.lease_grace = std::chrono::milliseconds(arguments.lease_grace_ms);
  // Five in a lease's life, so that four in a row may be lost.
  options.core.heartbeat_interval = options.core.lease_ttl / 5;
  return options;
}

// SIGINT and SIGTERM, which only the main thread takes, by waiting for them.
class StopSignals {
 public:
  // Before any other thread is started: they inherit the mask.
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  void wait() const {
    int signal = 0;
    sigwait(&signals_, &signal);
  }

  // From now on a signal ends the process at once.
  void let_kill() const { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

 private:
  sigset_t signals_{};
};

// SIGTERM when the parent dies. False: it is dead already, perhaps since before this process knew of it.
bool stop_with_parent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  return getppid() == parent;
}

std::filesystem::path database_of(const Arguments& arguments) {
  return std::filesystem::absolute(arguments.db.empty() ? files::default_database().string() : arguments.db);
}

std::filesystem::path artifacts_of(const Arguments& arguments) {
  if (!arguments.artifacts.empty()) return std::filesystem::absolute(arguments.artifacts);
  return artifacts::folder_beside(database_of(arguments));
}

// Null where nobody is to look.
absl::StatusOr<std::unique_ptr<monitoring::Monitor>> start_monitor(const Arguments& arguments) {
  if (arguments.metrics_listen.empty()) return nullptr;
  auto monitor = monitoring::Monitor::start(
      {.listen = arguments.metrics_listen,
       .plaintext = arguments.metrics_insecure ? net::Plaintext::kAnywhere : net::Plaintext::kLoopbackOnly,
       .program = "melsweep-coordinator",
       .version = MELSWEEP_VERSION});
  if (!monitor.ok()) return monitor.status();
  auto address = *net::parse_address(arguments.metrics_listen);
  address.port = (*monitor)->port();
  spdlog::info("metrics and health on http://{}", address.to_string());
  return monitor;
}

// `metrics`: null where nobody looks at them.
absl::StatusOr<std::unique_ptr<rpc::Server>> start_server(const Arguments& arguments, const Clock& clock,
                                                          metrics::CoordinatorMetrics* metrics,
                                                          rpc::FatalHandler on_fatal) {
  rpc::ServerOptions options = server_options(arguments);
  // Before a database is made for nothing.
  int unbound = 0;
  if (const auto builder = net::make_server_builder(options.net, &unbound); !builder.ok()) {
    return builder.status();
  }
  const std::filesystem::path db = database_of(arguments);
  auto store = store::open_sqlite_store(db);
  if (!store.ok()) return store.status();
  if (metrics != nullptr) {
    store = std::make_unique<metrics::MeasuredStore>(*std::move(store), metrics->store);
    options.on_call = [metrics](const rpc::EndedCall& call) { metrics->calls.note(call); };
  }
  auto results = results::open_database(db);
  if (!results.ok()) return results.status();
  options.core.artifacts = artifacts_of(arguments);
  spdlog::info("results go to {}, checkpoints to {}", db.string(), options.core.artifacts.string());
  return rpc::Server::start(options, *std::move(store), *std::move(results), clock, std::move(on_fatal));
}

// HOST:PORT as clients can use it, for the log and the port file.
absl::Status announce(const Arguments& arguments, int port) {
  auto address = net::parse_address(arguments.listen);
  if (!address.ok()) return address.status();
  address->port = port;
  if (!arguments.port_file.empty()) {
    absl::Status written = files::write_atomically(arguments.port_file, address->to_string() + "\n");
    if (!written.ok()) return written;
  }
  if (arguments.credentials.empty() && !net::is_loopback(*address)) {
    spdlog::warn("serving unencrypted and without authentication: everybody on this network can use it");
  }
  spdlog::info("serving on {}", address->to_string());
  return absl::OkStatus();
}

// The store is broken: it failed to sync, or is damaged. Closing it in good order would fold a log into the
// database that may be all there is of what was promised, so the process ends as if it was killed; the next
// start reads what is truly on the disk.
[[noreturn]] void die(const absl::Status& status) {
  spdlog::critical("cannot go on: {}", status.ToString());
  spdlog::default_logger()->flush();
  std::_Exit(1);
}

int refuse(const absl::Status& status) {
  spdlog::error("{}", std::string(status.message()));
  return 1;
}

int serve(const Arguments& arguments) {
  const StopSignals signals;
  if (arguments.parent != 0 && !stop_with_parent(arguments.parent)) return 1;
  const SystemClock clock;
  metrics::CoordinatorMetrics counted;
  // First: it tells that the coordinator is starting, which takes a while where the database is large.
  const auto monitor = start_monitor(arguments);
  if (!monitor.ok()) return refuse(monitor.status());
  auto server = start_server(arguments, clock, *monitor ? &counted : nullptr, die);
  if (!server.ok()) return refuse(server.status());
  metrics::CoordinatorWatch watch(**server, counted,
                                  {.database = database_of(arguments), .artifacts = artifacts_of(arguments)});
  if (const absl::Status status = announce(arguments, (*server)->port()); !status.ok()) return refuse(status);
  if (*monitor) (*monitor)->watch(&watch);
  monitoring::tell_systemd("READY=1");
  signals.wait();
  signals.let_kill();
  monitoring::tell_systemd("STOPPING=1");
  spdlog::info("stopping: what was received is finished first; a second signal stops at once");
  if (*monitor) (*monitor)->watch(nullptr, "it is stopping");
  (*server)->shutdown();
  server->reset();
  spdlog::info("stopped");
  return 0;
}

}  // namespace
}  // namespace melsweep

int main(int argc, char** argv) try {
  CLI::App app{"Schedules the trials of sweeps over the workers that call in, and keeps the results",
               "melsweep-coordinator"};
  melsweep::Arguments arguments;
  melsweep::add_options(app, arguments);
  melsweep::manual::add_man_pages_option(app, melsweep::facts);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto format = melsweep::log::parse_log_format(arguments.log_format);
  melsweep::log::start_logging(*format, "melsweep-coordinator");
  return melsweep::serve(arguments);
} catch (const std::exception& error) {
  std::cerr << "melsweep-coordinator: " << error.what() << "\n";
  return 1;
}
