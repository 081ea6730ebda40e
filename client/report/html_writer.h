// A document as one HTML file that needs nothing beside it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/report/chart_engine.h"
#include "client/report/document.h"

namespace melsweep::report {

// Complete without scripts; scripts, held to their hashes by the page's own policy, make charts answer to the
// pointer, tables sort and cards filter. ChartEngine's errors.
absl::StatusOr<std::string> write_html(const Document& document, ChartEngine& engine);

}  // namespace melsweep::report
