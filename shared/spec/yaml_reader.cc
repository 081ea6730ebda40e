#include "shared/spec/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "shared/spec/scalar.h"

namespace melsweep::spec {
namespace {

const std::string kCoreTag = "tag:yaml.org,2002:";

// Length of the UTF-8 sequence at `at`, 0 where there is none (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(at);
  const unsigned second = byte(at + 1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return continues(at + 1) && continues(at + 2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first < 0xF0 || first > 0xF4) return 0;
  const bool out_of_range = (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return continues(at + 1) && continues(at + 2) && continues(at + 3) && !out_of_range ? 4 : 0;
}

// Whether every byte belongs to a character that YAML allows; else the problem is added.
bool check_characters(std::string_view text, int source, ProblemList& problems) {
  Place place{source, 1, 1};
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t length = utf8_length(text, at);
    if (length == 0) {
      problems.add({}, place, "this byte is no UTF-8", "save the file as UTF-8");
      return false;
    }
    const bool control = (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
    if (control) {
      problems.add({}, place, absl::StrCat("control character ", static_cast<int>(byte), " in the text"),
                   "remove it");
      return false;
    }
    place.column = byte == '\n' ? 1 : place.column + static_cast<int>(length);
    if (byte == '\n') ++place.line;
    at += length;
  }
  return true;
}

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_nodes(item);
  for (const Node::Member& member : node.members) count += count_nodes(member.value);
  return count;
}

// Builds the tree from yaml-cpp's events. Throws YAML::ParserException where a limit is reached.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(int source, ProblemList& problems) : source_(source), problems_(problems) {}

  const std::optional<Node>& root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) throw YAML::ParserException(mark, "a second document; one file is one sweep");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    attach(make_node(mark, NodeKind::kNull), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (++aliases_ > kMaxAliases)
      throw YAML::ParserException(mark, absl::StrCat("more than ", kMaxAliases, " aliases"));
    const auto target = anchors_.find(anchor);
    if (target == anchors_.end()) throw YAML::ParserException(mark, "an alias inside of what it stands for");
    spend(count_nodes(target->second), mark);
    attach(target->second, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = make_node(mark, NodeKind::kText);
    node.text = value;
    const bool text = tag == "!" || tag == kCoreTag + "str";
    if (!text) {
      check_tag(tag, mark);
      if (std::string wrong = resolve_scalar(value, node); !wrong.empty()) {
        problems_.add(path(), node.place, wrong);
        node.kind = NodeKind::kNull;
      }
    }
    attach(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    check_tag(tag, mark);
    open(mark, NodeKind::kList, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    check_tag(tag, mark);
    open(mark, NodeKind::kMap, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  // A list or map whose end has not come yet.
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    std::optional<Node> key;  // of a map: read, its value not yet
    std::set<std::string> keys;
  };

  void spend(std::size_t nodes, const YAML::Mark& mark) {
    nodes_ += nodes;
    if (nodes_ > kMaxNodes)
      throw YAML::ParserException(mark, absl::StrCat("more than ", kMaxNodes, " values"));
  }

  Node make_node(const YAML::Mark& mark, NodeKind kind) {
    spend(1, mark);
    Node node;
    node.kind = kind;
    node.place = {source_, mark.line + 1, mark.column + 1};
    return node;
  }

  void check_tag(const std::string& tag, const YAML::Mark& mark) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    for (const char* known : {"null", "bool", "int", "float", "seq", "map"}) {
      if (tag == kCoreTag + known) return;
    }
    throw YAML::ParserException(mark, absl::StrCat("the tag ", tag, " has no meaning here; remove it"));
  }

  void open(const YAML::Mark& mark, NodeKind kind, YAML::anchor_t anchor) {
    if (frames_.size() >= kMaxDepth) {
      throw YAML::ParserException(mark,
                                  absl::StrCat("more than ", kMaxDepth, " levels inside of each other"));
    }
    frames_.push_back({make_node(mark, kind), anchor, std::nullopt, {}});
  }

  // Of the node that is being read.
  Path path() const {
    Path steps;
    for (const Frame& frame : frames_) {
      if (frame.node.kind == NodeKind::kList) {
        steps.push_back(absl::StrCat(frame.node.items.size()));
      } else if (frame.key) {
        steps.push_back(frame.key->text);
      }
    }
    return steps;
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    attach(std::move(frame.node), frame.anchor);
  }

  void attach(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) {
      nodes_ += count_nodes(node);
      anchors_.insert_or_assign(anchor, node);
    }
    if (frames_.empty()) {
      root_ = std::move(node);
    } else if (frames_.back().node.kind == NodeKind::kList) {
      frames_.back().node.items.push_back(std::move(node));
    } else if (!frames_.back().key) {
      frames_.back().key = std::move(node);
    } else {
      Frame& frame = frames_.back();
      add_member(frame, *std::exchange(frame.key, std::nullopt), std::move(node));
    }
  }

  Path path_of(const Node& key) const {
    Path steps = path();
    steps.push_back(key.text);
    return steps;
  }

  void add_member(Frame& frame, const Node& key, Node value) {
    if (key.kind == NodeKind::kList || key.kind == NodeKind::kMap || key.text.empty()) {
      problems_.add(path_of(key), key.place, "a key must be a word");
    } else if (key.text == "<<") {
      problems_.add(path_of(key), key.place, "merge keys are not part of YAML 1.2", "write the fields out");
    } else if (!frame.keys.insert(key.text).second) {
      problems_.add(path_of(key), key.place, absl::StrCat("the key '", key.text, "' is given twice"),
                    "keep one of the two");
    } else {
      frame.node.members.push_back({key.text, key.place, std::move(value)});
    }
  }

  int source_;
  ProblemList& problems_;
  std::optional<Node> root_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
  std::size_t aliases_ = 0;
};

}  // namespace

std::optional<Node> read_yaml(std::string_view text, int source, ProblemList& problems) {
  if (text.size() > kMaxBytes) {
    problems.add({}, {source, 0, 0}, absl::StrCat("larger than ", kMaxBytes, " bytes"),
                 "a sweep is a few kilobytes of YAML");
    return std::nullopt;
  }
  if (!check_characters(text, source, problems)) return std::nullopt;
  TreeBuilder builder(source, problems);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    // A mark of -1 means "somewhere": the text's end is as good as any place.
    const bool placed = !error.mark.is_null();
    const Place place = {source, placed ? error.mark.line + 1 : 1, placed ? error.mark.column + 1 : 1};
    problems.add({}, place, absl::StrCat("this is no valid sweep YAML: ", error.msg));
    return std::nullopt;
  }
  if (!builder.root() || builder.root()->kind == NodeKind::kNull) {
    problems.add({}, {source, 1, 1}, "there is nothing in it", "docs/sweep-yaml.md has an example");
    return std::nullopt;
  }
  return builder.root();
}

}  // namespace melsweep::spec
