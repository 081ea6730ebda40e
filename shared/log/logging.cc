#include "shared/log/logging.h"

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace melsweep::log {
namespace {

class JsonFormatter final : public spdlog::formatter {
 public:
  explicit JsonFormatter(std::string program) : program_(std::move(program)) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto since_epoch = message.time.time_since_epoch();
    const auto unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
    const auto level = spdlog::level::to_string_view(message.level);
    // Entries are written by the thread that makes them, so that these are its own.
    const std::string line =
        json_entry(unix_ms, std::string_view(level.data(), level.size()), program_,
                   std::string_view(message.payload.data(), message.payload.size()), current_fields());
    out.append(line.data(), line.data() + line.size());
    out.push_back('\n');
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>(program_);
  }

 private:
  std::string program_;
};

}  // namespace

absl::StatusOr<LogFormat> parse_log_format(std::string_view text) {
  if (text == "human") return LogFormat::kHuman;
  if (text == "json") return LogFormat::kJson;
  return absl::InvalidArgumentError(
      absl::StrCat("the log format '", std::string(text), "' is not known: use human or json"));
}

void start_logging(LogFormat format, const std::string& program) {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>(program, std::move(sink));
  if (format == LogFormat::kJson) {
    logger->set_formatter(std::make_unique<JsonFormatter>(program));
  } else {
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %n: %v");
  }
  // A log that is lost when the process is killed explains nothing.
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

std::string json_entry(std::int64_t unix_ms, std::string_view level, std::string_view program,
                       std::string_view message, const Fields& fields) {
  nlohmann::ordered_json entry;
  entry["time"] =
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(unix_ms), absl::UTCTimeZone());
  entry["level"] = level;
  entry["program"] = program;
  for (const Field& field : fields) {
    std::visit([&](const auto& value) { entry[field.name] = value; }, field.value);
  }
  entry["message"] = message;
  // Bytes that are no UTF-8 (a file's name, a child's output) must not silence the entry.
  return entry.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace melsweep::log
