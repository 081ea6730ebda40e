#include "bench/dispatch/measured_link.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace melsweep::bench {
namespace {

bool is_end_of_trial(const WorkReport& report) {
  return std::holds_alternative<CompletedReport>(report.event);
}

}  // namespace

MeasuredLink::MeasuredLink(std::unique_ptr<v1::WorkerService::StubInterface> stub,
                           agent::WorkerIdentity identity, FinishedTrials& finished,
                           std::function<void(agent::Event)> post)
    : finished_(finished),
      link_(std::move(stub), std::move(identity), [this, post = std::move(post)](agent::Event event) {
        note(event);
        post(std::move(event));
      }) {}

void MeasuredLink::heartbeat(const std::vector<RunningWork>& running, std::chrono::milliseconds timeout) {
  {
    const std::scoped_lock lock(mutex_);
    heartbeat_started_ = clock_.now().monotonic;
  }
  link_.heartbeat(running, timeout);
}

void MeasuredLink::report(const std::vector<WorkReport>& reports) {
  {
    const std::scoped_lock lock(mutex_);
    reported_ = std::count_if(reports.begin(), reports.end(), is_end_of_trial);
  }
  link_.report(reports);
}

void MeasuredLink::note(const agent::Event& event) {
  const std::scoped_lock lock(mutex_);
  if (std::holds_alternative<agent::HeartbeatAnswered>(event)) {
    heartbeats_.push_back(clock_.now().monotonic - heartbeat_started_);
  }
  const auto* answered = std::get_if<agent::ReportAnswered>(&event);
  if (answered != nullptr && answered->status.ok() && reported_ > 0) finished_.note_finished(reported_);
}

std::vector<std::chrono::milliseconds> MeasuredLink::heartbeats() const {
  const std::scoped_lock lock(mutex_);
  return heartbeats_;
}

}  // namespace melsweep::bench
