#include "worker/agent/last_words.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_join.h"

namespace melsweep::agent {

void LastWords::add(std::string_view line) {
  lines_.emplace_back(line.substr(0, kLineBytes));
  if (lines_.size() > kLines) lines_.pop_front();
}

std::string LastWords::text() const {
  return valid_utf8(absl::StrJoin(lines_, "\n"));
}

std::string valid_utf8(std::string_view text) {
  const std::string json =
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return nlohmann::json::parse(json).get<std::string>();
}

}  // namespace melsweep::agent
