// The README.md of an exported model.
#pragma once

#include <string>

#include "shared/model/trained_model.h"
#include "worker/trainer/inception/dialect.h"

namespace melsweep::models {

// Markdown for people: what it tells apart, what it was trained on, how good it is, what to mind, how to load
// it. `dialect` is the network's; `by`: name and version of the program that exports it.
std::string model_card(const TrainedModel& model, const inception::Dialect& dialect, const std::string& by);

}  // namespace melsweep::models
