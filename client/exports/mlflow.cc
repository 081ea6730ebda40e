#include "client/exports/mlflow.h"

#include <cmath>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/exports/run_names.h"
#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"
#include "shared/results/trial_curves.h"

namespace melsweep::exports {
namespace {

namespace fs = std::filesystem;
using results::TrialCurves;

constexpr int kFinished = 3;   // MLflow's RunStatus
constexpr int kFromLocal = 4;  // its SourceType

// A text as YAML's single quotes have it.
std::string yaml_text(const std::string& text) {
  const std::string line = absl::StrReplaceAll(text, {{"'", "''"}, {"\n", " "}, {"\r", " "}});
  return absl::StrCat("'", line, "'");
}

// 32 hexadecimal digits, the same for the same trial.
std::string run_id(const TrialCurves& trial) {
  const std::string what =
      absl::StrCat("melsweep ", trial.sweep_created_ms, " ", trial.trial_id, " ", trial.started_ms);
  return files::sha256(what).substr(0, 32);
}

std::string experiment_yaml(const TrialCurves& trial, const fs::path& folder) {
  return absl::StrCat("artifact_location: ", yaml_text(absl::StrCat("file://", folder.string())),
                      "\ncreation_time: ", trial.sweep_created_ms, "\nexperiment_id: '", trial.sweep_id,
                      "'\nlast_update_time: ", trial.ended_ms, "\nlifecycle_stage: active\nname: ",
                      yaml_text(absl::StrCat(trial.sweep, " (sweep ", trial.sweep_id, ")")), "\n");
}

std::string run_yaml(const TrialCurves& trial, const std::string& id, const fs::path& folder) {
  return absl::StrCat("artifact_uri: ", yaml_text(absl::StrCat("file://", (folder / "artifacts").string())),
                      "\nend_time: ", trial.ended_ms, "\nentry_point_name: ''\nexperiment_id: '",
                      trial.sweep_id, "'\nlifecycle_stage: active\nrun_id: ", id,
                      "\nrun_name: ", yaml_text(run_name(trial)), "\nrun_uuid: ", id,
                      "\nsource_name: ''\nsource_type: ", kFromLocal,
                      "\nsource_version: ''\nstart_time: ", trial.started_ms, "\nstatus: ", kFinished,
                      "\ntags: []\nuser_id: melsweep\n");
}

// The lines of each metric's file: time, value, step.
std::map<std::string, std::string> metric_files(const TrialCurves& trial) {
  std::map<std::string, std::string> texts;
  for (const MetricPoint& point : trial.points) {
    const std::string value = std::isfinite(point.value) ? to_text(ParameterValue(point.value)) : "nan";
    absl::StrAppend(&texts[point.name], trial.about_ms(point.step), " ", value, " ", point.step, "\n");
  }
  return texts;
}

// Every file of a run by its path in it.
std::map<fs::path, std::string> run_files(const TrialCurves& trial, const std::string& id,
                                          const fs::path& folder) {
  std::map<fs::path, std::string> files;
  files["meta.yaml"] = run_yaml(trial, id, folder);
  files["tags/mlflow.runName"] = run_name(trial);
  files["tags/mlflow.user"] = "melsweep";
  files["params/seed"] = absl::StrCat(trial.seed);
  if (trial.validation_fold != 0) files["params/fold"] = absl::StrCat(trial.validation_fold);
  for (const Parameter& parameter : trial.parameters) {
    files[fs::path("params") / file_name(parameter.name)] = to_text(parameter.value);
  }
  for (auto& [name, text] : metric_files(trial)) {
    // MLflow takes a slash for a folder, but for no way out of the run's.
    fs::path path = "metrics";
    for (const fs::path& part : fs::path(name).relative_path()) path /= file_name(part.string());
    files[path] = std::move(text);
  }
  return files;
}

absl::Status write_run(const TrialCurves& trial, const fs::path& folder) {
  const fs::path experiment = folder / absl::StrCat(trial.sweep_id);
  const std::string id = run_id(trial);
  const fs::path run = experiment / id;
  absl::Status status = files::write_atomically(experiment / "meta.yaml", experiment_yaml(trial, experiment));
  if (!status.ok()) return status;
  for (const auto& [path, text] : run_files(trial, id, run)) {
    if (status = files::write_atomically(run / path, text); !status.ok()) return status;
  }
  std::error_code error;
  fs::create_directories(run / "artifacts", error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("cannot make ", (run / "artifacts").string(), ": ", error.message()));
}

}  // namespace

absl::StatusOr<std::int64_t> write_mlflow(const fs::path& database, const std::optional<std::string>& sweep,
                                          const fs::path& folder) {
  // Its own location is written into the folder.
  std::error_code error;
  const fs::path target = fs::absolute(folder, error);
  if (error) return absl::UnavailableError(absl::StrCat(folder.string(), ": ", error.message()));
  std::int64_t trials = 0;
  const absl::Status status = results::read_curves(database, sweep, [&](const TrialCurves& trial) {
    ++trials;
    return write_run(trial, target);
  });
  if (!status.ok()) return status;
  return trials;
}

}  // namespace melsweep::exports
