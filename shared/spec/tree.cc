#include "shared/spec/tree.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace melsweep::spec {
namespace {

bool is_index(const std::string& step) {
  return !step.empty() &&
         std::all_of(step.begin(), step.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

const Node* child(const Node& node, const std::string& step) {
  if (node.kind == NodeKind::kMap) return node.member(step);
  if (node.kind != NodeKind::kList || !is_index(step)) return nullptr;
  std::size_t index = 0;
  const auto result = std::from_chars(step.data(), step.data() + step.size(), index);
  return result.ec == std::errc{} && index < node.items.size() ? &node.items[index] : nullptr;
}

}  // namespace

const Node* Node::member(const std::string& key) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

Node* Node::member(const std::string& key) {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

const Node* find(const Node& root, const Path& path) {
  const Node* node = &root;
  for (const std::string& step : path) {
    node = child(*node, step);
    if (node == nullptr) return nullptr;
  }
  return node;
}

Place place_of(const Node& root, const Path& path) {
  const Node* node = &root;
  for (const std::string& step : path) {
    const Node* next = child(*node, step);
    if (next == nullptr) return node->place;
    node = next;
  }
  return node->place;
}

Place key_place_of(const Node& root, const Path& path) {
  Place place = root.place;
  const Node* node = &root;
  for (const std::string& step : path) {
    const Node* next = child(*node, step);
    if (next == nullptr) return place;
    place = next->place;
    for (const Node::Member& member : node->members) {
      if (member.key == step) place = member.key_place;
    }
    node = next;
  }
  return place;
}

nlohmann::json to_json(const Node& node) {
  switch (node.kind) {
    case NodeKind::kNull:
    case NodeKind::kUnreadable:
      return nullptr;
    case NodeKind::kBoolean:
      return node.boolean;
    case NodeKind::kInteger:
      return node.integer;
    case NodeKind::kNumber:
      return node.number;
    case NodeKind::kText:
      return node.text;
    case NodeKind::kList: {
      nlohmann::json list = nlohmann::json::array();
      for (const Node& item : node.items) list.push_back(to_json(item));
      return list;
    }
    case NodeKind::kMap: {
      nlohmann::json map = nlohmann::json::object();
      for (const Node::Member& member : node.members) map[member.key] = to_json(member.value);
      return map;
    }
  }
  return nullptr;
}

Node node_from(const nlohmann::json& json) {
  Node node;
  if (json.is_object()) {
    node.kind = NodeKind::kMap;
    for (const auto& [key, value] : json.items()) node.members.push_back({key, {}, node_from(value)});
  } else if (json.is_array()) {
    node.kind = NodeKind::kList;
    for (const nlohmann::json& item : json) node.items.push_back(node_from(item));
  } else if (json.is_boolean()) {
    node.kind = NodeKind::kBoolean;
    node.boolean = json.get<bool>();
  } else if (json.is_number_integer()) {
    node.kind = NodeKind::kInteger;
    node.integer = json.get<std::int64_t>();
  } else if (json.is_number() && std::isfinite(json.get<double>())) {
    node.kind = NodeKind::kNumber;
    node.number = json.get<double>();
  } else if (json.is_string()) {
    node.kind = NodeKind::kText;
    node.text = json.get<std::string>();
  }
  return node;
}

std::string to_text(const Path& path) {
  std::string text;
  for (const std::string& step : path) {
    if (is_index(step)) {
      absl::StrAppend(&text, "[", step, "]");
    } else {
      absl::StrAppend(&text, text.empty() ? "" : ".", step);
    }
  }
  return text;
}

Path split_path(const std::string& dotted) {
  return absl::StrSplit(dotted, '.');
}

}  // namespace melsweep::spec
