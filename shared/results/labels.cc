#include "shared/results/labels.h"

#include <nlohmann/json.hpp>

namespace melsweep::results {

using nlohmann::json;

std::string labels_text(const std::vector<std::string>& labels) {
  return json(labels).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<std::string> labels_of(const std::string& text) {
  const json list = json::parse(text, nullptr, /*allow_exceptions=*/false);
  std::vector<std::string> labels;
  if (!list.is_array()) return labels;
  for (const json& label : list) {
    if (label.is_string()) labels.push_back(label.get<std::string>());
  }
  return labels;
}

}  // namespace melsweep::results
