// Results as tables: which columns each verb prints, in which order. The column names are promised to
// scripts.
#pragma once

#include <optional>
#include <vector>

#include "client/output/table.h"
#include "shared/results/cells.h"
#include "shared/results/results.h"
#include "shared/results/verification.h"

namespace melsweep::output {

// "paused" where it is, else its state.
std::string state_text(const results::SweepSummary& sweep);

// sweep, name, state, trials, running, finished, failed, clips, skipped, created, finished_at, reason, paused
// (true or false), reused, study. For people paused is a state.
Table sweeps_table(const std::vector<results::SweepSummary>& sweeps, OutputFormat format);

// trial, state, one column a swept parameter, seed, fold, objective, validation_accuracy, validation_loss,
// train_accuracy, train_loss, attempts, duration_s, worker, failure
Table trials_table(const std::vector<results::TrialSummary>& trials);

// rank, then as trials_table without state, attempts and failure, and with checkpoint at the end.
Table leaderboard_table(const std::vector<results::TrialSummary>& trials);

// The leaderboard at a glance, for people only: rank, trial, the swept parameters, seed and fold where they
// differ between trials, validation_accuracy, validation_loss, train_accuracy, duration_s; and the objective
// where it is another metric.
Table brief_leaderboard(const std::vector<results::TrialSummary>& trials,
                        const std::string& objective_metric);

// rank, one column a swept parameter, objective_mean, objective_deviation, objective_min, objective_max,
// trials, finished, failed, open, best_trial
Table cells_table(const std::vector<results::CellSummary>& cells);

// Who has won a sweep; nobody where no trial has finished.
struct Winner {
  results::SweepSummary sweep;
  std::optional<results::TrialSummary> trial;
  results::CellSummary cell{};  // of the trial
};

// sweep, name, state, trial, parameters, objective_metric, objective; and where it is a mean over the trials
// of the winner's cell, its deviation and how many there are
Table winners_table(const std::vector<Winner>& winners);

// class, precision, recall, f1, support
Table class_table(const std::vector<ClassMetrics>& classes);

// worker, host, device, gpus, gpu_memory (bytes; for people with its unit), cpus, labels, trial, stage, done,
// total, last_seen, draining (true or false; for people "yes" or nothing)
Table workers_table(const std::vector<results::WorkerSummary>& workers, OutputFormat format);

// rule, trial, detail
Table violations_table(const std::vector<results::Violation>& violations);

// "learning_rate=0.05 batch_size=200"
std::string parameters_text(const std::vector<Parameter>& parameters);

}  // namespace melsweep::output
