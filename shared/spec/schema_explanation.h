// Words for what a sweep's tree does against sweep.schema.json.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// sweep.schema.json, parsed.
const nlohmann::json& schema_json();

// Whether the schema takes text, and nothing else, at this path.
bool takes_text(const Path& path);

// Adds a problem for every place that the schema refuses, but where there is one already. Knows the keywords
// that the schema uses: type, enum, the bounds of numbers, texts, lists and maps, items, properties,
// required, additionalProperties: false, $ref into definitions, and anyOf whose branches have different
// types. errorMessage, where a schema has it, says what a value should be ("a list of folds such as [9]");
// editors show it too.
void explain(const Node& root, ProblemList& problems);

}  // namespace melsweep::spec
