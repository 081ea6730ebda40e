// A sweep's or a study's report.
#pragma once

#include "client/report/document.h"
#include "client/report/illustrations.h"
#include "client/report/sections.h"
#include "shared/results/sweep_story.h"

namespace melsweep::report {

// `story`: of one sweep at least.
Document make_report(const results::Story& story, const Illustrations& illustrations,
                     const Circumstances& circumstances);

}  // namespace melsweep::report
