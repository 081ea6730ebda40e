// The large parts of events as JSON: what a data set is, and what a trial came to.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "shared/model/dataset.h"
#include "shared/model/metric.h"
#include "worker/trainer/protocol/fields.h"

namespace melsweep::protocol {

nlohmann::json report_to_json(const DatasetReport& report);
nlohmann::json evaluation_to_json(const Evaluation& evaluation);

// Both check what the receiver relies on: class indices lie within `classes`, and a prediction has one
// probability for each class. What is wrong goes to the reader's status.
DatasetReport read_report(FieldReader fields);
Evaluation read_evaluation(FieldReader fields);

}  // namespace melsweep::protocol
