#include "coordinator/metrics/call_metrics.h"

#include <chrono>

namespace melsweep::metrics {
namespace {

// Seconds; the longest are those of requests for work that wait for it.
const prometheus::Histogram::BucketBoundaries kDurations = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

// As gRPC writes them, by number.
constexpr const char* kCodeNames[] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

}  // namespace

CallMetrics::CallMetrics(const std::vector<std::string>& methods)
    : ended_(prometheus::BuildCounter()
                 .Name("melsweep_rpc_calls_total")
                 .Help("Calls that ended, by method and gRPC status.")
                 .Register(registry_)) {
  static_assert(std::size(kCodeNames) == kCodes);
  auto& durations = prometheus::BuildHistogram()
                        .Name("melsweep_rpc_duration_seconds")
                        .Help("How long calls took, by method; requests for work wait for it.")
                        .Register(registry_);
  for (const std::string& method : methods) {
    methods_[method].duration = &durations.Add({{"method", method}}, kDurations);
    counter_of(method, 0);
  }
}

prometheus::Counter& CallMetrics::counter_of(const std::string& method, int code) {
  std::atomic<prometheus::Counter*>& place =
      methods_.find(method)->second.ended[static_cast<std::size_t>(code)];
  prometheus::Counter* counter = place.load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Whoever else does this at the same time is given the same one.
    counter = &ended_.Add({{"method", method}, {"code", kCodeNames[code]}});
    place.store(counter, std::memory_order_release);
  }
  return *counter;
}

void CallMetrics::note(const rpc::EndedCall& call) {
  const auto method = methods_.find(call.method);
  const auto code = static_cast<int>(call.code);
  if (method == methods_.end() || code < 0 || code >= kCodes) return;
  method->second.duration->Observe(std::chrono::duration<double>(call.duration).count());
  counter_of(method->first, code).Increment();
}

}  // namespace melsweep::metrics
