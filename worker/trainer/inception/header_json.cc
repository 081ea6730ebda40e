#include "worker/trainer/inception/header_json.h"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/spec/json_shape.h"

namespace melsweep::inception {
namespace {

using Json = nlohmann::json;

constexpr int kMaxHeaderDepth = 3;  // the header, a tensor's entry, its shape
constexpr std::size_t kMaxShownBytes = 200;

}  // namespace

absl::StatusOr<nlohmann::json> parse_header(std::string_view text) {
  if (!text.starts_with('{'))
    return absl::InvalidArgumentError("is no safetensors file: its header is not a JSON object");
  if (spec::shape_of_json(text).depth > kMaxHeaderDepth)
    return absl::InvalidArgumentError("has a header that is nested too deeply");
  std::vector<std::set<std::string>> open_objects;
  std::string problem;
  const auto check = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open_objects.emplace_back();
    if (event == Json::parse_event_t::object_end) open_objects.pop_back();
    if (event == Json::parse_event_t::key && !open_objects.back().insert(parsed.get<std::string>()).second) {
      problem = absl::StrCat("has the key ", in_quotes(parsed.get<std::string>()), " twice");
    }
    return true;
  };
  Json header;
  try {
    header = Json::parse(text, check);
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("has a header that is not valid JSON: ", shortened(error.what())));
  }
  if (!problem.empty()) return absl::InvalidArgumentError(absl::StrCat("has a header that ", problem));
  return header;
}

std::string in_quotes(std::string_view text) {
  const bool whole = text.size() <= kMaxShownBytes;
  // Written as JSON, it is UTF-8 whatever it was, also where a character is cut in two.
  const std::string shown =
      Json(std::string(text.substr(0, kMaxShownBytes))).dump(-1, ' ', false, Json::error_handler_t::replace);
  return whole ? shown : absl::StrCat(shown, "...");
}

std::string shortened(std::string_view text) {
  if (text.size() <= kMaxShownBytes && Json::accept("\"" + std::string(text) + "\""))
    return std::string(text);
  return in_quotes(text);
}

}  // namespace melsweep::inception
