#include "client/report/flat_settings.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace melsweep::report {
namespace {

using nlohmann::json;

void flatten(const json& value, const std::string& path, std::map<std::string, std::string>& flat) {
  if (!value.is_object()) {
    const auto keep = json::error_handler_t::replace;
    flat[path] = value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, keep);
    return;
  }
  for (const auto& [key, member] : value.items()) {
    flatten(member, path.empty() ? key : absl::StrCat(path, ".", key), flat);
  }
}

}  // namespace

std::map<std::string, std::string> flat_settings(const std::string& settings) {
  std::map<std::string, std::string> flat;
  const json parsed = json::parse(settings, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_object()) flatten(parsed, "", flat);
  return flat;
}

}  // namespace melsweep::report
