#include "client/output/time_text.h"

#include <ctime>

#include "absl/strings/str_format.h"

namespace melsweep::output {

std::string duration_text(std::int64_t milliseconds) {
  const std::int64_t seconds = (milliseconds + 500) / 1000;
  if (milliseconds < 10'000) return absl::StrFormat("%.1f s", static_cast<double>(milliseconds) / 1000.0);
  if (seconds < 60) return absl::StrFormat("%d s", seconds);
  if (seconds < 3600) return absl::StrFormat("%d min %02d s", seconds / 60, seconds % 60);
  if (seconds < 86'400) return absl::StrFormat("%d h %02d min", seconds / 3600, seconds % 3600 / 60);
  return absl::StrFormat("%d d %02d h", seconds / 86'400, seconds % 86'400 / 3600);
}

std::string moment_text(std::int64_t unix_ms) {
  if (unix_ms == 0) return "";
  const std::time_t seconds = unix_ms / 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02dZ", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                         utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace melsweep::output
