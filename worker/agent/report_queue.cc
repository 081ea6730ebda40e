#include "worker/agent/report_queue.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

namespace melsweep::agent {
namespace {

std::size_t points_of(const WorkReport& report) {
  const auto* metrics = std::get_if<MetricsReport>(&report.event);
  return metrics == nullptr ? 0 : metrics->points.size();
}

}  // namespace

void ReportQueue::push(WorkReport report) {
  reports_.push_back(std::move(report));
}

void ReportQueue::push_metrics(const WorkRef& work, const std::vector<MetricPoint>& points) {
  auto next = points.begin();
  while (next != points.end()) {
    const bool last_is_out = taken_ == reports_.size();
    if (last_is_out || !std::holds_alternative<MetricsReport>(reports_.back().event) ||
        points_of(reports_.back()) >= kMaxBatchPoints) {
      reports_.push_back({work, MetricsReport{}});
    }
    auto& into = std::get<MetricsReport>(reports_.back().event).points;
    const auto room = static_cast<std::ptrdiff_t>(kMaxBatchPoints - into.size());
    const auto until = next + std::min(room, points.end() - next);
    into.insert(into.end(), next, until);
    next = until;
  }
}

std::size_t ReportQueue::pending_points() const {
  std::size_t points = 0;
  for (const WorkReport& report : reports_) points += points_of(report);
  return points;
}

bool ReportQueue::is_urgent() const {
  return std::any_of(reports_.begin(), reports_.end(), [](const WorkReport& report) {
    return !std::holds_alternative<MetricsReport>(report.event) || points_of(report) >= kMaxBatchPoints;
  });
}

std::vector<WorkReport> ReportQueue::take_batch() {
  assert(taken_ == 0 && !reports_.empty());
  std::size_t points = 0;
  while (taken_ < reports_.size()) {
    points += points_of(reports_[taken_]);
    if (taken_ > 0 && points > kMaxBatchPoints) break;
    ++taken_;
  }
  return {reports_.begin(), reports_.begin() + static_cast<std::ptrdiff_t>(taken_)};
}

void ReportQueue::acknowledge() {
  reports_.erase(reports_.begin(), reports_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
}

void ReportQueue::give_back() {
  taken_ = 0;
}

void ReportQueue::clear() {
  reports_.clear();
  taken_ = 0;
}

}  // namespace melsweep::agent
