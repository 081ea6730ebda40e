// A daemon as machines see it from outside (docs/observability.md): /metrics, /healthz and /readyz.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/monitoring/families.h"
#include "shared/monitoring/http_listener.h"
#include "shared/net/limits.h"

namespace melsweep::monitoring {

// What is looked at. Called on the monitor's threads, one call at a time.
class Watched {
 public:
  virtual ~Watched() = default;

  // Its metrics as they are now.
  virtual Families collect() = 0;

  // OK: it does its work. Else why it does not, in words.
  virtual absl::Status readiness() = 0;
};

struct MonitorOptions {
  std::string listen;  // HOST:PORT; port 0: any free one
  net::Plaintext plaintext = net::Plaintext::kLoopbackOnly;
  std::string program{};
  std::string version{};
};

//   /metrics   Prometheus' text format: the process, and what is watched
//   /healthz   200 as long as the process can answer at all
//   /readyz    200 while what is watched is ready, else 503; why not, in words
class Monitor {
 public:
  // Answers at once; until watch() it is not ready. InvalidArgument: no address, or a name;
  // FailedPrecondition: one beyond this machine without Plaintext::kAnywhere; Unavailable: it cannot be
  // listened on.
  static absl::StatusOr<std::unique_ptr<Monitor>> start(const MonitorOptions& options);

  // From now on this is looked at, which must live until the next call has returned or the monitor is gone.
  // Null: nothing is, and what is ready is nothing, for the reason given.
  void watch(Watched* watched, std::string reason = {});

  int port() const { return listener_->port(); }

 private:
  explicit Monitor(const MonitorOptions& options) : program_(options.program), version_(options.version) {}

  HttpAnswer answer(std::string_view path);
  HttpAnswer metrics();
  HttpAnswer readiness();

  std::string program_;
  std::string version_;
  std::mutex mutex_;
  Watched* watched_ = nullptr;              // guarded by mutex_, which is held while it is looked at
  std::string reason_ = "it is starting";   // guarded by mutex_; why nothing is watched
  std::unique_ptr<HttpListener> listener_;  // last: its threads use all of the above
};

}  // namespace melsweep::monitoring
