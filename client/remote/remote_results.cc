#include "client/remote/remote_results.h"

#include <grpcpp/client_context.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/net/channel.h"
#include "shared/wire/model_messages.h"
#include "shared/wire/results_messages.h"
#include "shared/wire/status.h"

namespace melsweep::remote {
namespace {

constexpr std::chrono::milliseconds kTimeout{10'000};

// One call of the stub's `method`: its response, or its error in our words.
template <class Response, class Stub, class Request>
absl::StatusOr<Response> call(Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                              const Request& request) {
  grpc::ClientContext context;
  net::set_timeout(context, kTimeout);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return wire::from_grpc(status);
  return response;
}

using Stub = v1::ResultsService::StubInterface;

}  // namespace

RemoteResults::RemoteResults(std::unique_ptr<Stub> stub) : stub_(std::move(stub)) {}

absl::StatusOr<std::vector<results::SweepSummary>> RemoteResults::sweeps() {
  const auto response = call(*stub_, &Stub::ListSweeps, v1::ListSweepsRequest());
  if (!response.ok()) return response.status();
  return wire::decode(response->sweeps());
}

absl::StatusOr<results::SweepSummary> RemoteResults::sweep(const std::string& which) {
  v1::GetSweepRequest request;
  request.set_which(which);
  const auto response = call(*stub_, &Stub::GetSweep, request);
  if (!response.ok()) return response.status();
  return wire::decode(*response);
}

absl::StatusOr<std::vector<results::TrialSummary>> RemoteResults::trials(SweepId sweep) {
  v1::ListTrialsRequest request;
  request.set_sweep_id(sweep.value);
  const auto response = call(*stub_, &Stub::ListTrials, request);
  if (!response.ok()) return response.status();
  return wire::decode(response->trials());
}

absl::StatusOr<std::vector<results::TrialSummary>> RemoteResults::leaderboard(SweepId sweep) {
  v1::GetLeaderboardRequest request;
  request.set_sweep_id(sweep.value);
  const auto response = call(*stub_, &Stub::GetLeaderboard, request);
  if (!response.ok()) return response.status();
  return wire::decode(response->trials());
}

absl::StatusOr<results::TrialSummary> RemoteResults::best(SweepId sweep) {
  v1::GetBestRequest request;
  request.set_sweep_id(sweep.value);
  const auto response = call(*stub_, &Stub::GetBest, request);
  if (!response.ok()) return response.status();
  return wire::decode(*response);
}

absl::StatusOr<std::vector<ClassMetrics>> RemoteResults::class_metrics(TrialId trial) {
  v1::GetClassMetricsRequest request;
  request.set_trial_id(trial.value);
  const auto response = call(*stub_, &Stub::GetClassMetrics, request);
  if (!response.ok()) return response.status();
  return wire::decode(response->classes());
}

absl::StatusOr<std::vector<results::WorkerSummary>> RemoteResults::workers() {
  const auto response = call(*stub_, &Stub::ListWorkers, v1::ListWorkersRequest());
  if (!response.ok()) return response.status();
  return wire::decode(response->workers());
}

absl::StatusOr<std::unique_ptr<results::Results>> connect_results(const CoordinatorAddress& coordinator) {
  const auto channel = net::make_channel(
      coordinator.target, {.plaintext = coordinator.plaintext, .credentials = coordinator.credentials});
  if (!channel.ok()) return channel.status();
  auto results = std::make_unique<RemoteResults>(v1::ResultsService::NewStub(*channel));
  const auto probe = results->workers();
  if (absl::IsUnavailable(probe.status())) {
    return absl::UnavailableError(
        absl::StrCat("no coordinator answers at ", coordinator.target,
                     ": start melsweep-coordinator there, or name another with --coordinator (",
                     std::string(probe.status().message()), ")"));
  }
  if (!probe.ok()) return probe.status();
  return results;
}

}  // namespace melsweep::remote
