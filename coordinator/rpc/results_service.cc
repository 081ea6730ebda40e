#include "coordinator/rpc/results_service.h"

#include <future>
#include <map>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "shared/wire/decoding.h"
#include "shared/wire/model_messages.h"
#include "shared/wire/results_messages.h"
#include "shared/wire/status.h"

namespace melsweep::rpc {
namespace {

// Ends a call with the error of `read`, or fills the response from its value.
template <class Value, class Fill>
grpc::Status respond(const absl::StatusOr<Value>& read, Fill fill) {
  if (!read.ok()) return wire::to_grpc(read.status());
  fill(*read);
  return grpc::Status::OK;
}

template <class Value, class Messages>
void encode_all(const std::vector<Value>& values, Messages* messages) {
  for (const Value& value : values) *messages->Add() = wire::encode(value);
}

absl::StatusOr<std::vector<core::WorkerStatus>> ask_for_workers(Loop& loop) {
  // Shared: the one who waits may be gone before set_value() returns.
  const auto promise = std::make_shared<std::promise<core::Answer>>();
  loop.ask(core::WorkersAsked{}, [promise](const core::Answer& answer) { promise->set_value(answer); });
  core::Answer answer = promise->get_future().get();
  if (const auto* refused = std::get_if<core::Refused>(&answer)) return refused->status;
  return std::get<core::WorkersListed>(std::move(answer)).workers;
}

// The database knows who registered, the loop what they do now.
void add_live(const std::vector<core::WorkerStatus>& live, std::vector<results::WorkerSummary>& workers) {
  std::map<WorkerId, const core::WorkerStatus*> by_id;
  for (const core::WorkerStatus& worker : live) by_id.emplace(worker.id, &worker);
  for (results::WorkerSummary& worker : workers) {
    const auto found = by_id.find(worker.id);
    if (found == by_id.end()) continue;
    worker.trial = found->second->trial;
    worker.progress = found->second->progress;
    if (found->second->last_seen_ms != 0) worker.last_seen_ms = found->second->last_seen_ms;
  }
}

}  // namespace

ResultsService::ResultsService(Loop& loop, std::unique_ptr<results::Results> results)
    : loop_(loop), results_(std::move(results)) {}

grpc::Status ResultsService::ListSweeps(grpc::ServerContext*, const v1::ListSweepsRequest*,
                                        v1::ListSweepsResponse* response) {
  const std::scoped_lock lock(mutex_);
  return respond(results_->sweeps(),
                 [&](const auto& sweeps) { encode_all(sweeps, response->mutable_sweeps()); });
}

grpc::Status ResultsService::GetSweep(grpc::ServerContext*, const v1::GetSweepRequest* request,
                                      v1::SweepSummary* response) {
  const std::scoped_lock lock(mutex_);
  return respond(results_->sweep(request->which()),
                 [&](const auto& sweep) { *response = wire::encode(sweep); });
}

grpc::Status ResultsService::ListTrials(grpc::ServerContext*, const v1::ListTrialsRequest* request,
                                        v1::ListTrialsResponse* response) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request->sweep_id());
  if (!sweep.ok()) return wire::to_grpc(sweep.status());
  const std::scoped_lock lock(mutex_);
  return respond(results_->trials(*sweep),
                 [&](const auto& trials) { encode_all(trials, response->mutable_trials()); });
}

grpc::Status ResultsService::GetLeaderboard(grpc::ServerContext*, const v1::GetLeaderboardRequest* request,
                                            v1::ListTrialsResponse* response) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request->sweep_id());
  if (!sweep.ok()) return wire::to_grpc(sweep.status());
  const std::scoped_lock lock(mutex_);
  return respond(results_->leaderboard(*sweep),
                 [&](const auto& trials) { encode_all(trials, response->mutable_trials()); });
}

grpc::Status ResultsService::GetBest(grpc::ServerContext*, const v1::GetBestRequest* request,
                                     v1::TrialSummary* response) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request->sweep_id());
  if (!sweep.ok()) return wire::to_grpc(sweep.status());
  const std::scoped_lock lock(mutex_);
  return respond(results_->best(*sweep), [&](const auto& trial) { *response = wire::encode(trial); });
}

grpc::Status ResultsService::GetClassMetrics(grpc::ServerContext*, const v1::GetClassMetricsRequest* request,
                                             v1::GetClassMetricsResponse* response) {
  const auto trial = wire::decode_id<TrialId>("trial_id", request->trial_id());
  if (!trial.ok()) return wire::to_grpc(trial.status());
  const std::scoped_lock lock(mutex_);
  return respond(results_->class_metrics(*trial),
                 [&](const auto& classes) { encode_all(classes, response->mutable_classes()); });
}

grpc::Status ResultsService::ListWorkers(grpc::ServerContext*, const v1::ListWorkersRequest*,
                                         v1::ListWorkersResponse* response) {
  const auto live = ask_for_workers(loop_);
  if (!live.ok()) return wire::to_grpc(live.status());
  auto workers = [this] {
    const std::scoped_lock lock(mutex_);
    return results_->workers();
  }();
  if (workers.ok()) add_live(*live, *workers);
  return respond(workers, [&](const auto& all) { encode_all(all, response->mutable_workers()); });
}

}  // namespace melsweep::rpc
