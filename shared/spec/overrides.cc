#include "shared/spec/overrides.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "shared/spec/fields.h"
#include "shared/spec/schema_explanation.h"
#include "shared/spec/yaml_reader.h"

namespace melsweep::spec {
namespace {

constexpr std::string_view kParameters = "parameters.";
constexpr std::string_view kForm = "write --set path=value, such as --set training.steps=100";

Path target_of(const std::string& dotted) {
  if (dotted.starts_with(kParameters)) return {"parameters", dotted.substr(kParameters.size())};
  return split_path(dotted);
}

// The key of `parameters` that already sweeps the same field, else `name`.
std::string existing_parameter(const Node& parameters, const std::string& name) {
  const Field<TrialSettings>* field = find_trial_field(name);
  if (field == nullptr) return name;
  for (const Node::Member& member : parameters.members) {
    if (find_trial_field(member.key) == field) return member.key;
  }
  return name;
}

Node* member_or_new(Node& map, const std::string& key, Place place) {
  if (Node* found = map.member(key); found != nullptr) return found;
  map.members.push_back({key, place, Node{}});
  map.members.back().value.place = place;
  return &map.members.back().value;
}

// Text is taken as it is, so that a path needs no quotes against YAML; what stands in quotes is read as YAML.
std::optional<Node> read_value(const Override& override, int source, ProblemList& problems) {
  std::string value = override.value;
  absl::StripAsciiWhitespace(&value);
  const bool quoted = value.starts_with('\'') || value.starts_with('"');
  const bool is_text = takes_text(target_of(override.path)) && !value.empty() && !quoted;
  return is_text ? read_text(value, source, problems) : read_yaml(value, source, problems);
}

}  // namespace

std::string to_text(const Override& override) {
  return absl::StrCat("--set ", override.path, "=", override.value);
}

std::variant<Override, Problem> parse_override(std::string_view text) {
  const std::size_t equals = text.find('=');
  std::string path(text.substr(0, equals));
  absl::StripAsciiWhitespace(&path);
  const auto wrong = [&](std::string message) {
    return Problem{.file = std::string("--set ").append(text),
                   .message = std::move(message),
                   .hint = std::string(kForm)};
  };
  if (equals == std::string_view::npos) return wrong("there is no '='");
  if (path.empty()) return wrong("there is no path before '='");
  const Path steps = split_path(path);
  if (std::any_of(steps.begin(), steps.end(), [](const std::string& step) { return step.empty(); })) {
    return wrong("the path has an empty word");
  }
  return Override{.path = path, .value = std::string(text.substr(equals + 1))};
}

void apply(const Override& override, int source, Node& root, ProblemList& problems) {
  std::optional<Node> value = read_value(override, source, problems);
  if (!value) return;
  const Place place = value->place;
  Path path = target_of(override.path);
  Node* node = &root;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (node->kind == NodeKind::kNull) node->kind = NodeKind::kMap;
    if (node->kind != NodeKind::kMap) {
      const Path above(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i));
      problems.add(path, place, absl::StrCat(to_text(above), " is no map, so it has no '", path[i], "'"));
      return;
    }
    if (i == 1 && path[0] == "parameters") path[i] = existing_parameter(*node, path[i]);
    node = member_or_new(*node, path[i], place);
  }
  *node = *std::move(value);
}

}  // namespace melsweep::spec
