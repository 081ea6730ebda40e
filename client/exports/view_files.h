// The views as files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace melsweep::exports {

enum class ViewFormat { kCsv, kJsonLines };

// Writes folder/VIEW.csv (RFC 4180, with a heading) or folder/VIEW.jsonl (an object a line) for each of
// read_views()'s, each file whole or not at all; what an earlier export wrote is replaced. How many files
// there are. read_views()'s errors; the system's reason, with the path.
absl::StatusOr<std::int64_t> write_views(const std::filesystem::path& database,
                                         const std::optional<std::string>& sweep,
                                         const std::filesystem::path& folder, ViewFormat format);

}  // namespace melsweep::exports
