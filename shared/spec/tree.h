// A YAML document as a tree that remembers where everything was written.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace melsweep::spec {

// Where something was written. Line and column (in characters) are 1-based; source 0 is the file, n the n-th
// override.
struct Place {
  int source = 0;
  int line = 0;
  int column = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

// The keys from the root to a node; a list's items are named by their index: {"parameters", "n_mels", "1"}.
using Path = std::vector<std::string>;

// kUnreadable: a scalar that cannot be a value (a number that is not finite, text with a control character).
// A number without a fraction that fits 64 bits is kInteger, however it is written: 1e4, 5.0.
enum class NodeKind { kNull, kBoolean, kInteger, kNumber, kText, kList, kMap, kUnreadable };

struct Node {
  struct Member;

  NodeKind kind = NodeKind::kNull;
  Place place;
  std::string text;             // scalars: as written, without quotes; kUnreadable: what is wrong
  bool boolean = false;         // kBoolean
  std::int64_t integer = 0;     // kInteger
  double number = 0.0;          // kNumber; finite
  std::vector<Node> items;      // kList
  std::vector<Member> members;  // kMap: in the order written, keys unique

  double as_number() const { return kind == NodeKind::kInteger ? static_cast<double>(integer) : number; }

  // The value of this key; null where this is no map or has no such key.
  const Node* member(const std::string& key) const;
  Node* member(const std::string& key);
};

struct Node::Member {
  std::string key;
  Place key_place;
  Node value;
};

// The node at this path, or null.
const Node* find(const Node& root, const Path& path);

// The place of the node at this path, or of the nearest node above it that exists.
Place place_of(const Node& root, const Path& path);

// The place of the last key of this path, or of the nearest key above it that exists.
Place key_place_of(const Node& root, const Path& path);

// The tree's values without their places.
nlohmann::json to_json(const Node& node);

// A tree of these values, without places. Numbers that JSON cannot write (NaN, infinities) are nulls.
Node node_from(const nlohmann::json& json);

// "parameters.n_mels[1]": how messages name a path.
std::string to_text(const Path& path);

// "training.steps" -> {"training", "steps"}.
Path split_path(const std::string& dotted);

}  // namespace melsweep::spec
