#include "coordinator/store/metric_writer.h"

#include <cstddef>
#include <optional>

namespace melsweep::store {
namespace {

constexpr std::size_t kMaxNames = 10'000;

}  // namespace

std::int64_t MetricWriter::id_of(const std::string& name) {
  const auto known = names_.find(name);
  if (known != names_.end()) return known->second;
  if (names_.size() >= kMaxNames) names_.clear();
  std::optional<std::int64_t> id = connection_.find("SELECT id FROM metric_names WHERE name = ?", name);
  if (!id) {
    connection_.run("INSERT INTO metric_names (name) VALUES (?)", name);
    id = connection_.last_insert_id();
  }
  names_.emplace(name, *id);
  return *id;
}

void MetricWriter::write(const AddMetrics& write) {
  for (const MetricPoint& point : write.points) {
    connection_.run(
        "INSERT INTO metrics (trial_id, epoch, name_id, step, value) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        write.attempt.trial.value, write.attempt.epoch, id_of(point.name), point.step, point.value);
  }
}

}  // namespace melsweep::store
