// What has happened to the current work and is not yet known to be durable.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "shared/model/assignment.h"

namespace melsweep::agent {

// Reports in the order they were made. They are handed out in batches, one batch at a time, and forgotten
// only once that batch is acknowledged. All reports in the queue are of one piece of work.
class ReportQueue {
 public:
  // Points in one batch: far below net::kMaxMessageBytes.
  static constexpr std::size_t kMaxBatchPoints = 10'000;

  void push(WorkReport report);

  // Metrics that follow metrics become one report with them, where both fit in a batch.
  void push_metrics(const WorkRef& work, const std::vector<MetricPoint>& points);

  bool empty() const { return reports_.empty(); }
  std::size_t pending_points() const;

  // Whether there is more than metrics to say: what should not wait.
  bool is_urgent() const;

  // The oldest reports, as many as fit in one batch. The queue must not be empty, and no batch may be out.
  std::vector<WorkReport> take_batch();

  // The batch that was taken is durable.
  void acknowledge();

  // The batch that was taken did not get there; it will be in the next one.
  void give_back();

  // Forgets everything; a later acknowledge() or give_back() of a batch taken before has no effect.
  void clear();

 private:
  std::deque<WorkReport> reports_;
  std::size_t taken_ = 0;  // of the front
};

}  // namespace melsweep::agent
