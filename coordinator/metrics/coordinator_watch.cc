#include "coordinator/metrics/coordinator_watch.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "coordinator/metrics/condition_families.h"
#include "shared/monitoring/process_families.h"

namespace melsweep::metrics {
namespace {

using monitoring::append;
using monitoring::counter;
using monitoring::Families;
using monitoring::gauge;

// Below the ten seconds that Prometheus gives a scrape, and a probe's usual few.
constexpr std::chrono::milliseconds kPatience{2'000};

// 0 where there is no such file.
double bytes_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  return error ? 0.0 : static_cast<double>(bytes);
}

}  // namespace

CoordinatorWatch::CoordinatorWatch(rpc::Server& server, const CoordinatorMetrics& metrics, Places places)
    : server_(server), metrics_(metrics), places_(std::move(places)) {}

Families CoordinatorWatch::collect() {
  Families families = condition_families(server_.condition(kPatience));
  append(metrics_.store.collect(), families);
  append(metrics_.calls.collect(), families);
  append(file_families(), families);
  return families;
}

Families CoordinatorWatch::file_families() const {
  const rpc::TransferredBytes transferred = server_.transferred();
  Families families = {
      counter("melsweep_artifact_received_bytes_total", "Of checkpoints and models that workers sent.",
              static_cast<double>(transferred.received)),
      counter("melsweep_artifact_sent_bytes_total",
              "Of checkpoints and models that were sent to who asked for them.",
              static_cast<double>(transferred.sent)),
      gauge("melsweep_database_size_bytes", "Size of the results database.", bytes_of(places_.database)),
      gauge("melsweep_database_log_size_bytes", "Size of the database's write-ahead log.",
            bytes_of(places_.database.string() + "-wal"))};
  append(monitoring::file_system_families(
             {{"database", places_.database.parent_path()}, {"artifacts", places_.artifacts}}),
         families);
  return families;
}

absl::Status CoordinatorWatch::readiness() {
  const auto condition = server_.condition(kPatience);
  if (!condition.ok()) return condition.status();
  if (condition->overview) return absl::OkStatus();
  if (!condition->trouble.ok()) return condition->trouble;
  return absl::UnavailableError("the database has to be read again first");
}

}  // namespace melsweep::metrics
