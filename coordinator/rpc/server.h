// The coordinator's process without its command line: store, loop and gRPC server put together.
#pragma once

#include <grpcpp/server.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "coordinator/artifacts/artifact_folder.h"
#include "coordinator/artifacts/removal_queue.h"
#include "coordinator/core/options.h"
#include "coordinator/core/overview.h"
#include "coordinator/rpc/artifact_service.h"
#include "coordinator/rpc/call_watch.h"
#include "coordinator/rpc/loop.h"
#include "coordinator/rpc/results_service.h"
#include "coordinator/rpc/sweep_service.h"
#include "coordinator/rpc/transfers.h"
#include "coordinator/rpc/worker_service.h"
#include "coordinator/store/store.h"
#include "shared/net/server.h"
#include "shared/results/database_results.h"
#include "shared/time/clock.h"

namespace melsweep::rpc {

struct ServerOptions {
  net::ServerOptions net;
  core::Options core;                                 // its `artifacts` is made when missing
  artifacts::SpaceProbe space = artifacts::space_of;  // on the file system of that folder
  TransferLimits transfers{};
  CallHandler on_call{};  // empty: calls are not watched
};

// How a coordinator is, between two batches.
struct Condition {
  std::optional<core::Overview>
      overview;          // none while the store has to be read again first, and once it has stopped
  absl::Status trouble;  // OK, or why the store could not be used when it was last tried
};

class Server {
 public:
  // Serves from then on. `results` reads what `store` writes; the clock must outlive the server. The errors
  // are those of the store, of net::make_server_builder, of artifacts::ArtifactFolder::open, and Unavailable
  // where the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                       std::unique_ptr<store::Store> store,
                                                       std::unique_ptr<results::DatabaseResults> results,
                                                       const Clock& clock, FatalHandler on_fatal);

  ~Server();  // shuts down
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const { return port_; }

  // Unavailable: the loop, which may wait for the disk, did not answer in that time.
  absl::StatusOr<Condition> condition(std::chrono::milliseconds patience);

  // Of artifacts, since the start.
  TransferredBytes transferred() const { return artifacts_.transferred(); }

  // Finishes what was received and refuses what waits; reads and files on their way are cut short, and calls
  // whose peers do not end them are ended after five seconds. Not thread-safe; twice is well. The store is
  // closed with the server.
  void shutdown();

 private:
  Server(engine::Engine engine, std::unique_ptr<artifacts::ArtifactFolder> artifacts,
         const TransferLimits& transfers, std::unique_ptr<results::DatabaseResults> results,
         const Clock& clock, FatalHandler on_fatal, CallHandler on_call);

  const Clock& clock_;
  CallHandler on_call_;
  std::unique_ptr<artifacts::ArtifactFolder> folder_;
  artifacts::RemovalQueue removals_;
  Loop loop_;
  WorkerService workers_;
  SweepService sweeps_;
  ResultsService results_;
  ArtifactService artifacts_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace melsweep::rpc
