// What has happened to the works at hand and is not yet known to be durable.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "shared/model/assignment.h"

namespace melsweep::agent {

// Reports of each piece of work in the order they were made; those of several go side by side. They are
// handed out in batches, one batch at a time, and forgotten only once that batch is acknowledged.
class ReportQueue {
 public:
  // Points and predictions in one batch: far below net::kMaxMessageBytes.
  static constexpr std::size_t kMaxBatchPoints = 10'000;

  void push(WorkReport report);

  // Metrics that follow metrics become one report with them, where both fit in a batch.
  void push_metrics(const WorkRef& work, const std::vector<MetricPoint>& points);

  bool empty() const { return lines_.empty(); }
  bool has(const WorkRef& work) const;
  std::size_t pending_points() const;

  // Whether there is more than metrics to say: what should not wait.
  bool is_urgent() const;

  // The oldest reports of each work, as many as fit in one batch, every work's sooner or later. The queue
  // must not be empty, and no batch may be out.
  std::vector<WorkReport> take_batch();

  // The batch that was taken is durable.
  void acknowledge();

  // The batch that was taken did not get there; it will be in the next one.
  void give_back();

  // The batch that was taken is refused, and it cannot be said because of which work: each work in it gets a
  // batch of its own next.
  void give_back_apart();

  // Forgets what there is of the work; a later acknowledge() or give_back() of a batch taken before has no
  // effect on what is pushed from now on.
  void forget(const WorkRef& work);

 private:
  struct Line {
    WorkRef work;
    std::deque<WorkReport> reports{};  // at least one
    std::size_t taken = 0;             // of the front
    bool is_apart = false;             // has to be in a batch of its own
  };

  Line* find(const WorkRef& work);
  Line& line_of(const WorkRef& work);

  std::vector<Line> lines_;  // whose turn it is first
};

}  // namespace melsweep::agent
