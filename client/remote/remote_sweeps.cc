#include "client/remote/remote_sweeps.h"

#include <grpcpp/client_context.h>

#include <chrono>
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

}  // namespace

RemoteSweeps::RemoteSweeps(std::unique_ptr<v1::SweepService::StubInterface> stub, const Clock& clock,
                           wire::Sleeper sleep, wire::RetryOptions retry)
    : stub_(std::move(stub)),
      clock_(clock),
      sleep_(std::move(sleep)),
      retry_(retry),
      random_(std::random_device()()) {}

absl::StatusOr<SweepId> RemoteSweeps::submit(const Submission& submission) {
  v1::SubmitRequest request;
  request.set_request_id(wire::make_request_id().value);
  request.set_yaml(submission.yaml);
  request.set_source_name(submission.source_name);
  request.set_continue_unfinished(submission.continue_unfinished);
  request.set_serve_first(submission.serve_first);
  v1::SubmitResponse response;
  const absl::Status status = wire::retry(retry_, clock_, sleep_, random_, [&] {
    grpc::ClientContext context;
    net::set_timeout(context, kTimeout);
    return wire::from_grpc(stub_->Submit(&context, request, &response));
  });
  if (!status.ok()) return status;
  return wire::decode_id<SweepId>("sweep_id", response.sweep_id());
}

absl::Status RemoteSweeps::cancel(SweepId sweep) {
  v1::CancelRequest request;
  request.set_sweep_id(sweep.value);
  v1::CancelResponse response;
  return wire::retry(retry_, clock_, sleep_, random_, [&] {
    grpc::ClientContext context;
    net::set_timeout(context, kTimeout);
    return wire::from_grpc(stub_->Cancel(&context, request, &response));
  });
}

absl::StatusOr<SweepId> submit_sweep(const CoordinatorAddress& coordinator, const Submission& submission,
                                     wire::Sleeper sleep) {
  const auto channel = reach(coordinator);
  if (!channel.ok()) return channel.status();
  return Connection(*channel, std::move(sleep)).sweeps.submit(submission);
}

absl::Status cancel_sweep(const CoordinatorAddress& coordinator, SweepId sweep, wire::Sleeper sleep) {
  const auto channel = reach(coordinator);
  if (!channel.ok()) return channel.status();
  return Connection(*channel, std::move(sleep)).sweeps.cancel(sweep);
}

}  // namespace melsweep::remote
