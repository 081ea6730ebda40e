// What people do with sweeps and workers (sweep.proto).
#pragma once

#include "coordinator/rpc/loop.h"
#include "melsweep/v1/sweep.grpc.pb.h"

namespace melsweep::rpc {

class SweepService final : public v1::SweepService::CallbackService {
 public:
  // The loop must outlive every call.
  explicit SweepService(Loop& loop) : loop_(loop) {}

  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context, const v1::SubmitRequest* request,
                                   v1::SubmitResponse* response) override;
  grpc::ServerUnaryReactor* Pause(grpc::CallbackServerContext* context, const v1::PauseRequest* request,
                                  v1::PauseResponse* response) override;
  grpc::ServerUnaryReactor* Resume(grpc::CallbackServerContext* context, const v1::ResumeRequest* request,
                                   v1::ResumeResponse* response) override;
  grpc::ServerUnaryReactor* Cancel(grpc::CallbackServerContext* context, const v1::CancelRequest* request,
                                   v1::CancelResponse* response) override;
  grpc::ServerUnaryReactor* DrainWorker(grpc::CallbackServerContext* context,
                                        const v1::DrainWorkerRequest* request,
                                        v1::DrainWorkerResponse* response) override;

 private:
  Loop& loop_;
};

}  // namespace melsweep::rpc
