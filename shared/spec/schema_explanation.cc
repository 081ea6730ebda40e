#include "shared/spec/schema_explanation.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "shared/spec/fields.h"
#include "shared/spec/sweep_yaml.h"
#include "shared/spec/value_json.h"

namespace melsweep::spec {
namespace {

using nlohmann::json;

const json& resolve(const json& schema) {
  const json* at = &schema;
  while (at->contains("$ref")) {
    const auto& target = (*at)["$ref"].get_ref<const std::string&>();  // "#/definitions/..."
    at = &schema_json().at(json::json_pointer(target.substr(1)));
  }
  return *at;
}

bool has_type(const Node& node, std::string_view type) {
  if (type == "object") return node.kind == NodeKind::kMap;
  if (type == "array") return node.kind == NodeKind::kList;
  if (type == "string") return node.kind == NodeKind::kText;
  if (type == "boolean") return node.kind == NodeKind::kBoolean;
  if (type == "integer") {
    return node.kind == NodeKind::kInteger ||
           (node.kind == NodeKind::kNumber && std::trunc(node.number) == node.number);
  }
  return node.kind == NodeKind::kInteger || node.kind == NodeKind::kNumber;
}

std::string words_for(const json& schema) {
  if (schema.contains("errorMessage")) return schema["errorMessage"].get<std::string>();
  const auto& type = schema.at("type").get_ref<const std::string&>();
  if (type == "object") return "a map of fields";
  if (type == "array") return "a list";
  if (type == "string")
    return schema.contains("enum")
               ? absl::StrCat("one of ", absl::StrJoin(schema["enum"].get<std::vector<std::string>>(), ", "))
               : "text";
  if (type == "boolean") return "true or false";
  return type == "integer" ? "a whole number" : "a number";
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

class Explainer {
 public:
  explicit Explainer(ProblemList& problems) : problems_(problems) {}

  void visit(const json& given_schema, const Node& node) {
    if (problems_.has(path_)) return;
    if (node.kind == NodeKind::kUnreadable) return add(node, node.text);
    const json& schema = resolve(given_schema);
    if (schema.contains("anyOf")) return visit_any_of(schema, node);
    if (!has_type(node, schema.at("type").get_ref<const std::string&>())) return refuse_type(schema, node);
    if (schema.contains("enum")) visit_enum(schema, node);
    switch (node.kind) {
      case NodeKind::kMap:
        return visit_map(schema, node);
      case NodeKind::kList:
        return visit_list(schema, node);
      case NodeKind::kText:
        return visit_text(schema, node);
      case NodeKind::kInteger:
      case NodeKind::kNumber:
        return visit_number(schema, node);
      case NodeKind::kNull:
      case NodeKind::kBoolean:
      case NodeKind::kUnreadable:
        return;
    }
  }

 private:
  std::string name() const { return path_.empty() ? "the sweep" : to_text(path_); }

  void add(const Node& node, std::string message, std::string hint = "") {
    problems_.add(path_, node.place, std::move(message), std::move(hint));
  }

  void refuse_type(const json& schema, const Node& node) {
    const bool empty = node.kind == NodeKind::kNull;
    add(node, absl::StrCat(name(), " must be ", words_for(schema), ", not ",
                           empty ? "empty" : show(to_json(node))));
  }

  void visit_any_of(const json& schema, const Node& node) {
    for (const json& branch : schema["anyOf"]) {
      if (has_type(node, resolve(branch).at("type").get_ref<const std::string&>()))
        return visit(branch, node);
    }
    refuse_type(schema, node);
  }

  void visit_enum(const json& schema, const Node& node) {
    const json value = to_json(node);
    for (const json& choice : schema["enum"]) {
      if (choice == value) return;
    }
    std::vector<std::string> choices;
    for (const json& choice : schema["enum"])
      choices.push_back(choice.is_string() ? choice.get<std::string>() : choice.dump());
    std::string hint = node.kind == NodeKind::kText ? did_you_mean(node.text, choices) : "";
    if (choices.size() > 1 || hint.empty())
      absl::StrAppend(&hint, hint.empty() ? "" : " ", "it can be ", absl::StrJoin(choices, ", "));
    add(node, absl::StrCat(name(), " cannot be ", show(value)), hint);
  }

  void visit_map(const json& schema, const Node& node) {
    const json& properties = schema.at("properties");
    if (schema.contains("minProperties") && node.members.empty()) {
      add(node, absl::StrCat(name(), " is empty: there is nothing to try"),
          "name a field and its values, or leave it out");
    }
    for (const Node::Member& member : node.members) {
      path_.push_back(member.key);
      if (properties.contains(member.key)) {
        visit(properties[member.key], member.value);
      } else {
        problems_.add(path_, member.key_place, absl::StrCat("unknown key ", show(member.key)),
                      hint_for_key(properties, member.key));
      }
      path_.pop_back();
    }
    visit_required(schema, node);
  }

  std::string hint_for_key(const json& properties, const std::string& key) const {
    const std::vector<std::string> keys = keys_of(properties);
    const Field<TrialSettings>* field = find_trial_field(key);
    const bool root = path_.size() == 1;
    if (field != nullptr && path_.front() != "parameters") {
      return absl::StrCat("did you mean '", root ? "" : "the top-level ", std::string(field->path), "'?");
    }
    if (std::string hint = did_you_mean(key, keys); !hint.empty()) return hint;
    if (path_.front() == "parameters") return "a field of features, model or training can be swept";
    return absl::StrCat("known here: ", absl::StrJoin(keys, ", "));
  }

  void visit_required(const json& schema, const Node& node) {
    if (!schema.contains("required")) return;
    for (const json& key : schema["required"]) {
      const auto& word = key.get_ref<const std::string&>();
      if (node.member(word) != nullptr) continue;
      const Place place = node.place;
      path_.push_back(word);
      problems_.add(path_, place, absl::StrCat(name(), " is missing"),
                    absl::StrCat("it is ", describe(resolve(schema.at("properties").at(word)))));
      path_.pop_back();
    }
  }

  static std::string describe(const json& schema) {
    if (schema.contains("enum") && schema["enum"].size() == 1) return schema["enum"][0].dump();
    return words_for(schema);
  }

  void visit_list(const json& schema, const Node& node) {
    const std::size_t least = schema.value("minItems", std::size_t{0});
    if (node.items.size() < least) {
      add(node, absl::StrCat(name(), " is an empty list"), "give at least one value");
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      path_.push_back(absl::StrCat(i));
      visit(schema.at("items"), node.items[i]);
      path_.pop_back();
    }
  }

  void visit_text(const json& schema, const Node& node) {
    if (node.text.size() < schema.value("minLength", std::size_t{0}))
      add(node, absl::StrCat(name(), " must not be empty"));
    const std::size_t most = schema.value("maxLength", node.text.size());
    if (node.text.size() > most) add(node, absl::StrCat(name(), " is longer than ", most, " characters"));
  }

  void visit_number(const json& schema, const Node& node) {
    const double value = node.as_number();
    const auto refuse = [&](const char* bound, const char* keyword) {
      add(node, absl::StrCat(name(), " must be ", bound, " ", schema[keyword].dump(), ", not ",
                             show(to_json(node))));
    };
    if (schema.contains("minimum") && value < schema["minimum"].get<double>()) refuse("at least", "minimum");
    if (schema.contains("maximum") && value > schema["maximum"].get<double>()) refuse("at most", "maximum");
    if (schema.contains("exclusiveMinimum") && value <= schema["exclusiveMinimum"].get<double>()) {
      refuse("greater than", "exclusiveMinimum");
    }
    if (schema.contains("exclusiveMaximum") && value >= schema["exclusiveMaximum"].get<double>()) {
      refuse("less than", "exclusiveMaximum");
    }
  }

  ProblemList& problems_;
  Path path_;
};

}  // namespace

const json& schema_json() {
  static const json* const schema = new json(json::parse(sweep_schema()));
  return *schema;
}

bool takes_text(const Path& path) {
  const json* schema = &schema_json();
  for (const std::string& step : path) {
    if (!schema->contains("properties") || !schema->at("properties").contains(step)) return false;
    schema = &resolve(schema->at("properties").at(step));
  }
  return schema->value("type", "") == "string";
}

void explain(const Node& root, ProblemList& problems) {
  Explainer(problems).visit(schema_json(), root);
}

}  // namespace melsweep::spec
