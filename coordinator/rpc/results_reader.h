// The results database read on behalf of calls.
#pragma once

#include <grpcpp/server_context.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "shared/results/database_results.h"

namespace melsweep::rpc {

// Calls take turns, and none reads on for a caller that has gone. Thread-safe.
class ResultsReader {
 public:
  explicit ResultsReader(std::unique_ptr<results::DatabaseResults> results) : results_(std::move(results)) {}

  // What `ask` makes of the results, which it gets by reference; blocks until the turn comes. Cancelled where
  // the caller has gone, before or in the middle; Unavailable where stop() was called.
  template <class Ask>
  auto read(const grpc::ServerContext& context, Ask ask) -> std::invoke_result_t<Ask, results::Results&> {
    if (absl::Status status = reason_to_stop(context); !status.ok()) return status;
    const std::scoped_lock turn(mutex_);
    if (absl::Status status = reason_to_stop(context); !status.ok()) return status;
    results_->stop_when([&] { return !reason_to_stop(context).ok(); });
    auto answer = ask(*results_);
    results_->stop_when(nullptr);
    if (absl::IsCancelled(answer.status())) {
      if (absl::Status status = reason_to_stop(context); !status.ok()) return status;
    }
    return answer;
  }

  // Cuts short what is being read and refuses whatever comes.
  void stop() { is_stopped_ = true; }

 private:
  // OK: none.
  absl::Status reason_to_stop(const grpc::ServerContext& context) const {
    if (is_stopped_) return absl::UnavailableError("the coordinator is stopping: try again later");
    if (context.IsCancelled()) return absl::CancelledError("nobody waits for the answer any more");
    return absl::OkStatus();
  }

  std::atomic<bool> is_stopped_ = false;
  std::mutex mutex_;
  std::unique_ptr<results::DatabaseResults> results_;  // guarded by mutex_
};

}  // namespace melsweep::rpc
