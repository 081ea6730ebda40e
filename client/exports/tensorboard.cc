#include "client/exports/tensorboard.h"

#include "absl/strings/str_cat.h"
#include "client/exports/event_records.h"
#include "client/exports/run_names.h"
#include "melsweep/v1/tensorboard.pb.h"
#include "shared/files/atomic_file.h"
#include "shared/results/trial_curves.h"

namespace melsweep::exports {
namespace {

constexpr char kFileVersion[] = "brain.Event:2";

double seconds(std::int64_t milliseconds) {
  return static_cast<double>(milliseconds) / 1000.0;
}

void append_event(std::string& file, const v1::TensorboardEvent& event) {
  append_record(file, event.SerializeAsString());
}

std::string events_of(const results::TrialCurves& trial) {
  std::string file;
  v1::TensorboardEvent first;
  first.set_wall_time(seconds(trial.started_ms));
  first.set_file_version(kFileVersion);
  append_event(file, first);
  for (const MetricPoint& point : trial.points) {
    v1::TensorboardEvent event;
    event.set_wall_time(seconds(trial.about_ms(point.step)));
    event.set_step(point.step);
    v1::TensorboardValue& value = *event.mutable_summary()->add_value();
    value.set_tag(point.name);
    value.set_simple_value(static_cast<float>(point.value));
    append_event(file, event);
  }
  return file;
}

}  // namespace

absl::StatusOr<std::int64_t> write_tensorboard(const std::filesystem::path& database,
                                               const std::optional<std::string>& sweep,
                                               const std::filesystem::path& folder) {
  std::int64_t trials = 0;
  const absl::Status status =
      results::read_curves(database, sweep, [&](const results::TrialCurves& trial) -> absl::Status {
        ++trials;
        const std::string sweep_name = file_name(absl::StrCat(trial.sweep_id, "-", trial.sweep));
        // TensorBoard takes a folder's files in order of name, and wants the beginning's second in it.
        const std::string events = absl::StrCat("events.out.tfevents.", trial.started_ms / 1000, ".melsweep");
        return files::write_atomically(folder / sweep_name / run_name(trial) / events, events_of(trial));
      });
  if (!status.ok()) return status;
  return trials;
}

}  // namespace melsweep::exports
