#include "coordinator/rpc/worker_service.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "coordinator/rpc/completion.h"
#include "shared/wire/decoding.h"
#include "shared/wire/model_messages.h"
#include "shared/wire/worker_messages.h"

namespace melsweep::rpc {
namespace {

grpc::ServerUnaryReactor* refuse(grpc::CallbackServerContext* context, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(wire::to_grpc(status));
  return reactor;
}

absl::StatusOr<core::WorkerRegistered> decode(const v1::RegisterRequest& request) {
  const auto worker = wire::decode_name<WorkerId>("worker_id", request.worker_id());
  if (!worker.ok()) return worker.status();
  if (request.host().size() > wire::kMaxNameBytes) return wire::bad_field("host", "is too long");
  if (request.device().size() > wire::kMaxNameBytes) return wire::bad_field("device", "is too long");
  auto resources = wire::decode(request.resources());
  if (!resources.ok()) return resources.status();
  return core::WorkerRegistered{{}, *worker, request.host(), request.device(), *std::move(resources)};
}

absl::StatusOr<core::LeaseRequested> decode(const v1::LeaseRequest& request) {
  const auto worker = wire::decode_name<WorkerId>("worker_id", request.worker_id());
  if (!worker.ok()) return worker.status();
  const auto id = wire::decode_name<RequestId>("request_id", request.request_id());
  if (!id.ok()) return id.status();
  return core::LeaseRequested{.token = {},
                              .worker = *worker,
                              .request = *id,
                              .wait = std::chrono::milliseconds(request.wait_ms()),
                              .max_trials = std::max(request.max_trials(), 1),
                              .number = request.number()};
}

absl::StatusOr<core::HeartbeatReceived> decode(const v1::HeartbeatRequest& request) {
  const auto worker = wire::decode_name<WorkerId>("worker_id", request.worker_id());
  if (!worker.ok()) return worker.status();
  auto running = wire::decode(request.running());
  if (!running.ok()) return running.status();
  return core::HeartbeatReceived{{}, *worker, *std::move(running)};
}

absl::StatusOr<core::ReportReceived> decode(const v1::ReportRequest& request) {
  const auto worker = wire::decode_name<WorkerId>("worker_id", request.worker_id());
  if (!worker.ok()) return worker.status();
  auto reports = wire::decode(request.reports());
  if (!reports.ok()) return reports.status();
  return core::ReportReceived{{}, *worker, *std::move(reports)};
}

// A call that waits for work, and says so when its caller goes away.
class LeaseCall final : public grpc::ServerUnaryReactor {
 public:
  LeaseCall(Loop& loop, core::LeaseRequested event, v1::LeaseResponse* response) : loop_(loop) {
    token_ = loop.ask(std::move(event), finish<core::Leased>(this, [response](const core::Leased& leased) {
                        for (const Assignment& assignment : leased.assignments) {
                          *response->add_assignments() = wire::encode(assignment);
                        }
                      }));
  }

  void OnCancel() override { loop_.abandon(token_); }
  // gRPC's way: nothing else knows when the last reaction is over.
  void OnDone() override { delete this; }

 private:
  Loop& loop_;
  core::Token token_;
};

}  // namespace

grpc::ServerUnaryReactor* WorkerService::Register(grpc::CallbackServerContext* context,
                                                  const v1::RegisterRequest* request,
                                                  v1::RegisterResponse* response) {
  auto event = decode(*request);
  if (!event.ok()) return refuse(context, event.status());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  loop_.ask(*std::move(event),
            finish<core::Registered>(reactor, [response](const core::Registered& registered) {
              response->set_lease_ttl_ms(registered.lease_ttl.count());
              response->set_heartbeat_interval_ms(registered.heartbeat_interval.count());
              response->set_store_id(registered.store.value);
            }));
  return reactor;
}

grpc::ServerUnaryReactor* WorkerService::Lease(grpc::CallbackServerContext* context,
                                               const v1::LeaseRequest* request, v1::LeaseResponse* response) {
  auto event = decode(*request);
  if (!event.ok()) return refuse(context, event.status());
  return new LeaseCall(loop_, *std::move(event), response);
}

grpc::ServerUnaryReactor* WorkerService::Heartbeat(grpc::CallbackServerContext* context,
                                                   const v1::HeartbeatRequest* request,
                                                   v1::HeartbeatResponse* response) {
  auto event = decode(*request);
  if (!event.ok()) return refuse(context, event.status());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  loop_.ask(*std::move(event), finish<core::HeartbeatAnswered>(reactor, [response](const auto& answered) {
    response->set_lease_ttl_ms(answered.lease_ttl.count());
    response->set_heartbeat_interval_ms(answered.heartbeat_interval.count());
    for (const WorkRef& work : answered.stop) *response->add_stop() = wire::encode(work);
    for (const WorkRef& work : answered.give_back) *response->add_give_back() = wire::encode(work);
    response->set_drain(answered.drain);
  }));
  return reactor;
}

grpc::ServerUnaryReactor* WorkerService::Report(grpc::CallbackServerContext* context,
                                                const v1::ReportRequest* request,
                                                v1::ReportResponse* response) {
  auto event = decode(*request);
  if (!event.ok()) return refuse(context, event.status());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  loop_.ask(*std::move(event), finish<core::Reported>(reactor, [response](const core::Reported& reported) {
    for (const WorkRef& work : reported.stale) *response->add_stale() = wire::encode(work);
  }));
  return reactor;
}

}  // namespace melsweep::rpc
