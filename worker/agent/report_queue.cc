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

std::size_t size_of(const WorkReport& report) {
  const auto* completed = std::get_if<CompletedReport>(&report.event);
  return completed == nullptr ? points_of(report) : completed->evaluation.predictions.size();
}

bool is_urgent(const WorkReport& report) {
  return !std::holds_alternative<MetricsReport>(report.event) ||
         points_of(report) >= ReportQueue::kMaxBatchPoints;
}

}  // namespace

ReportQueue::Line* ReportQueue::find(const WorkRef& work) {
  const auto found =
      std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) { return line.work == work; });
  return found == lines_.end() ? nullptr : &*found;
}

ReportQueue::Line& ReportQueue::line_of(const WorkRef& work) {
  Line* line = find(work);
  return line == nullptr ? lines_.emplace_back(Line{work}) : *line;
}

void ReportQueue::push(WorkReport report) {
  Line& line = line_of(report.work);
  line.reports.push_back(std::move(report));
}

void ReportQueue::push_metrics(const WorkRef& work, const std::vector<MetricPoint>& points) {
  if (points.empty()) return;
  Line& line = line_of(work);
  auto next = points.begin();
  while (next != points.end()) {
    const bool last_is_out = line.taken == line.reports.size();
    if (last_is_out || !std::holds_alternative<MetricsReport>(line.reports.back().event) ||
        points_of(line.reports.back()) >= kMaxBatchPoints) {
      line.reports.push_back({work, MetricsReport{}});
    }
    auto& into = std::get<MetricsReport>(line.reports.back().event).points;
    const auto room = static_cast<std::ptrdiff_t>(kMaxBatchPoints - into.size());
    const auto until = next + std::min(room, points.end() - next);
    into.insert(into.end(), next, until);
    next = until;
  }
}

bool ReportQueue::has(const WorkRef& work) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) { return line.work == work; });
}

std::size_t ReportQueue::pending_points() const {
  std::size_t points = 0;
  for (const Line& line : lines_) {
    for (const WorkReport& report : line.reports) points += points_of(report);
  }
  return points;
}

bool ReportQueue::is_urgent() const {
  return std::any_of(lines_.begin(), lines_.end(), [](const Line& line) {
    return line.is_apart || std::any_of(line.reports.begin(), line.reports.end(), agent::is_urgent);
  });
}

std::vector<WorkReport> ReportQueue::take_batch() {
  assert(!lines_.empty());
  std::vector<WorkReport> batch;
  std::size_t size = 0;
  const auto take_from = [&](Line& line) {
    assert(line.taken == 0);
    for (; line.taken < line.reports.size(); ++line.taken) {
      const WorkReport& report = line.reports[line.taken];
      size += size_of(report);
      if (!batch.empty() && size > kMaxBatchPoints) return;
      batch.push_back(report);
    }
  };
  const auto apart =
      std::find_if(lines_.begin(), lines_.end(), [](const Line& line) { return line.is_apart; });
  if (apart != lines_.end()) {
    take_from(*apart);
  } else {
    std::for_each(lines_.begin(), lines_.end(), take_from);
    std::rotate(lines_.begin(), lines_.begin() + 1, lines_.end());
  }
  return batch;
}

void ReportQueue::acknowledge() {
  for (Line& line : lines_) {
    if (line.taken == 0) continue;
    line.reports.erase(line.reports.begin(), line.reports.begin() + static_cast<std::ptrdiff_t>(line.taken));
    line.taken = 0;
    line.is_apart = false;
  }
  std::erase_if(lines_, [](const Line& line) { return line.reports.empty(); });
}

void ReportQueue::give_back() {
  for (Line& line : lines_) line.taken = 0;
}

void ReportQueue::give_back_apart() {
  for (Line& line : lines_) {
    if (line.taken > 0) line.is_apart = true;
    line.taken = 0;
  }
}

void ReportQueue::forget(const WorkRef& work) {
  std::erase_if(lines_, [&](const Line& line) { return line.work == work; });
}

}  // namespace melsweep::agent
