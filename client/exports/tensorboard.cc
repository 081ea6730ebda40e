#include "client/exports/tensorboard.h"

#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"
#include "client/exports/event_records.h"
#include "client/exports/run_names.h"
#include "melsweep/v1/tensorboard.pb.h"
#include "shared/files/atomic_file.h"
#include "shared/results/trial_curves.h"

namespace melsweep::exports {
namespace {

constexpr char kFileVersion[] = "brain.Event:2";
constexpr int kSuccess = 1;  // of TensorBoard's hparams Status

double seconds(std::int64_t milliseconds) {
  return static_cast<double>(milliseconds) / 1000.0;
}

void append_event(std::string& file, const v1::TensorboardEvent& event) {
  append_record(file, event.SerializeAsString());
}

google::protobuf::Value hparam(const ParameterValue& value) {
  google::protobuf::Value hparam;
  if (const auto* const text = std::get_if<std::string>(&value)) {
    hparam.set_string_value(*text);
  } else if (const auto* const truth = std::get_if<bool>(&value)) {
    hparam.set_bool_value(*truth);
  } else if (const auto* const whole = std::get_if<std::int64_t>(&value)) {
    hparam.set_number_value(static_cast<double>(*whole));
  } else {
    hparam.set_number_value(std::get<double>(value));
  }
  return hparam;
}

void append_hparams(std::string& file, std::int64_t at_ms, std::string_view tag,
                    const v1::TensorboardHparams& hparams) {
  v1::TensorboardEvent event;
  event.set_wall_time(seconds(at_ms));
  v1::TensorboardValue& value = *event.mutable_summary()->add_value();
  value.set_tag(std::string(tag));
  v1::TensorboardPluginData& plugin = *value.mutable_metadata()->mutable_plugin_data();
  plugin.set_plugin_name("hparams");
  plugin.set_content(hparams.SerializeAsString());
  append_event(file, event);
}

// What the trial tried, for the HParams page; seeds and folds of one setting are repeats of each other there.
void append_setting(std::string& file, const results::TrialCurves& trial) {
  v1::TensorboardHparams start;
  v1::TensorboardSessionStart& session = *start.mutable_session_start_info();
  session.set_start_time_secs(seconds(trial.started_ms));
  session.set_group_name(setting_name(trial));
  for (const Parameter& parameter : trial.parameters) {
    (*session.mutable_hparams())[parameter.name] = hparam(parameter.value);
  }
  append_hparams(file, trial.started_ms, "_hparams_/session_start_info", start);
  v1::TensorboardHparams end;
  end.mutable_session_end_info()->set_status(kSuccess);
  end.mutable_session_end_info()->set_end_time_secs(seconds(trial.ended_ms));
  append_hparams(file, trial.ended_ms, "_hparams_/session_end_info", end);
}

std::string events_of(const results::TrialCurves& trial) {
  std::string file;
  v1::TensorboardEvent first;
  first.set_wall_time(seconds(trial.started_ms));
  first.set_file_version(kFileVersion);
  append_event(file, first);
  append_setting(file, trial);
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
