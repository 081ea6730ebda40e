#include "shared/spec/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/spec/characters.h"
#include "shared/spec/scalar.h"
#include "shared/spec/source_text.h"

namespace melsweep::spec {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool check_size(std::string_view text, int source, ProblemList& problems) {
  if (text.size() <= kMaxBytes) return true;
  problems.add({}, {source, 0, 0}, absl::StrCat("larger than ", kMaxBytes, " bytes"),
               "a sweep is a few kilobytes of YAML");
  return false;
}

// Whether every byte belongs to a character that may stand in a file; else the problem is added.
bool check_characters(std::string_view text, int source, ProblemList& problems) {
  Place place{source, 1, 1};
  for (std::size_t at = 0; at < text.size();) {
    const char byte = text[at];
    const std::size_t length = utf8_length(text, at);
    if (length == 0) {
      problems.add({}, place, "this byte is no UTF-8", "save the file as UTF-8");
      return false;
    }
    const std::optional<int> control = control_character_at(text, at);
    if (control && byte != '\t' && byte != '\n' && byte != '\r') {
      problems.add({}, place, absl::StrCat("control character ", *control, " in the text"), "remove it");
      return false;
    }
    place.column = byte == '\n' ? 1 : place.column + 1;
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
  TreeBuilder(const SourceText& text, ProblemList& problems) : text_(text), problems_(problems) {}

  const std::optional<Node>& root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) throw YAML::ParserException(mark, "a second document; one file is one sweep");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node = make_node(mark, NodeKind::kNull);
    node.place = place_of_null(offset(mark));
    attach(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (++aliases_ > kMaxAliases)
      throw YAML::ParserException(mark, absl::StrCat("more than ", kMaxAliases, " aliases"));
    const auto target = anchors_.find(anchor);
    if (target == anchors_.end()) throw YAML::ParserException(mark, "an alias inside of what it stands for");
    spend(count_nodes(target->second), mark);
    note_key(mark);
    attach(target->second, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark);
    note_key(mark);
    if (const std::optional<std::size_t> quote = text_.unclosed_quote(offset(mark))) {
      YAML::Mark opening = mark;
      opening.pos = static_cast<int>(*quote);
      throw YAML::ParserException(opening, "this quote is not closed");
    }
    Node node = make_node(mark, NodeKind::kText);
    node.text = value;
    const bool plain = tag != "!";
    if (std::string wrong = refuse_control_characters(value); !wrong.empty()) {
      node.kind = NodeKind::kUnreadable;
      node.text = std::move(wrong);
    } else if (plain && !expects_key()) {
      resolve_scalar(value, node);
    }
    attach(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, NodeKind::kList, anchor, style);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, NodeKind::kMap, anchor, style);
  }
  void OnMapEnd() override { close(); }

 private:
  // A list or map whose end has not come yet.
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    YAML::EmitterStyle::value style = YAML::EmitterStyle::Default;
    std::optional<Node> key;  // of a map: read, its value not yet
    std::size_t key_at = 0;   // its offset in the text
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
    node.place = text_.place_at(offset(mark));
    return node;
  }

  static std::size_t offset(const YAML::Mark& mark) { return static_cast<std::size_t>(mark.pos); }

  bool expects_key() const {
    return !frames_.empty() && frames_.back().node.kind == NodeKind::kMap && !frames_.back().key;
  }

  void note_key(const YAML::Mark& mark) {
    if (expects_key()) frames_.back().key_at = offset(mark);
  }

  // yaml-cpp gives a value that is left out the place of what comes next.
  Place place_of_null(std::size_t at) const {
    const Place place = text_.place_at(at);
    if (frames_.empty() || expects_key()) return place;
    const Frame& frame = frames_.back();
    const bool could_be_written = text_.could_be_null(at);
    if (frame.style == YAML::EmitterStyle::Flow && (could_be_written || !frame.key)) return place;
    const bool in_map = frame.node.kind == NodeKind::kMap;
    const std::size_t indicator = in_map ? text_.behind_colon(frame.key_at) : text_.dash_before(at);
    const Place outer = in_map ? frame.key->place : text_.place_at(indicator);
    const bool inside = place.line == outer.line || place.column > outer.column;
    return could_be_written && inside ? place : text_.place_at(indicator);
  }

  void check_tag(const YAML::Mark& mark) const {
    const std::string_view tag = text_.tag_at(offset(mark));
    if (tag.empty()) return;
    throw YAML::ParserException(
        mark, absl::StrCat("the tag ", std::string(tag), " has no meaning here; remove it"));
  }

  void open(const YAML::Mark& mark, NodeKind kind, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    check_tag(mark);
    if (frames_.size() >= kMaxDepth) {
      throw YAML::ParserException(mark,
                                  absl::StrCat("more than ", kMaxDepth, " levels inside of each other"));
    }
    frames_.push_back({make_node(mark, kind), anchor, style, std::nullopt, 0, {}});
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
    if (key.kind == NodeKind::kUnreadable) {
      problems_.add(path_of(key), key.place, key.text);
    } else if (key.kind != NodeKind::kText || key.text.empty()) {
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

  const SourceText& text_;
  ProblemList& problems_;
  std::optional<Node> root_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
  std::size_t aliases_ = 0;
};

// Errors that a tab can be the reason of: where block lists and maps may begin.
bool is_about_indentation(const std::string& message) {
  namespace words = YAML::ErrorMsg;
  return message == words::TAB_IN_INDENTATION || message == words::MAP_VALUE || message == words::MAP_KEY ||
         message == words::BLOCK_ENTRY;
}

void add_syntax_error(const YAML::Exception& error, const SourceText& text, ProblemList& problems) {
  // Some errors have no place: the text's beginning is as good as any.
  const std::size_t at = error.mark.is_null() ? 0 : static_cast<std::size_t>(error.mark.pos);
  const std::optional<std::size_t> tab = text.tab_in_indentation(at);
  if (tab && is_about_indentation(error.msg)) {
    problems.add({}, text.place_at(*tab), "a tab in the indentation; use spaces");
  } else {
    problems.add({}, text.place_at(at), absl::StrCat("this is no valid sweep YAML: ", error.msg));
  }
}

}  // namespace

std::optional<Node> read_yaml(std::string_view text, int source, ProblemList& problems) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!check_size(text, source, problems) || !check_characters(text, source, problems)) return std::nullopt;
  const SourceText places(text, source);
  TreeBuilder builder(places, problems);
  try {
    // Without the line break yaml-cpp says of a quote that is not closed only that the text has ended.
    std::istringstream in(std::string(text).append("\n"));
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    add_syntax_error(error, places, problems);
    return std::nullopt;
  }
  if (builder.root() && builder.root()->kind != NodeKind::kNull) return builder.root();
  if (source == 0) {
    problems.add({}, {source, 1, 1}, "there is nothing in it", "docs/sweep-yaml.md has an example");
  } else {
    problems.add({}, {source, 1, 1}, "the value is empty");
  }
  return std::nullopt;
}

std::optional<Node> read_text(std::string_view text, int source, ProblemList& problems) {
  if (!check_size(text, source, problems) || !check_characters(text, source, problems)) return std::nullopt;
  Node node;
  node.place = {source, 1, 1};
  const std::string wrong = refuse_control_characters(text);
  node.kind = wrong.empty() ? NodeKind::kText : NodeKind::kUnreadable;
  node.text = wrong.empty() ? std::string(text) : wrong;
  return node;
}

}  // namespace melsweep::spec
