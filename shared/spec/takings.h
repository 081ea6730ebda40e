// What a sweep takes over from the winners of others.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "shared/model/sweep.h"
#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// Whether the sweep's trials have this field (a full dotted path) from another sweep's winner.
bool takes_field(const SweepSpec& sweep, std::string_view path);

// The fields that the sweep has tried out: all that it sweeps or takes, in the order of trial_fields().
std::vector<std::string> fields_tried(const SweepSpec& sweep);

// The takings that `item`, a sweep of a study, has under `from`: `take: all`, or none, is every field that
// the other sweep has tried and the item neither gives nor sweeps itself. `earlier`: the sweeps before it.
// Adds a problem where there is no such sweep or field, or where one would have two values.
std::vector<Taking> read_takings(const Node& item, std::span<const SweepSpec> earlier, ProblemList& problems);

// What to_yaml wrote under `from`, as it stands; a Problem where it is something else.
std::vector<Taking> read_stored_takings(const Node& root, ProblemList& problems);

// Gives the sweep those fields of the winner's settings. The taking stays in the sweep.
void take_over(const Taking& taking, const TrialSettings& winner, SweepSpec& sweep);

}  // namespace melsweep::spec
