#include "client/remote/remote_sweeps.h"

#include <grpcpp/client_context.h>

#include <chrono>
#include <thread>
#include <utility>

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

  explicit Connection(const std::shared_ptr<grpc::Channel>& channel)
      : sweeps(v1::SweepService::NewStub(channel), clock,
               [](std::chrono::milliseconds delay) { std::this_thread::sleep_for(delay); }) {}
};

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

absl::StatusOr<SweepId> submit_sweep(const CoordinatorAddress& coordinator, const Submission& submission) {
  const auto channel = net::make_channel(
      coordinator.target, {.plaintext = coordinator.plaintext, .credentials = coordinator.credentials});
  if (!channel.ok()) return channel.status();
  return Connection(*channel).sweeps.submit(submission);
}

absl::Status cancel_sweep(const CoordinatorAddress& coordinator, SweepId sweep) {
  const auto channel = net::make_channel(
      coordinator.target, {.plaintext = coordinator.plaintext, .credentials = coordinator.credentials});
  if (!channel.ok()) return channel.status();
  return Connection(*channel).sweeps.cancel(sweep);
}

}  // namespace melsweep::remote
