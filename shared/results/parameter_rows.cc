#include "shared/results/parameter_rows.h"

#include <string>
#include <utility>

#include "shared/results/row.h"

namespace melsweep::results {
namespace {

ParameterValue read_value(Row& row) {
  const std::string kind = row.text();
  if (kind == "real") return row.real();
  if (kind == "text") return row.text();
  if (kind == "boolean") return row.integer() != 0;
  return row.integer();
}

}  // namespace

ParameterRows::ParameterRows(SQLite::Database& database)
    : select_(database, "SELECT name, kind, value FROM parameters WHERE trial_id = ? ORDER BY position") {}

std::vector<Parameter> ParameterRows::of(TrialId trial) {
  std::vector<Parameter> parameters;
  select_.reset();
  select_.bind(1, trial.value);
  while (select_.executeStep()) {
    Row row(select_);
    Parameter parameter;
    parameter.name = row.text();
    parameter.value = read_value(row);
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

}  // namespace melsweep::results
