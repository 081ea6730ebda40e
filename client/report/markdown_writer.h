// A document as Markdown with a folder of pictures, for a repository's pages.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "client/report/chart_engine.h"
#include "client/report/document.h"

namespace melsweep::report {

struct MarkdownReport {
  std::string text;
  // Names without a folder, and what is in them; the text refers to them as FOLDER/NAME.
  std::vector<std::pair<std::string, std::string>> files;
};

// The text as Markdown's text (CommonMark with GitHub's tables): nothing in it is markup, on one line.
std::string escape_markdown(std::string_view text);

// `folder`: how the text calls the pictures' folder. ChartEngine's errors.
absl::StatusOr<MarkdownReport> write_markdown(const Document& document, const std::string& folder,
                                              ChartEngine& engine);

}  // namespace melsweep::report
