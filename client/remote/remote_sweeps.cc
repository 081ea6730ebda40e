#include "client/remote/remote_sweeps.h"

#include <grpcpp/client_context.h>

#include <chrono>
#include <type_traits>
#include <utility>

#include "client/remote/remote_results.h"
#include "shared/net/channel.h"
#include "shared/wire/decoding.h"
#include "shared/wire/request_id.h"
#include "shared/wire/status.h"

namespace melsweep::remote {
namespace {

constexpr std::chrono::milliseconds kTimeout{10'000};  // of one attempt

// RemoteSweeps on a connection and a clock of its own.
struct Connection {
  SystemClock clock;
  RemoteSweeps sweeps;

  Connection(const std::shared_ptr<grpc::Channel>& channel, wire::Sleeper sleep)
      : sweeps(v1::SweepService::NewStub(channel), clock, std::move(sleep)) {}
};

// A channel to a coordinator that has just answered on another one.
absl::StatusOr<std::shared_ptr<grpc::Channel>> reach(const CoordinatorAddress& coordinator) {
  if (const auto results = connect_results(coordinator); !results.ok()) return results.status();
  return net::make_channel(coordinator.target,
                           {.plaintext = coordinator.plaintext, .credentials = coordinator.credentials});
}

// What `act` makes of it, on a connection for this one call.
template <class Act>
std::invoke_result_t<Act, RemoteSweeps&> on_connection(const CoordinatorAddress& coordinator,
                                                       wire::Sleeper sleep, Act act) {
  const auto channel = reach(coordinator);
  if (!channel.ok()) return channel.status();
  Connection connection(*channel, std::move(sleep));
  return act(connection.sweeps);
}

// A new request about the sweep.
template <class Request>
Request request_of(SweepId sweep) {
  Request request;
  request.set_sweep_id(sweep.value);
  request.set_request_id(wire::make_request_id().value);
  return request;
}

}  // namespace

RemoteSweeps::RemoteSweeps(std::unique_ptr<v1::SweepService::StubInterface> stub, const Clock& clock,
                           wire::Sleeper sleep, wire::RetryOptions retry)
    : stub_(std::move(stub)),
      clock_(clock),
      sleep_(std::move(sleep)),
      retry_(retry),
      random_(std::random_device()()) {}

template <class Request, class Response>
absl::Status RemoteSweeps::call(grpc::Status (v1::SweepService::StubInterface::*method)(grpc::ClientContext*,
                                                                                        const Request&,
                                                                                        Response*),
                                const Request& request, Response& response) {
  return wire::retry(retry_, clock_, sleep_, random_, [&] {
    grpc::ClientContext context;
    net::set_timeout(context, kTimeout);
    return wire::from_grpc((stub_.get()->*method)(&context, request, &response));
  });
}

absl::StatusOr<Submitted> RemoteSweeps::submit(const Submission& submission) {
  v1::SubmitRequest request;
  request.set_request_id(wire::make_request_id().value);
  request.set_yaml(submission.yaml);
  request.set_source_name(submission.source_name);
  request.set_continue_unfinished(submission.continue_unfinished);
  request.set_serve_first(submission.serve_first);
  v1::SubmitResponse response;
  const absl::Status status = call(&v1::SweepService::StubInterface::Submit, request, response);
  if (!status.ok()) return status;
  // Coordinators before 0.3 name the first only, and have no others.
  if (response.sweep_ids().empty()) response.add_sweep_ids(response.sweep_id());
  Submitted submitted{.sweeps = {}, .warnings = {response.warnings().begin(), response.warnings().end()}};
  for (const std::int64_t number : response.sweep_ids()) {
    const auto sweep = wire::decode_id<SweepId>("sweep_ids", number);
    if (!sweep.ok()) return sweep.status();
    submitted.sweeps.push_back(*sweep);
  }
  return submitted;
}

absl::Status RemoteSweeps::pause(SweepId sweep) {
  v1::PauseResponse response;
  return call(&v1::SweepService::StubInterface::Pause, request_of<v1::PauseRequest>(sweep), response);
}

absl::Status RemoteSweeps::resume(SweepId sweep) {
  v1::ResumeResponse response;
  return call(&v1::SweepService::StubInterface::Resume, request_of<v1::ResumeRequest>(sweep), response);
}

absl::Status RemoteSweeps::cancel(SweepId sweep) {
  v1::CancelResponse response;
  return call(&v1::SweepService::StubInterface::Cancel, request_of<v1::CancelRequest>(sweep), response);
}

absl::Status RemoteSweeps::drain(const WorkerId& worker) {
  v1::DrainWorkerRequest request;
  request.set_worker_id(worker.value);
  v1::DrainWorkerResponse response;
  return call(&v1::SweepService::StubInterface::DrainWorker, request, response);
}

absl::StatusOr<Submitted> submit_sweep(const CoordinatorAddress& coordinator, const Submission& submission,
                                       wire::Sleeper sleep) {
  return on_connection(coordinator, std::move(sleep),
                       [&](RemoteSweeps& sweeps) { return sweeps.submit(submission); });
}

absl::Status pause_sweep(const CoordinatorAddress& coordinator, SweepId sweep, wire::Sleeper sleep) {
  return on_connection(coordinator, std::move(sleep),
                       [&](RemoteSweeps& sweeps) { return sweeps.pause(sweep); });
}

absl::Status resume_sweep(const CoordinatorAddress& coordinator, SweepId sweep, wire::Sleeper sleep) {
  return on_connection(coordinator, std::move(sleep),
                       [&](RemoteSweeps& sweeps) { return sweeps.resume(sweep); });
}

absl::Status cancel_sweep(const CoordinatorAddress& coordinator, SweepId sweep, wire::Sleeper sleep) {
  return on_connection(coordinator, std::move(sleep),
                       [&](RemoteSweeps& sweeps) { return sweeps.cancel(sweep); });
}

absl::Status drain_worker(const CoordinatorAddress& coordinator, const WorkerId& worker,
                          wire::Sleeper sleep) {
  return on_connection(coordinator, std::move(sleep),
                       [&](RemoteSweeps& sweeps) { return sweeps.drain(worker); });
}

}  // namespace melsweep::remote
