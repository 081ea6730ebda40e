// The CoordinatorLink over gRPC.
#pragma once

#include <grpcpp/client_context.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "melsweep/v1/worker.grpc.pb.h"
#include "shared/model/resources.h"
#include "worker/agent/coordinator_link.h"
#include "worker/agent/events.h"

namespace melsweep::agent {

struct WorkerIdentity {
  WorkerId id;
  std::string host;
  WorkerResources resources{};
};

// Calls run on gRPC's threads. Destroyed, it cancels those under way and waits for them.
class GrpcLink final : public CoordinatorLink {
 public:
  // `post` takes the answers, on any thread, and must not wait.
  GrpcLink(std::unique_ptr<v1::WorkerService::StubInterface> stub, WorkerIdentity identity,
           std::function<void(Event)> post);
  ~GrpcLink() override;
  GrpcLink(const GrpcLink&) = delete;
  GrpcLink& operator=(const GrpcLink&) = delete;

  void register_worker(const std::string& device) override;
  void lease(const WorkRequest& request) override;
  void cancel_lease() override;
  void heartbeat(const std::vector<RunningWork>& running, std::chrono::milliseconds timeout) override;
  void report(const std::vector<WorkReport>& reports) override;

 private:
  using Async = v1::WorkerService::StubInterface::async_interface;
  using Context = std::shared_ptr<grpc::ClientContext>;

  // One call of `method`; `read` makes the event of its answer.
  template <class Request, class Response>
  Context call(void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                     std::function<void(grpc::Status)>),
               Request request, std::chrono::milliseconds timeout,
               std::function<Event(const absl::Status&, const Response&)> read);

  std::unique_ptr<v1::WorkerService::StubInterface> stub_;
  WorkerIdentity identity_;
  std::function<void(Event)> post_;

  std::mutex mutex_;
  std::condition_variable ended_;
  std::set<Context> open_;
  std::weak_ptr<grpc::ClientContext> lease_;
};

}  // namespace melsweep::agent
