// rendered.json: the list of what was made of clips (docs/render.md).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/report/renderings.h"

namespace melsweep::report {

inline constexpr char kRenderedFile[] = "rendered.json";

std::string kind_text(RenderingKind kind);

// The bytes of a file that the list names, without a folder.
using ReadRendered = std::function<absl::StatusOr<std::string>(const std::string& file)>;

// In the list's order, with their bytes; a rendering whose file cannot be read has that for its error.
// DataLoss where the text is no such list.
absl::StatusOr<std::vector<Rendering>> parse_rendered(const std::string& text, const ReadRendered& read);

}  // namespace melsweep::report
