#include "coordinator/rpc/results_service.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "shared/net/limits.h"
#include "shared/wire/decoding.h"
#include "shared/wire/model_messages.h"
#include "shared/wire/page_token.h"
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

// A page is far from net::kMaxMessageBytes even where its last trial is a large one, and short enough that
// others get their turn soon.
constexpr std::size_t kPageBytes = net::kMaxMessageBytes / 4;
constexpr std::int64_t kMostTrialsOfAPage = 5'000;

// The part of a list that the request asks for.
template <class Request>
absl::StatusOr<results::TrialRange> decode_range(const Request& request) {
  const auto after = wire::decode_page_token(request.page_token());
  if (!after.ok()) return after.status();
  if (auto status = wire::check_not_negative("page_size", request.page_size()); !status.ok()) return status;
  results::TrialRange range{*after, kMostTrialsOfAPage};
  if (request.page_size() > 0) range.limit = std::min<std::int64_t>(request.page_size(), range.limit);
  return range;
}

// As many of the trials as a page takes, and where the next one begins: `place_of` a trial is what a
// TrialRange counts by.
template <class PlaceOf>
void encode_page(const std::vector<results::TrialSummary>& trials, std::int64_t limit, PlaceOf place_of,
                 v1::ListTrialsResponse* response) {
  std::size_t bytes = 0;
  std::size_t taken = 0;
  while (taken < trials.size() && bytes < kPageBytes) {
    v1::TrialSummary& message = *response->add_trials();
    message = wire::encode(trials[taken++]);
    bytes += message.ByteSizeLong();
  }
  const bool was_cut = taken < trials.size() || static_cast<std::int64_t>(taken) == limit;
  if (taken > 0 && was_cut) response->set_next_page_token(wire::page_token(place_of(trials[taken - 1])));
}

absl::StatusOr<core::WorkersListed> ask_for_workers(Loop& loop) {
  // Shared: the one who waits may be gone before set_value() returns.
  const auto promise = std::make_shared<std::promise<core::Answer>>();
  loop.ask(core::WorkersAsked{}, [promise](const core::Answer& answer) { promise->set_value(answer); });
  core::Answer answer = promise->get_future().get();
  if (const auto* refused = std::get_if<core::Refused>(&answer)) return refused->status;
  return std::get<core::WorkersListed>(std::move(answer));
}

// The database knows what a sweep asks for, the loop who is there.
void say_why_it_waits(const core::WorkersListed& live, results::SweepSummary& sweep) {
  const auto found = live.unmet.find(sweep.id);
  if (found != live.unmet.end()) sweep.unmet = found->second;
  const bool wants_workers = !has_ended(sweep.state) && !sweep.paused && sweep.waits_for.empty();
  if (wants_workers && std::ranges::none_of(live.workers, &core::WorkerStatus::is_alive)) {
    sweep.reason = "there is no worker now; melsweep-worker starts one";
  }
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
    worker.alive = found->second->is_alive;
    if (found->second->last_seen_ms != 0) worker.last_seen_ms = found->second->last_seen_ms;
  }
}

}  // namespace

grpc::Status ResultsService::ListSweeps(grpc::ServerContext* context, const v1::ListSweepsRequest*,
                                        v1::ListSweepsResponse* response) {
  const auto live = ask_for_workers(loop_);
  if (!live.ok()) return wire::to_grpc(live.status());
  auto sweeps = reader_.read(*context, [](results::Results& results) { return results.sweeps(); });
  if (sweeps.ok()) {
    for (results::SweepSummary& sweep : *sweeps) say_why_it_waits(*live, sweep);
  }
  return respond(sweeps, [&](const auto& all) { encode_all(all, response->mutable_sweeps()); });
}

