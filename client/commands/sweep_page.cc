#include "client/commands/sweep_page.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "shared/manual/roff.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::commands {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kAbout[] =
    R"(One file is one sweep, or with "study" several: the data, how sound becomes pictures, the network, its
training, and the fields to try values of. It is UTF-8, one document of YAML 1.2, at most 1 MiB; a key that is
given twice or that is not below is an error. "melsweep validate" checks it without running anything.

A key below is written with those that it stands in: dataset.split.by is the key "by" of "split" of
"dataset".)";

constexpr char kExample[] = R"(version: 1
name: lr-batch-grid
dataset:
  format: urbansound8k
  path: data/UrbanSound8K
  split: {by: fold, validation: [9], test: [10]}
features: {representation: mel}
model: {weights: inception_v3.safetensors, trainable: head}
training: {steps: 30000, evaluate_every: 500}
parameters:
  learning_rate: [0.005, 0.01, 0.05]
  batch_size: [50, 100, 200])";

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// What the key refers to, where it refers to a definition.
const Json& resolved(const Json& schema, const Json& key) {
  if (!key.contains("$ref")) return key;
  const std::string reference = key["$ref"].get<std::string>();
  return schema["definitions"][std::string(absl::StripPrefix(reference, "#/definitions/"))];
}

// "INT", "table|json"; empty where one word does not say it.
std::string value_roff(const Json& key) {
  if (key.contains("enum")) {
    return absl::StrJoin(key["enum"], "|", [](std::string* out, const Json& word) {
      out->append(manual::plain(text_of(word)));
    });
  }
  const std::string type = key.value("type", "");
  if (type == "boolean") return "true|false";
  if (type == "string") return manual::italic("TEXT");
  if (type == "integer") return manual::italic("INT");
  if (type == "number") return manual::italic("NUMBER");
  if (type == "array") return manual::italic("LIST");
  return "";
}

std::string explanation(const Json& key, bool is_required) {
  std::vector<std::string> sentences{key.value("description", "")};
  if (key.contains("minimum") && key.contains("maximum")) {
    sentences.push_back(absl::StrCat("From ", key["minimum"].dump(), " to ", key["maximum"].dump(), "."));
  }
  if (key.contains("default")) sentences.push_back(absl::StrCat("Default: ", text_of(key["default"]), "."));
  if (is_required) sentences.emplace_back("It must be given.");
  return absl::StrJoin(sentences, " ");
}

bool is_required(const Json& parent, const std::string& name) {
  const Json required = parent.value("required", Json::array());
  return std::find(required.begin(), required.end(), name) != required.end();
}

// The keys of an object and of what is in it. Those of "parameters" are the keys of others again.
void write_keys(manual::Page& page, const Json& schema, const Json& object, const std::string& path) {
  for (const auto& [name, reference] : object["properties"].items()) {
    const Json& key = resolved(schema, reference);
    const std::string full = path.empty() ? name : absl::StrCat(path, ".", name);
    const std::string value = value_roff(key);
    page.item(absl::StrCat(manual::bold(full), value.empty() ? "" : " ", value),
              explanation(key, is_required(object, name)));
    if (key.contains("properties") && name != "parameters") write_keys(page, schema, key, full);
  }
}

}  // namespace

manual::ManPage sweep_page(const std::string& version, const std::string& date) {
  manual::Page page(
      {.title = "melsweep-sweep", .section = 5, .date = date, .source = absl::StrCat("Melsweep ", version)});
  page.section("NAME");
  page.paragraph("melsweep-sweep - the file that describes a sweep of melsweep run and melsweep submit");
  page.section("DESCRIPTION");
  page.paragraph(kAbout);
  page.section("KEYS");
  const Json schema = Json::parse(std::string(spec::sweep_schema()));
  write_keys(page, schema, schema, "");
  page.section("EXAMPLE");
  page.lines(kExample);
  page.section("SEE ALSO");
  page.paragraph_of(absl::StrCat(manual::bold("melsweep"), "(1),\n", manual::bold("melsweep-run"), "(1),\n",
                                 manual::bold("melsweep-validate"), "(1)"));
  return {"melsweep-sweep.5", page.text()};
}

}  // namespace melsweep::commands
