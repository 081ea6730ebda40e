#include "client/remote/remote_results.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/net/channel.h"
#include "shared/wire/model_messages.h"
#include "shared/wire/page_token.h"
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

// All pages of a list of trials, one call each.
template <class Request>
absl::StatusOr<std::vector<results::TrialSummary>> list(
    Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, v1::ListTrialsResponse*),
    SweepId sweep, const results::TrialRange& range) {
  constexpr std::int64_t kMostOfAPage = std::numeric_limits<std::int32_t>::max();
  Request request;
  request.set_sweep_id(sweep.value);
  request.set_page_token(wire::page_token(range.after));
  std::vector<results::TrialSummary> trials;
  while (static_cast<std::int64_t>(trials.size()) < range.limit) {
    const std::int64_t wanted = range.limit - static_cast<std::int64_t>(trials.size());
    request.set_page_size(static_cast<std::int32_t>(std::min(wanted, kMostOfAPage)));
    const auto page = call(stub, method, request);
    if (!page.ok()) return page.status();
    auto decoded = wire::decode(page->trials());
    if (!decoded.ok()) return decoded.status();
    std::move(decoded->begin(), decoded->end(), std::back_inserter(trials));
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
  }
  return trials;
}

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

absl::StatusOr<std::vector<results::TrialSummary>> RemoteResults::trials(SweepId sweep,
                                                                         const results::TrialRange& range) {
  return list(*stub_, &Stub::ListTrials, sweep, range);
}

absl::StatusOr<std::vector<results::TrialSummary>> RemoteResults::leaderboard(
    SweepId sweep, const results::TrialRange& range) {
  return list(*stub_, &Stub::GetLeaderboard, sweep, range);
}

absl::StatusOr<results::SweepProgress> RemoteResults::progress(SweepId sweep) {
  v1::GetProgressRequest request;
  request.set_sweep_id(sweep.value);
  const auto response = call(*stub_, &Stub::GetProgress, request);
  if (!response.ok()) return response.status();
  return wire::decode(*response);
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
