#include "shared/spec/study_tree.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "shared/spec/fields.h"

namespace melsweep::spec {
namespace {

using Members = std::vector<Node::Member>;

bool is_whole(const Path& path) {
  static const std::set<Path> whole = {{"dataset", "split"}, {"search"}, {"objective"}, {"early_stopping"}};
  return whole.contains(path) || (path.size() == 2 && path.front() == "parameters");
}

bool is_structure(const std::string& key) {
  static constexpr std::array<std::string_view, 3> kKeys = {"study", "from", "final"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

Node without_structure(const Node& node) {
  Node copy;
  copy.kind = node.kind;
  copy.place = node.place;
  std::copy_if(node.members.begin(), node.members.end(), std::back_inserter(copy.members),
               [](const Node::Member& member) { return !is_structure(member.key); });
  return copy;
}

void lay_over(const Node& above, const Path& path, Node& below) {
  for (const Node::Member& member : above.members) {
    Path member_path = path;
    member_path.push_back(member.key);
    const auto found = std::find_if(below.members.begin(), below.members.end(),
                                    [&](const Node::Member& m) { return m.key == member.key; });
    if (found == below.members.end()) {
      below.members.push_back(member);
    } else if (found->value.kind == NodeKind::kMap && member.value.kind == NodeKind::kMap &&
               !is_whole(member_path)) {
      lay_over(member.value, member_path, found->value);
    } else {
      *found = member;
    }
  }
}

// Where the field is given; nothing is left of a map that has become empty.
void drop(Node& node, const Path& path, std::size_t depth) {
  const auto found = std::find_if(node.members.begin(), node.members.end(),
                                  [&](const Node::Member& member) { return member.key == path[depth]; });
  if (found == node.members.end()) return;
  if (depth + 1 < path.size()) {
    drop(found->value, path, depth + 1);
    if (!found->value.members.empty()) return;
  }
  node.members.erase(found);
}

void drop_parameter(Node& tree, const Field<TrialSettings>& field) {
  Node* parameters = tree.member("parameters");
  if (parameters == nullptr) return;
  std::erase_if(parameters->members,
                [&](const Node::Member& member) { return find_trial_field(member.key) == &field; });
  if (parameters->members.empty()) {
    std::erase_if(tree.members, [](const Node::Member& member) { return member.key == "parameters"; });
  }
}

}  // namespace

void drop_field(Node& tree, std::string_view path) {
  drop(tree, split_path(std::string(path)), 0);
  drop_parameter(tree, *find_trial_field(path));
}

Node lay_over(const Node& study, const Node& item) {
  const Node own = without_structure(item);
  Node tree = without_structure(study);
  for (const Field<TrialSettings>& field : trial_fields()) {
    if (find(own, split_path(std::string(field.path))) != nullptr) drop_field(tree, field.path);
  }
  if (const Node* parameters = own.member("parameters")) {
    for (const Node::Member& member : parameters->members) {
      if (const Field<TrialSettings>* field = find_trial_field(member.key)) drop_field(tree, field->path);
    }
  }
  lay_over(own, {}, tree);
  tree.place = item.place;
  return tree;
}

}  // namespace melsweep::spec
