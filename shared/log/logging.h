// Where the coordinator's and the workers' logs go: standard error, a line an entry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "shared/log/fields.h"

namespace melsweep::log {

enum class LogFormat {
  kHuman,  // "2026-01-31 12:00:00.123 info melsweep-worker: registered"
  kJson,  // {"time":"2026-01-31T11:00:00.123Z","level":"info","program":"melsweep-worker","message":"registered"}
};

// "human" or "json"; InvalidArgument says so.
absl::StatusOr<LogFormat> parse_log_format(std::string_view text);

// Makes spdlog's default logger (spdlog::info() and its kin) write to standard error as said. Thread-safe
// afterwards; called once, first thing in main.
void start_logging(LogFormat format, const std::string& program);

// One entry as kJson writes it, without the newline; the fields stand before the message. `unix_ms`: UTC.
std::string json_entry(std::int64_t unix_ms, std::string_view level, std::string_view program,
                       std::string_view message, const Fields& fields = {});

}  // namespace melsweep::log
