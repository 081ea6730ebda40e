#include "worker/trainer/rendering/render_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "shared/spec/json_shape.h"
#include "shared/spec/settings_json.h"
#include "shared/spec/value_json.h"

namespace melsweep::rendering {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxCommas = 64 * kMaxRenderItems;
constexpr std::size_t kMaxIdLength = 100;
constexpr std::size_t kSha256Length = 64;

absl::Status refuse(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("the request {}", what));
}

bool is_file_name(std::string_view id) {
  const auto is_safe = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !id.empty() && id.size() <= kMaxIdLength && std::ranges::all_of(id, is_safe);
}

bool is_sha256(std::string_view text) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == kSha256Length && std::ranges::all_of(text, is_digit);
}

// Reads one item's fields; the first that is wrong is remembered.
class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {}

  const absl::Status& status() const { return status_; }

  template <class T>
  void need(const char* name, T& out) {
    if (!object_.contains(name)) return fail(name, "is missing");
    take(name, out);
  }

  // Keeps its value where the field is missing.
  template <class T>
  void take(const char* name, T& out) {
    const auto found = object_.find(name);
    if (found == object_.end()) return;
    if (const absl::Status read = spec::decode(*found, out); !read.ok())
      fail(name, std::string(read.message()));
  }

  void features(FeatureSettings& out) {
    const auto found = object_.find("features");
    if (found == object_.end()) return fail("features", "is missing");
    absl::StatusOr<FeatureSettings> features = spec::features_from_json(*found);
    if (!features.ok())
      return fail("features", fmt::format("cannot be used: {}", std::string(features.status().message())));
    out = *std::move(features);
  }

  void require(bool holds, const char* name, std::string_view otherwise) {
    if (!holds) fail(name, otherwise);
  }

 private:
  void fail(const char* name, std::string_view what) {
    if (status_.ok()) status_ = absl::InvalidArgumentError(fmt::format("{} {}", name, what));
  }

  const json& object_;
  absl::Status status_;
};

absl::StatusOr<RenderItem> parse_item(const json& object) {
  RenderItem item;
  std::string path;
  Fields fields(object);
  fields.need("id", item.id);
  fields.require(is_file_name(item.id), "id", "must be 1 to 100 letters, digits, '-' and '_'");
  fields.need("kind", item.kind);
  fields.need("path", path);
  item.path = path;
  fields.require(item.path.is_absolute(), "path", "must be absolute");
  fields.take("channel", item.channel);
  // Of the others, sounds alone have a use for one of them.
  if (item.kind == RenderKind::kSpectrogram || object.contains("features")) fields.features(item.features);
  fields.take("width", item.size.width);
  fields.take("height", item.size.height);
  for (const auto& [name, side] :
       {std::pair("width", item.size.width), std::pair("height", item.size.height)}) {
    fields.require(side >= 1 && side <= kMaxPictureSide, name,
                   fmt::format("must be 1 to {}", kMaxPictureSide));
  }
  fields.take("format", item.format);
  fields.take("clip", item.clip);
  fields.take("sha256", item.sha256);
  fields.require(item.sha256.empty() || is_sha256(item.sha256), "sha256", "must be 64 hexadecimal digits");
  if (!fields.status().ok()) return fields.status();
  return item;
}

}  // namespace

absl::StatusOr<std::vector<RenderItem>> parse_render_request(std::string_view text) {
  const spec::JsonShape shape = spec::shape_of_json(text);
  if (shape.depth > kMaxDepth || shape.commas > kMaxCommas) return refuse("holds more than a request can");
  const json request = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!request.is_object()) return refuse("is no JSON object");
  if (request.value("version", json()) != kVersion) {
    return refuse(fmt::format("must have \"version\": {}", kVersion));
  }
  const auto list = request.find("items");
  if (list == request.end() || !list->is_array()) return refuse("must have a list of items");
  if (list->size() > kMaxRenderItems) return refuse(fmt::format("has more than {} items", kMaxRenderItems));
  std::vector<RenderItem> items;
  std::unordered_set<std::string> ids;
  for (const json& object : *list) {
    const std::string place = fmt::format("items[{}]", items.size());
    if (!object.is_object()) return refuse(place + " is no object");
    absl::StatusOr<RenderItem> item = parse_item(object);
    if (!item.ok())
      return refuse(fmt::format("is wrong: {}.{}", place, std::string(item.status().message())));
    if (!ids.insert(item->id).second)
      return refuse(fmt::format("is wrong: {}.id '{}' is there twice", place, item->id));
    items.push_back(*std::move(item));
  }
  return items;
}

}  // namespace melsweep::rendering
