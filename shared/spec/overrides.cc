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

constexpr std::string_view kStudy = "study.";

// The map in which a value is to be replaced, and where.
struct Target {
  Node* map;
  std::string path;
};

// "study.grid.training.steps" means training.steps of the study's sweep grid. Nothing where there is none.
std::optional<Target> find_target(const std::string& dotted, Node& root) {
  Node* study = root.member("study");
  if (study == nullptr || !dotted.starts_with(kStudy)) return Target{&root, dotted};
  const std::string within = dotted.substr(kStudy.size());
  std::optional<Target> found;
  for (Node& item : study->items) {
    const Node* name = item.member("name");
    if (name == nullptr || !within.starts_with(name->text + ".")) continue;
    std::string path = within.substr(name->text.size() + 1);
    if (!found || path.size() < found->path.size()) found = Target{&item, std::move(path)};
  }
  return found;
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
std::optional<Node> read_value(const Override& override, const Path& path, int source,
                               ProblemList& problems) {
  std::string value = override.value;
  absl::StripAsciiWhitespace(&value);
  const bool quoted = value.starts_with('\'') || value.starts_with('"');
  const bool is_text = takes_text(path) && !value.empty() && !quoted;
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
  const std::optional<Target> target = find_target(override.path, root);
  if (!target) {
    problems.add(split_path(override.path), {source, 1, 1}, "the study has no such sweep",
                 "write --set study.NAME.path=value with the name of one of its sweeps");
    return;
  }
  Path path = target_of(target->path);
  std::optional<Node> value = read_value(override, path, source, problems);
  if (!value) return;
  const Place place = value->place;
  Node* node = target->map;
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
