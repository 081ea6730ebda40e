#include "shared/monitoring/monitor.h"

#include <prometheus/text_serializer.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/monitoring/process_families.h"
#include "shared/net/address.h"

namespace melsweep::monitoring {
namespace {

constexpr char kPaths[] = "there are /metrics, /healthz and /readyz\n";
constexpr char kTextFormat[] = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace

absl::StatusOr<std::unique_ptr<Monitor>> Monitor::start(const MonitorOptions& options) {
  const auto address = net::parse_address(options.listen);
  if (!address.ok()) return address.status();
  if (options.plaintext == net::Plaintext::kLoopbackOnly && !net::is_loopback(*address)) {
    return absl::FailedPreconditionError(absl::StrCat("whoever reaches ", options.listen,
                                                      " could read the metrics: listen on 127.0.0.1, or say "
                                                      "--metrics-insecure if that network is trusted"));
  }
  std::unique_ptr<Monitor> monitor(new Monitor(options));
  auto listener = HttpListener::start(
      *address, [self = monitor.get()](std::string_view path) { return self->answer(path); });
  if (!listener.ok()) return listener.status();
  monitor->listener_ = *std::move(listener);
  return monitor;
}

void Monitor::watch(Watched* watched, std::string reason) {
  const std::scoped_lock lock(mutex_);
  watched_ = watched;
  reason_ = std::move(reason);
}

HttpAnswer Monitor::answer(std::string_view path) {
  if (path == "/metrics") return metrics();
  if (path == "/healthz") return {.body = "alive\n"};
  if (path == "/readyz") return readiness();
  if (path == "/") return {.body = absl::StrCat(program_, " ", version_, ": ", kPaths)};
  return {.status = 404, .body = kPaths};
}

HttpAnswer Monitor::metrics() {
  Families families = process_families(program_, version_);
  {
    const std::scoped_lock lock(mutex_);
    if (watched_ != nullptr) append(watched_->collect(), families);
  }
  return {.content_type = kTextFormat, .body = prometheus::TextSerializer().Serialize(families)};
}

HttpAnswer Monitor::readiness() {
  const std::scoped_lock lock(mutex_);
  const absl::Status status = watched_ != nullptr ? watched_->readiness() : absl::UnavailableError(reason_);
  if (status.ok()) return {.body = "ready\n"};
  return {.status = 503, .body = absl::StrCat("not ready: ", status.message(), "\n")};
}

}  // namespace melsweep::monitoring
