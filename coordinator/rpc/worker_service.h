// The agents' side of the coordinator (worker.proto). A call that waits for work holds no thread.
#pragma once

#include "coordinator/rpc/loop.h"
#include "melsweep/v1/worker.grpc.pb.h"

namespace melsweep::rpc {

class WorkerService final : public v1::WorkerService::CallbackService {
 public:
  // The loop must outlive every call.
  explicit WorkerService(Loop& loop) : loop_(loop) {}

  grpc::ServerUnaryReactor* Register(grpc::CallbackServerContext* context, const v1::RegisterRequest* request,
                                     v1::RegisterResponse* response) override;
  grpc::ServerUnaryReactor* Lease(grpc::CallbackServerContext* context, const v1::LeaseRequest* request,
                                  v1::LeaseResponse* response) override;
  grpc::ServerUnaryReactor* Heartbeat(grpc::CallbackServerContext* context,
                                      const v1::HeartbeatRequest* request,
                                      v1::HeartbeatResponse* response) override;
  grpc::ServerUnaryReactor* Report(grpc::CallbackServerContext* context, const v1::ReportRequest* request,
                                   v1::ReportResponse* response) override;

 private:
  Loop& loop_;
};

}  // namespace melsweep::rpc