grpc::Status ResultsService::GetSweep(grpc::ServerContext* context, const v1::GetSweepRequest* request,
                                      v1::SweepSummary* response) {
  const auto live = ask_for_workers(loop_);
  if (!live.ok()) return wire::to_grpc(live.status());
  auto sweep =
      reader_.read(*context, [&](results::Results& results) { return results.sweep(request->which()); });
  if (sweep.ok()) say_why_it_waits(*live, *sweep);
  return respond(sweep, [&](const auto& summary) { *response = wire::encode(summary); });
}

grpc::Status ResultsService::GetProgress(grpc::ServerContext* context, const v1::GetProgressRequest* request,
                                         v1::SweepProgress* response) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request->sweep_id());
  if (!sweep.ok()) return wire::to_grpc(sweep.status());
  const auto live = ask_for_workers(loop_);
  if (!live.ok()) return wire::to_grpc(live.status());
  auto progress = reader_.read(*context, [&](results::Results& results) { return results.progress(*sweep); });
  if (progress.ok()) say_why_it_waits(*live, progress->sweep);
  return respond(progress, [&](const auto& now) { *response = wire::encode(now); });
}

grpc::Status ResultsService::ListTrials(grpc::ServerContext* context, const v1::ListTrialsRequest* request,
                                        v1::ListTrialsResponse* response) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request->sweep_id());
  if (!sweep.ok()) return wire::to_grpc(sweep.status());
  const auto range = decode_range(*request);
  if (!range.ok()) return wire::to_grpc(range.status());
  const auto number = [](const results::TrialSummary& trial) { return trial.number; };
  const auto trials =
      reader_.read(*context, [&](results::Results& results) { return results.trials(*sweep, *range); });
  return respond(trials, [&](const auto& page) { encode_page(page, range->limit, number, response); });
}

grpc::Status ResultsService::GetLeaderboard(grpc::ServerContext* context,
                                            const v1::GetLeaderboardRequest* request,
                                            v1::ListTrialsResponse* response) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request->sweep_id());
  if (!sweep.ok()) return wire::to_grpc(sweep.status());
  const auto range = decode_range(*request);
  if (!range.ok()) return wire::to_grpc(range.status());
  const auto rank = [](const results::TrialSummary& trial) { return trial.rank; };
  const auto trials =
      reader_.read(*context, [&](results::Results& results) { return results.leaderboard(*sweep, *range); });
  return respond(trials, [&](const auto& page) { encode_page(page, range->limit, rank, response); });
}

grpc::Status ResultsService::GetBest(grpc::ServerContext* context, const v1::GetBestRequest* request,
                                     v1::TrialSummary* response) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request->sweep_id());
  if (!sweep.ok()) return wire::to_grpc(sweep.status());
  const auto best = reader_.read(*context, [&](results::Results& results) { return results.best(*sweep); });
  return respond(best, [&](const auto& trial) { *response = wire::encode(trial); });
}

grpc::Status ResultsService::GetClassMetrics(grpc::ServerContext* context,
                                             const v1::GetClassMetricsRequest* request,
                                             v1::GetClassMetricsResponse* response) {
  const auto trial = wire::decode_id<TrialId>("trial_id", request->trial_id());
  if (!trial.ok()) return wire::to_grpc(trial.status());
  const auto classes =
      reader_.read(*context, [&](results::Results& results) { return results.class_metrics(*trial); });
  return respond(classes, [&](const auto& all) { encode_all(all, response->mutable_classes()); });
}

grpc::Status ResultsService::ListWorkers(grpc::ServerContext* context, const v1::ListWorkersRequest*,
                                         v1::ListWorkersResponse* response) {
  const auto live = ask_for_workers(loop_);
  if (!live.ok()) return wire::to_grpc(live.status());
  auto workers = reader_.read(*context, [](results::Results& results) { return results.workers(); });
  if (workers.ok()) add_live(live->workers, *workers);
  return respond(workers, [&](const auto& all) { encode_all(all, response->mutable_workers()); });
}

}  // namespace melsweep::rpc
