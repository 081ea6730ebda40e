#include "client/output/result_tables.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/output/time_text.h"
#include "shared/spec/names.h"

namespace melsweep::output {
namespace {

using results::CellSummary;
using results::SweepSummary;
using results::TrialSummary;
using results::WorkerSummary;

CellValue cell(const ParameterValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return Setting{*number};
  return std::visit([](const auto& held) { return CellValue(held); }, value);
}

CellValue text_or_blank(std::string text) {
  return text.empty() ? CellValue() : CellValue(std::move(text));
}

CellValue number_or_blank(std::int64_t number) {
  return number == 0 ? CellValue() : CellValue(number);
}

CellValue objective_cell(const TrialSummary& trial) {
  return trial.objective ? CellValue(*trial.objective) : CellValue();
}

CellValue metric_cell(const TrialSummary& trial, std::string_view name) {
  const auto point = std::find_if(trial.last_metrics.begin(), trial.last_metrics.end(),
                                  [&](const MetricPoint& metric) { return metric.name == name; });
  return point == trial.last_metrics.end() ? CellValue() : CellValue(point->value);
}

CellValue duration_cell(const TrialSummary& trial) {
  if (trial.started_ms == 0 || trial.finished_ms == 0) return {};
  return static_cast<double>(trial.finished_ms - trial.started_ms) / 1000.0;
}

CellValue figure_cell(const std::optional<double>& figure) {
  return figure ? CellValue(*figure) : CellValue();
}

// The swept parameters' names in their order; all trials of a sweep have the same.
std::vector<std::string> parameter_names(const std::vector<TrialSummary>& trials) {
  std::vector<std::string> names;
  if (trials.empty()) return names;
  for (const Parameter& parameter : trials.front().parameters) names.push_back(parameter.name);
  return names;
}

void append_parameters(std::vector<CellValue>& row, const TrialSummary& trial) {
  for (const Parameter& parameter : trial.parameters) row.push_back(cell(parameter.value));
}

const std::vector<std::string> kMeasured = {
    "seed", "fold", "objective", "validation_accuracy", "validation_loss", "train_accuracy", "train_loss"};

void append_measured(std::vector<CellValue>& row, const TrialSummary& trial) {
  row.push_back(static_cast<std::int64_t>(trial.seed));
  row.push_back(number_or_blank(trial.validation_fold));
  row.push_back(objective_cell(trial));
  for (const char* metric : {"validation/accuracy", "validation/loss", "train/accuracy", "train/loss"}) {
    row.push_back(metric_cell(trial, metric));
  }
}

std::vector<std::string> columns(std::vector<std::string> first, const std::vector<TrialSummary>& trials,
                                 const std::vector<std::string>& last) {
  for (const auto& part : {parameter_names(trials), kMeasured, last}) {
    first.insert(first.end(), part.begin(), part.end());
  }
  return first;
}

// People see the column only where there is something to see.
CellValue count_or_blank(std::int64_t count, OutputFormat format) {
  if (count == 0 && format == OutputFormat::kTable) return {};
  return count;
}

// Why it failed, or does not go on.
std::string reason_text(const SweepSummary& sweep) {
  if (!sweep.waits_for.empty()) return absl::StrCat("waits for ", sweep.waits_for);
  return sweep.unmet.empty() ? sweep.reason : sweep.unmet;
}

}  // namespace

std::string state_text(const SweepSummary& sweep) {
  return sweep.paused ? "paused" : std::string(spec::name_of(sweep.state));
}

Table sweeps_table(const std::vector<SweepSummary>& sweeps, OutputFormat format) {
  Table table({"sweep", "name", "state", "trials", "running", "finished", "failed", "clips", "skipped",
               "created", "finished_at", "reason", "paused", "reused", "study"});
  const bool is_for_people = format == OutputFormat::kTable;
  for (const SweepSummary& sweep : sweeps) {
    table.add_row({sweep.id.value, sweep.name,
                   is_for_people ? state_text(sweep) : std::string(spec::name_of(sweep.state)),
                   sweep.trials_total, sweep.trials_running, sweep.trials_finished, sweep.trials_failed,
                   sweep.clips, sweep.clips_skipped, moment_text(sweep.created_ms),
                   text_or_blank(moment_text(sweep.finished_ms)), text_or_blank(reason_text(sweep)),
                   is_for_people ? CellValue() : CellValue(sweep.paused),
                   count_or_blank(sweep.trials_reused, format), text_or_blank(sweep.study)});
  }
  return table;
}

Table trials_table(const std::vector<TrialSummary>& trials) {
  Table table(columns({"trial", "state"}, trials, {"attempts", "duration_s", "worker", "failure"}));
  for (const TrialSummary& trial : trials) {
    std::vector<CellValue> row = {trial.number, std::string(spec::name_of(trial.state))};
    append_parameters(row, trial);
    append_measured(row, trial);
    row.insert(row.end(), {static_cast<std::int64_t>(trial.attempts), duration_cell(trial),
                           text_or_blank(trial.worker), text_or_blank(trial.failure)});
    table.add_row(std::move(row));
  }
  return table;
}

Table leaderboard_table(const std::vector<TrialSummary>& trials) {
  Table table(columns({"rank", "trial"}, trials, {"duration_s", "worker", "checkpoint"}));
  for (const TrialSummary& trial : trials) {
    std::vector<CellValue> row = {trial.rank, trial.number};
    append_parameters(row, trial);
    append_measured(row, trial);
    row.insert(row.end(),
               {duration_cell(trial), text_or_blank(trial.worker), text_or_blank(trial.checkpoint)});
    table.add_row(std::move(row));
  }
  return table;
}

Table brief_leaderboard(const std::vector<TrialSummary>& trials, const std::string& objective_metric) {
  const auto differs = [&](auto field) {
    return std::any_of(trials.begin(), trials.end(),
                       [&](const TrialSummary& trial) { return field(trial) != field(trials.front()); });
  };
  const bool seeds = differs([](const TrialSummary& trial) { return trial.seed; });
  const bool folds = differs([](const TrialSummary& trial) { return trial.validation_fold; });
  const bool other_objective = objective_metric != "validation/accuracy" &&
                               objective_metric != "validation/loss" && objective_metric != "train/accuracy";

  std::vector<std::string> names = {"rank", "trial"};
  for (const std::string& name : parameter_names(trials)) names.push_back(name);
  if (seeds) names.emplace_back("seed");
  if (folds) names.emplace_back("fold");
  if (other_objective) names.push_back(objective_metric);
  names.insert(names.end(), {"validation_accuracy", "validation_loss", "train_accuracy", "duration_s"});
  Table table(names);
  for (const TrialSummary& trial : trials) {
    std::vector<CellValue> row = {trial.rank, trial.number};
    append_parameters(row, trial);
    if (seeds) row.emplace_back(static_cast<std::int64_t>(trial.seed));
    if (folds) row.emplace_back(static_cast<std::int64_t>(trial.validation_fold));
    if (other_objective) row.push_back(objective_cell(trial));
    for (const char* metric : {"validation/accuracy", "validation/loss", "train/accuracy"}) {
      row.push_back(metric_cell(trial, metric));
    }
    row.push_back(duration_cell(trial));
    table.add_row(std::move(row));
  }
  return table;
}

Table cells_table(const std::vector<CellSummary>& cells) {
  std::vector<std::string> names = {"rank"};
  if (!cells.empty()) {
    for (const Parameter& parameter : cells.front().parameters) names.push_back(parameter.name);
  }
  names.insert(names.end(), {"objective_mean", "objective_deviation", "objective_min", "objective_max",
                             "trials", "finished", "failed", "open", "best_trial"});
  Table table(names);
  for (const CellSummary& one : cells) {
    std::vector<CellValue> row = {one.rank};
    for (const Parameter& parameter : one.parameters) row.push_back(cell(parameter.value));
    for (const auto& figure : {one.mean, one.deviation, one.lowest, one.highest})
      row.push_back(figure_cell(figure));
    row.insert(row.end(), {one.trials, one.finished, one.failed, one.open, number_or_blank(one.best_trial)});
    table.add_row(std::move(row));
  }
  return table;
}

Table winners_table(const std::vector<Winner>& winners) {
  Table table({"sweep", "name", "state", "trial", "parameters", "objective_metric", "objective", "deviation",
               "trials"});
  for (const auto& [sweep, trial, cell] : winners) {
    const bool is_mean = cell.trials > 1;
    table.add_row({sweep.id.value, sweep.name, std::string(spec::name_of(sweep.state)),
                   trial ? CellValue(trial->number) : CellValue(),
                   trial ? text_or_blank(parameters_text(trial->parameters)) : CellValue(),
                   sweep.objective_metric,
                   !trial ? CellValue() : (is_mean ? figure_cell(cell.mean) : objective_cell(*trial)),
                   figure_cell(cell.deviation), is_mean ? CellValue(cell.trials) : CellValue()});
  }
  return table;
}

Table class_table(const std::vector<ClassMetrics>& classes) {
  Table table({"class", "precision", "recall", "f1", "support"});
  for (const ClassMetrics& row : classes) {
    table.add_row({row.class_name, row.precision, row.recall, row.f1, row.support});
  }
  return table;
}

Table workers_table(const std::vector<WorkerSummary>& workers, OutputFormat format) {
  Table table({"worker", "host", "device", "gpus", "gpu_memory", "cpus", "labels", "trial", "stage", "done",
               "total", "last_seen", "draining"});
  const auto draining = [format](const WorkerSummary& worker) {
    if (format != OutputFormat::kTable) return CellValue(worker.draining);
    return worker.draining ? CellValue("yes") : CellValue();
  };
  const auto memory = [format](const WorkerResources& resources) {
    if (format != OutputFormat::kTable) return CellValue(resources.gpu_memory.bytes);
    return resources.gpus == 0 ? CellValue() : CellValue(to_text(resources.gpu_memory));
  };
  for (const WorkerSummary& worker : workers) {
    const WorkerResources& resources = worker.resources;
    table.add_row({worker.id.value, worker.host, worker.device, count_or_blank(resources.gpus, format),
                   memory(resources), count_or_blank(resources.cpus, format),
                   text_or_blank(absl::StrJoin(resources.labels, ",")),
                   worker.trial ? CellValue(worker.trial->value) : CellValue(),
                   text_or_blank(worker.progress.stage), number_or_blank(worker.progress.done),
                   number_or_blank(worker.progress.total), text_or_blank(moment_text(worker.last_seen_ms)),
                   draining(worker)});
  }
  return table;
}

Table violations_table(const std::vector<results::Violation>& violations) {
  Table table({"rule", "trial", "detail"});
  for (const results::Violation& violation : violations) {
    table.add_row(
        {violation.rule, violation.trial ? CellValue(*violation.trial) : CellValue(), violation.detail});
  }
  return table;
}

std::string parameters_text(const std::vector<Parameter>& parameters) {
  std::string text;
  for (const Parameter& parameter : parameters) {
    absl::StrAppend(&text, text.empty() ? "" : " ", parameter.name, "=", to_text(parameter.value));
  }
  return text;
}

}  // namespace melsweep::output
