#include "coordinator/store/trial_writer.h"

#include <sqlite3.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <variant>

#include "SQLiteCpp/Exception.h"
#include "shared/spec/names.h"
#include "shared/spec/settings_json.h"

namespace melsweep::store {
namespace {

struct WriteParameterValue {
  Connection& connection;
  TrialId trial;
  int position;
  const Parameter& parameter;

  void operator()(std::int64_t number) const { write("integer", number); }
  void operator()(double number) const { write("real", number); }
  void operator()(bool truth) const { write("boolean", truth ? 1 : 0); }
  void operator()(const std::string& text) const { write("text", text); }

  template <class Value>
  void write(std::string_view kind, const Value& value) const {
    connection.run(
        "INSERT INTO parameters (trial_id, position, name, kind, value, text) VALUES (?, ?, ?, ?, ?, ?)",
        trial.value, position, parameter.name, kind, value, to_text(parameter.value));
  }
};

}  // namespace

const std::string& TrialWriter::json_of(const TrialSettings& settings) {
  if (json_.empty() || settings != settings_) {
    json_.clear();  // should dump() throw
    settings_ = settings;
    json_ = spec::to_json(settings).dump();
  }
  return json_;
}

void TrialWriter::write_parameters(const TrialRecord& trial) {
  connection_.run("DELETE FROM parameters WHERE trial_id = ?", trial.id.value);
  int position = 0;
  for (const Parameter& parameter : trial.cell.parameters) {
    std::visit(WriteParameterValue{connection_, trial.id, position, parameter}, parameter.value);
    ++position;
  }
}

void TrialWriter::write(const PutTrial& write) {
  const TrialRecord& trial = write.trial;
  connection_.run(
      "INSERT INTO trials (id, sweep_id, number, cell, seed, validation_fold, settings, state, epoch,"
      " failed_attempts, objective, key, reused_from, created_ms, finished_ms)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET sweep_id = excluded.sweep_id, number = excluded.number,"
      " cell = excluded.cell, seed = excluded.seed, validation_fold = excluded.validation_fold,"
      " settings = excluded.settings, state = excluded.state, epoch = excluded.epoch,"
      " failed_attempts = excluded.failed_attempts, objective = excluded.objective,"
      " key = excluded.key, reused_from = excluded.reused_from, created_ms = excluded.created_ms, "
      "finished_ms = excluded.finished_ms",
      trial.id.value, trial.sweep.value, trial.number, trial.cell.index,
      static_cast<std::int64_t>(trial.seed), trial.validation_fold, json_of(trial.cell.settings),
      spec::name_of(trial.state), trial.epoch, trial.failed_attempts, trial.objective, trial.key,
      trial.reused_from.value == 0 ? std::nullopt : std::optional(trial.reused_from.value), trial.created_ms,
      moment(trial.finished_ms));
  write_parameters(trial);
}

void TrialWriter::write(const PutTrialState& write) {
  const int changed = connection_.run(
      "UPDATE trials SET state = ?, epoch = ?, failed_attempts = ?, objective = ?, finished_ms = ? WHERE id "
      "= ?",
      spec::name_of(write.state), write.epoch, write.failed_attempts, write.objective,
      moment(write.finished_ms), write.trial.value);
  if (changed == 0) throw SQLite::Exception("the trial is unknown", SQLITE_CONSTRAINT);
}

void TrialWriter::write(const CancelPendingTrials& write) {
  connection_.run(
      "UPDATE trials SET state = 'cancelled', finished_ms = ? WHERE sweep_id = ? AND state = 'pending'",
      moment(write.finished_ms), write.sweep.value);
}

}  // namespace melsweep::store
