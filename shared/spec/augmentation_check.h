// Settings of augmentations that a sweep does not ask for.
#pragma once

#include "shared/model/sweep.h"
#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// Adds a problem for each such setting that is given or swept, where no trial has its augmentation: it would
// mean nothing. What a sweep will take from others is not known yet, and not looked at.
void check_augmentation(const Node& root, const SweepSpec& sweep, ProblemList& problems);

}  // namespace melsweep::spec
