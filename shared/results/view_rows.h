// The views as they are, row by row, for whoever takes them elsewhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"

namespace melsweep::results {

// std::monostate: NULL.
using ViewValue = std::variant<std::monostate, std::int64_t, double, std::string>;

// What is told of each view, in order of name: its beginning, then each of its rows. An error ends the
// reading with it.
struct ViewListener {
  std::function<absl::Status(const std::string& view, const std::vector<std::string>& columns)> begin;
  std::function<absl::Status(const std::vector<ViewValue>& row)> row;
};

// Every view but those that only carry others (docs/results-db.md). `sweep`, as Results::sweep() takes it:
// only its rows; nothing: those of all. All of one moment. open_database()'s errors, and NotFound where there
// is no such sweep.
absl::Status read_views(const std::filesystem::path& database, const std::optional<std::string>& sweep,
                        const ViewListener& listener);

}  // namespace melsweep::results
