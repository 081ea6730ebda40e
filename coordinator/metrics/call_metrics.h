// Calls in numbers: how many of each method came to which end, and how long they took.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "coordinator/rpc/call_watch.h"
#include "shared/monitoring/families.h"

namespace melsweep::metrics {

// Thread-safe.
class CallMetrics {
 public:
  // Of these methods ("WorkerService/Lease"), each of which is there from the start; calls of others are not
  // counted.
  explicit CallMetrics(const std::vector<std::string>& methods);

  void note(const rpc::EndedCall& call);

  monitoring::Families collect() const { return registry_.Collect(); }

 private:
  static constexpr int kCodes = 17;  // gRPC's, OK to UNAUTHENTICATED

  struct Method {
    prometheus::Histogram* duration = nullptr;
    std::array<std::atomic<prometheus::Counter*>, kCodes> ended{};  // those that there were
  };

  prometheus::Counter& counter_of(const std::string& method, int code);

  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& ended_;
  std::map<std::string, Method, std::less<>>
      methods_;  // the same methods for good, so it is read without a lock
};

}  // namespace melsweep::metrics
