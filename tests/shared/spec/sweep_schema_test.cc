// sweep.schema.json against the tables of fields, the words that explain it, and docs/sweep-yaml.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "shared/spec/fields.h"
#include "shared/spec/schema_explanation.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::spec {
namespace {

using nlohmann::json;

const json& resolved(const json& schema) {
  if (!schema.contains("$ref")) return schema;
  return schema_json().at(json::json_pointer(schema["$ref"].get<std::string>().substr(1)));
}

// Dotted paths of every key but the parameters' own, which are the trial fields again.
void collect_keys(const json& given, const std::string& prefix, std::set<std::string>& keys) {
  const json& schema = resolved(given);
  if (!schema.contains("properties")) return;
  for (const auto& [key, below] : schema["properties"].items()) {
    const std::string path = prefix + key;
    keys.insert(path);
    if (path != "parameters") collect_keys(below, path + ".", keys);
  }
}

std::set<std::string> schema_keys() {
  std::set<std::string> keys;
  collect_keys(schema_json(), "", keys);
  return keys;
}

TEST(SweepSchema, IsDraft7) {
  EXPECT_EQ(schema_json()["$schema"], "http://json-schema.org/draft-07/schema#");
}

TEST(SweepSchema, IsTheFileInTheRepository) {
  std::ifstream in("shared/spec/sweep.schema.json");
  EXPECT_EQ(json::parse(in), schema_json());
}

TEST(SweepSchema, HasEveryFieldOfTheTables) {
  const std::set<std::string> keys = schema_keys();
  for (const auto& field : trial_fields()) EXPECT_TRUE(keys.contains(std::string(field.path))) << field.path;
  for (const auto& field : dataset_fields())
    EXPECT_TRUE(keys.contains("dataset." + std::string(field.path))) << field.path;
  for (const auto& field : sweep_fields()) EXPECT_TRUE(keys.contains(std::string(field.path))) << field.path;
}

TEST(SweepSchema, LetsEveryTrialFieldBeSweptUnderItsPathAndALastWordOfItsOwn) {
  const json& parameters = schema_json()["properties"]["parameters"]["properties"];
  std::size_t names = 0;
  for (const auto& field : trial_fields()) {
    EXPECT_TRUE(parameters.contains(std::string(field.path))) << field.path;
    const bool is_its_own = find_trial_field(last_word(field.path)) == &field;
    EXPECT_EQ(parameters.contains(std::string(last_word(field.path))), is_its_own) << field.path;
    names += is_its_own ? 2 : 1;
  }
  EXPECT_EQ(parameters.size(), names);
}

TEST(SweepSchema, NamesTheDefaultsOfTheModel) {
  for (const auto& field : trial_fields()) {
    const std::string section(field.path.substr(0, field.path.find('.')));
    const std::string key(last_word(field.path));
    const json& schema = resolved(schema_json()["properties"][section]["properties"][key]);
    if (!schema.contains("default")) continue;
    EXPECT_EQ(schema["default"], field.read(TrialSettings{})) << field.path;
  }
}

void collect_keywords(const json& schema, std::set<std::string>& keywords) {
  for (const auto& [keyword, value] : schema.items()) {
    keywords.insert(keyword);
    if (keyword == "properties" || keyword == "definitions") {
      for (const auto& [key, below] : value.items()) collect_keywords(below, keywords);
    } else if (keyword == "anyOf") {
      for (const json& branch : value) collect_keywords(branch, keywords);
    } else if (keyword == "items") {
      collect_keywords(value, keywords);
    }
  }
}

TEST(SweepSchema, UsesOnlyKeywordsThatCanBeExplained) {
  static const std::set<std::string> explained = {
      "type", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "minLength",
      "maxLength", "minProperties", "items", "properties", "required", "additionalProperties", "$ref",
      "anyOf",
      // annotations
      "$schema", "$id", "title", "description", "default", "examples", "errorMessage", "definitions"};
  std::set<std::string> used;
  collect_keywords(schema_json(), used);
  for (const std::string& keyword : used) EXPECT_TRUE(explained.contains(keyword)) << keyword;
}

TEST(SweepYamlPage, DocumentsExactlyTheKeysOfTheSchema) {
  std::ifstream in("docs/sweep-yaml.md");
  std::set<std::string> documented;
  const std::regex row("^\\| `([a-z0-9_.]+)` \\|.*");
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (std::regex_match(line, match, row)) documented.insert(match[1]);
  }
  EXPECT_EQ(documented, schema_keys());
}

TEST(SweepYamlPage, HasAnExampleThatParses) {
  std::ifstream in("docs/sweep-yaml.md");
  std::stringstream page;
  page << in.rdbuf();
  const std::string text = page.str();
  const std::size_t begin = text.find("```yaml\n") + 8;
  const StudyResult result =
      parse_study(text.substr(begin, text.find("```", begin) - begin), "docs/sweep-yaml.md");
  ASSERT_TRUE(std::holds_alternative<Study>(result))
      << std::get<std::vector<Problem>>(result).front().to_string();
}

}  // namespace
}  // namespace melsweep::spec
