#include "coordinator/rpc/server.h"

#include <grpc/support/time.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <future>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/core/checkpoints.h"

namespace melsweep::rpc {
namespace {

// For how long calls may go on at the end.
constexpr std::chrono::milliseconds kShutdownPatience{5'000};

void watch_calls_of(grpc::ServerBuilder& builder, const CallHandler& handler) {
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> creators;
  creators.push_back(watch_calls(handler));
  builder.experimental().SetInterceptorCreators(std::move(creators));
}

std::optional<net::Role> role_of_method(std::string_view method) {
  if (method == "/melsweep.v1.ArtifactService/Download") return std::nullopt;
  const bool is_workers = method.starts_with("/melsweep.v1.WorkerService/") ||
                          method.starts_with("/melsweep.v1.ArtifactService/");
  return is_workers ? net::Role::kWorker : net::Role::kClient;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::start(const ServerOptions& options,
                                                      std::unique_ptr<store::Store> store,
                                                      std::unique_ptr<results::DatabaseResults> results,
                                                      const Clock& clock, FatalHandler on_fatal) {
  int port = 0;
  net::ServerOptions net_options = options.net;
  net_options.role_of_method = role_of_method;
  const auto builder = net::make_server_builder(net_options, &port);
  if (!builder.ok()) return builder.status();
  engine::Engine engine(options.core, std::move(store), clock);
  if (absl::Status status = engine.load(); !status.ok()) return status;
  auto folder = artifacts::ArtifactFolder::open(options.core.artifacts, engine.state()->store, options.space);
  if (!folder.ok()) return folder.status();
  const core::ArtifactsInUse in_use = core::artifacts_in_use(*engine.state());
  (*folder)->remove_unreferenced(in_use.files, in_use.running);
  std::unique_ptr<Server> server(new Server(std::move(engine), *std::move(folder), options.transfers,
                                            std::move(results), clock, std::move(on_fatal), options.on_call));
  if (server->on_call_) watch_calls_of(**builder, server->on_call_);
  (*builder)->RegisterService(&server->workers_);
  (*builder)->RegisterService(&server->sweeps_);
  (*builder)->RegisterService(&server->results_);
  (*builder)->RegisterService(&server->artifacts_);
  server->server_ = (*builder)->BuildAndStart();
  if (server->server_ == nullptr || port == 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", options.net.listen,
                     ": another program does, or this address is not of this machine"));
  }
  server->port_ = port;
  return server;
}

Server::Server(engine::Engine engine, std::unique_ptr<artifacts::ArtifactFolder> artifacts,
               const TransferLimits& transfers, std::unique_ptr<results::DatabaseResults> results,
               const Clock& clock, FatalHandler on_fatal, CallHandler on_call)
    : clock_(clock),
      on_call_(std::move(on_call)),
      folder_(std::move(artifacts)),
      removals_(*folder_),
      loop_(std::move(engine), clock, std::move(on_fatal),
            [this](const ObsoleteFiles& obsolete) { removals_.remove(obsolete); }),
      workers_(loop_),
      sweeps_(loop_),
      results_(loop_, std::move(results)),
      artifacts_(loop_, *folder_, transfers, clock) {}

Server::~Server() {
  shutdown();
}

absl::StatusOr<Condition> Server::condition(std::chrono::milliseconds patience) {
  // Shared with the look, which may come when nobody waits for it any more.
  const auto promise = std::make_shared<std::promise<Condition>>();
  std::future<Condition> answer = promise->get_future();
  loop_.inspect([promise, &clock = clock_](const core::State* state, const absl::Status& trouble) {
    Condition condition{.overview = std::nullopt, .trouble = trouble};
    if (state != nullptr) condition.overview = core::overview_of(*state, clock.now().monotonic);
    promise->set_value(std::move(condition));
  });
  if (answer.wait_for(patience) != std::future_status::ready) {
    return absl::UnavailableError(
        absl::StrCat("what it does now has taken more than ", patience.count(), " ms: is the disk slow?"));
  }
  return answer.get();
}

void Server::shutdown() {
  // First what ends the calls that read, carry files or wait for work, for which the server would wait.
  results_.stop();
  artifacts_.stop();
  loop_.stop();
  if (server_ == nullptr) return;
  server_->Shutdown(gpr_time_from_millis(kShutdownPatience.count(), GPR_TIMESPAN));
  server_->Wait();
  server_.reset();
}

}  // namespace melsweep::rpc
